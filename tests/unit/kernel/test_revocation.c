// SPDX-License-Identifier: GPL-2.0
#include "trust/revocation.h"

#include <linux/err.h>
#include <linux/kernel.h>

#include "cases.h"
#include "core/policy.h"

#define KEY EXECGATE_REVOCATION_KEY
#define DIGEST EXECGATE_REVOCATION_DIGEST

/* Neither in order nor of one beginning. */
static struct eg_revocation item(u8 kind, u32 number)
{
	struct eg_revocation out = { .kind = kind };
	u32 mixed = number * 2654435761u;

	memcpy(out.value, &mixed, sizeof(mixed));
	memcpy(out.value + 28, &number, sizeof(number));
	return out;
}

static bool is_revoked(u8 kind, u32 number)
{
	struct eg_revocation wanted = item(kind, number);

	return eg_revocation_has(kind, wanted.value);
}

static int revoke(u8 kind, u32 from, u32 to)
{
	struct eg_revocation items[EXECGATE_REVOKE_BATCH + 1];
	u32 n;

	for (n = from; n < to; n++)
		items[n - from] = item(kind, n);
	return eg_revocation_add(items, to - from);
}

static int take_back(u8 kind, u32 number)
{
	struct eg_revocation gone = item(kind, number);

	return eg_revocation_remove(&gone);
}

/* Ascending, without doubles, each found again, and no more than it says. */
static void expect_sound(void)
{
	struct eg_revocation got, before;
	unsigned int i, count = eg_revocation_count();

	for (i = 0; i < count; i++, before = got) {
		assert_true(eg_revocation_get(i, &got));
		assert_true(eg_revocation_has(got.kind, got.value));
		if (i)
			assert_true(memcmp(&before, &got, sizeof(got)) < 0);
	}
	assert_false(eg_revocation_get(count, &got));
	assert_false(eg_revocation_get(~0u, &got));
}

static const struct {
	bool back;
	u8 kind;
	u32 from, to;
	int result;
	unsigned int count; /* after it */
	bool epoch;	    /* verdicts are void */
	const char *why;
} steps[] = {
	{ true, KEY, 1, 2, -ENOENT, 0, false, "nothing to take back" },
	{ false, KEY, 5, 5, 0, 0, false, "nothing to add" },
	{ false, KEY, 5, 6, 0, 1, true, "one" },
	{ false, KEY, 5, 6, 0, 1, true, "again: no error" },
	{ false, DIGEST, 5, 6, 0, 2, true, "a digest of the same bytes" },
	{ true, DIGEST, 6, 7, -ENOENT, 2, false, "another" },
	{ false, DIGEST, 0, 100, 0, 101, true, "many, one of them there" },
	{ false, DIGEST, 50, 178, 0, 179, true, "as many as go at once" },
	{ false, DIGEST, 200, 329, -E2BIG, 179, false, "one too many at once" },
	{ true, DIGEST, 5, 6, 0, 178, true, "one back" },
	{ true, DIGEST, 5, 6, -ENOENT, 178, false, "once only" },
	{ true, KEY, 5, 6, 0, 177, true, "the key back" },
};

static void test_steps(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		u64 epoch = eg_policy_epoch();
		int result = steps[i].back ?
				     take_back(steps[i].kind, steps[i].from) :
				     revoke(steps[i].kind, steps[i].from,
					    steps[i].to);

		expect_equal(result, steps[i].result, steps[i].why);
		expect_equal(eg_revocation_count(), steps[i].count,
			     steps[i].why);
		expect_equal(eg_policy_epoch() - epoch, steps[i].epoch,
			     steps[i].why);
		if (!result && steps[i].to > steps[i].from)
			expect_equal(is_revoked(steps[i].kind, steps[i].from),
				     !steps[i].back, steps[i].why);
		expect_sound();
	}
	assert_false(is_revoked(KEY, 5));
	assert_false(is_revoked(KEY, 6));
	assert_false(is_revoked(DIGEST, 5));
	assert_true(is_revoked(DIGEST, 0));
	assert_true(is_revoked(DIGEST, 177));
	assert_false(is_revoked(DIGEST, 178));
	eg_revocation_exit();
	assert_int_equal(shim_allocated(), 0);
}

/* Each of a few is found and can go, wherever it stands. */
static void test_each(void **state)
{
	u32 gone, n;

	for (gone = 0; gone < 9; gone++) {
		assert_int_equal(revoke(DIGEST, 0, 9), 0);
		assert_int_equal(take_back(DIGEST, gone), 0);
		for (n = 0; n < 9; n++)
			assert_int_equal(is_revoked(DIGEST, n), n != gone);
		expect_sound();
	}
	for (n = 0; n < 9; n++)
		take_back(DIGEST, n);
	assert_int_equal(eg_revocation_count(), 0);
	assert_int_equal(shim_allocated(), 0);
	eg_revocation_exit();
}

static void test_bound(void **state)
{
	u32 n;

	for (n = 0; n < EXECGATE_REVOCATIONS_MAX; n += EXECGATE_REVOKE_BATCH)
		assert_int_equal(revoke(DIGEST, n, n + EXECGATE_REVOKE_BATCH),
				 0);
	assert_int_equal(eg_revocation_count(), EXECGATE_REVOCATIONS_MAX);
	assert_int_equal(revoke(DIGEST, n, n + 1), -ENOSPC);
	assert_int_equal(revoke(DIGEST, n - 1, n + 1), -ENOSPC);
	/* What is on it already does not count twice. */
	assert_int_equal(revoke(DIGEST, n - EXECGATE_REVOKE_BATCH, n), 0);
	assert_int_equal(eg_revocation_count(), EXECGATE_REVOCATIONS_MAX);
	assert_false(is_revoked(DIGEST, n));
	assert_int_equal(take_back(DIGEST, 0), 0);
	assert_int_equal(revoke(DIGEST, n, n + 1), 0);
	assert_true(is_revoked(DIGEST, n));
	expect_sound();
	eg_revocation_exit();
	assert_int_equal(shim_allocated(), 0);
}

static void test_no_memory(void **state)
{
	u64 epoch;

	assert_int_equal(revoke(KEY, 0, 3), 0);
	epoch = eg_policy_epoch();
	shim_fail_allocation(1);
	assert_int_equal(revoke(KEY, 3, 4), -ENOMEM);
	shim_fail_allocation(1);
	assert_int_equal(take_back(KEY, 0), -ENOMEM);
	assert_int_equal(eg_policy_epoch(), epoch);
	shim_fail_allocation(0);
	assert_int_equal(eg_revocation_count(), 3);
	assert_true(is_revoked(KEY, 0));
	assert_false(is_revoked(KEY, 3));
	assert_int_equal(take_back(KEY, 0), 0);
	assert_int_equal(take_back(KEY, 1), 0);
	/* The last one takes no memory to take back. */
	shim_fail_allocation(1);
	assert_int_equal(take_back(KEY, 2), 0);
	assert_int_equal(shim_allocated(), 0);
	eg_revocation_exit();
}

int main(void)
{
	static const struct kernel_case cases[] = {
		KERNEL_CASE(test_steps),
		KERNEL_CASE(test_each),
		KERNEL_CASE(test_bound),
		KERNEL_CASE(test_no_memory),
	};

	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
