// SPDX-License-Identifier: GPL-2.0
#include "lib_support.h"
#include "lib/base/names.h"
#include "lib/base/profile.h"

#define BIT(name) EXECGATE_GATE_BIT(EXECGATE_GATE_##name)

static void test_profiles(void **state)
{
	uint32_t basic = execgate_profile_gates(EXECGATE_PROFILE_BASIC);
	uint32_t standard = execgate_profile_gates(EXECGATE_PROFILE_STANDARD);
	uint32_t strict = execgate_profile_gates(EXECGATE_PROFILE_STRICT);

	(void)state;
	assert_int_equal(basic, BIT(EXEC) | BIT(MMAP));
	/* Each has all of the one before it, and more. */
	assert_int_equal(basic & standard, basic);
	assert_int_equal(standard & strict, standard);
	assert_true(standard & BIT(MPROTECT) && standard & BIT(SEAL) &&
		    standard & BIT(SCRIPT));
	assert_false(standard & (BIT(ANON_EXEC) | BIT(INJECT) | BIT(RAW_DISK)));
	assert_true(strict & BIT(ANON_EXEC) && strict & BIT(INJECT));
	/* In no profile: it costs too much to come with one. */
	assert_false(strict & BIT(REVERIFY));
	assert_int_equal(execgate_profile_gates(EXECGATE_PROFILE_COUNT), 0);
}

static void test_text(void **state)
{
	char text[EXECGATE_PROFILE_TEXT];

	(void)state;
	for (unsigned int i = 0; i < EXECGATE_PROFILE_COUNT; i++)
		assert_string_equal(execgate_profile_describe(
					    i, execgate_profile_gates(i), text),
				    execgate_profile_name(i));
	assert_string_equal(
		execgate_profile_describe(
			EXECGATE_PROFILE_STANDARD,
			execgate_profile_effective(EXECGATE_PROFILE_STANDARD,
						   BIT(INJECT),
						   BIT(INJECT) | BIT(SEAL)),
			text),
		"standard -seal +inject");
	/* All gates of a profile that is not known, and no byte too many. */
	execgate_profile_describe(99, UINT32_MAX, text);
	assert_true(strlen(text) < sizeof(text) - 32);
}

static void test_names(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < EXECGATE_GATE_COUNT; i++) {
		assert_int_equal(execgate_gate_find(execgate_gate_name(i)), i);
		/* It is a key of the configuration, beside these. */
		assert_string_not_equal(execgate_gate_name(i), "mode");
		assert_string_not_equal(execgate_gate_name(i), "profile");
	}
	assert_int_equal(execgate_profile_find("strict"),
			 EXECGATE_PROFILE_STRICT);
	assert_int_equal(execgate_profile_find("Strict"), -EINVAL);
	assert_int_equal(execgate_profile_switch("on"), 1);
	assert_int_equal(execgate_profile_switch("off"), 0);
	assert_int_equal(execgate_profile_switch(""), -EINVAL);
	assert_int_equal(execgate_profile_switch("1"), -EINVAL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_profiles),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
