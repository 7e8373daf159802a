/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EG_VERDICT_H
#define EG_VERDICT_H

#include <linux/execgate.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/time64.h>
#include <linux/types.h>

#include "format/manifest.h"
#include "rules/origin.h"

/* Rules of where a file must be (trust/paths.h); immutable, of one allocation. */
struct eg_paths {
	refcount_t users;
	bool binds; /* one of the rules is of strength deny */
	u16 size;
	u8 bytes[]; /* of each statement: 2 bytes of size, its path rules */
};

static inline struct eg_paths *eg_paths_get(struct eg_paths *paths)
{
	if (paths)
		refcount_inc(&paths->users);
	return paths;
}

/* Any context; NULL is fine. */
static inline void eg_paths_put(struct eg_paths *paths)
{
	if (paths && refcount_dec_and_test(&paths->users))
		kfree(paths);
}

/* The decision about a file, and its grounds. */
struct eg_verdict {
	enum execgate_reason reason; /* ALLOWED, or the one reason why not */
	/* For ALLOWED: why a rule that only reports would say no; ALLOWED: none. */
	enum execgate_reason reported;
	enum execgate_carrier carrier;
	bool cacheable;
	bool cached; /* a current verdict stood in the cache */
	bool unkept; /* there was no memory to put it there */
	bool has_signer;
	bool has_digest;
	bool hardened; /* by a rule of whoever vouches for it */
	bool placed; /* by rules of paths: elsewhere it may be another verdict */
	/* As origin; whoever judges holds them against the file's place. */
	struct eg_paths *paths;
	u16 classes; /* of the manifest entry */
	u8 identity_size;
	struct eg_draft *draft; /* borrowed, or NULL: who vouches is put there */
	struct eg_origin *origin; /* or NULL: a reference, eg_verdict_end()'s */
	time64_t not_after; /* of the key that signed the file, 0 = never; seconds */
	u64 identity_version;
	u8 signer[EXECGATE_FINGERPRINT_SIZE];
	u8 digest[EG_SHA256_SIZE];
	char identity[EG_MANIFEST_NAME_MAX]; /* not terminated */
};

/* Its identity, as the voucher says; @name is of a checked object. */
static inline void eg_verdict_name(struct eg_verdict *verdict,
				   struct eg_bytes name, u64 version)
{
	verdict->identity_version = version;
	verdict->identity_size = name.size;
	memcpy(verdict->identity, name.data, name.size);
}

/* Once nobody looks at it any more. */
static inline void eg_verdict_end(struct eg_verdict *verdict)
{
	eg_origin_put(verdict->origin);
	eg_paths_put(verdict->paths);
	verdict->origin = NULL;
	verdict->paths = NULL;
}

#endif /* EG_VERDICT_H */
