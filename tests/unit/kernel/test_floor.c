// SPDX-License-Identifier: GPL-2.0
#include "trust/floor.h"

#include <linux/err.h>
#include <linux/kernel.h>

#include "cases.h"
#include "fake.h"
#include "core/policy.h"
#include "support.h"

#define DENY EG_RULE_DENY
#define REPORT EG_RULE_REPORT
#define GOOD EG_FLOOR_GOOD
#define REPORTED EG_FLOOR_REPORTED
#define BELOW EG_FLOOR_BELOW

static struct eg_bytes named(const char *name)
{
	return (struct eg_bytes){ (const u8 *)name, strlen(name) };
}

static int raise(const char *name, u64 below, enum eg_rule_strength strength)
{
	struct eg_floor floor;

	eg_floor_fill(&floor, named(name), below, strength);
	return eg_floor_raise(&floor, 1);
}

static int take_back(const char *name)
{
	return eg_floor_remove(named(name), 0);
}

static struct eg_bytes numbered(unsigned int number, char name[16])
{
	sprintf(name, "n%u", number);
	return named(name);
}

static int raise_many(unsigned int from, unsigned int to)
{
	struct eg_floor *items = calloc(to - from + 1, sizeof(*items));
	char name[16];
	unsigned int i;
	int err;

	assert_non_null(items);
	for (i = from; i < to; i++)
		eg_floor_fill(&items[i - from], numbered(i, name), i + 1, DENY);
	err = eg_floor_raise(items, to - from);
	free(items);
	return err;
}

static void end(void)
{
	eg_floor_exit();
	assert_int_equal(shim_allocated(), 0);
}

static const struct {
	const char *name;
	u64 below; /* 0: taken back */
	enum eg_rule_strength strength;
	int result;
	unsigned int count; /* after it */
	bool epoch;	    /* verdicts are void */
	const char *why;
} steps[] = {
	{ "a", 0, DENY, -ENOENT, 0, false, "nothing to take back" },
	{ "a", 5, DENY, 0, 1, true, "one" },
	{ "a", 5, DENY, 0, 1, false, "again" },
	{ "a", 4, DENY, 0, 1, false, "lower: it stays" },
	{ "a", 6, DENY, 0, 1, true, "higher" },
	{ "a", 8, REPORT, 0, 1, true, "of the other strength" },
	{ "ab", 3, REPORT, 0, 2, true, "a longer name" },
	{ "b", 0, DENY, -ENOENT, 2, false, "another name" },
	{ "b", ~0ull, DENY, 0, 3, true, "the highest" },
	{ "a", 0, DENY, 0, 2, true, "both strengths back" },
	{ "a", 0, DENY, -ENOENT, 2, false, "once only" },
	{ "a", 2, DENY, 0, 3, true, "lower than it was" },
};

static void test_steps(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		u64 epoch = eg_policy_epoch();

		expect_equal(steps[i].below ?
				     raise(steps[i].name, steps[i].below,
					   steps[i].strength) :
				     take_back(steps[i].name),
			     steps[i].result, steps[i].why);
		expect_equal(eg_floor_count(), steps[i].count, steps[i].why);
		expect_equal(eg_policy_epoch() - epoch, steps[i].epoch,
			     steps[i].why);
	}
	end();
}

static size_t put_floor(u8 *at, size_t room, u64 below, const char *name)
{
	const struct eg_policy_floor floor = { below, named(name) };

	return eg_policy_floor_write(&floor, at, room);
}

/* A policy raises, and never lowers; without floors it changes nothing. */
static void test_policy(void **state)
{
	struct eg_sorted *change;
	u8 bytes[64];
	struct eg_bytes list = { bytes, 0 };
	u64 epoch;

	assert_int_equal(raise("a", 5, DENY), 0);
	assert_int_equal(raise("b", 5, DENY), 0);
	list.size += put_floor(bytes, sizeof(bytes), 3, "a");
	list.size +=
		put_floor(bytes + list.size, sizeof(bytes) - list.size, 9, "b");
	list.size += put_floor(bytes + list.size, sizeof(bytes) - list.size, 1,
			       "new");
	change = eg_floor_prepare_policy(list);
	assert_false(IS_ERR(change));
	assert_int_equal(eg_floor_judge(named("b"), 8), GOOD);
	eg_floor_give_up(change);
	assert_int_equal(eg_floor_count(), 2);
	change = eg_floor_prepare_policy(list);
	assert_false(IS_ERR(change));
	eg_floor_commit(change);
	assert_int_equal(eg_floor_count(), 3);
	assert_int_equal(eg_floor_judge(named("a"), 4), BELOW);
	assert_int_equal(eg_floor_judge(named("b"), 8), BELOW);
	assert_int_equal(eg_floor_judge(named("new"), 0), BELOW);
	epoch = eg_policy_epoch();
	change = eg_floor_prepare_policy((struct eg_bytes){ bytes, 0 });
	assert_false(IS_ERR(change));
	eg_floor_commit(change);
	assert_int_equal(eg_policy_epoch(), epoch);
	shim_fail_allocation(1);
	assert_int_equal(PTR_ERR(eg_floor_prepare_policy(list)), -ENOMEM);
	shim_fail_allocation(0);
	end();
}

