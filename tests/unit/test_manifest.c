// SPDX-License-Identifier: GPL-2.0
#include "format/manifest.h"
#include "support.h"

/* At 26 a rule: no version before 9000. */
#define STRINGS                              \
	"org.debian/lsorg.debian/sh\1\0\4\0" \
	"9000"                               \
	"debian-13"
#define IDENTITIES_AT EG_MANIFEST_HEADER_SIZE
#define ENTRIES_AT (IDENTITIES_AT + 2 * EG_MANIFEST_IDENTITY_SIZE)
#define STRINGS_AT (ENTRIES_AT + 4 * EG_MANIFEST_ENTRY_SIZE)
#define SIZE (STRINGS_AT + sizeof(STRINGS) - 1)

static void put(u8 *at, size_t width, u64 value)
{
	while (width--) {
		*at++ = (u8)value;
		value >>= 8;
	}
}

static void put_identity(u8 *at, u32 name, u32 name_size, u32 rules,
			 u32 rules_size, u64 version)
{
	put(at, 4, name);
	put(at + 4, 4, name_size);
	put(at + 8, 4, rules);
	put(at + 12, 4, rules_size);
	put(at + 16, 8, version);
}

static void put_entry(u8 *at, u8 digest, u8 last, u8 kind, u32 identity)
{
	memset(at, digest, EG_SHA256_SIZE - 1);
	at[EG_SHA256_SIZE - 1] = last;
	put(at + 32, 8, 0x0102030405060708);
	put(at + 40, 4, identity);
	put(at + 44, 2, kind ? 0x02 : 0x81);
	at[46] = kind;
}

/* Two identities, three content digests and an fs-verity one, a name. */
static struct eg_bytes good_manifest(void)
{
	u8 m[SIZE] = EG_MANIFEST_MAGIC;

	put(m + 8, 2, 1);
	put(m + 10, 2, 64);
	put(m + 12, 4, SIZE);
	put(m + 16, 4, 2);
	put(m + 20, 4, 4);
	put(m + 24, 4, sizeof(STRINGS) - 1);
	put(m + 28, 4, 1);
	put(m + 32, 8, 1790000000);
	put(m + 40, 8, 0xfedcba9876543210);
	put(m + 48, 4, 34);
	put(m + 52, 4, 9);
	put_identity(m + IDENTITIES_AT, 0, 13, 26, 0, 9001);
	put_identity(m + IDENTITIES_AT + 32, 13, 13, 26, 8, ~0ull);
	put_entry(m + ENTRIES_AT, 0x11, 0x10, 0, 0);
	put_entry(m + ENTRIES_AT + 48, 0x11, 0x11, 0, 1);
	put_entry(m + ENTRIES_AT + 96, 0xee, 0xff, 0, 1);
	put_entry(m + ENTRIES_AT + 144, 0x01, 0x01, 1, 0);
	memcpy(m + STRINGS_AT, STRINGS, sizeof(STRINGS) - 1);
	return bytes_copy(m, sizeof(m));
}

#define OK EG_FORMAT_OK
#define BAD EG_FORMAT_MALFORMED
#define IDENTITY(n) (IDENTITIES_AT + (n) * EG_MANIFEST_IDENTITY_SIZE)
#define ENTRY(n) (ENTRIES_AT + (n) * EG_MANIFEST_ENTRY_SIZE)

