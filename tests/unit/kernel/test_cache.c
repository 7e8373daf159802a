// SPDX-License-Identifier: GPL-2.0
#include "core/cache.h"

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mm.h>

#include "cases.h"
#include "core/inode_mark.h"
#include "core/policy.h"
#include "core/verdict.h"
#include "fake.h"

static struct inode inode, other;
static const struct eg_cached good = {
	.classes = EXECGATE_CLASS_PROGRAM,
	.carrier = EXECGATE_CARRIER_ARMOR,
	.reusable = true,
};

static void begin(void)
{
	inode.i_mapping = &inode.i_data;
	other.i_mapping = &other.i_data;
	assert_int_equal(eg_cache_init(), 0);
	eg_cache_enable(true);
}

static void end(void)
{
	eg_cache_enable(false);
	assert_int_equal(eg_cache_entries(), 0);
	eg_cache_exit();
	assert_int_equal(shim_allocated(), 0);
}

/* A judgement with nobody near it. */
static int keep(struct inode *of, const struct eg_cached *verdict)
{
	struct eg_watch watch;
	int err;

	eg_cache_watch(&watch, of);
	err = eg_cache_insert(&watch, verdict, eg_policy_epoch());
	assert_false(eg_cache_unwatch(&watch));
	return err;
}

static bool found(void)
{
	struct eg_cached out = {};
	bool is = eg_cache_lookup(&inode, &out, false);

	/* Filled if and only if there is one. */
	assert_int_equal(out.classes, is ? EXECGATE_CLASS_PROGRAM : 0);
	assert_int_equal(out.carrier, is ? EXECGATE_CARRIER_ARMOR : 0);
	return is;
}

static void map(struct vm_area_struct *area, unsigned long flags)
{
	struct rb_node **link = &inode.i_data.i_mmap.rb_root.rb_node;
	struct rb_node *parent = NULL;

	while (*link) {
		parent = *link;
		link = &parent->rb_right;
	}
	area->vm_flags = flags;
	rb_link_node(&area->shared.rb, parent, link);
}

static void test_keep(void **state)
{
	begin();
	assert_false(found());
	assert_false(eg_inode_marked(&inode, EG_INODE_JUDGED));
	assert_int_equal(eg_cache_running_classes(&inode), 0);
	assert_int_equal(keep(&inode, &good), 0);
	assert_true(eg_inode_marked(&inode, EG_INODE_JUDGED));
	assert_true(found());
	assert_int_equal(eg_cache_entries(), 1);
	assert_int_equal(eg_cache_running_classes(&inode),
			 EXECGATE_CLASS_PROGRAM);
	/* Once more: in its place. */
	assert_int_equal(keep(&inode, &good), 0);
	assert_int_equal(eg_cache_entries(), 1);
	assert_int_equal(keep(&other, &good), 0);
	assert_int_equal(eg_cache_entries(), 2);
	eg_cache_forget(&other);
	assert_int_equal(eg_cache_entries(), 1);
	assert_true(found());
	eg_cache_forget(&other);
	eg_cache_forget(&inode);
	assert_false(found());
	assert_int_equal(eg_cache_entries(), 0);
	end();
}

