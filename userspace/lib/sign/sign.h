/* SPDX-License-Identifier: GPL-2.0 */
/* Signing a file, taking the signature off, and the two halves of signing. */
#ifndef EXECGATE_SIGN_H
#define EXECGATE_SIGN_H

#include <signal.h>
#include <stdbool.h>

#include "lib/sign/classify.h"
#include "lib/sign/manifest_write.h"
#include "lib/sign/rules.h"
#include "lib/sign/signer.h"

/**
 * struct execgate_sign_options - how to sign; zeroed = all by itself
 * @identity: name in the manifest; NULL = the file's own name
 * @version: of the identity
 * @rules: of the identity
 * @classes: enum execgate_class bits; 0 = from the content
 * @carrier: trailer or armor; NONE = from the content
 * @comment: comment prefix for armor, "" = from the content
 * @created_at: seconds since 1970
 * @replace_flags: EXECGATE_REPLACE_*
 * @no_follow: a name that is a symlink is refused with -ELOOP
 * @cancel: set by a signal handler to give up; or NULL
 */
struct execgate_sign_options {
	const char *identity;
	uint64_t version;
	struct execgate_rules rules;
	uint16_t classes;
	enum execgate_carrier carrier;
	char comment[4];
	uint64_t created_at;
	unsigned int replace_flags;
	bool no_follow;
	const volatile sig_atomic_t *cancel;
};

/**
 * struct execgate_sign_result - what was done; strings are cut to their arrays
 * @path: the file itself, symlinks resolved
 * @is_symlink: the name that was given is a link to it
 * @file: what the manifest says, @identity instead of its name, @rules of its rules
 * @found: what the content looks like; classes 0 when nothing had to be guessed
 * @carrier: of the signature
 * @replaced: an older signature was taken off first
 * @newline_added: the text did not end with a newline, which armor needs
 * @ends_data: the script reads what stands behind __END__ or __DATA__
 * @links: other names of the old file, which keep the old bytes
 */
struct execgate_sign_result {
	char path[4096];
	bool is_symlink;
	struct execgate_manifest_file file;
	char identity[EG_MANIFEST_NAME_MAX + 1];
	struct execgate_rules rules;
	struct execgate_classification found;
	enum execgate_carrier carrier;
	bool replaced;
	bool newline_added;
	bool ends_data;
	unsigned long links;
};

/**
 * execgate_sign_file() - put a signature on a file, in place of an older one
 * @out: filled also on failure as far as it is known
 *
 * -ENOEXEC: neither ELF nor script, and options->classes is 0.
 */
int execgate_sign_file(const struct execgate_signer *signer, const char *name,
		       const struct execgate_sign_options *options,
		       struct execgate_sign_result *out,
		       struct execgate_error *err);

/**
 * execgate_sign_manifest() - what would be signed, for signing elsewhere
 * @manifest: EXECGATE_MANIFEST_FILE_MAX bytes
 */
int execgate_sign_manifest(const char *name,
			   const struct execgate_sign_options *options,
			   uint8_t *manifest, size_t *size,
			   struct execgate_sign_result *out,
			   struct execgate_error *err);

/*
 * Put a message that was signed elsewhere on the file that it was made for. It
 * must hold the profile and name the file's digest; who signed is not asked.
 */
int execgate_sign_attach(const char *name, struct eg_bytes message,
			 const struct execgate_sign_options *options,
			 struct execgate_sign_result *out,
			 struct execgate_error *err);

/* Take the signature off: the bytes that were signed remain. */
int execgate_sign_remove(const char *name,
			 const struct execgate_sign_options *options,
			 struct execgate_sign_result *out,
			 struct execgate_error *err);

#endif /* EXECGATE_SIGN_H */
