// SPDX-License-Identifier: GPL-2.0
#include "format/der.h"
#include "support.h"

static const struct next_row {
	const char *why;
	const char *input;
	u8 tag;
	bool taken;
	size_t content;
	size_t rest;
} next_rows[] = {
	{ "nothing", "", 0x30, false, 0, 0 },
	{ "a tag without a length", "30", 0x30, false, 0, 0 },
	{ "empty content", "3000", 0x30, true, 0, 0 },
	{ "another tag", "3100", 0x30, false, 0, 0 },
	{ "primitive where constructed is due", "1000", 0x30, false, 0, 0 },
	{ "one byte", "040141", 0x04, true, 1, 0 },
	{ "the rest is left", "040141ff", 0x04, true, 1, 1 },
	{ "content one byte short", "040241", 0x04, false, 0, 0 },
	{ "short form at its limit", "047f 41*127", 0x04, true, 127, 0 },
	{ "short form at its limit, cut", "047f 41*126", 0x04, false, 0, 0 },
	{ "long form from 128", "048180 41*128", 0x04, true, 128, 0 },
	{ "long form for 127", "04817f 41*127", 0x04, false, 0, 0 },
	{ "long form for 0", "048100", 0x04, false, 0, 0 },
	{ "one octet at its limit", "0481ff 41*255", 0x04, true, 255, 0 },
	{ "two octets from 256", "04820100 41*256", 0x04, true, 256, 0 },
	{ "two octets for 255", "048200ff 41*255", 0x04, false, 0, 0 },
	{ "two octets for 1", "0482000141", 0x04, false, 0, 0 },
	{ "three octets", "0483010000 41*65536", 0x04, true, 65536, 0 },
	{ "three octets for 65535", "048300ffff 41*65535", 0x04, false, 0, 0 },
	{ "four octets", "048401000000 41*16777216", 0x04, true, 1 << 24, 0 },
	{ "four octets for 5", "048400000005 41*5", 0x04, false, 0, 0 },
	{ "row 27: four gigabytes claimed", "0484ffffffff 41*64", 0x04, false,
	  0, 0 },
	{ "five octets", "04850000000001 41", 0x04, false, 0, 0 },
	{ "five octets that 32 bits would cut", "04850100000080 41*128", 0x04,
	  false, 0, 0 },
	{ "127 octets", "04ff 01*130", 0x04, false, 0, 0 },
	{ "row 27: indefinite length", "3080 040141 0000", 0x30, false, 0, 0 },
	{ "indefinite at the very end", "3080", 0x30, false, 0, 0 },
	{ "length octets cut", "0482 01", 0x04, false, 0, 0 },
	{ "length octets missing", "0481", 0x04, false, 0, 0 },
};

static void test_next(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(next_rows); i++) {
		const struct next_row *row = &next_rows[i];
		struct eg_bytes whole = bytes_of(row->input), in = whole;
		struct eg_bytes content = { 0 };

		if (eg_der_next(&in, row->tag, &content) != row->taken)
			fail_msg("%s: expected %staken", row->why,
				 row->taken ? "" : "not ");
		if (row->taken) {
			if (content.size != row->content ||
			    in.size != row->rest)
				fail_msg("%s: %zu taken, %zu left", row->why,
					 content.size, in.size);
			expect_within(content, whole);
			assert_ptr_equal(in.data + in.size,
					 whole.data + whole.size);
		} else {
			assert_ptr_equal(in.data, whole.data);
			assert_int_equal(in.size, whole.size);
		}
		bytes_free(whole);
	}
}

static void test_take(void **state)
{
	static const u8 null[] = { 0x05, 0x00 };
	static const struct {
		const char *why;
		const char *input;
		bool taken;
		size_t rest;
	} rows[] = {
		{ "exactly it", "0500", true, 0 },
		{ "it and more", "050041", true, 1 },
		{ "nothing", "", false, 0 },
		{ "half of it", "05", false, 0 },
		{ "something else", "0501", false, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct eg_bytes whole = bytes_of(rows[i].input), in = whole;

		if (eg_der_take(&in, null, sizeof(null)) != rows[i].taken)
			fail_msg("%s", rows[i].why);
		assert_int_equal(in.size,
				 rows[i].taken ? rows[i].rest : whole.size);
		bytes_free(whole);
	}
}

#define E " 0203010001"

static void test_rsa_bits(void **state)
{
	static const struct {
		const char *why;
		const char *input;
		u32 bits;
	} rows[] = {
		{ "RSA-2048", "30{02{00 c1*256}" E "}", 2048 },
		{ "RSA-3072", "30{02{00 80*384}" E "}", 3072 },
		{ "RSA-4096", "30{02{00 ff*512}" E "}", 4096 },
		{ "row 16: RSA-1024", "30{02{00 c1*128}" E "}", 1024 },
		{ "row 16: RSA-512", "30{02{00 c1*64}" E "}", 512 },
		{ "2047 bits", "30{02{7f ff*255}" E "}", 2047 },
		{ "2041 bits", "30{02{01 ff*255}" E "}", 2041 },
		{ "one bit", "30{020101" E "}", 1 },
		{ "the longest", "30{02{00 ff*1024}" E "}", 8192 },
		{ "one octet more", "30{02{01 ff*1024}" E "}", 0 },
		{ "negative modulus", "30{02{c1*256}" E "}", 0 },
		{ "modulus zero", "30{020100" E "}", 0 },
		{ "empty modulus", "30{0200" E "}", 0 },
		{ "a zero octet too many", "30{02{00 41*256}" E "}", 0 },
		{ "zeros make no bits", "30{02{00 00*255 01}" E "}", 0 },
		{ "negative exponent", "30{02{00 c1*256} 0203810001}", 0 },
		{ "exponent zero", "30{02{00 c1*256} 020100}", 0 },
		{ "exponent padded", "30{02{00 c1*256} 020400010001}", 0 },
		{ "no exponent", "30{02{00 c1*256}}", 0 },
		{ "a third number", "30{02{00 c1*256}" E "020101}", 0 },
		{ "bytes behind it", "30{02{00 c1*256}" E "}00", 0 },
		{ "a point of P-256", "04 41*64", 0 },
		{ "long length for 66", "30{028141 00 c1*64" E "}", 0 },
		{ "nothing", "", 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct eg_bytes in = bytes_of(rows[i].input);
		u32 bits = eg_der_rsa_bits(in);

		if (bits != rows[i].bits)
			fail_msg("%s: %u bits, expected %u", rows[i].why, bits,
				 rows[i].bits);
		bytes_free(in);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_take),
		cmocka_unit_test(test_rsa_bits),
	};

	return cmocka_run_group_tests_name("format/der", tests, NULL, NULL);
}