/* One field of the good manifest replaced. */
static const struct row {
	const char *why;
	size_t offset;
	size_t width;
	u64 value;
	enum eg_format expected;
} rows[] = {
	{ "as it is", 0, 1, 'E', OK },
	{ "row 26: another magic", 0, 1, 'e', BAD },
	{ "row 26: the magic's last byte", 7, 1, 'e', BAD },
	{ "version 0", 8, 2, 0, BAD },
	{ "version 2", 8, 2, 2, BAD },
	{ "version 257", 9, 1, 1, BAD },
	{ "header size 63", 10, 2, 63, BAD },
	{ "header size 65", 10, 2, 65, BAD },
	{ "header size 0", 10, 2, 0, BAD },
	{ "total size - 1", 12, 4, SIZE - 1, BAD },
	{ "total size + 1", 12, 4, SIZE + 1, BAD },
	{ "total size 0", 12, 4, 0, BAD },
	{ "total size ff..", 12, 4, 0xffffffff, BAD },
	{ "no identities", 16, 4, 0, BAD },
	{ "an identity more than there is", 16, 4, 3, BAD },
	{ "an identity fewer", 16, 4, 1, BAD },
	{ "identities ff..", 16, 4, 0xffffffff, BAD },
	{ "identities that wrap 32 bits", 16, 4, 0x08000002, BAD },
	{ "no entries", 20, 4, 0, BAD },
	{ "an entry more", 20, 4, 5, BAD },
	{ "an entry fewer", 20, 4, 3, BAD },
	{ "entries ff..", 20, 4, 0xffffffff, BAD },
	{ "entries that wrap 32 bits", 20, 4, 0x10000004, BAD },
	{ "strings one more", 24, 4, sizeof(STRINGS), BAD },
	{ "strings ff..", 24, 4, 0xffffffff, BAD },
	{ "digest algorithm 0", 28, 4, 0, EG_FORMAT_WEAK_ALGORITHM },
	{ "digest algorithm 2", 28, 4, 2, EG_FORMAT_WEAK_ALGORITHM },
	{ "made at 0", 32, 8, 0, OK },
	{ "made at the end of time", 32, 8, ~0ull, OK },
	{ "sequence 0", 40, 8, 0, OK },
	{ "name beyond the strings", 48, 4, 35, BAD },
	{ "name at ff..", 48, 4, 0xffffffff, BAD },
	{ "name of size ff..", 52, 4, 0xffffffff, BAD },
	{ "name one too long", 52, 4, 10, BAD },
	{ "no name", 52, 4, 0, OK },
	{ "reserved, first byte", 56, 1, 1, BAD },
	{ "reserved, last byte", 63, 1, 1, BAD },

	{ "identity without a name", IDENTITY(0) + 4, 4, 0, BAD },
	{ "identity named by all strings", IDENTITY(0) + 4, 4,
	  sizeof(STRINGS) - 1, OK },
	{ "identity's name one too long", IDENTITY(0) + 4, 4, sizeof(STRINGS),
	  BAD },
	{ "identity's name of ff..", IDENTITY(0) + 4, 4, 0xffffffff, BAD },
	{ "identity's name at ff..", IDENTITY(1), 4, 0xffffffff, BAD },
	{ "identity's name that wraps", IDENTITY(1), 4, 0xfffffff3, BAD },
	{ "two identities with one rule", IDENTITY(0) + 12, 4, 8, OK },
	{ "rules cut off", IDENTITY(1) + 12, 4, 7, BAD },
	{ "rules with a byte behind them", IDENTITY(1) + 12, 4, 9, BAD },
	{ "rules one too long", IDENTITY(1) + 12, 4, sizeof(STRINGS) - 26,
	  BAD },
	{ "rules of ff..", IDENTITY(0) + 12, 4, 0xffffffff, BAD },
	{ "rules at ff..", IDENTITY(1) + 8, 4, 0xffffffff, BAD },
	{ "rules at ff.., that wrap", IDENTITY(1) + 8, 4, 0xfffffff8, BAD },
	{ "no rules, but beyond the end", IDENTITY(0) + 8, 4, sizeof(STRINGS),
	  BAD },
	{ "an unknown kind of rule", STRINGS_AT + 26, 1, 99, BAD },
	{ "an unknown strength", STRINGS_AT + 27, 1, 2, BAD },
	{ "a version as its rule says", IDENTITY(1) + 16, 8, 9000, OK },
	{ "a version below its own rule", IDENTITY(1) + 16, 8, 8999, BAD },
	{ "identity version", IDENTITY(0) + 16, 8, 0, OK },
	{ "identity flags, first bit", IDENTITY(0) + 24, 4, 1, BAD },
	{ "identity flags, last bit", IDENTITY(1) + 24, 4, 1u << 31, BAD },
	{ "identity reserved, first byte", IDENTITY(0) + 28, 1, 1, BAD },
	{ "identity reserved, last byte", IDENTITY(1) + 31, 1, 1, BAD },

	{ "two entries of one digest", ENTRY(1) + 31, 1, 0x10, BAD },
	{ "entries out of order", ENTRY(1) + 31, 1, 0x0f, BAD },
	{ "the second above the third", ENTRY(1), 1, 0xef, BAD },
	{ "the first byte decides", ENTRY(0), 1, 0x12, BAD },
	{ "content behind fs-verity", ENTRY(3) + 46, 1, 0, BAD },
	{ "fs-verity before content", ENTRY(0) + 46, 1, 1, BAD },
	{ "a size of 0", ENTRY(0) + 32, 8, 0, OK },
	{ "identity index at the count", ENTRY(0) + 40, 4, 2, BAD },
	{ "identity index ff..", ENTRY(3) + 40, 4, 0xffffffff, BAD },
	{ "no class", ENTRY(0) + 44, 2, 0, BAD },
	{ "all classes", ENTRY(0) + 44, 2, 0x01ff, OK },
	{ "an unknown class", ENTRY(0) + 44, 2, 0x0201, BAD },
	{ "the last unknown class", ENTRY(0) + 44, 2, 0x8001, BAD },
	{ "an unknown kind", ENTRY(3) + 46, 1, 2, BAD },
	{ "kind ff", ENTRY(3) + 46, 1, 0xff, BAD },
	{ "entry reserved", ENTRY(0) + 47, 1, 1, BAD },
	{ "entry reserved, last", ENTRY(3) + 47, 1, 0x80, BAD },
	{ "any byte in a string", STRINGS_AT, 1, 0, OK },
};

