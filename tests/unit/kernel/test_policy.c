// SPDX-License-Identifier: GPL-2.0
#include "core/policy.h"

#include <linux/kernel.h>

#include "cases.h"

#define BASIC (BIT(EXECGATE_GATE_EXEC) | BIT(EXECGATE_GATE_MMAP))
#define STANDARD                                                         \
	(BASIC | BIT(EXECGATE_GATE_MPROTECT) | BIT(EXECGATE_GATE_SEAL) | \
	 BIT(EXECGATE_GATE_MODULE) | BIT(EXECGATE_GATE_KEXEC) |          \
	 BIT(EXECGATE_GATE_SCRIPT))
#define STRICT                                                      \
	(STANDARD | BIT(EXECGATE_GATE_FIRMWARE) |                   \
	 BIT(EXECGATE_GATE_ANON_EXEC) | BIT(EXECGATE_GATE_INJECT) | \
	 BIT(EXECGATE_GATE_RAW_DISK))
#define ALL_GATES (BIT(EXECGATE_GATE_COUNT) - 1)

static void test_begins(void **state)
{
	struct eg_policy policy = eg_policy_get();

	assert_int_equal(policy.mode, EXECGATE_MODE_OFF);
	assert_int_equal(policy.profile, EXECGATE_PROFILE_STANDARD);
	assert_int_equal(policy.gates, STANDARD);
	assert_false(eg_policy_locked());
	assert_int_equal(eg_policy_epoch(), 1);
}

/* Said once more, gate by gate, and held against policies that differ in two of them. */
static bool takes_a_gate(u32 before, u32 after)
{
	int gate;

	for (gate = 0; gate < EXECGATE_GATE_COUNT; gate++)
		if ((before >> gate) % 2 == 1 && (after >> gate) % 2 == 0)
			return true;
	return false;
}

static void test_loosens_gates(void **state)
{
	struct eg_policy before = { .mode = EXECGATE_MODE_ENFORCE };
	struct eg_policy after = before;
	int one, other;

	for (before.gates = 0; before.gates <= ALL_GATES; before.gates++)
		for (one = 0; one <= EXECGATE_GATE_COUNT; one++)
			for (other = 0; other <= one; other++) {
				after.gates =
					(before.gates ^ BIT(one) ^ BIT(other)) &
					ALL_GATES;
				if (eg_policy_loosens(before, after) !=
				    takes_a_gate(before.gates, after.gates))
					fail_msg("gates %x to %x", before.gates,
						 after.gates);
			}
}

static const struct {
	enum execgate_mode before, after;
	bool loosens;
} modes[] = {
	{ EXECGATE_MODE_OFF, EXECGATE_MODE_OFF, false },
	{ EXECGATE_MODE_OFF, EXECGATE_MODE_AUDIT, false },
	{ EXECGATE_MODE_OFF, EXECGATE_MODE_ENFORCE, false },
	{ EXECGATE_MODE_AUDIT, EXECGATE_MODE_OFF, true },
	{ EXECGATE_MODE_AUDIT, EXECGATE_MODE_AUDIT, false },
	{ EXECGATE_MODE_AUDIT, EXECGATE_MODE_ENFORCE, false },
	{ EXECGATE_MODE_ENFORCE, EXECGATE_MODE_OFF, true },
	{ EXECGATE_MODE_ENFORCE, EXECGATE_MODE_AUDIT, true },
	{ EXECGATE_MODE_ENFORCE, EXECGATE_MODE_ENFORCE, false },
};

/* Each with gates that stay, come, go, and do both; profiles are only names. */
static void test_loosens_modes(void **state)
{
	static const struct {
		u32 before, after;
		bool loosens;
	} gates[] = {
		{ STANDARD, STANDARD, false }, { BASIC, STRICT, false },
		{ STANDARD, BASIC, true },     { 1, 2, true },
		{ 0, ALL_GATES, false },       { ALL_GATES, 0, true },
	};
	size_t m, g, p;

	for (m = 0; m < ARRAY_SIZE(modes); m++)
		for (g = 0; g < ARRAY_SIZE(gates); g++)
			for (p = 0; p < 9; p++) {
				struct eg_policy before = { gates[g].before,
							    modes[m].before,
							    p / 3 };
				struct eg_policy after = { gates[g].after,
							   modes[m].after,
							   p % 3 };

				assert_int_equal(eg_policy_loosens(before,
								   after),
						 modes[m].loosens ||
							 gates[g].loosens);
			}
}

