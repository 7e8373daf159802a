// SPDX-License-Identifier: GPL-2.0
/* No reason lacks a cause and a way out, whatever file it is about. */
#include "lib/events/advice.h"
#include "lib_support.h"
#include "lib/base/names.h"

static void check(unsigned int reason, const char *path, const char *package)
{
	struct execgate_advice advice;

	execgate_advice_get(reason, path, package, &advice);
	if (strlen(advice.cause) < 20)
		fail_msg("%s: no cause", execgate_reason_name(reason));
	if (!advice.count || advice.count > EXECGATE_ADVICE_WAYS)
		fail_msg("%s of \"%s\" of \"%s\": %zu ways",
			 execgate_reason_name(reason), path, package,
			 advice.count);
	for (size_t i = 0; i < advice.count; i++) {
		if (strlen(advice.ways[i].text) < 5)
			fail_msg("%s: way %zu says nothing",
				 execgate_reason_name(reason), i);
		if (strchr(advice.ways[i].command, '%'))
			fail_msg("%s: %s", execgate_reason_name(reason),
				 advice.ways[i].command);
	}
}

static void test_every_reason(void **state)
{
	(void)state;
	for (unsigned int i = 0; i <= EXECGATE_REASON_COUNT; i++) {
		check(i, "/bin/a", "");
		check(i, "/bin/a", "coreutils");
	}
	/* What happens without a file needs an answer without one. */
	check(EXECGATE_REASON_ANON_EXEC, "", "");
	check(EXECGATE_REASON_MEMFD, "", "");
	check(EXECGATE_REASON_INLINE_SCRIPT, "", "");
	check(EXECGATE_REASON_INJECT, "", "");
	check(EXECGATE_REASON_WX_MAPPING, "", "");
}

/* The lock refuses enrolling and opening gates; looking and signing it does not. */
static void test_loosening(void **state)
{
	struct execgate_advice advice;

	(void)state;
	execgate_advice_get(EXECGATE_REASON_INJECT, "", "", &advice);
	assert_string_equal(advice.ways[0].command, "execgate denials -n 20");
	assert_false(advice.ways[0].loosens);
	assert_string_equal(advice.ways[2].command, "execgate gate inject off");
	assert_true(advice.ways[2].loosens);
	/* Where no key is, setup makes and enrolls one. */
	assert_int_equal(advice.ways[1].loosens,
			 !strncmp(execgate_advice_sign(), "execgate setup",
				  14));
	execgate_advice_get(EXECGATE_REASON_UNKNOWN_SIGNER, "/bin/a", "",
			    &advice);
	assert_true(advice.ways[0].loosens);
	assert_false(advice.ways[advice.count - 1].loosens);
}

/* What differs by package differs in the first way, which mends. */
static void test_commands(void **state)
{
	struct execgate_advice advice;
	char sign[128];

	(void)state;
	execgate_advice_get(EXECGATE_REASON_UNSIGNED, "/opt/it's", "", &advice);
	snprintf(sign, sizeof(sign), "%s '/opt/it'\"'\"'s'",
		 execgate_advice_sign());
	assert_string_equal(advice.ways[0].command, sign);
	execgate_advice_get(EXECGATE_REASON_UNSIGNED, "/bin/ls", "coreutils",
			    &advice);
	/* The second where a key of the machine signs what apt brings. */
	if (strcmp(advice.ways[0].command, "execgate setup") != 0)
		assert_string_equal(advice.ways[0].command,
				    "/usr/libexec/execgate-apt refresh");
	execgate_advice_get(EXECGATE_REASON_DIGEST_MISMATCH, "/bin/ls",
			    "coreutils", &advice);
	assert_string_equal(advice.ways[0].command,
			    "apt-get install --reinstall coreutils");
}

static const struct {
	const char *text;
	const char *expected;
} words[] = {
	{ "/bin/ls", "/bin/ls" }, { "", "''" },
	{ "a b", "'a b'" },	  { "it's", "'it'\"'\"'s'" },
	{ "'", "''\"'\"''" },	  { "$(reboot)", "'$(reboot)'" },
	{ "a\nb", "$'a\\x0ab'" }, { "~", "'~'" },
	{ "a\\b", "$'a\\x5cb'" }, { "o'\x1b", "$'o\\x27\\x1b'" },
	{ "\xff", "$'\\xff'" },	  { "a\"b", "'a\"b'" },
};

static void test_quote(void **state)
{
	char out[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		assert_string_equal(execgate_advice_quote(words[i].text, out,
							  sizeof(out)),
				    words[i].expected);
	/* Half a word would be another file. */
	assert_string_equal(execgate_advice_quote("/long/path", out, 10), "");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_reason),
		cmocka_unit_test(test_loosening),
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_quote),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
