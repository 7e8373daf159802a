/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Signed catalogs: many digests under one signature. Verified once, when they
 * are loaded; then a lookup costs the same over any number of them.
 */
#ifndef EG_CATALOG_H
#define EG_CATALOG_H

#include <linux/execgate.h>
#include <linux/fs.h>

#include "core/verdict.h"
#include "format/manifest.h"
#include "trust/paths.h"

/* The public description of a loaded catalog. */
struct eg_catalog_info {
	u64 sequence;
	u64 created;
	u32 entries;
	u8 signer[EXECGATE_FINGERPRINT_SIZE];
	u8 issuer[EXECGATE_FINGERPRINT_SIZE]; /* as struct eg_signer has it */
	u8 name_size;
	char name[EXECGATE_CATALOG_NAME_MAX]; /* not terminated */
};

int eg_catalog_init(void);
void eg_catalog_exit(void);

/**
 * eg_catalog_add() - load a catalog from a file, replacing one of its name
 * @info: filled on success; its signer also when that may not sign catalogs
 *
 * All or nothing: whatever fails, what was loaded before stands.
 * Return: 0, or an errno of refusal.c: -EBADMSG also without a name; -ECANCELED
 * for a sequence that was revoked; -ESTALE for one below one already seen under
 * this name;
 * -ENOSPC at EXECGATE_CATALOGS_MAX names, EG_MANIFEST_ENTRIES_MAX digests or
 * EXECGATE_FLOORS_MAX floors. Its rules on versions stay when it goes;
 * -ENOMEM; -EINTR; what reading gave.
 */
int eg_catalog_add(struct file *file, struct eg_catalog_info *info);

/* Return: 0 or -ENOENT. Verdicts that came from it are void at once. */
int eg_catalog_remove(const void *name, size_t size);

/* The same for all that a key signed; after the key itself was removed. */
void eg_catalog_remove_signer(const u8 fingerprint[EXECGATE_FINGERPRINT_SIZE]);

/*
 * Forget a catalog and take none of its name up to @sequence again. Return: 0,
 * -ENOSPC at EXECGATE_CATALOGS_MAX names.
 */
int eg_catalog_revoke(const void *name, size_t size, u64 sequence);
/* Return: 0 or -ENOENT. */
int eg_catalog_unrevoke(const void *name, size_t size);
/* Name and sequence of the @index'th that is revoked. Return: false at the end. */
bool eg_catalog_revoked_get(unsigned int index, struct eg_catalog_info *info);

/* The @index'th catalog loaded. Return: false at the end. */
bool eg_catalog_get(unsigned int index, struct eg_catalog_info *info);

/**
 * eg_catalog_may_have() - does any catalog list a file of this size for this?
 * @size: of the whole file, bytes
 * @classes: any of these will do
 *
 * If not, its digest need not be computed. "No" is always true, "yes" may not
 * be. Catalogs whose key is revoked are not left out.
 */
bool eg_catalog_may_have(enum eg_digest_kind kind, u64 size, u16 classes);

/**
 * eg_catalog_find() - is a file in any catalog?
 * @size: of the whole file, bytes
 * @wanted: classes that the file is wanted for
 * @kernel_loads: the kernel loads it: only keys for that count
 * @paths: on success all that they say of where it must be; NULL: it is not a file,
 *	   and whoever says where it must be says nothing of it
 * @verdict: on success classes, identity and signer are filled
 *
 * Every catalog that lists the file vouches for it: its classes are all of
 * theirs. Identity and signer are of one that lists the file for what is wanted,
 * if any does.
 *
 * Constant expected time. Return: ALLOWED; UNSIGNED if no catalog has it;
 * ROLLBACK if only under versions that are below their floor; REVOKED if only
 * ones whose key is revoked; WRONG_PURPOSE if it is only listed for this by keys
 * that are not for what the kernel loads.
 */
enum execgate_reason eg_catalog_find(enum eg_digest_kind kind,
				     const u8 digest[EG_SHA256_SIZE], u64 size,
				     u16 wanted, bool kernel_loads,
				     struct eg_paths_said *paths,
				     struct eg_verdict *verdict);

struct eg_catalog_totals {
	u64 catalogs;
	u64 digests;
	u64 bytes; /* of kernel memory */
};

void eg_catalog_totals(struct eg_catalog_totals *totals);

#endif /* EG_CATALOG_H */