static const struct {
	struct eg_policy before;
	struct eg_policy_change change;
	struct eg_policy after;
	const char *text;
	const char *why;
} changes[] = {
	{ { STANDARD, 2, 1 }, {}, { STANDARD, 2, 1 }, "standard", "nothing" },
	{ { STANDARD, 2, 1 },
	  { .has_mode = true, .mode = 1 },
	  { STANDARD, 1, 1 },
	  "standard",
	  "the mode alone" },
	{ { STANDARD, 2, 1 },
	  { .mode = 1 },
	  { STANDARD, 2, 1 },
	  "standard",
	  "a mode that is not said" },
	{ { STANDARD, 2, 1 },
	  { .has_profile = true, .profile = EXECGATE_PROFILE_BASIC },
	  { BASIC, 2, 0 },
	  "basic",
	  "profile basic" },
	{ { 0, 1, 0 },
	  { .has_profile = true, .profile = EXECGATE_PROFILE_STANDARD },
	  { STANDARD, 1, 1 },
	  "standard",
	  "profile standard" },
	{ { ALL_GATES, 1, 1 },
	  { .has_profile = true, .profile = EXECGATE_PROFILE_STRICT },
	  { STRICT, 1, 2 },
	  "strict",
	  "profile strict has no reverify" },
	{ { STANDARD, 2, 1 },
	  { .profile = EXECGATE_PROFILE_STRICT },
	  { STANDARD, 2, 1 },
	  "standard",
	  "a profile that is not said" },
	{ { STANDARD, 2, 1 },
	  { .gates = ALL_GATES, .select = BIT(EXECGATE_GATE_INJECT) },
	  { STANDARD | BIT(EXECGATE_GATE_INJECT), 2, 1 },
	  "standard +inject",
	  "one gate on, the others not selected" },
	{ { STANDARD, 2, 1 },
	  { .gates = 0, .select = BIT(EXECGATE_GATE_SEAL) },
	  { STANDARD & ~BIT(EXECGATE_GATE_SEAL), 2, 1 },
	  "standard -seal",
	  "one gate off" },
	{ { BASIC, 2, 0 },
	  { .has_profile = true,
	    .profile = EXECGATE_PROFILE_STRICT,
	    .gates = BIT(EXECGATE_GATE_REVERIFY),
	    .select = BIT(EXECGATE_GATE_REVERIFY) | BIT(EXECGATE_GATE_EXEC) },
	  { (STRICT & ~BIT(EXECGATE_GATE_EXEC)) | BIT(EXECGATE_GATE_REVERIFY),
	    2, 2 },
	  "strict -exec +reverify",
	  "gates come after the profile's" },
	{ { 0, 0, 0 },
	  { .gates = ALL_GATES, .select = ALL_GATES },
	  { ALL_GATES, 0, 0 },
	  "basic +mprotect +seal +module +firmware +kexec +anon-exec +inject "
	  "+raw-disk "
	  "+reverify +script +inline +terminal",
	  "all gates" },
	{ { STANDARD | BIT(EXECGATE_GATE_COUNT), 0, 1 },
	  {},
	  { STANDARD | BIT(EXECGATE_GATE_COUNT), 0, 1 },
	  "standard",
	  "a bit that is no gate" },
};

static void test_apply(void **state)
{
	char text[EG_POLICY_TEXT];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(changes); i++) {
		struct eg_policy policy = changes[i].before;

		eg_policy_apply(&policy, &changes[i].change);
		expect_equal(policy.mode, changes[i].after.mode,
			     changes[i].why);
		expect_equal(policy.profile, changes[i].after.profile,
			     changes[i].why);
		expect_equal(policy.gates, changes[i].after.gates,
			     changes[i].why);
		assert_string_equal(eg_policy_describe(policy, text),
				    changes[i].text);
	}
}

static void test_in_force(void **state)
{
	struct eg_policy policy = { BIT(EXECGATE_GATE_SEAL),
				    EXECGATE_MODE_ENFORCE,
				    EXECGATE_PROFILE_BASIC };
	u64 epoch = eg_policy_epoch();
	int gate;

	eg_policy_set(policy);
	assert_int_equal(eg_policy_epoch(), epoch + 1);
	assert_int_equal(eg_policy_mode(), EXECGATE_MODE_ENFORCE);
	assert_int_equal(eg_policy_get().profile, EXECGATE_PROFILE_BASIC);
	for (gate = 0; gate < EXECGATE_GATE_COUNT; gate++)
		assert_int_equal(eg_policy_gate(gate),
				 gate == EXECGATE_GATE_SEAL);
	eg_policy_set(policy);
	assert_int_equal(eg_policy_epoch(), epoch + 2);
	eg_policy_advance_epoch();
	assert_int_equal(eg_policy_epoch(), epoch + 3);
	/* Bound by a signed policy, or by the lock, which nothing takes back. */
	assert_false(eg_policy_bound());
	eg_policy_bind(true);
	assert_true(eg_policy_bound());
	assert_false(eg_policy_locked());
	eg_policy_bind(false);
	assert_false(eg_policy_bound());
	eg_policy_lock();
	assert_true(eg_policy_locked());
	assert_true(eg_policy_bound());
	eg_policy_set(policy);
	assert_true(eg_policy_locked());
}

static void test_names(void **state)
{
	assert_int_equal(eg_policy_mode_from_name("off"), 0);
	assert_int_equal(eg_policy_mode_from_name("audit"), 1);
	assert_int_equal(eg_policy_mode_from_name("enforce"), 2);
	assert_int_equal(eg_policy_mode_from_name("enforced"), -EINVAL);
	assert_int_equal(eg_policy_mode_from_name(""), -EINVAL);
	assert_string_equal(eg_policy_mode_name(EXECGATE_MODE_AUDIT), "audit");
}

int main(void)
{
	static const struct kernel_case cases[] = {
		KERNEL_CASE(test_begins),
		KERNEL_CASE(test_loosens_gates),
		KERNEL_CASE(test_loosens_modes),
		KERNEL_CASE(test_apply),
		KERNEL_CASE(test_in_force),
		KERNEL_CASE(test_names),
	};

	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
