// SPDX-License-Identifier: GPL-2.0
#include "rules/mark.h"

#include <linux/errno.h>
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#include "cases.h"

/* Each process has a memory of its own, but for who shares one. */
static struct mm_struct memories[4];
static struct task_struct tasks[6];

static struct eg_origin *none_of; /* may start nothing */
static struct eg_origin *rest[EG_RULE_SET_ORIGINS];

static struct eg_origin *make_origin(const char *name, u8 kind,
				     const char *text)
{
	static struct eg_draft draft;
	u8 key[EG_SHA256_SIZE] = { 1 }, bytes[64];
	struct eg_rule rule = { { (const u8 *)text, strlen(text) },
				kind,
				EG_RULE_DENY };
	const struct eg_statement statement = {
		.signer = key,
		.name = { (const u8 *)name, strlen(name) },
		.rules = { bytes, eg_rule_write(&rule, bytes, 64) },
	};

	eg_draft_begin(&draft);
	eg_draft_add(&draft, &statement);
	return eg_origin_of(&draft);
}

static void begin(void)
{
	char name[] = "a";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tasks); i++) {
		tasks[i].group_leader = &tasks[i];
		tasks[i].mm = &memories[i % ARRAY_SIZE(memories)];
	}
	none_of = make_origin("none", EG_RULE_STARTS, "none");
	for (i = 0; i < ARRAY_SIZE(rest); i++, name[0]++)
		rest[i] = make_origin(name, EG_RULE_STARTS, "identity *");
	eg_mark_enable(true);
}

static void end(void)
{
	size_t i;

	eg_mark_enable(false);
	assert_true(eg_mark_none());
	eg_origin_put(none_of);
	for (i = 0; i < ARRAY_SIZE(rest); i++)
		eg_origin_put(rest[i]);
	assert_int_equal(shim_allocated(), 0);
}

/* Task @nth is current from now on. */
static void as(int nth)
{
	shim_task = &tasks[nth];
}

static bool is_bound(int nth)
{
	as(nth);
	return eg_mark_judge(EG_RULE_STARTS, none_of) == EG_ORIGIN_FOREIGN;
}

static int mark(int nth)
{
	as(nth);
	return eg_mark_add(none_of, NULL, GFP_KERNEL);
}

/* Fork or clone, up to the hook and the copy of the memory. */
static int clones(int parent, int child, u64 flags)
{
	as(parent);
	tasks[child].mm = tasks[parent].mm;
	return eg_mark_clone(&tasks[child], flags);
}

static void has_memory(int child)
{
	tasks[child].mm = &memories[child % ARRAY_SIZE(memories)];
}

static void test_add(void **state)
{
	(void)state;
	begin();
	assert_true(eg_mark_none());
	assert_false(is_bound(0));
	assert_int_equal(mark(0), 0);
	assert_true(is_bound(0));
	assert_int_equal(mark(0), 0);
	assert_int_equal(eg_mark_count(), 1);
	assert_false(is_bound(1));
	/* A thread is its process. */
	tasks[2].group_leader = &tasks[0];
	assert_true(is_bound(2));
	tasks[3].group_leader = &tasks[1];
	assert_int_equal(mark(3), 0);
	assert_true(is_bound(1));
	eg_mark_drop(&tasks[0]);
	assert_false(is_bound(0));
	assert_true(is_bound(1));
	end();
}

/* Seen without a reference: of what is mapped, forked, executed and gone. */
static void test_reads(void **state)
{
	struct eg_origin *reader;

	(void)state;
	begin();
	reader = make_origin("reader", EG_RULE_READS, "name *.sh");
	assert_false(eg_mark_reads());
	mark(0);
	assert_false(eg_mark_reads());
	assert_int_equal(eg_mark_add(reader, NULL, GFP_KERNEL), 0);
	assert_true(eg_mark_reads());
	assert_int_equal(clones(0, 1, 0), 0);
	has_memory(1);
	as(1);
	assert_true(eg_mark_reads());
	eg_mark_begin();
	eg_mark_commit();
	assert_false(eg_mark_reads());
	as(0);
	eg_mark_drop(&tasks[0]);
	assert_false(eg_mark_reads());
	eg_origin_put(reader);
	end();
}

static void test_bounds(void **state)
{
	size_t i;

	(void)state;
	begin();
	as(0);
	for (i = 0; i < ARRAY_SIZE(rest); i++)
		assert_int_equal(eg_mark_add(rest[i], NULL, GFP_KERNEL), 0);
	assert_int_equal(eg_mark_add(rest[0], NULL, GFP_KERNEL), 0);
	assert_int_equal(eg_mark_add(none_of, NULL, GFP_KERNEL), -E2BIG);
	assert_int_equal(eg_mark_stage(none_of, NULL, GFP_KERNEL), 0);
	end();
}