static void test_fields(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct eg_bytes in = good_manifest();
		struct eg_manifest out;

		put((u8 *)in.data + rows[i].offset, rows[i].width,
		    rows[i].value);
		expect_format(eg_manifest_parse(in, &out), rows[i].expected,
			      rows[i].why);
		bytes_free(in);
	}
}

/* A second fault makes a manifest of another algorithm malformed. */
static void test_weak_and_malformed(void **state)
{
	struct eg_bytes in = good_manifest();
	struct eg_manifest out;

	(void)state;
	put((u8 *)in.data + 28, 4, 2);
	put((u8 *)in.data + ENTRY(0) + 47, 1, 1);
	expect_format(eg_manifest_parse(in, &out), EG_FORMAT_MALFORMED,
		      "algorithm 2 and a reserved byte");
	bytes_free(in);
}

static void test_truncated(void **state)
{
	struct eg_bytes whole = good_manifest();
	struct eg_manifest out;
	size_t size;

	(void)state;
	for (size = 0; size < whole.size; size++) {
		struct eg_bytes in = bytes_copy(whole.data, size);

		expect_format(eg_manifest_parse(in, &out), EG_FORMAT_MALFORMED,
			      "a truncated manifest");
		/* And when its header knows. */
		if (size >= 16) {
			put((u8 *)in.data + 12, 4, size);
			expect_format(eg_manifest_parse(in, &out),
				      EG_FORMAT_MALFORMED,
				      "truncated, knowing");
		}
		bytes_free(in);
	}
	bytes_free(whole);
}

static void expect_text(struct eg_bytes got, const char *expected)
{
	assert_int_equal(got.size, strlen(expected));
	assert_memory_equal(got.data, expected, got.size);
}

static void test_accessors(void **state)
{
	struct eg_bytes in = good_manifest();
	struct eg_manifest_identity identity;
	struct eg_manifest_entry entry;
	struct eg_manifest m;

	(void)state;
	expect_format(eg_manifest_parse(in, &m), EG_FORMAT_OK, "good");
	assert_int_equal(m.identity_count, 2);
	assert_int_equal(m.entry_count, 4);
	assert_int_equal(m.created_at, 1790000000);
	assert_true(m.sequence == 0xfedcba9876543210);
	expect_text(m.name, "debian-13");
	assert_int_equal(m.strings.size, sizeof(STRINGS) - 1);
	assert_memory_equal(m.strings.data, STRINGS, m.strings.size);

	eg_manifest_identity_at(&m, 0, &identity);
	expect_text(identity.name, "org.debian/ls");
	assert_int_equal(identity.rules.size, 0);
	assert_int_equal(identity.version, 9001);
	eg_manifest_identity_at(&m, 1, &identity);
	expect_text(identity.name, "org.debian/sh");
	assert_int_equal(identity.rules.size, 8);
	assert_memory_equal(identity.rules.data,
			    "\1\0\4\0"
			    "9000",
			    8);
	assert_true(identity.version == ~0ull);

	eg_manifest_entry_at(&m, 1, &entry);
	assert_ptr_equal(entry.digest, in.data + ENTRY(1));
	assert_true(entry.size == 0x0102030405060708);
	assert_int_equal(entry.identity, 1);
	assert_int_equal(entry.classes, 0x81);
	assert_int_equal(entry.kind, EG_DIGEST_CONTENT);
	eg_manifest_entry_at(&m, 3, &entry);
	assert_int_equal(entry.identity, 0);
	assert_int_equal(entry.classes, 0x02);
	assert_int_equal(entry.kind, EG_DIGEST_VERITY);
	bytes_free(in);
}

