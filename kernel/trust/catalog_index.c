// SPDX-License-Identifier: GPL-2.0
#include "trust/catalog_index.h"

#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

/* Records in a slot of the directory, on average 4 to 8. */
#define SLOT_RECORDS 4

/* Bits of the filter for each record, and how many of them one (size, class) sets. */
#define FILTER_BITS 16
#define FILTER_PROBES 4

#define COARSE_SIZE BIT(31)
#define COARSE_SHIFT 20

u32 eg_catalog_size_code(u64 size)
{
	if (size < COARSE_SIZE)
		return size;
	return COARSE_SIZE |
	       (u32)min_t(u64, size >> COARSE_SHIFT, COARSE_SIZE - 1);
}

/* The @probe'th bit of a filter for a size and one class. */
static u32 filter_bit(const struct eg_catalog_table *table, u32 size_code,
		      unsigned int class_bit, u32 probe)
{
	u64 hash = ((u64)class_bit << 32 | size_code) + 1;

	/* Sizes are alike: every bit of them must change every bit of the hash. */
	hash = (hash ^ hash >> 31) * 0x9e3779b97f4a7c15ull;
	hash = (hash ^ hash >> 29) * 0xbf58476d1ce4e5b9ull;
	hash ^= hash >> 32;
	return reciprocal_scale((u32)hash + probe * ((u32)(hash >> 32) | 1),
				table->filter_bits);
}

static void filter_add(struct eg_catalog_table *table, u32 size_code,
		       unsigned long classes)
{
	unsigned int class_bit;
	u32 probe;

	for_each_set_bit(class_bit, &classes,
			 BITS_PER_LONG) for (probe = 0; probe < FILTER_PROBES;
					     probe++)
		__set_bit(filter_bit(table, size_code, class_bit, probe),
			  table->filter);
}

static bool filter_has(const struct eg_catalog_table *table, u32 size_code,
		       unsigned int class_bit)
{
	u32 probe;

	for (probe = 0; probe < FILTER_PROBES; probe++)
		if (!test_bit(filter_bit(table, size_code, class_bit, probe),
			      table->filter))
			return false;
	return true;
}

static u32 slot_of(const struct eg_catalog_table *table, const u8 *digest)
{
	u32 prefix = (u32)digest[0] << 24 | (u32)digest[1] << 16 |
		     (u32)digest[2] << 8 | digest[3];

	return table->bits ? prefix >> (32 - table->bits) : 0;
}

/* The entries of one kind stand together: from the first to before the last. */
static void run_of_kind(const struct eg_manifest *m, u8 kind, u32 *from,
			u32 *to)
{
	struct eg_manifest_entry entry;
	u32 low = 0, high = m->entry_count;

	while (low < high) {
		u32 mid = low + (high - low) / 2;

		eg_manifest_entry_at(m, mid, &entry);
		if (entry.kind == EG_DIGEST_CONTENT)
			low = mid + 1;
		else
			high = mid;
	}
	*from = kind == EG_DIGEST_CONTENT ? 0 : low;
	*to = kind == EG_DIGEST_CONTENT ? low : m->entry_count;
}

static void fill_record(struct eg_catalog_record *record,
			const struct eg_manifest_entry *entry, u16 number)
{
	memcpy(record->digest, entry->digest, sizeof(record->digest));
	record->identity = entry->identity;
	record->size = eg_catalog_size_code(entry->size);
	record->catalog = number;
	record->classes = entry->classes;
}

static void merge(struct eg_catalog_table *out,
		  const struct eg_catalog_table *old, u16 without,
		  const struct eg_manifest *added, u32 from, u32 to, u16 number)
{
	struct eg_manifest_entry entry;
	u32 i = 0, n = 0;

	while (i < (old ? old->count : 0) || from < to) {
		const struct eg_catalog_record *have =
			i < (old ? old->count : 0) ? &old->records[i] : NULL;

		if (have && have->catalog == without) {
			i++;
			continue;
		}
		if (from < to)
			eg_manifest_entry_at(added, from, &entry);
		if (from < to && (!have || memcmp(entry.digest, have->digest,
						  EG_SHA256_SIZE) < 0)) {
			fill_record(&out->records[n++], &entry, number);
			from++;
		} else {
			out->records[n++] = *have;
			i++;
		}
		if (!(n % 4096))
			cond_resched();
	}
}

static void build_directory(struct eg_catalog_table *table)
{
	u32 slots = 1u << table->bits, slot = 0, i;

	for (i = 0; i < table->count; i++)
		while (slot <= slot_of(table, table->records[i].digest))
			table->starts[slot++] = i;
	while (slot <= slots)
		table->starts[slot++] = table->count;
}

static void build_filter(struct eg_catalog_table *table)
{
	u32 i;

	for (i = 0; i < table->count; i++) {
		filter_add(table, table->records[i].size,
			   table->records[i].classes);
		if (!(i % 4096))
			cond_resched();
	}
}