static void test_fork(void **state)
{
	(void)state;
	begin();
	assert_int_equal(clones(0, 1, 0), 0);
	assert_true(eg_mark_none());
	mark(0);
	assert_int_equal(clones(0, 1, 0), 0);
	has_memory(1);
	assert_true(is_bound(1));
	/* What comes later is each one's own. */
	as(0);
	eg_mark_add(rest[0], NULL, GFP_KERNEL);
	as(1);
	eg_mark_begin();
	eg_mark_commit();
	assert_false(is_bound(1));
	assert_true(is_bound(0));
	assert_int_equal(eg_mark_count(), 1);
	end();
}

/* One that is not marked leaves nothing; of several threads each one could map. */
static void test_fork_unmarked(void **state)
{
	(void)state;
	begin();
	tasks[0].threads = 2;
	assert_int_equal(clones(0, 1, CLONE_THREAD | CLONE_VM), 0);
	assert_true(eg_mark_none());
	/* The other thread maps while the memory is copied. */
	assert_int_equal(clones(0, 1, 0), 0);
	mark(0);
	has_memory(1);
	assert_true(is_bound(1));
	/* After the copy was made. */
	assert_int_equal(clones(1, 2, 0), 0);
	tasks[1].threads = 2;
	eg_mark_drop(&tasks[1]);
	eg_mark_drop(&tasks[2]);
	assert_int_equal(clones(1, 2, 0), 0);
	has_memory(2);
	mark(1);
	assert_false(is_bound(2));
	assert_true(is_bound(1));
	/* A task that has no memory yet. */
	eg_mark_drop(&tasks[2]);
	assert_int_equal(clones(1, 2, 0), 0);
	tasks[2].mm = NULL;
	as(1);
	eg_mark_add(rest[1], NULL, GFP_KERNEL);
	has_memory(2);
	assert_true(is_bound(2));
	end();
}

/* A task whose place in the table is that of task 0. */
static struct task_struct *neighbour(void)
{
	static struct task_struct others[1 << 16];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(others); i++)
		if (hash_ptr(&others[i], 12) == hash_ptr(&tasks[0], 12))
			break;
	assert_true(i < ARRAY_SIZE(others));
	others[i].group_leader = &others[i];
	others[i].mm = &memories[3];
	return &others[i];
}

/* The neighbour in the table is another process, and its mark is its own. */
static void test_fork_neighbour(void **state)
{
	struct task_struct *other;

	(void)state;
	begin();
	other = neighbour();
	shim_task = other;
	assert_int_equal(eg_mark_add(none_of, NULL, GFP_KERNEL), 0);
	assert_int_equal(clones(0, 1, 0), 0);
	assert_int_equal(eg_mark_count(), 1);
	has_memory(1);
	assert_false(is_bound(0));
	assert_false(is_bound(1));
	end();
}

/* A mark that says nothing, and that nobody shares any more, is not copied. */
static void test_fork_empty(void **state)
{
	(void)state;
	begin();
	assert_int_equal(clones(0, 1, CLONE_VM), 0);
	assert_int_equal(eg_mark_count(), 2);
	eg_mark_drop(&tasks[1]);
	assert_int_equal(clones(0, 2, 0), 0);
	assert_int_equal(eg_mark_count(), 1);
	end();
}

/* In exec what is staged is the new program's: a thread that forks has nothing of it. */
static void test_fork_staged(void **state)
{
	(void)state;
	begin();
	as(0);
	eg_mark_begin();
	assert_int_equal(eg_mark_stage(none_of, NULL, GFP_KERNEL), 0);
	assert_int_equal(clones(0, 1, 0), 0);
	has_memory(1);
	assert_false(is_bound(1));
	end();
}

/* A fork that did not come to be. */
static void test_fork_failed(void **state)
{
	(void)state;
	begin();
	tasks[0].threads = 2;
	clones(0, 1, 0);
	eg_mark_drop(&tasks[1]);
	assert_int_equal(mark(0), 0);
	assert_false(is_bound(1));
	as(0);
	eg_mark_begin();
	eg_mark_commit();
	assert_true(eg_mark_none());
	/* The kernel's own. */
	tasks[0].mm = NULL;
	assert_int_equal(eg_mark_clone(&tasks[1], CLONE_VM), 0);
	assert_true(eg_mark_none());
	end();
}

