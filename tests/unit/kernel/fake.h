/* SPDX-License-Identifier: GPL-2.0 */
/*
 * In place of keyring.c, digest.c and reader.c, which are the kernel's crypto: messages
 * that a signer of one letter signed, and files that are bytes in memory.
 */
#ifndef KERNEL_FAKE_H
#define KERNEL_FAKE_H

#include <linux/execgate.h>
#include <linux/fs.h>

#include "format/format.h"
#include "format/manifest.h"

/*
 * Who signs: a letter. Its fingerprint is that letter 32 times. 'a' to 'd' are
 * keys as they should be; what verifying says of the others:
 */
#define SIGNER_GOOD 'a'
#define SIGNER_OTHER 'b'
#define SIGNER_EXPIRES 'c' /* at FAKE_NOT_AFTER */
#define SIGNER_SOONER 'd'  /* a little before that */
#define SIGNER_EXPIRED 'e' /* long before anything here was made */
#define SIGNER_NO_MEMORY 'm'
#define SIGNER_INTERRUPTED 'i'
#define SIGNER_MODULES \
	'k' /* enrolled for this, the others for code and policies */
#define SIGNER_FILES 'f'
#define SIGNER_CATALOGS 'g'
#define SIGNER_POLICY 'p'
#define SIGNER_STRANGER 'u' /* not enrolled */
#define SIGNER_WEAK 'w'
#define FAKE_CREATED 1700000000
#define FAKE_NOT_AFTER 1790001000
#define FAKE_SOONER 1790000500

/* A key that was removed, or 0. */
extern char fake_removed;
/* Who issued the certificates of all keys; 0: each is its own. */
extern char fake_issuer;
extern unsigned int fake_verified; /* messages */
extern u64 fake_hashed;		   /* bytes of files */
/* What others do while a file under judgement is read, or NULL. */
extern void (*fake_while_reading)(void);

/* The @nth read of a file from now on gives this error; 0: none does. */
void fake_fail_read(unsigned int nth, int error);
unsigned int fake_reads(void);

/* One identity and what is signed for it. */
struct forged_entry {
	const void *digest; /* EG_SHA256_SIZE bytes; NULL: the list ends */
	u64 size;
	u16 classes;
	u8 kind;
	u8 identity; /* which one of them */
};

struct forged_manifest {
	const char *name;
	u64 sequence;
	u64 created;
	struct {
		const char *name; /* NULL: the list ends */
		const char *path; /* its rules, or NULL */
		u64 version;
		const char *floor;
		bool hardened;
		const char *starts;
	} identities[4];
	struct forged_entry entries[8];
};

void sha256_of(const void *data, size_t size, u8 digest[EG_SHA256_SIZE]);

/* All of these are the caller's to bytes_free(). */
struct eg_bytes forge_manifest(const struct forged_manifest *manifest);
/* A message that @signer signed, with @content inside or only over it. */
struct eg_bytes forge_message(char signer, struct eg_bytes content);
struct eg_bytes forge_detached(char signer, struct eg_bytes content);
struct eg_bytes forge_joined(struct eg_bytes a, struct eg_bytes b);
/* @payload with a message behind it. */
struct eg_bytes forge_trailer(struct eg_bytes payload, struct eg_bytes message,
			      const char *magic);
struct eg_bytes forge_armor(struct eg_bytes payload, struct eg_bytes message);

/* TEXT, with a trailer that says: signed by @signer, for these classes. */
#define FAKE_TEXT "#!/bin/sh\necho hello\n"
struct eg_bytes forge_program(char signer, u16 classes);
/* Whether what that makes has the rule "hardened", which path, or NULL, and which of
 * "starts", or NULL. */
extern bool fake_hardened;
extern const char *fake_path;
extern const char *fake_starts;
/* Of all path rules that are forged. */
extern enum eg_rule_strength fake_path_strength;

/* What eg_reader_renew() gives, and what the reader was told. */
extern int fake_renewing;
extern unsigned int fake_renewals;
extern bool fake_on_disk;

/* Whether memory that the kernel mounts itself is sealed. */
extern bool fake_sealed;

/* writers.c: somebody is about to map it. */
extern bool fake_announced;

/* What attaching the hooks for rules of processes gives, and how often it was asked. */
extern int fake_attaching;
extern unsigned int fake_needed;

/* A regular file of these bytes, on ext4: this one. */
extern struct super_block fake_disk;
void fake_file(struct file *file, struct inode *inode, struct eg_bytes bytes);

#endif /* KERNEL_FAKE_H */
