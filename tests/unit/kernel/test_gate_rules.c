// SPDX-License-Identifier: GPL-2.0
/* Where a file comes from, and rules of the processes that use it. */
#include <linux/errno.h>
#include <linux/kernel.h>

#include "cases.h"
#include "core/cache.h"
#include "fake.h"
#include "gate.h"
#include "gated.h"
#include "rules/origin.h"

static struct eg_origin *origin;

static void begin(char signer, const char *starts)
{
	fake_starts = starts;
	gate_begin(signer, PROGRAM);
	req.origin = &origin;
	req.unruled = !eg_origin_wanted();
}

/* The origin that the last answer gave. */
static void expect_origin(bool is_there, bool binds)
{
	assert_int_equal(origin != NULL, is_there);
	assert_int_equal(eg_origin_binds(origin), binds);
	eg_origin_put(origin);
	origin = NULL;
	req.unruled = !eg_origin_wanted();
}

static void test_none(void **state)
{
	begin('a', NULL);
	assert_int_equal(eg_gate_admit(&req), 0);
	expect_origin(false, false);
	assert_int_equal(eg_gate_admit_to_map(&req), 0);
	expect_origin(false, false);
	assert_int_equal(fake_needed, 0);
	gate_end();
}

/* The first file with rules has them at once; later ones do, cached or not. */
static void test_first(void **state)
{
	int times;

	begin('a', "none");
	assert_int_equal(eg_gate_admit(&req), 0);
	expect_origin(true, true);
	assert_int_equal(fake_needed, 1);
	for (times = 0; times < 2; times++) {
		assert_int_equal(eg_gate_admit(&req), 0);
		expect_origin(true, true);
		assert_int_equal(eg_gate_admit_to_map(&req), 0);
		expect_origin(true, true);
		assert_int_equal(eg_gate_admit_cached(&req), 0);
		expect_origin(true, true);
	}
	/* Once for the epoch that began with the hooks. */
	assert_int_equal(misses(), 2);
	assert_int_equal(fake_needed, 1);
	/* Not for a use that it has no signature for. */
	req.classes = LIBRARY;
	assert_int_equal(eg_gate_admit(&req), -EPERM);
	expect_origin(false, false);
	expect_told(R(WRONG_CLASS), ENFORCE, "another use");
	gate_end();
}

/* What was judged before there were rules is judged anew, to know who vouches. */
static void test_wanted_later(void **state)
{
	begin('a', NULL);
	assert_int_equal(eg_gate_admit(&req), 0);
	expect_origin(false, false);
	eg_origin_want(true);
	eg_policy_advance_epoch();
	req.unruled = false;
	assert_int_equal(eg_gate_admit(&req), 0);
	expect_origin(true, false);
	assert_int_equal(misses(), 2);
	gate_end();
}

static void test_denied(void **state)
{
	begin('u', "none");
	assert_int_equal(eg_gate_admit(&req), -EPERM);
	expect_origin(false, false);
	expect_told(R(UNKNOWN_SIGNER), ENFORCE, "a stranger");
	set_policy(AUDIT, 0, 0);
	assert_int_equal(eg_gate_admit_to_map(&req), 0);
	expect_origin(false, false);
	assert_int_equal(fake_needed, 0);
	gate_end();
}

/* Without the hooks it would run unmarked. */
static void test_no_hooks(void **state)
{
	begin('a', "none");
	fake_attaching = -EAGAIN;
	assert_int_equal(eg_gate_admit(&req), -EPERM);
	expect_origin(false, false);
	expect_told(R(UNMARKED), ENFORCE, "no hooks");
	fake_attaching = -EINTR;
	assert_int_equal(eg_gate_admit(&req), -EPERM);
	expect_told(R(INTERRUPTED), ENFORCE, "killed while it waited");
	fake_attaching = 0;
	assert_int_equal(eg_gate_admit(&req), 0);
	expect_origin(true, true);
	gate_end();
}

/* Asking alone attaches nothing, and tells of the rules. */
static void test_asked(void **state)
{
	struct eg_verdict verdict;

	begin('a', "none");
	req.hook = EXECGATE_HOOK_CHECK;
	req.origin = NULL;
	eg_gate_explain(&req, &verdict);
	assert_int_equal(verdict.reason, R(ALLOWED));
	assert_true(eg_origin_binds(verdict.origin));
	eg_verdict_end(&verdict);
	assert_int_equal(fake_needed, 0);
	gate_end();
}

static void test_no_memory(void **state)
{
	unsigned int nth, needed;

	begin('a', "none");
	eg_origin_want(true);
	req.unruled = false;
	shim_fail_allocation(0);
	assert_int_equal(eg_gate_admit(&req), 0);
	expect_origin(true, true);
	needed = shim_allocations();
	for (nth = 1; nth <= needed; nth++) {
		eg_policy_advance_epoch();
		shim_fail_allocation(nth);
		if (!eg_gate_admit(&req))
			expect_origin(true, true);
		else
			expect_origin(false, false);
	}
	shim_fail_allocation(0);
	gate_end();
}

static void test_broken(void **state)
{
	begin('a', "none");
	assert_int_equal(eg_gate_admit(&req), 0);
	req.reported = true;
	assert_int_equal(eg_gate_break_rule(&req, origin, R(FOREIGN_PROGRAM),
					    true),
			 0);
	expect_told(R(FOREIGN_PROGRAM), AUDIT, "reported only");
	assert_int_equal(eg_gate_break_rule(&req, NULL, R(FOREIGN_LIBRARY),
					    false),
			 -EPERM);
	expect_told(R(FOREIGN_LIBRARY), ENFORCE, "nobody vouches");
	set_policy(AUDIT, 0, 0);
	assert_int_equal(eg_gate_break_rule(&req, origin, R(FOREIGN_PROGRAM),
					    false),
			 0);
	expect_told(R(FOREIGN_PROGRAM), AUDIT, "in audit");
	expect_origin(true, true);
	gate_end();
}

static void ask_about_script(char signer, enum execgate_reason reason)
{
	begin(signer, NULL);
	set_policy(ENFORCE, 0, BIT(EXECGATE_GATE_SCRIPT));
	req.gate = EXECGATE_GATE_SCRIPT;
	assert_int_equal(eg_gate_admit(&req), -EPERM);
	expect_told(reason, ENFORCE, "a script");
	gate_end();
}

/* Not signed says by itself nothing of what is only read; all else does. */
static void test_script(void **state)
{
	ask_about_script(0, R(SCRIPT));
}

static void test_script_of_stranger(void **state)
{
	ask_about_script('u', R(UNKNOWN_SIGNER));
}

int main(void)
{
	static const struct kernel_case cases[] = {
		KERNEL_CASE(test_none),
		KERNEL_CASE(test_first),
		KERNEL_CASE(test_wanted_later),
		KERNEL_CASE(test_denied),
		KERNEL_CASE(test_no_hooks),
		KERNEL_CASE(test_asked),
		KERNEL_CASE(test_no_memory),
		KERNEL_CASE(test_broken),
		KERNEL_CASE(test_script),
		KERNEL_CASE(test_script_of_stranger),
	};

	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
