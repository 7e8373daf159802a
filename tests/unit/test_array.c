// SPDX-License-Identifier: GPL-2.0
#include "lib_support.h"
#include "lib/base/array.h"

/* The sanitizer sees a place that is not there. */
static void test_add(void **state)
{
	uint32_t *items = NULL, *item;
	size_t count = 0;

	(void)state;
	while (count < 1000) {
		item = execgate_array_add(items, count);
		assert_ptr_equal(item, items + count);
		*item = (uint32_t)count++;
	}
	for (uint32_t i = 0; i < count; i++)
		assert_int_equal(items[i], i);
	free(items);
}

/* Whatever the count was before, and is now, there is room for one more. */
static void test_fewer(void **state)
{
	(void)state;
	for (size_t most = 0; most < 40; most++)
		for (size_t left = 0; left <= most; left++) {
			uint8_t *items = NULL;
			size_t count = 0;

			while (count < most) {
				*execgate_array_add(items, count) = 1;
				count++;
			}
			for (count = left; count < most + 9; count++)
				*execgate_array_add(items, count) = 2;
			for (size_t i = 0; i < count; i++)
				assert_int_equal(items[i], i < left ? 1 : 2);
			free(items);
		}
}

static void test_too_many(void **state)
{
	uint64_t one = 1, *items = &one;

	(void)state;
	assert_null(execgate_array_grow(items, (size_t)1 << 63, 1));
	assert_int_equal(one, 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_fewer),
		cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