/* A number for as long as nobody writes, be the verdict of now or not. */
static void test_content(void **state)
{
	const struct eg_cached seal = { .classes = EXECGATE_CLASS_PROGRAM };
	const u16 program = EXECGATE_CLASS_PROGRAM;
	u64 first, second;

	begin();
	assert_int_equal(eg_cache_content(&inode, program), 0);
	assert_false(eg_cache_content_stands(&inode, 0));
	assert_int_equal(keep(&inode, &good), 0);
	first = eg_cache_content(&inode, program);
	assert_int_not_equal(first, 0);
	assert_int_equal(eg_cache_content(&inode, EXECGATE_CLASS_DATA), 0);
	assert_int_equal(keep(&other, &good), 0);
	assert_int_not_equal(eg_cache_content(&other, program), first);
	assert_false(eg_cache_content_stands(&other, first));
	/* The policy changes, and it is judged again: the same bytes. */
	eg_policy_advance_epoch();
	assert_int_equal(eg_cache_content(&inode, program), 0);
	assert_true(eg_cache_content_stands(&inode, first));
	assert_int_equal(keep(&inode, &seal), 0);
	assert_int_equal(eg_cache_content(&inode, program), first);
	/* A new link to it, say. */
	inode.ctime.tv_sec++;
	assert_int_equal(eg_cache_content(&inode, program), 0);
	assert_true(eg_cache_content_stands(&inode, first));
	/* A writer. */
	assert_int_equal(eg_cache_writer(&inode, false), EG_CACHE_WRITER_FREE);
	assert_false(eg_cache_content_stands(&inode, first));
	assert_int_equal(keep(&inode, &good), 0);
	second = eg_cache_content(&inode, program);
	assert_int_not_equal(second, 0);
	assert_int_not_equal(second, first);
	assert_false(eg_cache_content_stands(&inode, first));
	end();
}

/* What makes a verdict count no more, and is it back when that is undone? */
enum change {
	NOTHING,
	SIZE,
	SECOND,
	NANOSECOND,
	GENERATION,
	EPOCH,
	CLOCK_ON,
	CLOCK_BACK,
	SEAL_ONLY,
};

static const struct {
	enum change change;
	bool found;
	const char *why;
} changes[] = {
	{ NOTHING, true, "nothing" },
	{ SIZE, false, "the size" },
	{ SECOND, false, "the second of the change" },
	{ NANOSECOND, false, "a nanosecond of it" },
	{ GENERATION, false, "the generation" },
	{ EPOCH, false, "the epoch" },
	{ CLOCK_ON, true, "the clock, to 2106" },
	{ CLOCK_BACK, true, "the clock, to 1970" },
	{ SEAL_ONLY, false, "it only seals" },
};

static void test_current(void **state)
{
	struct eg_cached verdict;
	time64_t now = shim_now;
	size_t i;

	begin();
	for (i = 0; i < ARRAY_SIZE(changes); i++) {
		enum change change = changes[i].change;

		inode.i_size = 0;
		inode.ctime = (struct timespec64){ 5, 6 };
		inode.i_generation = 0;
		shim_now = now;
		verdict = good;
		verdict.reusable = change != SEAL_ONLY;
		assert_int_equal(keep(&inode, &verdict), 0);
		inode.i_size += change == SIZE;
		inode.ctime.tv_sec += change == SECOND;
		inode.ctime.tv_nsec += change == NANOSECOND;
		inode.i_generation += change == GENERATION;
		if (change == EPOCH)
			eg_policy_advance_epoch();
		if (change == CLOCK_ON)
			shim_now = 4294967296ll;
		if (change == CLOCK_BACK)
			shim_now = 0;
		expect_equal(found(), changes[i].found, changes[i].why);
		/* It stands all the same: who runs goes on, and is sealed. */
		expect_equal(eg_cache_running_classes(&inode),
			     EXECGATE_CLASS_PROGRAM, changes[i].why);
		expect_equal(eg_cache_hold(&inode), true, changes[i].why);
		eg_cache_forget(&inode);
	}
	end();
}

/* The epoch is that in which the judgement began. */
static void test_epoch(void **state)
{
	u64 epoch = eg_policy_epoch();
	struct eg_watch watch;

	begin();
	eg_cache_watch(&watch, &inode);
	eg_policy_advance_epoch();
	assert_int_equal(eg_cache_insert(&watch, &good, epoch), 0);
	assert_false(eg_cache_unwatch(&watch));
	assert_false(found());
	end();
}