/* Who shares memory shares the mark, whoever gets it. */
static void test_shared(void **state)
{
	(void)state;
	begin();
	assert_int_equal(clones(0, 1, CLONE_VM), 0);
	assert_int_equal(clones(1, 2, CLONE_VM), 0);
	mark(2);
	assert_true(is_bound(0));
	assert_true(is_bound(1));
	eg_mark_drop(&tasks[2]);
	assert_true(is_bound(0));
	/* Exec leaves them. */
	as(1);
	eg_mark_begin();
	eg_mark_commit();
	assert_false(is_bound(1));
	assert_true(is_bound(0));
	end();
}

/* While memory is shared, one may map while the other is copied. */
static void test_shared_fork(void **state)
{
	(void)state;
	begin();
	clones(0, 1, CLONE_VM);
	clones(0, 2, 0);
	mark(1);
	has_memory(2);
	assert_true(is_bound(2));
	assert_true(is_bound(0));
	end();
}

static void test_exec(void **state)
{
	(void)state;
	begin();
	as(0);
	eg_mark_begin();
	assert_int_equal(eg_mark_stage(none_of, NULL, GFP_KERNEL), 0);
	assert_int_equal(eg_mark_stage(none_of, NULL, GFP_KERNEL), 0);
	assert_int_equal(eg_mark_stage(rest[0], NULL, GFP_KERNEL), 0);
	assert_false(is_bound(0));
	/* It failed, and the next one has nothing of it. */
	eg_mark_begin();
	eg_mark_stage(rest[0], NULL, GFP_KERNEL);
	eg_mark_commit();
	assert_false(is_bound(0));
	/* By another thread, which is the process then. */
	tasks[1].group_leader = &tasks[0];
	mark(0);
	as(1);
	eg_mark_begin();
	eg_mark_stage(none_of, NULL, GFP_KERNEL);
	tasks[1].group_leader = &tasks[1];
	eg_mark_commit();
	eg_mark_drop(&tasks[0]);
	assert_true(is_bound(1));
	assert_false(is_bound(0));
	end();
}

static void test_disabled(void **state)
{
	(void)state;
	begin();
	mark(0);
	eg_mark_enable(false);
	assert_false(is_bound(0));
	assert_int_equal(mark(0), 0);
	assert_int_equal(eg_mark_stage(none_of, NULL, GFP_KERNEL), 0);
	assert_int_equal(clones(0, 1, CLONE_VM), 0);
	assert_true(eg_mark_none());
	end();
}

/* Whatever allocation fails, it is said, and nothing is left or lost. */
static void test_no_memory(void **state)
{
	unsigned int nth;

	(void)state;
	begin();
	for (nth = 1; nth <= 3; nth++) {
		shim_fail_allocation(nth);
		assert_int_equal(mark(0), -ENOMEM);
		shim_fail_allocation(nth);
		assert_int_equal(eg_mark_stage(none_of, NULL, GFP_KERNEL),
				 -ENOMEM);
		shim_fail_allocation(0);
		assert_true(eg_mark_none());
	}
	for (nth = 1; nth <= 3; nth++) {
		shim_fail_allocation(nth);
		assert_int_equal(clones(0, 1, CLONE_VM), -ENOMEM);
		shim_fail_allocation(0);
		assert_true(eg_mark_none());
	}
	mark(0);
	assert_int_equal(shim_last_flags() & __GFP_ACCOUNT, __GFP_ACCOUNT);
	for (nth = 1; nth <= 2; nth++) {
		shim_fail_allocation(nth);
		assert_int_equal(clones(0, 1, 0), -ENOMEM);
	}
	shim_fail_allocation(0);
	assert_int_equal(clones(0, 1, 0), 0);
	assert_int_equal(shim_last_flags() & GFP_ATOMIC, GFP_ATOMIC);
	assert_int_equal(shim_allocations(), 2);
	/* There is all of it in the parent, and the child shares what it has. */
	shim_fail_allocation(0);
	assert_int_equal(clones(0, 2, CLONE_VM), 0);
	assert_int_equal(shim_allocations(), 1);
	end();
}

int main(void)
{
	static const struct kernel_case cases[] = {
		KERNEL_CASE(test_add),
		KERNEL_CASE(test_reads),
		KERNEL_CASE(test_bounds),
		KERNEL_CASE(test_fork),
		KERNEL_CASE(test_fork_unmarked),
		KERNEL_CASE(test_fork_failed),
		KERNEL_CASE(test_shared),
		KERNEL_CASE(test_shared_fork),
		KERNEL_CASE(test_exec),
		KERNEL_CASE(test_fork_neighbour),
		KERNEL_CASE(test_fork_empty),
		KERNEL_CASE(test_fork_staged),
		KERNEL_CASE(test_disabled),
		KERNEL_CASE(test_no_memory),
	};

	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
