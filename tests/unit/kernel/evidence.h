/* SPDX-License-Identifier: GPL-2.0 */
/* A file, the keys, what is loaded and revoked, for the carriers to judge. */
#ifndef KERNEL_EVIDENCE_H
#define KERNEL_EVIDENCE_H

#include <linux/execgate.h>
#include <linux/fs.h>

#include "format/format.h"
#include "core/verdict.h"

#define PROGRAM EXECGATE_CLASS_PROGRAM
#define LIBRARY EXECGATE_CLASS_LIBRARY
#define MODULE EXECGATE_CLASS_MODULE

/* How the file is signed; with MODSIG it is a module in the kernel's memory. */
enum how { PLAIN, TRAILER, ARMOR, MODSIG };

/* What is wrong with it. */
enum defect {
	NOTHING,
	OTHER_CONTENT, /* signed is another content */
	OTHER_SIZE,    /* an entry that says another size */
	VERITY_ENTRY,  /* the digest, but as one of fs-verity */
	BOUND,	       /* its identity may be somewhere only */
	GARBAGE,       /* behind the trailer stands no message */
	NO_MANIFEST,   /* the content is none */
	CUT_MANIFEST,
	FORGED,	       /* the signature is over something else */
	BEHIND,	       /* bytes behind it */
	WEAK,	       /* SHA-384 */
	PHANTOM,       /* no entry fits, but what follows them would */
	SIZES_SWAPPED, /* its digest of another size, another of its size */
	MORE_ENTRIES,  /* others of its size, and of its class, before it */
	NO_MODULE,     /* it begins as something else */
	MAGIC_ALONE,   /* it begins as one, and ends there */
	ON_DISK,       /* it is a file, not what the kernel loads */
	IN_MEMORY,     /* the other way round */
};

/* Which digest the verdict has, or is revoked, or is in a catalog. OTHER: of nothing. */
enum which { NO, PAYLOAD, WHOLE, VERITY, OTHER };

struct evidence_row {
	const char *why;
	enum how how;
	char signer;
	enum defect defect;
	u16 classes;
	struct {
		enum which digest;
		char signer;
		u16 classes;
		const char *path;
	} catalog;
	enum which revoked;
	char revoked_key;
	u8 verity;	  /* the algorithm; 0: the file has none */
	u16 wanted;	  /* 0: any use */
	u64 created;	  /* as its manifest says; 0: FAKE_CREATED */
	u64 floor;	  /* of the file's identity, whose version is 7 */
	u64 listed_floor; /* of the catalog's, which is 9 */
	const char *path; /* of the rule that the verdict is to have, or NULL */
	struct {
		enum execgate_reason reason;
		enum execgate_carrier carrier;
		u16 classes;
		enum which digest;
		char signer;
	} verdict;
};

#define R(reason) EXECGATE_REASON_##reason
#define C(carrier) EXECGATE_CARRIER_##carrier

/* All that a row needs; bytes are freed in the end. */
struct evidence {
	struct eg_bytes payload, whole, catalog;
	u8 digest[5][EG_SHA256_SIZE]; /* by enum which */
	struct file file, catalog_file;
	struct inode inode, catalog_inode;
};

extern struct evidence evidence;

void evidence_set_up(const struct evidence_row *row);
void evidence_tear_down(void);
/* The row's catalog, over the digests as they are now. */
void evidence_load_catalog(const struct evidence_row *row);
void evidence_judge(const struct evidence_row *row, struct eg_verdict *verdict);

#endif /* KERNEL_EVIDENCE_H */
