// SPDX-License-Identifier: GPL-2.0
#include "lib_support.h"
#include "lib/base/digits.h"

static const struct {
	const char *why;
	const char *text;
	bool good;
	uint8_t bytes[2];
} reads[] = {
	{ "lower case", "0aff", true, { 0x0a, 0xff } },
	{ "upper case", "0AFf", true, { 0x0a, 0xff } },
	{ "more behind", "0aff and more", true, { 0x0a, 0xff } },
	{ "nothing", "", false, { 0 } },
	{ "half a byte", "0", false, { 0 } },
	{ "a byte too few", "0a", false, { 0 } },
	{ "half a byte too few", "0af", false, { 0 } },
	{ "behind f", "0agf", false, { 0 } },
	{ "before 0", "0a/0", false, { 0 } },
	{ "behind 9", "0a:0", false, { 0 } },
	{ "before A", "0a@0", false, { 0 } },
	{ "behind F", "0aG0", false, { 0 } },
	{ "before a", "0a`0", false, { 0 } },
	{ "a space, which strtoul takes", " aff", false, { 0 } },
	{ "a sign, which strtoul takes", "-aff", false, { 0 } },
	{ "not ASCII", "\xff\xff\xff\xff", false, { 0 } },
};

static void test_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(reads); i++) {
		/* On the heap, so that a read behind the end is seen. */
		char *text = strdup(reads[i].text);
		uint8_t bytes[2];

		print_message("%s\n", reads[i].why);
		assert_int_equal(execgate_hex_read(text, bytes, sizeof(bytes)),
				 reads[i].good);
		if (reads[i].good)
			assert_memory_equal(bytes, reads[i].bytes,
					    sizeof(bytes));
		free(text);
	}
}

/* Every byte there and back. */
static void test_write(void **state)
{
	uint8_t bytes[256], back[256];
	char text[EXECGATE_HEX_SIZE(256)];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)i;
	assert_ptr_equal(execgate_hex_write(text, bytes, sizeof(bytes)), text);
	assert_int_equal(strlen(text), 2 * sizeof(bytes));
	assert_memory_equal(text + 2 * 0x1e, "1e1f20", 6);
	assert_true(execgate_hex_read(text, back, sizeof(back)));
	assert_memory_equal(bytes, back, sizeof(bytes));
	assert_string_equal(execgate_hex_write(text, bytes, 0), "");
}

static void test_number(void **state)
{
	static const struct {
		const char *text;
		bool is;
		uint64_t value;
	} table[] = {
		{ "0", true, 0 },
		{ "007", true, 7 },
		{ "18446744073709551615", true, UINT64_MAX },
		{ "18446744073709551616", false, 0 },
		{ "", false, 0 },
		{ "-1", false, 0 },
		{ "+1", false, 0 },
		{ " 1", false, 0 },
		{ "1 ", false, 0 },
		{ "0x10", false, 0 },
		{ "ten", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		uint64_t value = 42;

		assert_int_equal(execgate_number_read(table[i].text, &value),
				 table[i].is);
		assert_int_equal(value, table[i].is ? table[i].value : 42);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
