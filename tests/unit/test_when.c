// SPDX-License-Identifier: GPL-2.0
#include "lib_support.h"
#include "lib/base/when.h"

/* 2026-11-24 02:45:10 UTC, a Tuesday. */
#define NOW 1795488310

static const struct {
	const char *text;
	int expected;
	uint64_t seconds;
} rows[] = {
	{ "now", 0, NOW },
	{ "today", 0, 1795478400 },
	{ "yesterday", 0, 1795392000 },
	{ "2026-11-24", 0, 1795478400 },
	{ "2026-11-24 02:45:10", 0, NOW },
	{ "2026-11-24T02:45", 0, NOW - 10 },
	{ "02:45", 0, NOW - 10 },
	{ "02:45:09", 0, NOW - 1 },
	{ "@0", 0, 0 },
	{ "@1795488310", 0, NOW },
	{ "-5min", 0, NOW - 300 },
	{ "5 min ago", 0, NOW - 300 },
	{ "-1h", 0, NOW - 3600 },
	{ "2days ago", 0, NOW - 172800 },
	{ "-1w", 0, NOW - 604800 },
	{ "", -EINVAL, 0 },
	{ "5min", -EINVAL, 0 },
	{ "-5", -EINVAL, 0 },
	{ "-5parsecs", -EINVAL, 0 },
	{ "-5min ago", -EINVAL, 0 },
	{ "--5min", -EINVAL, 0 },
	{ "-99999999999999999999s", -EINVAL, 0 },
	{ "-1000000w", -EINVAL, 0 },
	{ "@", -EINVAL, 0 },
	{ "@-1", -EINVAL, 0 },
	{ "@18446744073709551615", -EINVAL, 0 },
	{ "2026-11-24 02:45 UTC", -EINVAL, 0 },
	{ "2026-13-01", -EINVAL, 0 },
	{ "tomorrow morning", -EINVAL, 0 },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint64_t got = 0;
		int ret = execgate_when_parse(rows[i].text, NOW, &got);

		if (ret != rows[i].expected || got != rows[i].seconds)
			fail_msg("\"%s\": got %d, %llu", rows[i].text, ret,
				 (unsigned long long)got);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
