// SPDX-License-Identifier: GPL-2.0
#include "trust/catalog_index.h"

#include <linux/err.h>
#include <linux/kernel.h>

#include "cases.h"

/* A digest is spread as SHA-256 spreads them, or stands where a test wants it. */
static void spread(u64 number, u8 digest[EG_SHA256_SIZE])
{
	size_t i;

	for (i = 0; i < EG_SHA256_SIZE; i += 8) {
		u64 x = number * 4 + i / 8 + 1;

		x *= 0x9e3779b97f4a7c15;
		x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
		x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
		x ^= x >> 31;
		memcpy(digest + i, &x, 8);
	}
}

static int by_kind_and_digest(const void *a, const void *b)
{
	const u8 *x = a, *y = b;

	if (x[46] != y[46])
		return x[46] - y[46];
	return memcmp(x, y, EG_SHA256_SIZE);
}

/*
 * Entries for the numbers from @from to before @to, with each @step'th of kind
 * verity; identity is the number, so that a record can be told from another.
 */
static struct eg_manifest manifest_of(u64 from, u64 to, unsigned int verity)
{
	size_t count = to - from;
	u8 *entries = calloc(count ?: 1, EG_MANIFEST_ENTRY_SIZE), *p = entries;
	u64 number;

	assert_non_null(entries);
	for (number = from; number < to;
	     number++, p += EG_MANIFEST_ENTRY_SIZE) {
		spread(number, p);
		p[32] = (u8)(number + 7);
		p[33] = (u8)((number + 7) >> 8);
		p[34] = (u8)((number + 7) >> 16);
		p[40] = (u8)number;
		p[41] = (u8)(number >> 8);
		p[42] = (u8)(number >> 16);
		p[44] = 1 + number % 7;
		p[46] = verity && number % verity == 0;
	}
	qsort(entries, count, EG_MANIFEST_ENTRY_SIZE, by_kind_and_digest);
	return (struct eg_manifest){ .entries = entries, .entry_count = count };
}

static struct eg_catalog_index *build(const struct eg_catalog_index *old,
				      u16 without,
				      const struct eg_manifest *added,
				      u16 number)
{
	struct eg_catalog_index *index =
		eg_catalog_index_build(old, without, added, number);

	assert_false(IS_ERR(index));
	return index;
}

/* Sorted, the directory right to the record, the size as it says. */
static void expect_sound(const struct eg_catalog_index *index)
{
	size_t kind;

	for (kind = 0; kind < 2; kind++) {
		const struct eg_catalog_table *table = &index->table[kind];
		u32 slots = 1u << table->bits, slot, i;

		assert_int_equal(table->starts[0], 0);
		assert_int_equal(table->starts[slots], table->count);
		for (slot = 0; slot < slots; slot++) {
			assert_true(table->starts[slot] <=
				    table->starts[slot + 1]);
			for (i = table->starts[slot];
			     i < table->starts[slot + 1]; i++) {
				const u8 *d = table->records[i].digest;
				u32 first = (u32)d[0] << 24 | d[1] << 16 |
					    d[2] << 8 | d[3];

				assert_int_equal((u64)first * slots >> 32,
						 slot);
			}
		}
		for (i = 1; i < table->count; i++)
			assert_true(memcmp(table->records[i - 1].digest,
					   table->records[i].digest,
					   EG_SHA256_SIZE) <= 0);
	}
}

/* Which catalogs have the number: the bits of their numbers. */
static u32 catalogs_with(const struct eg_catalog_index *index,
			 enum eg_digest_kind kind, u64 number)
{
	const struct eg_catalog_record *record;
	u8 digest[EG_SHA256_SIZE];
	u32 set = 0;

	spread(number, digest);
	record = eg_catalog_index_find(index, kind, digest);
	while (record) {
		assert_memory_equal(record->digest, digest, sizeof(digest));
		assert_int_equal(record->identity, number);
		assert_int_equal(record->classes, 1 + number % 7);
		assert_int_equal(record->size, number + 7);
		assert_false(set & 1u << record->catalog);
		set |= 1u << record->catalog;
		record = eg_catalog_index_next(index, kind, record);
	}
	return set;
}

static void drop(struct eg_catalog_index *index, struct eg_manifest *m)
{
	eg_catalog_index_free(index);
	free((void *)m->entries);
}