/* Who is there, and what becomes of the verdict when somebody would write. */
static const struct {
	bool kept;			   /* there is a verdict */
	bool held;			   /* somebody was allowed to map it */
	unsigned int readable, executable; /* mappings */
	bool busy;			   /* they are being changed */
	bool keep;			   /* the writer will be refused */
	bool announced;			   /* somebody is about to map it */
	enum eg_cache_writer result;
	bool stays;
	const char *why;
} writers[] = {
	{ 0, 0, 0, 0, 0, 1, 0, EG_CACHE_WRITER_FREE, 0, "nothing known" },
	{ 0, 0, 0, 3, 0, 1, 0, EG_CACHE_WRITER_FREE, 0,
	  "mapped, not verified" },
	{ 1, 0, 0, 0, 0, 1, 0, EG_CACHE_WRITER_FREE, 0, "verified" },
	{ 1, 0, 0, 0, 0, 0, 0, EG_CACHE_WRITER_FREE, 0, "verified" },
	{ 1, 0, 3, 0, 0, 1, 0, EG_CACHE_WRITER_FREE, 0, "mapped to be read" },
	{ 1, 0, 0, 3, 0, 1, 0, EG_CACHE_WRITER_FREE, 0, "mapped before" },
	{ 1, 0, 0, 0, 1, 1, 0, EG_CACHE_WRITER_FREE, 0, "nobody may map it" },
	{ 1, 1, 0, 0, 0, 1, 0, EG_CACHE_WRITER_FREE, 0, "mapped no more" },
	{ 1, 1, 3, 0, 0, 1, 0, EG_CACHE_WRITER_FREE, 0, "only to be read" },
	{ 1, 1, 0, 1, 0, 1, 0, EG_CACHE_WRITER_IN_USE, 1, "in use" },
	{ 1, 1, 3, 1, 0, 1, 0, EG_CACHE_WRITER_IN_USE, 1,
	  "in use by the last" },
	{ 1, 1, 0, 1, 0, 0, 0, EG_CACHE_WRITER_IN_USE, 0,
	  "in use, not sealed" },
	{ 1, 1, 0, 0, 1, 1, 0, EG_CACHE_WRITER_IN_USE, 1, "just being mapped" },
	{ 1, 1, 4096, 0, 0, 1, 0, EG_CACHE_WRITER_FREE, 0, "many readers" },
	{ 1, 1, 4096, 1, 0, 1, 0, EG_CACHE_WRITER_IN_USE, 1,
	  "and one who runs" },
	{ 1, 1, 4097, 0, 0, 1, 0, EG_CACHE_WRITER_IN_USE, 1, "too many" },
	{ 1, 1, 0, 0, 0, 1, 1, EG_CACHE_WRITER_IN_USE, 1, "to be mapped" },
	{ 1, 1, 0, 0, 0, 0, 1, EG_CACHE_WRITER_IN_USE, 0, "not sealed" },
	{ 1, 0, 0, 0, 0, 1, 1, EG_CACHE_WRITER_FREE, 0, "before it asked" },
	{ 0, 0, 0, 0, 0, 1, 1, EG_CACHE_WRITER_FREE, 0, "not verified" },
};

static void test_writers(void **state)
{
	static struct vm_area_struct areas[5000];
	unsigned int n;
	size_t i;

	begin();
	for (i = 0; i < ARRAY_SIZE(writers); i++) {
		inode.i_data.i_mmap.rb_root.rb_node = NULL;
		for (n = 0; n < writers[i].readable; n++)
			map(&areas[n], 1);
		for (; n < writers[i].readable + writers[i].executable; n++)
			map(&areas[n], VM_EXEC | 1);
		if (writers[i].kept)
			assert_int_equal(keep(&inode, &good), 0);
		if (writers[i].held)
			assert_true(eg_cache_hold(&inode));
		inode.i_data.busy = writers[i].busy;
		fake_announced = writers[i].announced;
		expect_equal(eg_cache_writer(&inode, writers[i].keep),
			     writers[i].result, writers[i].why);
		inode.i_data.busy = false;
		expect_equal(found(), writers[i].stays, writers[i].why);
		expect_equal(eg_cache_entries(), writers[i].stays,
			     writers[i].why);
		eg_cache_forget(&inode);
	}
	end();
}