/* Taken back as far as somebody says who may not be gone against, and no further. */
static void test_keep(void **state)
{
	assert_int_equal(eg_floor_remove(named("a"), 5), -ENOENT);
	assert_int_equal(raise("a", 5, DENY), 0);
	assert_int_equal(raise("b", 1, DENY), 0);
	assert_int_equal(eg_floor_remove(named("a"), 5), -EPERM);
	assert_int_equal(raise("a", 9, DENY), 0);
	assert_int_equal(raise("a", 20, REPORT), 0);
	shim_fail_allocation(1);
	assert_int_equal(eg_floor_remove(named("a"), 5), -ENOMEM);
	shim_fail_allocation(0);
	assert_int_equal(eg_floor_judge(named("a"), 8), BELOW);
	assert_int_equal(eg_floor_remove(named("a"), 5), 0);
	assert_int_equal(eg_floor_judge(named("a"), 4), BELOW);
	assert_int_equal(eg_floor_judge(named("a"), 5), GOOD);
	assert_int_equal(eg_floor_judge(named("b"), 0), BELOW);
	assert_int_equal(eg_floor_remove(named("a"), 5), -EPERM);
	assert_int_equal(eg_floor_remove(named("a"), 0), 0);
	assert_int_equal(eg_floor_count(), 1);
	end();
}

static void test_worth(void **state)
{
	static const struct {
		const char *name;
		u64 version;
		enum eg_floor_worth worth;
	} asked[] = {
		{ "both", 4, BELOW },	   { "both", 5, REPORTED },
		{ "both", 7, REPORTED },   { "both", 8, GOOD },
		{ "both", ~0ull, GOOD },   { "both", 0, BELOW },
		{ "deny", 8, BELOW },	   { "deny", 9, GOOD },
		{ "report", 2, REPORTED }, { "report", 3, GOOD },
		{ "higher", 6, BELOW },	   { "higher", 7, GOOD },
		{ "bot", 0, GOOD },	   { "bothe", 0, GOOD },
		{ "", 0, GOOD },	   { "zzzz", 0, GOOD },
	};
	size_t i;

	assert_int_equal(eg_floor_judge(named("both"), 0), GOOD);
	assert_int_equal(raise("both", 8, REPORT), 0);
	assert_int_equal(raise("both", 5, DENY), 0);
	assert_int_equal(raise("deny", 9, DENY), 0);
	assert_int_equal(raise("report", 3, REPORT), 0);
	assert_int_equal(raise("higher", 7, DENY), 0);
	assert_int_equal(raise("higher", 6, REPORT), 0);
	for (i = 0; i < ARRAY_SIZE(asked); i++)
		expect_equal(eg_floor_judge(named(asked[i].name),
					    asked[i].version),
			     asked[i].worth, asked[i].name);
	end();
}

/* Each is found, wherever it stands, and listed once; so when one has gone. */
static void test_each(void **state)
{
	unsigned int gone, i, listed;
	struct eg_floor floor;
	char name[16];

	for (gone = 0; gone < 12; gone++) {
		assert_int_equal(raise_many(0, 12), 0);
		assert_int_equal(eg_floor_remove(numbered(gone, name), 0), 0);
		for (i = 0; i < 12; i++)
			assert_int_equal(eg_floor_judge(numbered(i, name), i),
					 i == gone ? GOOD : BELOW);
		for (listed = 0; eg_floor_get(listed, &floor); listed++) {
			assert_int_equal(floor.name[0], 'n');
			assert_int_equal(floor.below[DENY],
					 atoi(floor.name + 1) + 1);
			assert_int_equal(floor.below[REPORT], 0);
		}
		assert_int_equal(listed, 11);
		assert_false(eg_floor_get(~0u, &floor));
	}
	end();
}

/* All of a request or none of it, up to as many names as there may be. */
static void test_bound(void **state)
{
	char name[16];

	assert_int_equal(raise_many(0, EXECGATE_FLOORS_MAX + 1), -ENOSPC);
	assert_int_equal(eg_floor_count(), 0);
	assert_int_equal(raise_many(0, EXECGATE_FLOORS_MAX), 0);
	assert_int_equal(raise_many(EXECGATE_FLOORS_MAX - 1,
				    EXECGATE_FLOORS_MAX + 1),
			 -ENOSPC);
	assert_int_equal(raise_many(9, 300), 0);
	assert_int_equal(eg_floor_count(), EXECGATE_FLOORS_MAX);
	assert_int_equal(eg_floor_remove(numbered(7, name), 0), 0);
	assert_int_equal(raise("more", 1, DENY), 0);
	end();
}

