/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All digests of all catalogs, in one immutable index that is replaced whole.
 * 47 bytes a digest: records sorted by digest, a directory by the digest's first
 * bits, and a filter by size and class. SHA-256 spreads evenly, so a directory
 * slot has four records.
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
	u32 size;     /* as eg_catalog_size_code() has it */
	u16 catalog;  /* number of the catalog */
	u16 classes;
};

struct eg_catalog_table {
	struct eg_catalog_record
		*records; /* ascending by digest; doubles occur */
	u32 *starts; /* first record of each slot, and the end: 2^bits + 1 */
	unsigned long *filter; /* a Bloom filter of (size, class) */
	u32 count;
	u32 bits;
	u32 filter_bits;
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

/*
 * A size in 32 bits: exact below 2 GiB, in units of 1 MiB from there on. Two
 * files of one code differ by less than 1 MiB, so nobody can have much more
 * hashed than what a catalog lists.
 */
u32 eg_catalog_size_code(u64 size);

/**
 * eg_catalog_index_may_have() - is a file of this size listed for such a use?
 * @classes: any of these
 *
 * "No" is always true. "Yes" is false for one size in 400 and class asked for,
 * while entries have one class each; for more if they have more.
 */
bool eg_catalog_index_may_have(const struct eg_catalog_index *index,
			       enum eg_digest_kind kind, u64 size, u16 classes);

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
