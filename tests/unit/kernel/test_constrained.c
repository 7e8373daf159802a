// SPDX-License-Identifier: GPL-2.0
/* Who is constrained: by any id, by namespaces, by cgroups, by securebits; and the set. */
#include "rules/constrained.h"

#include <linux/cgroup.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>

#include "cases.h"

#define USER EXECGATE_CONSTRAINT_USER
#define UNIT EXECGATE_CONSTRAINT_UNIT
#define ALL \
	(EG_CONSTRAINED_INLINE | EG_CONSTRAINED_FILES | EG_CONSTRAINED_MEMORY)

/* A chain from the root down; cgroups[n] has number 100 + n, unless it is gone. */
static struct cgroup cgroups[24];
static int gone = -1;

struct cgroup *cgroup_get_from_id(u64 id)
{
	if (id < 100 || id - 100 >= ARRAY_SIZE(cgroups) ||
	    (int)id - 100 == gone)
		return ERR_PTR(-ENOENT);
	cgroups[id - 100].references++;
	return &cgroups[id - 100];
}

static struct cred cred;

static void begin(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cgroups); i++)
		cgroups[i] =
			(struct cgroup){ .parent = i ? &cgroups[i - 1] : NULL,
					 .level = i,
					 .id = 100 + i };
	cred = (struct cred){ .uid = { 1 },
			      .euid = { 2 },
			      .suid = { 3 },
			      .fsuid = { 4 },
			      .user_ns = &init_user_ns };
	shim_current.cred = &cred;
	shim_current.cgroup = &cgroups[3];
}

static int add(enum execgate_constraint kind, u64 id)
{
	const struct eg_constraint item = { kind, id };

	return eg_constrained_add(&item);
}

static int drop(enum execgate_constraint kind, u64 id)
{
	const struct eg_constraint item = { kind, id };

	return eg_constrained_remove(&item);
}

static unsigned int count(void)
{
	struct eg_constraint item, before = {};
	unsigned int n;

	for (n = 0; eg_constrained_get(n, &item); n++) {
		if (n)
			assert_true(before.kind < item.kind ||
				    (before.kind == item.kind &&
				     before.id < item.id));
		before = item;
	}
	return n;
}

static const struct {
	enum execgate_constraint kind;
	u64 id;
	u8 what;
	const char *why;
} rows[] = {
	{ USER, 1, ALL, "real" },
	{ USER, 2, ALL, "effective" },
	{ USER, 3, ALL, "saved" },
	{ USER, 4, ALL, "of the file system" },
	{ USER, 0, 0, "none of its" },
	{ USER, 5, 0, "none of its" },
	{ USER, 103, 0, "the number of its cgroup" },
	{ UNIT, 103, ALL, "its own cgroup" },
	{ UNIT, 101, ALL, "above" },
	{ UNIT, 100, ALL, "the root" },
	{ UNIT, 104, 0, "below" },
};

static void test_whom(void **state)
{
	size_t i;

	(void)state;
	begin();
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		expect_equal(eg_constrained_current(), 0, rows[i].why);
		expect_equal(add(rows[i].kind, rows[i].id), 0, rows[i].why);
		expect_equal(eg_constrained_any(), true, rows[i].why);
		expect_equal(eg_constrained_current(), rows[i].what,
			     rows[i].why);
		expect_equal(drop(rows[i].kind, rows[i].id), 0, rows[i].why);
		expect_equal(eg_constrained_any(), false, rows[i].why);
	}
	for (i = 0; i < ARRAY_SIZE(cgroups); i++)
		assert_int_equal(cgroups[i].references, 0);
}

static void test_namespaces(void **state)
{
	struct user_namespace outer = { 1, &init_user_ns, { 33 } };
	struct user_namespace inner = { 2, &outer, { 100000 } };

	(void)state;
	begin();
	assert_int_equal(add(USER, 33), 0);
	assert_int_equal(eg_constrained_current(), 0);
	cred.user_ns = &inner;
	assert_int_equal(eg_constrained_current(), ALL);
	cred.user_ns = &outer;
	assert_int_equal(eg_constrained_current(), ALL);
	assert_int_equal(drop(USER, 33), 0);
	assert_int_equal(add(USER, 100000), 0);
	assert_int_equal(eg_constrained_current(), 0);
	cred.user_ns = &inner;
	assert_int_equal(eg_constrained_current(), ALL);
	assert_int_equal(drop(USER, 100000), 0);
}

/* The first level that is not looked at cannot be constrained either. */
static void test_depth(void **state)
{
	(void)state;
	begin();
	shim_current.cgroup = &cgroups[ARRAY_SIZE(cgroups) - 1];
	assert_int_equal(add(UNIT, 100 + EG_CONSTRAINED_DEPTH), -E2BIG);
	assert_int_equal(eg_constrained_current(), 0);
	assert_int_equal(add(UNIT, 100 + EG_CONSTRAINED_DEPTH - 1), 0);
	assert_int_equal(eg_constrained_current(), ALL);
	assert_int_equal(drop(UNIT, 100 + EG_CONSTRAINED_DEPTH - 1), 0);
}