/* What a look that must do for everything goes by. */
static void test_in_use(void **state)
{
	static struct eg_paths paths;
	struct eg_cached verdict = good;
	size_t i;

	static const struct {
		u8 reported;
		bool paths, reusable, held, used;
		const char *why;
	} rows[] = {
		{ 0, 0, 1, 1, 1, "in use" },
		{ 1, 0, 1, 1, 0, "each use is told of" },
		{ 0, 1, 1, 1, 0, "bound to a path" },
		{ 0, 0, 0, 1, 0, "judged at each use" },
		{ 0, 0, 1, 0, 0, "not mapped yet" },
	};

	begin();
	refcount_set(&paths.users, 5);
	assert_false(eg_cache_in_use(&inode, good.classes));
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		verdict.reported = rows[i].reported;
		verdict.paths = rows[i].paths ? &paths : NULL;
		verdict.reusable = rows[i].reusable;
		assert_int_equal(keep(&inode, &verdict), 0);
		if (rows[i].held)
			assert_true(eg_cache_hold(&inode));
		expect_equal(eg_cache_in_use(&inode, good.classes),
			     rows[i].used, rows[i].why);
		assert_false(eg_cache_in_use(&inode, ~good.classes));
		eg_cache_forget(&inode);
		assert_false(eg_cache_in_use(&inode, good.classes));
	}
	end();
}

/* As many verdicts as inodes: nobody takes a place away from somebody else. */
static void test_many(void **state)
{
	enum { MANY = 100000 };
	struct inode *inodes = calloc(MANY, sizeof(*inodes));
	struct eg_cached out;
	int i;

	assert_non_null(inodes);
	begin();
	for (i = 0; i < MANY; i++) {
		inodes[i].i_mapping = &inodes[i].i_data;
		assert_int_equal(keep(&inodes[i], &good), 0);
		assert_true(eg_cache_hold(&inodes[i]));
	}
	assert_int_equal(eg_cache_entries(), MANY);
	for (i = 0; i < MANY; i++)
		assert_true(eg_cache_lookup(&inodes[i], &out, false));
	end();
	free(inodes);
}

/* A verdict that takes another's place is of the same mappings. */
static void test_hold(void **state)
{
	struct vm_area_struct area;

	begin();
	assert_false(eg_cache_hold(&inode));
	assert_int_equal(keep(&inode, &good), 0);
	assert_true(eg_cache_hold(&inode));
	assert_true(eg_cache_hold(&inode));
	map(&area, VM_EXEC);
	assert_int_equal(keep(&inode, &good), 0);
	assert_int_equal(eg_cache_writer(&inode, true), EG_CACHE_WRITER_IN_USE);
	assert_int_equal(eg_cache_writer(&inode, false),
			 EG_CACHE_WRITER_IN_USE);
	assert_false(eg_cache_hold(&inode));
	end();
}

/* A writer during a judgement: nothing of it is kept, whichever judgement. */
static void test_watch(void **state)
{
	struct eg_watch first, second, elsewhere;
	u64 epoch = eg_policy_epoch();

	begin();
	eg_cache_watch(&first, &inode);
	eg_cache_watch(&second, &inode);
	eg_cache_watch(&elsewhere, &other);
	assert_int_equal(eg_cache_insert(&first, &good, epoch), 0);
	assert_int_equal(eg_cache_writer(&inode, true), EG_CACHE_WRITER_FREE);
	assert_false(found());
	assert_int_equal(eg_cache_insert(&second, &good, epoch), -ESTALE);
	assert_int_equal(eg_cache_insert(&first, &good, epoch), -ESTALE);
	assert_int_equal(eg_cache_insert(&elsewhere, &good, epoch), 0);
	assert_int_equal(eg_cache_entries(), 1);
	assert_true(eg_cache_unwatch(&first));
	assert_true(eg_cache_unwatch(&second));
	assert_false(eg_cache_unwatch(&elsewhere));
	/* The next one begins anew. */
	assert_int_equal(keep(&inode, &good), 0);
	assert_true(found());
	end();
}