static void test_no_memory(void **state)
{
	u64 epoch;

	assert_int_equal(raise_many(0, 2), 0);
	epoch = eg_policy_epoch();
	shim_fail_allocation(1);
	assert_int_equal(raise("x", 1, DENY), -ENOMEM);
	shim_fail_allocation(1);
	assert_int_equal(take_back("n0"), -ENOMEM);
	assert_int_equal(eg_policy_epoch(), epoch);
	shim_fail_allocation(0);
	assert_int_equal(eg_floor_count(), 2);
	assert_int_equal(take_back("n0"), 0);
	/* The last one takes no memory to take back. */
	shim_fail_allocation(1);
	assert_int_equal(take_back("n1"), 0);
	end();
}

static void put(u8 *to, u64 value, size_t bytes)
{
	size_t i;

	for (i = 0; i < bytes; i++)
		to[i] = (u8)(value >> (8 * i));
}

/* As many identities as there may be floors and one, each with the same rule. */
static struct eg_manifest many_rules(u8 *identities, u32 count)
{
	static u8 strings[5 + 4 * (EXECGATE_FLOORS_MAX + 1)] = {
		EG_RULE_VERSION, DENY, 1, 0, '7'
	};
	struct eg_manifest m = {
		.identities = identities,
		.identity_count = count,
		.strings = { strings, sizeof(strings) },
	};
	u32 i;

	for (i = 0; i < count; i++, identities += EG_MANIFEST_IDENTITY_SIZE) {
		put(strings + 5 + 4 * i,
		    0x01010101 + i % 100 + (u64)(i / 100) * 256, 4);
		put(identities, 5 + 4 * i, 4);
		put(identities + 4, 4, 4);
		put(identities + 12, 5, 4);
		put(identities + 16, 9, 8);
	}
	return m;
}

/* The floors of a catalog: up to the bound, and of names that are texts. */
static void test_manifest(void **state)
{
	u8 *identities =
		calloc(EXECGATE_FLOORS_MAX + 1, EG_MANIFEST_IDENTITY_SIZE);
	struct eg_sorted *change;
	struct eg_manifest m;

	assert_non_null(identities);
	m = many_rules(identities, EXECGATE_FLOORS_MAX + 1);
	change = eg_floor_prepare_manifest(&m);
	assert_int_equal(PTR_ERR(change), -ENOSPC);
	m.identity_count--;
	change = eg_floor_prepare_manifest(&m);
	assert_false(IS_ERR(change));
	eg_floor_commit(change);
	assert_int_equal(eg_floor_count(), EXECGATE_FLOORS_MAX);
	assert_int_equal(eg_floor_judge(named("\1\1\1\1"), 6), BELOW);
	assert_int_equal(eg_floor_judge(named("\1\1\1\1"), 7), GOOD);
	/* A name with a zero byte in it: none of the catalog's floors. */
	m.identity_count = 2;
	put((u8 *)m.strings.data + 9, 0, 1);
	change = eg_floor_prepare_manifest(&m);
	assert_int_equal(PTR_ERR(change), -EBADMSG);
	/* The first has no rules any more: the second is looked at all the same. */
	put(identities + 12, 0, 4);
	change = eg_floor_prepare_manifest(&m);
	assert_int_equal(PTR_ERR(change), -EBADMSG);
	m.identity_count = 1;
	change = eg_floor_prepare_manifest(&m);
	assert_false(IS_ERR(change));
	eg_floor_give_up(change);
	free(identities);
	end();
}

/* What was prepared counts when it is committed, and never if it is given up. */
static void test_prepared(void **state)
{
	struct eg_sorted *change;
	struct eg_floor floor;

	eg_floor_fill(&floor, named("a"), 5, DENY);
	change = eg_floor_prepare(&floor, 1);
	assert_false(IS_ERR(change));
	assert_int_equal(eg_floor_judge(named("a"), 1), GOOD);
	eg_floor_give_up(change);
	assert_int_equal(eg_floor_count(), 0);
	change = eg_floor_prepare(&floor, 1);
	assert_false(IS_ERR(change));
	eg_floor_commit(change);
	assert_int_equal(eg_floor_judge(named("a"), 1), BELOW);
	end();
}

int main(void)
{
	static const struct kernel_case cases[] = {
		KERNEL_CASE(test_steps),     KERNEL_CASE(test_policy),
		KERNEL_CASE(test_keep),	     KERNEL_CASE(test_worth),
		KERNEL_CASE(test_each),	     KERNEL_CASE(test_bound),
		KERNEL_CASE(test_no_memory), KERNEL_CASE(test_manifest),
		KERNEL_CASE(test_prepared),
	};

	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