static void test_securebits(void **state)
{
	(void)state;
	begin();
	cred.securebits = 1 << 8;
	assert_int_equal(eg_constrained_current(), EG_CONSTRAINED_FILES);
	cred.securebits = 1 << 10;
	assert_int_equal(eg_constrained_current(), EG_CONSTRAINED_INLINE);
	cred.securebits = ~(1 << 8 | 1 << 10);
	assert_int_equal(eg_constrained_current(), 0);
}

static void test_set(void **state)
{
	unsigned int n;

	(void)state;
	begin();
	assert_int_equal(drop(USER, 1), -ENOENT);
	assert_int_equal(add(UNIT, 99), -ENOENT);
	assert_int_equal(count(), 0);
	/* Down, and across both kinds. */
	for (n = EXECGATE_CONSTRAINTS_MAX - 1; n; n--)
		assert_int_equal(add(USER, n + 1000), 0);
	assert_int_equal(add(UNIT, 103), 0);
	assert_int_equal(count(), EXECGATE_CONSTRAINTS_MAX);
	assert_int_equal(add(USER, 7), -ENOSPC);
	assert_int_equal(add(USER, 1001), 0);
	assert_int_equal(add(UNIT, 103), 0);
	assert_int_equal(count(), EXECGATE_CONSTRAINTS_MAX);
	/* A unit that is gone makes room, and one that is not there is no error twice. */
	gone = 3;
	assert_int_equal(add(UNIT, 103), -ENOENT);
	assert_int_equal(add(USER, 7), 0);
	assert_int_equal(count(), EXECGATE_CONSTRAINTS_MAX);
	assert_int_equal(drop(UNIT, 103), -ENOENT);
	assert_int_equal(drop(USER, 7), 0);
	assert_int_equal(drop(USER, 7), -ENOENT);
	assert_int_equal(count(), EXECGATE_CONSTRAINTS_MAX - 1);
	eg_constrained_exit();
}

static int begin_users(const u32 *uids, size_t n,
		       struct eg_constrained_step *step)
{
	u8 bytes[EG_POLICY_USERS_SIZE_MAX];

	for (size_t i = 0; i < n; i++)
		eg_policy_user_write(uids[i], bytes + 4 * i);
	return eg_constrained_begin((struct eg_bytes){ bytes, 4 * n }, step);
}

/* A policy's users come all or none, beside those that are there, and go if it fails. */
static void test_policy(void **state)
{
	static const u32 two[] = { 1, 9 }, more[] = { 2, 5, 9, 4000000000 };
	struct eg_constrained_step step;

	(void)state;
	begin();
	assert_int_equal(begin_users(NULL, 0, &step), 0);
	eg_constrained_end(&step, true);
	assert_false(eg_constrained_any());
	assert_int_equal(begin_users(two, 2, &step), 0);
	assert_int_equal(eg_constrained_current(), ALL);
	eg_constrained_end(&step, false);
	assert_false(eg_constrained_any());
	assert_int_equal(begin_users(two, 2, &step), 0);
	eg_constrained_end(&step, true);
	assert_int_equal(count(), 2);
	assert_int_equal(add(UNIT, 103), 0);
	assert_int_equal(begin_users(more, 4, &step), 0);
	assert_int_equal(count(), 6);
	eg_constrained_end(&step, false);
	assert_int_equal(count(), 3);
	assert_int_equal(begin_users(more, 4, &step), 0);
	eg_constrained_end(&step, true);
	assert_int_equal(count(), 6);
	assert_int_equal(begin_users(more, 4, &step), 0);
	eg_constrained_end(&step, true);
	assert_int_equal(count(), 6);
	shim_fail_allocation(1);
	assert_int_equal(begin_users(two, 2, &step), -ENOMEM);
	shim_fail_allocation(0);
	assert_int_equal(count(), 6);
	/* Each is found, so the order is kept. */
	assert_int_equal(drop(USER, 1), 0);
	assert_int_equal(drop(USER, 2), 0);
	assert_int_equal(drop(USER, 5), 0);
	assert_int_equal(drop(USER, 9), 0);
	assert_int_equal(drop(USER, 4000000000), 0);
	assert_int_equal(drop(UNIT, 103), 0);
	for (u32 n = 0; n < EXECGATE_CONSTRAINTS_MAX - 1; n++)
		assert_int_equal(add(USER, n + 100), 0);
	assert_int_equal(begin_users(two, 2, &step), -ENOSPC);
	assert_int_equal(count(), EXECGATE_CONSTRAINTS_MAX - 1);
	eg_constrained_exit();
}

/* Without memory the set stays as it was. */
static void test_no_memory(void **state)
{
	(void)state;
	begin();
	assert_int_equal(add(USER, 1), 0);
	shim_fail_allocation(1);
	assert_int_equal(add(USER, 5), -ENOMEM);
	shim_fail_allocation(1);
	assert_int_equal(drop(USER, 1), -ENOMEM);
	shim_fail_allocation(0);
	assert_int_equal(count(), 1);
	assert_int_equal(eg_constrained_current(), ALL);
	assert_int_equal(drop(USER, 1), 0);
}

int main(void)
{
	static const struct kernel_case cases[] = {
		KERNEL_CASE(test_whom),	  KERNEL_CASE(test_namespaces),
		KERNEL_CASE(test_depth),  KERNEL_CASE(test_securebits),
		KERNEL_CASE(test_set),	  KERNEL_CASE(test_no_memory),
		KERNEL_CASE(test_policy),
	};

	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