static void test_find(void **state)
{
	static const struct {
		const char *why;
		u8 digest;
		u8 last;
		enum eg_digest_kind kind;
		int index;
	} finds[] = {
		{ "the first", 0x11, 0x10, EG_DIGEST_CONTENT, 0 },
		{ "its neighbour", 0x11, 0x11, EG_DIGEST_CONTENT, 1 },
		{ "the last of its kind", 0xee, 0xff, EG_DIGEST_CONTENT, 2 },
		{ "the fs-verity one", 0x01, 0x01, EG_DIGEST_VERITY, 3 },
		{ "its digest as content", 0x01, 0x01, EG_DIGEST_CONTENT, -1 },
		{ "content as fs-verity", 0x11, 0x10, EG_DIGEST_VERITY, -1 },
		{ "below all", 0x00, 0x00, EG_DIGEST_CONTENT, -1 },
		{ "between", 0x11, 0x12, EG_DIGEST_CONTENT, -1 },
		{ "above all content", 0xff, 0xff, EG_DIGEST_CONTENT, -1 },
		{ "above all", 0xff, 0xff, EG_DIGEST_VERITY, -1 },
	};
	struct eg_bytes in = good_manifest();
	struct eg_manifest m;
	size_t i;

	(void)state;
	expect_format(eg_manifest_parse(in, &m), EG_FORMAT_OK, "good");
	for (i = 0; i < ARRAY_SIZE(finds); i++) {
		struct eg_manifest_entry entry = { 0 };
		u8 digest[EG_SHA256_SIZE];
		bool found;

		memset(digest, finds[i].digest, sizeof(digest));
		digest[EG_SHA256_SIZE - 1] = finds[i].last;
		found = eg_manifest_find(&m, finds[i].kind, digest, &entry);
		if (found != (finds[i].index >= 0))
			fail_msg("%s: %sfound", finds[i].why,
				 found ? "" : "not ");
		if (found)
			assert_ptr_equal(entry.digest,
					 in.data + ENTRY(finds[i].index));
	}
	bytes_free(in);
}

/* The sizes of one identity, with strings that hold them: a rule, then zeros. */
static enum eg_format parse_sized(u32 name_size, u32 rules_size,
				  u32 catalog_name_size)
{
	enum { STRINGS_SIZE = 5000, TOTAL = 64 + 32 + 48 + STRINGS_SIZE };
	u8 *m = calloc(1, TOTAL);
	struct eg_manifest out;
	enum eg_format result;

	assert_non_null(m);
	memcpy(m, EG_MANIFEST_MAGIC, 8);
	put(m + 8, 2, 1);
	put(m + 10, 2, 64);
	put(m + 12, 4, TOTAL);
	put(m + 16, 4, 1);
	put(m + 20, 4, 1);
	put(m + 24, 4, STRINGS_SIZE);
	put(m + 28, 4, 1);
	put(m + 52, 4, catalog_name_size);
	put_identity(m + 64, 0, name_size, 0, rules_size, 1);
	memcpy(m + 64 + 32 + 48, "\3\0\0\0", 4);
	put_entry(m + 96, 1, 1, 0, 0);
	result = eg_manifest_parse((struct eg_bytes){ m, TOTAL }, &out);
	free(m);
	return result;
}

/*
 * Every 32 bytes of this are an identity, the entry's and the strings' too. If a
 * count that wraps 32 bits passed, reading would go on behind the end. The strings
 * begin with a version, which is the rule "hardened".
 */
