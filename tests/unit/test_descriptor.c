// SPDX-License-Identifier: GPL-2.0
#include "format/descriptor.h"

#include <stdlib.h>

#include "support.h"

static const struct {
	const char *name;
	int descriptor;
} names[] = {
	{ "/dev/stdin", 0 },
	{ "/dev/fd/0", 0 },
	{ "/dev/fd/3", 3 },
	{ "/dev/fd/29", 29 },
	{ "/dev/fd/255", 255 },
	/* Perl takes what is behind the number for the script's name. */
	{ "/dev/fd/3/script.pl", 3 },
	{ "/dev/fd/2147483647", 2147483647 },
	{ "/dev/fd/2147483648", -1 },
	/* As it is for who counts in 32 bits and does not look. */
	{ "/dev/fd/4294967299", 3 },
	{ "/dev/fd/99999999999999999999999999999999", -1 },
	{ "/dev/fd/", -1 },
	{ "/dev/fd/:", -1 },
	{ "/dev/fd//", -1 },
	{ "/dev/fd/x", -1 },
	{ "/dev/fd", -1 },
	{ "/dev/stdi", -1 },
	{ "/dev/stdout", -1 },
	/* These lead somewhere else, or to the same by being opened. */
	{ "dev/fd/3", -1 },
	{ "//dev/fd/3", -1 },
	{ "/proc/self/fd/3", -1 },
	{ "", -1 },
};

/* On the heap, so that a read behind the end is seen. */
static struct eg_bytes heap_text(const char *text, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	memcpy(copy, text, size);
	return (struct eg_bytes){ copy, size };
}

static void test_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct eg_bytes name =
			heap_text(names[i].name, strlen(names[i].name));

		print_message("%s\n", names[i].name);
		assert_int_equal(eg_descriptor_named(name),
				 names[i].descriptor);
		free((void *)name.data);
	}
}

static void test_next(void **state)
{
	static const char words[] =
		"gawk\0-f/dev/fd/7\0--file=/dev/fd/12x\0/dev/fd/\0/dev/fdx/3\0"
		"//dev/stdin\0X=/dev/fd/5/dev/fd/6\0/dev/fd/4";
	static const int found[] = { 7, 12, 0, 5, 6, 4, -1, -1 };
	struct eg_bytes text = heap_text(words, sizeof(words) - 1);
	const void *whole = text.data;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(found); i++)
		assert_int_equal(eg_descriptor_next(&text), found[i]);
	assert_int_equal(text.size, 0);
	free((void *)whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_named),
		cmocka_unit_test(test_next),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
