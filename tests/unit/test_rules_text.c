// SPDX-License-Identifier: GPL-2.0
#include <errno.h>

#include "lib_support.h"
#include "lib/sign/manifest_write.h"
#include "lib/sign/rules.h"

/* Rules in the order they are given, and what comes of the last. */
static const struct {
	const char *given[3];
	int ret;
	const char *kept; /* all of them, a line each */
} rows[] = {
	{ { "version 7" }, 0, "version 7\n" },
	{ { "  report\tversion   7" }, 0, "report version 7\n" },
	{ { "deny path /a b" }, 0, "path /a b\n" },
	{ { "hardened" }, 0, "hardened\n" },
	{ { "hardened", "path /b", "path /a" },
	  0,
	  "path /a\npath /b\nhardened\n" },
	{ { "report path /a", "path /b" }, 0, "path /b\nreport path /a\n" },
	{ { "path /a", "path /a" }, 0, "path /a\n" },
	{ { "path /a", "path /ab" }, 0, "path /a\npath /ab\n" },
	{ { "version 7", "version 8" }, -E2BIG, "version 7\n" },
	{ { "version 7", "report version 7" }, -E2BIG, "version 7\n" },
	{ { "starts none", "libraries own", "libraries identity a b" },
	  0,
	  "libraries identity a b\nlibraries own\nstarts none\n" },
	{ { "report starts own", "starts own" }, -E2BIG, "report starts own\n" },
	{ { "starts none", "starts own" }, -E2BIG, "starts none\n" },
	{ { "starts" }, -EINVAL, "" },
	{ { "libraries all" }, -EINVAL, "" },
	{ { "" }, -EINVAL, "" },
	{ { "report" }, -EINVAL, "" },
	{ { "versions 7" }, -EINVAL, "" },
	{ { "version" }, -EINVAL, "" },
	{ { "version seven" }, -EINVAL, "" },
	{ { "path usr" }, -EINVAL, "" },
	{ { "path" }, -EINVAL, "" },
	{ { "report hardened" }, -EINVAL, "" },
	{ { "hardened yes" }, -EINVAL, "" },
	{ { "allow path /a" }, -EINVAL, "" },
};

static void test_rows(void **state)
{
	char all[4096], text[EXECGATE_RULE_TEXT];
	struct execgate_error err;
	struct eg_rule rule;
	size_t i, n;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct execgate_rules rules = { .size = 0 };
		struct eg_bytes rest;
		int ret = 0;

		for (n = 0; n < ARRAY_SIZE(rows[i].given) && rows[i].given[n];
		     n++)
			ret = execgate_rules_add(&rules, rows[i].given[n],
						 &err);
		assert_int_equal(ret, rows[i].ret);
		all[0] = '\0';
		for (rest = execgate_rules_bytes(&rules);
		     eg_rules_next(&rest, &rule);)
			strcat(strcat(all, execgate_rule_text(&rule, text)),
			       "\n");
		assert_string_equal(all, rows[i].kept);
	}
}

/* One more, and one that has no room, leave the others as they are. */
static void test_bounds(void **state)
{
	struct execgate_rules rules = { .size = 0 };
	static char text[EG_RULE_PATH_MAX + 8];
	struct execgate_error err;
	size_t size;
	int i;

	(void)state;
	for (i = 0; i <= EG_RULES_MAX; i++) {
		size = rules.size;
		snprintf(text, sizeof(text), "path /%02d", i);
		assert_int_equal(execgate_rules_add(&rules, text, &err),
				 i < EG_RULES_MAX ? 0 : -E2BIG);
	}
	assert_int_equal(rules.size, size);
	assert_true(eg_rules_check(execgate_rules_bytes(&rules), 0));

	rules.size = 0;
	memset(text, 'x', sizeof(text) - 1);
	memcpy(text, "path /", 6);
	text[5 + EG_RULE_PATH_MAX] = '\0';
	for (i = 0; i < 4; i++) {
		text[6] = (char)('a' + i);
		assert_int_equal(execgate_rules_add(&rules, text, &err),
				 i < 3 ? 0 : -E2BIG);
	}
	assert_int_equal(rules.size,
			 3 * (EG_RULE_HEADER_SIZE + EG_RULE_PATH_MAX));
	text[5 + EG_RULE_PATH_MAX] = 'x';
	text[6 + EG_RULE_PATH_MAX] = '\0';
	assert_int_equal(execgate_rules_add(&rules, text, &err), -EINVAL);
}

static void test_manifest(void **state)
{
	struct execgate_manifest_file file = { .classes = 1,
					       .identity = "a",
					       .version = 7 };
	uint8_t bytes[EXECGATE_MANIFEST_FILE_MAX];
	struct execgate_rules rules = { .size = 0 };
	struct eg_manifest_identity identity;
	struct execgate_error err;
	struct eg_manifest m;
	size_t size;

	(void)state;
	execgate_rules_add(&rules, "version 7", &err);
	execgate_rules_add(&rules, "path /usr/bin/a", &err);
	file.rules = execgate_rules_bytes(&rules);
	assert_int_equal(execgate_manifest_write_file(&file, bytes, &size,
						      &err),
			 0);
	assert_int_equal(eg_manifest_parse((struct eg_bytes){ bytes, size },
					   &m),
			 0);
	eg_manifest_identity_at(&m, 0, &identity);
	assert_int_equal(identity.rules.size, rules.size);
	assert_memory_equal(identity.rules.data, rules.bytes, rules.size);
	file.version = 6;
	assert_int_equal(execgate_manifest_write_file(&file, bytes, &size,
						      &err),
			 -EINVAL);
	assert_non_null(strstr(err.message, "above its own"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_manifest),
	};

	return cmocka_run_group_tests_name("lib/rules", tests, NULL, NULL);
}
