// SPDX-License-Identifier: GPL-2.0
#include "format/trailer.h"
#include "support.h"

#define INFO " 0000020000000000"
#define MAGIC " '~execgate signature v1 end~'0a"
#define KERNEL_MAGIC " '~Module signature appended~'0a"

static const struct row {
	const char *why;
	const char *tail;
	u64 file_size;
	enum eg_format expected;
	u64 payload;
	u32 cms;
} rows[] = {
	{ "a signed file", INFO "00000200" MAGIC, 10000, EG_FORMAT_OK, 9448,
	  512 },
	{ "one byte of payload, one of message", INFO "00000001" MAGIC, 42,
	  EG_FORMAT_OK, 1, 1 },
	{ "the largest message", INFO "00004000" MAGIC, 100000, EG_FORMAT_OK,
	  83576, 16384 },
	{ "a file above 4 GiB", INFO "00000200" MAGIC, (5ull << 32) + 552,
	  EG_FORMAT_OK, 5ull << 32, 512 },
	{ "one byte above the bound", INFO "00004001" MAGIC, 100000,
	  EG_FORMAT_MALFORMED, 0, 0 },
	{ "row 9: length 0", INFO "00000000" MAGIC, 10000, EG_FORMAT_MALFORMED,
	  0, 0 },
	{ "row 9: length ff..", INFO "ffffffff" MAGIC, 10000,
	  EG_FORMAT_MALFORMED, 0, 0 },
	{ "row 9: length of the file", INFO "00002710" MAGIC, 10000,
	  EG_FORMAT_MALFORMED, 0, 0 },
	{ "row 9: length of the file - 1", INFO "0000270f" MAGIC, 10000,
	  EG_FORMAT_MALFORMED, 0, 0 },
	{ "row 9: ff.. in a file above 4 GiB", INFO "ffffffff" MAGIC,
	  5ull << 32, EG_FORMAT_MALFORMED, 0, 0 },
	{ "row 11: no payload", INFO "00000200" MAGIC, 552, EG_FORMAT_MALFORMED,
	  0, 0 },
	{ "message one byte longer than the file", INFO "00000201" MAGIC, 552,
	  EG_FORMAT_MALFORMED, 0, 0 },
	{ "little endian length", INFO "00020000" MAGIC, 10000,
	  EG_FORMAT_MALFORMED, 0, 0 },
	{ "algo is not 0", "0100020000000000 00000200" MAGIC, 10000,
	  EG_FORMAT_MALFORMED, 0, 0 },
	{ "hash is not 0", "0004020000000000 00000200" MAGIC, 10000,
	  EG_FORMAT_MALFORMED, 0, 0 },
	{ "id type X.509", "0000010000000000 00000200" MAGIC, 10000,
	  EG_FORMAT_MALFORMED, 0, 0 },
	{ "id type PGP", "0000000000000000 00000200" MAGIC, 10000,
	  EG_FORMAT_MALFORMED, 0, 0 },
	{ "signer name claimed", "0000020100000000 00000200" MAGIC, 10000,
	  EG_FORMAT_MALFORMED, 0, 0 },
	{ "key id claimed", "0000020001000000 00000200" MAGIC, 10000,
	  EG_FORMAT_MALFORMED, 0, 0 },
	{ "first pad byte", "0000020000010000 00000200" MAGIC, 10000,
	  EG_FORMAT_MALFORMED, 0, 0 },
	{ "last pad byte", "0000020000000001 00000200" MAGIC, 10000,
	  EG_FORMAT_MALFORMED, 0, 0 },
	{ "row 6: a byte behind the magic", INFO "00000200" MAGIC "00", 10001,
	  EG_FORMAT_ABSENT, 0, 0 },
	{ "row 5: the end cut off", INFO "00000200 7e*27", 9999,
	  EG_FORMAT_ABSENT, 0, 0 },
	{ "no newline", INFO "00000200 41 '~execgate signature v1 end~'", 10000,
	  EG_FORMAT_ABSENT, 0, 0 },
	{ "another version", INFO "00000200 '~execgate signature v2 end~'0a",
	  10000, EG_FORMAT_ABSENT, 0, 0 },
	{ "the kernel's magic", INFO "00000200" KERNEL_MAGIC, 10000,
	  EG_FORMAT_ABSENT, 0, 0 },
	{ "an empty file", "", 0, EG_FORMAT_ABSENT, 0, 0 },
	{ "a file of one byte", "0a", 1, EG_FORMAT_ABSENT, 0, 0 },
	{ "a file of 27 bytes", "7e*26 0a", 27, EG_FORMAT_ABSENT, 0, 0 },
	{ "the magic and nothing else", MAGIC, 28, EG_FORMAT_MALFORMED, 0, 0 },
	{ "39 bytes", "00020000000000 00000001" MAGIC, 39, EG_FORMAT_MALFORMED,
	  0, 0 },
	{ "40 bytes", INFO "00000001" MAGIC, 40, EG_FORMAT_MALFORMED, 0, 0 },
	{ "41 bytes", INFO "00000001" MAGIC, 41, EG_FORMAT_MALFORMED, 0, 0 },
	{ "less of the file than asked for", MAGIC, 10000, EG_FORMAT_MALFORMED,
	  0, 0 },
	{ "a size that shrank meanwhile", INFO "00000001" MAGIC, 3,
	  EG_FORMAT_MALFORMED, 0, 0 },
	{ "more of the file than asked for", "41*100" INFO "00000200" MAGIC,
	  10000, EG_FORMAT_OK, 9448, 512 },
};