static size_t filter_longs(const struct eg_catalog_table *table)
{
	return BITS_TO_LONGS(table->filter_bits);
}

static u32 count_without(const struct eg_catalog_table *old, u16 without)
{
	u32 i, n = 0;

	for (i = 0; old && i < old->count; i++)
		n += old->records[i].catalog != without;
	return n;
}

static int build_table(struct eg_catalog_table *out,
		       const struct eg_catalog_table *old, u16 without,
		       const struct eg_manifest *added, u8 kind, u16 number)
{
	u32 from = 0, to = 0;

	if (added)
		run_of_kind(added, kind, &from, &to);
	out->count = count_without(old, without);
	if (out->count + (to - from) > EG_MANIFEST_ENTRIES_MAX)
		return -ENOSPC;
	out->count += to - from;
	out->bits = out->count < 2 * SLOT_RECORDS ?
			    0 :
			    ilog2(out->count / SLOT_RECORDS);
	out->starts = kvmalloc_array((1u << out->bits) + 1,
				     sizeof(*out->starts), GFP_KERNEL_ACCOUNT);
	out->records = kvmalloc_array(max(out->count, 1u),
				      sizeof(*out->records),
				      GFP_KERNEL_ACCOUNT);
	out->filter_bits = max(out->count * FILTER_BITS, BITS_PER_LONG);
	out->filter = kvcalloc(filter_longs(out), sizeof(*out->filter),
			       GFP_KERNEL_ACCOUNT);
	if (!out->starts || !out->records || !out->filter)
		return -ENOMEM;
	merge(out, old, without, added, from, to, number);
	build_directory(out);
	build_filter(out);
	return 0;
}

struct eg_catalog_index *
eg_catalog_index_build(const struct eg_catalog_index *old, u16 without,
		       const struct eg_manifest *added, u16 number)
{
	struct eg_catalog_index *index;
	u8 kind;
	int err = 0;

	index = kzalloc(sizeof(*index), GFP_KERNEL);
	if (!index)
		return ERR_PTR(-ENOMEM);
	for (kind = 0; kind < ARRAY_SIZE(index->table) && !err; kind++)
		err = build_table(&index->table[kind],
				  old ? &old->table[kind] : NULL, without,
				  added, kind, number);
	if (!err)
		return index;
	eg_catalog_index_free(index);
	return ERR_PTR(err);
}

void eg_catalog_index_free(struct eg_catalog_index *index)
{
	size_t kind;

	if (!index)
		return;
	for (kind = 0; kind < ARRAY_SIZE(index->table); kind++) {
		kvfree(index->table[kind].records);
		kvfree(index->table[kind].starts);
		kvfree(index->table[kind].filter);
	}
	kfree(index);
}

bool eg_catalog_index_may_have(const struct eg_catalog_index *index,
			       enum eg_digest_kind kind, u64 size, u16 classes)
{
	const struct eg_catalog_table *table = &index->table[kind];
	unsigned long wanted = classes;
	unsigned int class_bit;

	if (!table->count)
		return false;
	for_each_set_bit(
		class_bit, &wanted,
		BITS_PER_LONG) if (filter_has(table, eg_catalog_size_code(size),
					      class_bit)) return true;
	return false;
}

const struct eg_catalog_record *
eg_catalog_index_find(const struct eg_catalog_index *index,
		      enum eg_digest_kind kind, const u8 digest[EG_SHA256_SIZE])
{
	const struct eg_catalog_table *table = &index->table[kind];
	u32 slot = slot_of(table, digest);
	u32 low = table->starts[slot], high = table->starts[slot + 1],
	    end = high;

	/* Few, and if somebody found a way to make them many, still not slow. */
	while (low < high) {
		u32 mid = low + (high - low) / 2;

		if (memcmp(table->records[mid].digest, digest, EG_SHA256_SIZE) <
		    0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == end ||
	    memcmp(table->records[low].digest, digest, EG_SHA256_SIZE))
		return NULL;
	return &table->records[low];
}

const struct eg_catalog_record *
eg_catalog_index_next(const struct eg_catalog_index *index,
		      enum eg_digest_kind kind,
		      const struct eg_catalog_record *record)
{
	const struct eg_catalog_table *table = &index->table[kind];

	if (record + 1 == table->records + table->count ||
	    memcmp(record[1].digest, record->digest, EG_SHA256_SIZE))
		return NULL;
	return record + 1;
}

u64 eg_catalog_index_bytes(const struct eg_catalog_index *index)
{
	u64 bytes = sizeof(*index);
	size_t kind;

	for (kind = 0; kind < ARRAY_SIZE(index->table); kind++) {
		const struct eg_catalog_table *table = &index->table[kind];

		bytes += (u64)max(table->count, 1u) * sizeof(*table->records) +
			 ((1ull << table->bits) + 1) * sizeof(*table->starts) +
			 filter_longs(table) * sizeof(*table->filter);
	}
	return bytes;
}