/* One who is refused had write access while it was judged. */
static void test_watch_in_use(void **state)
{
	struct vm_area_struct area;
	struct eg_watch watch;

	begin();
	assert_int_equal(keep(&inode, &good), 0);
	assert_true(eg_cache_hold(&inode));
	map(&area, VM_EXEC);
	eg_cache_watch(&watch, &inode);
	assert_int_equal(eg_cache_writer(&inode, true), EG_CACHE_WRITER_IN_USE);
	assert_true(eg_cache_unwatch(&watch));
	assert_true(found());
	end();
}

/*
 * Its memory has a new life, and our hook was not called: the kernel cleared
 * the mark, so what is known is of another inode.
 */
static void test_another_life(void **state)
{
	struct eg_watch watch;

	begin();
	assert_int_equal(keep(&inode, &good), 0);
	assert_true(eg_cache_hold(&inode));
	inode.i_data.flags = 0;
	assert_false(found());
	assert_int_equal(eg_cache_running_classes(&inode), 0);
	assert_false(eg_cache_hold(&inode));
	assert_int_equal(eg_cache_writer(&inode, true), EG_CACHE_WRITER_FREE);
	eg_cache_forget(&inode);
	eg_cache_watch(&watch, &inode);
	assert_int_equal(eg_cache_entries(), 0);
	assert_false(found());
	assert_false(eg_cache_unwatch(&watch));
	/* A second judgement takes nothing away. */
	assert_int_equal(keep(&inode, &good), 0);
	eg_cache_watch(&watch, &inode);
	assert_true(found());
	assert_false(eg_cache_unwatch(&watch));
	end();
}

static void test_off(void **state)
{
	struct eg_watch watch;

	begin();
	assert_int_equal(keep(&inode, &good), 0);
	eg_cache_watch(&watch, &other);
	eg_cache_enable(false);
	assert_int_equal(eg_cache_entries(), 0);
	assert_false(found());
	assert_int_equal(eg_cache_insert(&watch, &good, eg_policy_epoch()),
			 -ENODEV);
	assert_false(eg_cache_unwatch(&watch));
	assert_int_equal(keep(&inode, &good), -ENODEV);
	eg_cache_enable(true);
	assert_false(found());
	assert_int_equal(keep(&inode, &good), 0);
	assert_true(found());
	end();
}

static void test_no_memory(void **state)
{
	begin();
	shim_fail_allocation(1);
	assert_int_equal(keep(&inode, &good), -ENOMEM);
	assert_false(found());
	shim_fail_allocation(0);
	assert_int_equal(keep(&inode, &good), 0);
	/* What stood stays when its successor has no place. */
	shim_fail_allocation(1);
	assert_int_equal(keep(&inode, &good), -ENOMEM);
	shim_fail_allocation(0);
	assert_true(found());
	end();
	for (shim_fail_allocation(1); eg_cache_init();
	     shim_fail_allocation(shim_allocations() + 1))
		assert_int_equal(shim_allocated(), 0);
	assert_int_equal(shim_allocations(), 2);
	eg_cache_exit();
	assert_int_equal(shim_allocated(), 0);
}

int main(void)
{
	static const struct kernel_case cases[] = {
		KERNEL_CASE(test_many),		KERNEL_CASE(test_keep),
		KERNEL_CASE(test_content),	KERNEL_CASE(test_current),
		KERNEL_CASE(test_epoch),	KERNEL_CASE(test_writers),
		KERNEL_CASE(test_in_use),	KERNEL_CASE(test_hold),
		KERNEL_CASE(test_watch),	KERNEL_CASE(test_off),
		KERNEL_CASE(test_watch_in_use), KERNEL_CASE(test_another_life),
		KERNEL_CASE(test_no_memory),
	};

	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
