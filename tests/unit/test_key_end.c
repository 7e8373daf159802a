// SPDX-License-Identifier: GPL-2.0
#include "lib/crypto/key_end.h"

#include <string.h>

#include "lib_support.h"

#define NOW 1790000000ull
#define DAYS(n) (NOW + (n) * 86400ull)

static const struct {
	uint64_t not_after;
	unsigned int stage;
	const char *text;
	const char *why;
} ends[] = {
	{ 0, 0, NULL, "never" },
	{ DAYS(60) + 1, 0, NULL, "more than 60 days" },
	{ DAYS(60), 1, "ends in 60 days, on 2026-11-20", "60" },
	{ DAYS(30) + 1, 1, "ends in 30 days", "more than 30" },
	{ DAYS(30), 2, "ends in 30 days", "30" },
	{ DAYS(7) + 1, 2, "ends in 7 days", "more than 7" },
	{ DAYS(7), 3, "ends in 7 days", "7" },
	{ DAYS(1), 3, "ends in 1 day,", "one" },
	{ NOW, 3, "ends in 0 days", "the last second" },
	{ NOW - 1, 4, "ended on 2026-09-21", "the one after" },
	{ 1, 4, "ended on 1970-01-01", "long ago" },
	{ UINT64_MAX, 0, NULL, "the end of time" },
};

static void test_ends(void **state)
{
	char text[EXECGATE_KEY_END_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		struct execgate_key key = { .not_after = ends[i].not_after };

		strcpy(key.description, "CN=a\nb");
		if (execgate_key_end_stage(&key, NOW) != ends[i].stage)
			fail_msg("%s", ends[i].why);
		if (!ends[i].text)
			continue;
		execgate_key_end_text(&key, NOW, text);
		if (!strstr(text, ends[i].text) || strchr(text, '\n') ||
		    !strstr(text, "CN=a\\x0ab"))
			fail_msg("%s: %s", ends[i].why, text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_ends) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