static void test_wrapping_count(void **state)
{
	enum { RECORDS = 8, TOTAL = 64 + 32 * RECORDS };
	u8 *m = calloc(1, TOTAL);
	struct eg_bytes in = { m, TOTAL };
	struct eg_manifest out;
	int i;

	(void)state;
	assert_non_null(m);
	memcpy(m, EG_MANIFEST_MAGIC, 8);
	put(m + 8, 2, 1);
	put(m + 10, 2, 64);
	put(m + 12, 4, TOTAL);
	put(m + 16, 4, 1);
	put(m + 20, 4, 1);
	put(m + 24, 4, TOTAL - 64 - 32 - 48);
	put(m + 28, 4, 1);
	for (i = 0; i < RECORDS; i++)
		put_identity(m + 64 + 32 * i, 0, 1, 0, 4, 3);
	expect_format(eg_manifest_parse(in, &out), EG_FORMAT_OK, "one");
	put(m + 16, 4, 0x08000001);
	expect_format(eg_manifest_parse(in, &out), EG_FORMAT_MALFORMED,
		      "a count whose size wraps to the same");
	free(m);
}

/*
 * A rule of 4 bytes that many identities share: it is read once for each, so they
 * may not be more than the strings have bytes for.
 */
static void test_shared_rules(void **state)
{
	enum { COUNT = 3, TOTAL = 64 + 32 * COUNT + 48 + 4 * COUNT };
	u8 *m = calloc(1, TOTAL);
	struct eg_bytes in = { m, TOTAL };
	struct eg_manifest out;
	int i;

	(void)state;
	assert_non_null(m);
	memcpy(m, EG_MANIFEST_MAGIC, 8);
	put(m + 8, 2, 1);
	put(m + 10, 2, 64);
	put(m + 12, 4, TOTAL);
	put(m + 16, 4, COUNT);
	put(m + 20, 4, 1);
	put(m + 24, 4, 4 * COUNT);
	put(m + 28, 4, 1);
	for (i = 0; i < COUNT; i++)
		put_identity(m + 64 + 32 * i, 0, 1, 0, 4, 0);
	put_entry(m + 64 + 32 * COUNT, 1, 1, 0, 0);
	m[TOTAL - 4 * COUNT] = 3;
	expect_format(eg_manifest_parse(in, &out), EG_FORMAT_OK,
		      "as many as there are bytes");
	put(m + 12, 4, TOTAL - 1);
	put(m + 24, 4, 4 * COUNT - 1);
	in.size--;
	expect_format(eg_manifest_parse(in, &out), EG_FORMAT_MALFORMED,
		      "a byte fewer");
	free(m);
}

static void test_bounds(void **state)
{
	/* Never read: it is refused by its count, so its pages stay untouched. */
	size_t entries = EG_MANIFEST_ENTRIES_MAX + 1;
	size_t size = 64 + 32 + entries * EG_MANIFEST_ENTRY_SIZE;
	u8 *m = calloc(1, size);
	struct eg_manifest out;

	(void)state;
	assert_non_null(m);
	memcpy(m, EG_MANIFEST_MAGIC, 8);
	put(m + 8, 2, 1);
	put(m + 10, 2, 64);
	put(m + 12, 4, size);
	put(m + 16, 4, 1);
	put(m + 20, 4, entries);
	put(m + 28, 4, 1);
	expect_format(eg_manifest_parse((struct eg_bytes){ m, size }, &out),
		      EG_FORMAT_TOO_LARGE, "an entry above the bound");
	free(m);

	expect_format(parse_sized(255, 4, 255), OK, "the longest strings");
	expect_format(parse_sized(256, 0, 0), BAD, "a name of 256");
	expect_format(parse_sized(1, 4097, 0), BAD, "rules of 4097");
	expect_format(parse_sized(1, 0, 256), BAD, "a catalog name of 256");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_weak_and_malformed),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_accessors),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_wrapping_count),
		cmocka_unit_test(test_shared_rules),
		cmocka_unit_test(test_bounds),
	};

	return cmocka_run_group_tests_name("format/manifest", tests, NULL,
					   NULL);
}
