/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All digests of all catalogs, in one immutable index that is replaced whole.
 * 41 bytes a digest: records sorted by digest, and a directory by the digest's
 * first bits. SHA-256 spreads evenly, so a directory slot has four records.
 */
#ifndef EG_CATALOG_INDEX_H
#define EG_CATALOG_INDEX_H

#include <linux/rcupdate.h>
#include <linux/types.h>

#include "format/manifest.h"

#define EG_CATALOG_NONE 0xffff

struct eg_catalog_record {
	u8 digest[EG_SHA256_SIZE];
	u32 identity; /* in its catalog's table */
	u16 catalog;  /* number of the catalog */
	u8 classes;
	u8 reserved;
};

struct eg_catalog_table {
	struct eg_catalog_record
		*records; /* ascending by digest; doubles occur */
	u32 *starts; /* first record of each slot, and the end: 2^bits + 1 */
	u32 count;
	u32 bits;
};

struct eg_catalog_index {
	struct rcu_head rcu;
	struct eg_catalog_table table[2]; /* by enum eg_digest_kind */
};

/**
 * eg_catalog_index_build() - an index without one catalog and with another
 * @old: what there is, or NULL
 * @without: number of the catalog whose records are left out
 * @added: manifest whose entries are merged in, or NULL
 * @number: what number its records get
 *
 * Linear in the number of digests. Return: ERR_PTR(-ENOMEM), ERR_PTR(-ENOSPC).
 */
struct eg_catalog_index *
eg_catalog_index_build(const struct eg_catalog_index *old, u16 without,
		       const struct eg_manifest *added, u16 number);

void eg_catalog_index_free(struct eg_catalog_index *index);

/* The first record with this digest, or NULL; others with it follow behind. */
const struct eg_catalog_record *
eg_catalog_index_find(const struct eg_catalog_index *index,
		      enum eg_digest_kind kind,
		      const u8 digest[EG_SHA256_SIZE]);

/* Is there a record behind this one with the same digest? */
const struct eg_catalog_record *
eg_catalog_index_next(const struct eg_catalog_index *index,
		      enum eg_digest_kind kind,
		      const struct eg_catalog_record *record);

u64 eg_catalog_index_bytes(const struct eg_catalog_index *index);

#endif /* EG_CATALOG_INDEX_H */
