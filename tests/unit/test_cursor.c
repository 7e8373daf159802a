// SPDX-License-Identifier: GPL-2.0
#include "lib/base/cursor.h"
#include "lib_support.h"

static const struct {
	const char *why;
	uint64_t next;
	uint64_t sequence;
	enum execgate_cursor_step live;
	enum execgate_cursor_step taken;
	uint64_t lost;
	uint64_t then;
} rows[] = {
	{ "the very first", 1, 1, EXECGATE_CURSOR_NEW, EXECGATE_CURSOR_NEW, 0,
	  2 },
	{ "the next", 7, 7, EXECGATE_CURSOR_NEW, EXECGATE_CURSOR_NEW, 0, 8 },
	{ "one again", 7, 6, EXECGATE_CURSOR_SEEN, EXECGATE_CURSOR_SEEN, 0, 7 },
	{ "an old one", 7, 1, EXECGATE_CURSOR_SEEN, EXECGATE_CURSOR_SEEN, 0,
	  7 },
	{ "one is missing", 7, 8, EXECGATE_CURSOR_MISSING, EXECGATE_CURSOR_NEW,
	  1, 9 },
	{ "the ring went round", 7, 5007, EXECGATE_CURSOR_MISSING,
	  EXECGATE_CURSOR_NEW, 5000, 5008 },
	{ "above 32 bits", 1ull << 33, (1ull << 33) + 5,
	  EXECGATE_CURSOR_MISSING, EXECGATE_CURSOR_NEW, 5, (1ull << 33) + 6 },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct execgate_cursor cursor = { .next = rows[i].next };
		uint64_t lost = 99;

		print_message("%s\n", rows[i].why);
		assert_int_equal(execgate_cursor_live(&cursor,
						      rows[i].sequence),
				 rows[i].live);
		assert_int_equal(cursor.next, rows[i].next);
		assert_int_equal(execgate_cursor_take(&cursor, rows[i].sequence,
						      &lost),
				 rows[i].taken);
		assert_int_equal(lost, rows[i].lost);
		assert_int_equal(cursor.next, rows[i].then);
	}
}

/* 1, 2 live; 3 to 9 missed; the ring holds 6 on; 10 comes live meanwhile. */
static void test_overrun(void **state)
{
	struct execgate_cursor cursor = { .next = 1 };
	uint64_t lost, sum = 0, seen = 0;

	(void)state;
	for (uint64_t i = 1; i <= 2; i++, seen++)
		execgate_cursor_take(&cursor, i, &lost);
	assert_int_equal(execgate_cursor_live(&cursor, 10),
			 EXECGATE_CURSOR_MISSING);
	for (uint64_t i = 6; i <= 10; i++, seen++) {
		assert_int_equal(execgate_cursor_take(&cursor, i, &lost),
				 EXECGATE_CURSOR_NEW);
		sum += lost;
	}
	assert_int_equal(execgate_cursor_live(&cursor, 10),
			 EXECGATE_CURSOR_SEEN);
	assert_int_equal(execgate_cursor_end(&cursor, 11), 0);
	assert_int_equal(sum, 3);
	assert_int_equal(seen + sum, 10);
}

/* No memory for the newest: they have numbers, and no event ever shows it. */
static void test_end(void **state)
{
	struct execgate_cursor cursor = { .next = 5 };

	(void)state;
	assert_int_equal(execgate_cursor_end(&cursor, 8), 3);
	assert_int_equal(cursor.next, 8);
	assert_int_equal(execgate_cursor_end(&cursor, 8), 0);
	/* Events that came after the number was asked for. */
	assert_int_equal(execgate_cursor_end(&cursor, 6), 0);
	assert_int_equal(cursor.next, 8);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_overrun),
		cmocka_unit_test(test_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