static void test_parse(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct eg_bytes tail = bytes_of(rows[i].tail);
		struct eg_trailer out = { 0 };

		expect_format(eg_trailer_parse(tail, rows[i].file_size, &out),
			      rows[i].expected, rows[i].why);
		if (out.payload_size != rows[i].payload ||
		    out.cms_size != rows[i].cms)
			fail_msg("%s: payload %llu, message %u", rows[i].why,
				 (unsigned long long)out.payload_size,
				 out.cms_size);
		bytes_free(tail);
	}
}

/* Each byte of the magic counts: any other value of it means "unsigned". */
static void test_magic_bytes(void **state)
{
	struct eg_bytes tail = bytes_of(INFO "00000200" MAGIC);
	u8 *data = (u8 *)tail.data;
	struct eg_trailer out;
	size_t i, value;

	(void)state;
	for (i = EG_TRAILER_INFO_SIZE; i < tail.size; i++)
		for (value = 1; value < 256; value++) {
			data[i] ^= (u8)value;
			expect_format(eg_trailer_parse(tail, 10000, &out),
				      EG_FORMAT_ABSENT, "a magic byte");
			data[i] ^= (u8)value;
		}
	bytes_free(tail);
}

static void test_write(void **state)
{
	static const u32 sizes[] = { 1, 255, 256, 512, EG_CMS_FILE_MAX };
	struct eg_bytes expected = bytes_of(INFO "00001234" MAGIC);
	u8 tail[EG_TRAILER_SIZE];
	size_t i;

	(void)state;
	eg_trailer_write(tail, 0x1234);
	assert_int_equal(expected.size, sizeof(tail));
	assert_memory_equal(tail, expected.data, sizeof(tail));
	bytes_free(expected);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct eg_bytes in = { tail, sizeof(tail) };
		struct eg_trailer out;

		eg_trailer_write(tail, sizes[i]);
		expect_format(eg_trailer_parse(in, 100000, &out), EG_FORMAT_OK,
			      "what was written");
		assert_int_equal(out.cms_size, sizes[i]);
		assert_int_equal(out.payload_size,
				 100000 - sizeof(tail) - sizes[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_magic_bytes),
		cmocka_unit_test(test_write),
	};

	return cmocka_run_group_tests_name("format/trailer", tests, NULL, NULL);
}