static const struct {
	u32 count, bits;
} sizes[] = {
	{ 1, 0 },   { 2, 0 },	  { 7, 0 },	  { 8, 1 },
	{ 15, 1 },  { 16, 2 },	  { 31, 2 },	  { 32, 3 },
	{ 257, 6 }, { 4096, 10 }, { 100000, 14 },
};

static void test_sizes(void **state)
{
	size_t i;
	u64 n;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		u32 count = sizes[i].count;
		struct eg_manifest m = manifest_of(100, 100 + count, 0);
		struct eg_catalog_index *index = build(NULL, 0, &m, 3);

		assert_int_equal(index->table[0].count, count);
		assert_int_equal(index->table[0].bits, sizes[i].bits);
		assert_int_equal(index->table[1].count, 0);
		assert_int_equal(index->table[1].bits, 0);
		expect_sound(index);
		for (n = 100; n < 100 + count; n++) {
			assert_int_equal(catalogs_with(index, 0, n), 1 << 3);
			assert_int_equal(catalogs_with(index, 1, n), 0);
		}
		for (n = 0; n < 100; n++)
			assert_int_equal(catalogs_with(index, 0, n), 0);
		drop(index, &m);
	}
	assert_int_equal(shim_allocated(), 0);
}

static void test_nothing(void **state)
{
	struct eg_catalog_index *index, *same;

	index = build(NULL, EG_CATALOG_NONE, NULL, 0);
	expect_sound(index);
	assert_int_equal(index->table[0].count + index->table[1].count, 0);
	assert_int_equal(catalogs_with(index, 0, 1), 0);
	assert_int_equal(catalogs_with(index, 1, 1), 0);
	assert_int_equal(eg_catalog_index_bytes(index),
			 sizeof(*index) + 2 * (44 + 2 * 4 + 8));
	same = build(index, 5, NULL, 5);
	expect_sound(same);
	eg_catalog_index_free(index);
	eg_catalog_index_free(same);
	eg_catalog_index_free(NULL);
	assert_int_equal(shim_allocated(), 0);
}

/*
 * What is done in turn to catalogs 0 to 3: replaced by the numbers from @from
 * to before @to, or taken out when there are none.
 */
static const struct {
	u16 catalog;
	u16 from, to;
	u16 verity;
	const char *why;
} steps[] = {
	{ 0, 100, 600, 3, "the first" },
	{ 1, 600, 900, 0, "another, of content alone" },
	{ 2, 0, 100, 1, "another, of verity alone" },
	{ 3, 50, 700, 3, "one that has much of the others" },
	{ 0, 100, 600, 3, "the same again" },
	{ 1, 100, 600, 3, "one exactly as another" },
	{ 0, 550, 560, 2, "a smaller one of a name" },
	{ 3, 0, 0, 0, "one is taken out" },
	{ 3, 0, 0, 0, "once more" },
	{ 2, 898, 1000, 3, "one at the end" },
	{ 1, 0, 0, 0, "the largest is taken out" },
	{ 0, 0, 0, 0, "all but one" },
	{ 2, 0, 0, 0, "the last" },
	{ 0, 5, 6, 5, "one digest" },
};

static bool has(size_t done, u16 catalog, enum eg_digest_kind kind, u64 number)
{
	for (; done--;) {
		if (steps[done].catalog != catalog)
			continue;
		return number >= steps[done].from && number < steps[done].to &&
		       kind == (steps[done].verity &&
				number % steps[done].verity == 0);
	}
	return false;
}

static void test_steps(void **state)
{
	struct eg_catalog_index *index = build(NULL, EG_CATALOG_NONE, NULL, 0);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		bool empty = steps[i].from == steps[i].to;
		struct eg_manifest m = manifest_of(steps[i].from, steps[i].to,
						   steps[i].verity);
		struct eg_catalog_index *old = index;
		u32 total[2] = {};
		u64 number;
		u16 c;
		u8 kind;

		index = build(old, steps[i].catalog, empty ? NULL : &m,
			      steps[i].catalog);
		drop(old, &m);
		expect_sound(index);
		for (number = 0; number < 1050; number++)
			for (kind = 0; kind < 2; kind++) {
				u32 expected = 0;

				for (c = 0; c < 4; c++)
					expected |= has(i + 1, c, kind, number)
						    << c;
				expect_equal(catalogs_with(index, kind, number),
					     expected, steps[i].why);
				total[kind] += __builtin_popcount(expected);
			}
		expect_equal(index->table[0].count, total[0], steps[i].why);
		expect_equal(index->table[1].count, total[1], steps[i].why);
	}
	eg_catalog_index_free(index);
	assert_int_equal(shim_allocated(), 0);
}

/* Somebody found digests of one beginning: all in a slot, and still found. */
static void test_one_slot(void **state)
{
	u8 entries[64][EG_MANIFEST_ENTRY_SIZE] = {};
	struct eg_manifest m = { .entries = entries[0],
				 .entry_count = ARRAY_SIZE(entries) };
	const struct eg_catalog_record *record;
	struct eg_catalog_index *index;
	u8 digest[EG_SHA256_SIZE];
	int last;

	for (last = 0; last < 64; last++) {
		memset(entries[last], 0xff, EG_SHA256_SIZE);
		entries[last][31] = 2 * last + 1;
		entries[last][44] = 1;
	}
	index = build(NULL, 0, &m, 0);
	expect_sound(index);
	memset(digest, 0xff, sizeof(digest));
	for (last = 0; last < 256; last++) {
		digest[31] = last;
		record = eg_catalog_index_find(index, 0, digest);
		assert_int_equal(record != NULL, last % 2 && last < 128);
		if (record)
			assert_null(eg_catalog_index_next(index, 0, record));
	}
	memset(digest, 0, sizeof(digest));
	assert_null(eg_catalog_index_find(index, 0, digest));
	eg_catalog_index_free(index);
}

/* Doubles stand in the order in which they came. */
static void test_doubles(void **state)
{
	struct eg_manifest m = manifest_of(5, 6, 0);
	const struct eg_catalog_record *record;
	struct eg_catalog_index *index[4] = {};
	u16 catalog;

	for (catalog = 1; catalog < 4; catalog++)
		index[catalog] =
			build(index[catalog - 1], EG_CATALOG_NONE, &m, catalog);
	record = eg_catalog_index_find(index[3], 0, m.entries);
	for (catalog = 1; catalog < 4; catalog++) {
		assert_int_equal(record->catalog, catalog);
		record = eg_catalog_index_next(index[3], 0, record);
	}
	assert_null(record);
	eg_catalog_index_free(index[1]);
	eg_catalog_index_free(index[2]);
	drop(index[3], &m);
}

/* Each size and class that is listed may be; hardly any other. */
static void test_filter(void **state)
{
	struct eg_manifest m = manifest_of(0, 20000, 3);
	struct eg_catalog_index *index = build(NULL, 0, &m, 0);
	unsigned int wrong = 0;
	u64 n;
	u16 bit;

	for (n = 0; n < 20000; n++)
		for (bit = 1; bit < 8; bit <<= 1) {
			bool listed = (1 + n % 7) & bit;

			if (listed)
				assert_true(eg_catalog_index_may_have(
					index, n % 3 == 0, n + 7, bit));
			/* Whatever else is asked for with it. */
			if (listed)
				assert_true(eg_catalog_index_may_have(
					index, n % 3 == 0, n + 7, bit | 0x100));
			wrong += eg_catalog_index_may_have(index, n % 3 == 0,
							   n + 7, bit << 4);
			wrong += eg_catalog_index_may_have(index, n % 3 == 0,
							   n + 50000, bit);
		}
	/* One in 400 of 120,000 for one class each; these have up to three. */
	assert_in_range(wrong, 1, 120000 / 20);
	assert_false(eg_catalog_index_may_have(index, 0, 8, 0));
	drop(index, &m);
	index = build(NULL, 0, NULL, 0);
	assert_false(eg_catalog_index_may_have(index, 0, 0, 0xffff));
	eg_catalog_index_free(index);
}

static void test_size_codes(void **state)
{
	static const struct {
		u64 size;
		u32 code;
	} codes[] = {
		{ 0, 0 },
		{ 1, 1 },
		{ 0x7fffffff, 0x7fffffff },
		{ 0x80000000, 0x80000800 },
		{ 0x800fffff, 0x80000800 },
		{ 0x80100000, 0x80000801 },
		{ 4ull << 40, 0x80400000 },
		{ (0x7fffffffull << 20) - 1, 0xfffffffe },
		{ 0x7fffffffull << 20, 0xffffffff },
		{ ~0ull, 0xffffffff },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(codes); i++)
		assert_int_equal(eg_catalog_size_code(codes[i].size),
				 codes[i].code);
}

static void test_no_memory(void **state)
{
	struct eg_manifest m = manifest_of(0, 50, 2);
	struct eg_catalog_index *old = build(NULL, 0, &m, 0), *index;
	unsigned int nth, had = shim_allocated();

	for (nth = 1;; nth++) {
		shim_fail_allocation(nth);
		index = eg_catalog_index_build(old, 0, &m, 0);
		if (!IS_ERR(index))
			break;
		assert_int_equal(PTR_ERR(index), -ENOMEM);
		assert_int_equal(shim_allocated(), had);
	}
	assert_int_equal(nth, 8);
	eg_catalog_index_free(index);
	drop(old, &m);
	assert_int_equal(shim_allocated(), 0);
}

/*
 * The bound, without the gigabyte: memory that nobody touches but the search
 * for where a kind begins, and when it would be asked for, there is none.
 */
static const struct {
	u32 old, gone, added;
	int expected;
	const char *why;
} bounds[] = {
	{ 0, 0, EG_MANIFEST_ENTRIES_MAX, -ENOMEM, "as many as fit" },
	{ 0, 0, EG_MANIFEST_ENTRIES_MAX + 1, -ENOSPC, "one more" },
	{ 10, 0, EG_MANIFEST_ENTRIES_MAX - 10, -ENOMEM, "together" },
	{ 10, 0, EG_MANIFEST_ENTRIES_MAX - 9, -ENOSPC, "one more together" },
	{ 10, 4, EG_MANIFEST_ENTRIES_MAX - 6, -ENOMEM, "what goes is no more" },
	{ 10, 4, EG_MANIFEST_ENTRIES_MAX - 5, -ENOSPC,
	  "but no more than that" },
};

static void test_bounds(void **state)
{
	u8 *entries =
		calloc(EG_MANIFEST_ENTRIES_MAX + 1, EG_MANIFEST_ENTRY_SIZE);
	size_t i;

	assert_non_null(entries);
	for (i = 0; i < ARRAY_SIZE(bounds); i++) {
		struct eg_manifest stays =
			manifest_of(0, bounds[i].old - bounds[i].gone, 0);
		struct eg_manifest goes =
			manifest_of(1000, 1000 + bounds[i].gone, 0);
		struct eg_manifest many = { .entries = entries,
					    .entry_count = bounds[i].added };
		struct eg_catalog_index *first, *old, *index;

		first = build(NULL, 0, &stays, 0);
		old = build(first, 1, &goes, 1);
		shim_fail_allocation(2);
		index = eg_catalog_index_build(old, 1, &many, 1);
		shim_fail_allocation(0);
		assert_true(IS_ERR(index));
		expect_equal(PTR_ERR(index), bounds[i].expected, bounds[i].why);
		drop(first, &stays);
		drop(old, &goes);
	}
	free(entries);
	assert_int_equal(shim_allocated(), 0);
}

/* What it says it takes is what it takes. */
static void test_bytes(void **state)
{
	static const u32 counts[] = { 1, 7, 8, 9, 1000, 70000 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(counts); i++) {
		struct eg_manifest m = manifest_of(0, counts[i], 3);
		struct eg_catalog_index *index = build(NULL, 0, &m, 0);

		assert_int_equal(eg_catalog_index_bytes(index),
				 shim_allocated_bytes());
		drop(index, &m);
	}
	assert_int_equal(shim_allocated_bytes(), 0);
}

int main(void)
{
	static const struct kernel_case cases[] = {
		KERNEL_CASE(test_sizes),      KERNEL_CASE(test_nothing),
		KERNEL_CASE(test_steps),      KERNEL_CASE(test_one_slot),
		KERNEL_CASE(test_doubles),    KERNEL_CASE(test_filter),
		KERNEL_CASE(test_size_codes), KERNEL_CASE(test_no_memory),
		KERNEL_CASE(test_bounds),     KERNEL_CASE(test_bytes),
	};

	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
