// SPDX-License-Identifier: GPL-2.0
#include "core/writers.h"

#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/task_work.h>

#include <asm/syscall.h>

#include "cases.h"

#define MMAP 9
#define OPEN 2

static struct inode inode, other;
static struct dentry dentry = { .d_inode = &inode };
static struct file file = { .f_inode = &inode, .f_path.dentry = &dentry };
static struct pt_regs regs = { MMAP };

static void begin(void)
{
	assert_int_equal(eg_writers_init(), 0);
	shim_current.pid = 2;
	shim_current.regs = &regs;
	shim_pids[2].task = &shim_current;
}

/* What becomes of a task that has announced something, and whether it is pending. */
static void stays(void)
{
}

static void leaves(void)
{
	regs.call = OPEN;
}

static void maps_again(void)
{
	assert_true(eg_writers_announce(&inode));
}

static void maps_another(void)
{
	assert_true(eg_writers_announce(&other));
}

static void is_gone(void)
{
	shim_pids[2].task = NULL;
}

static void loses_its_stack(void)
{
	shim_current.regs = NULL;
}

static void has_a_successor(void)
{
	static struct task_struct successor = { .pid = 2, .regs = &regs };

	shim_pids[2].task = &successor;
}

static const struct {
	void (*happens)(void);
	bool pending;
	const char *why;
} fates[] = {
	{ stays, 1, "it is in that call" },
	{ leaves, 0, "it is in another call" },
	{ maps_again, 1, "it maps it again" },
	{ maps_another, 0, "it maps another file" },
	{ is_gone, 0, "it is gone" },
	{ loses_its_stack, 0, "it is dying" },
	{ has_a_successor, 0, "another task has its pid" },
};

static void test_fates(void **state)
{
	size_t i;

	begin();
	for (i = 0; i < ARRAY_SIZE(fates); i++) {
		regs.call = MMAP;
		shim_current.regs = &regs;
		shim_pids[2].task = &shim_current;
		assert_true(eg_writers_announce(&inode));
		expect_equal(eg_writers_announced(&inode), true, fates[i].why);
		fates[i].happens();
		expect_equal(eg_writers_announced(&inode), fates[i].pending,
			     fates[i].why);
	}
	assert_int_equal(shim_rcu, 0);
	assert_int_equal(shim_atomic, 0);
	eg_writers_exit();
}

/* Nobody has announced what is not asked for, nor anything before anybody did. */
static void test_others(void **state)
{
	begin();
	assert_false(eg_writers_announced(&inode));
	assert_false(eg_writers_bridged(&inode));
	assert_true(eg_writers_announce(&inode));
	assert_false(eg_writers_announced(&other));
	assert_true(eg_writers_bridged(&inode));
	assert_false(eg_writers_bridged(&other));
	eg_writers_exit();
}

/* A task without a system call of its own. */
static void test_kernel_threads(void **state)
{
	static const unsigned int flags[] = { PF_KTHREAD, PF_USER_WORKER };
	size_t i;

	begin();
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		shim_current.flags = flags[i];
		assert_false(eg_writers_announce(&inode));
		assert_false(eg_writers_announced(&inode));
	}
	eg_writers_exit();
}

#define TASKS 4096 /* more than there are places */

/* Two tasks of one place: what is pending stays, what is not makes room. */
static void test_places(void **state)
{
	static struct task_struct tasks[TASKS];
	static struct pt_regs here = { MMAP };
	bool refused = false;
	size_t i;

	begin();
	assert_true(eg_writers_announce(&inode));
	for (i = 0; i < TASKS && !refused; i++) {
		tasks[i].pid = 3;
		tasks[i].regs = &here;
		shim_pids[3].task = &tasks[i];
		shim_task = &tasks[i];
		refused = !eg_writers_announce(&other);
		assert_int_equal(eg_writers_announced(&other), !refused);
		assert_int_equal(eg_writers_bridged(&other), !refused);
		assert_true(eg_writers_announced(&inode));
		assert_false(eg_writers_bridged(&inode));
	}
	assert_true(refused);
	leaves();
	assert_true(eg_writers_announce(&other));
	assert_true(eg_writers_announced(&other));
	assert_false(eg_writers_announced(&inode));
	shim_task = &shim_current;
	assert_false(eg_writers_bridged(&inode));
	assert_false(eg_writers_bridged(&other));
	eg_writers_exit();
}

/* The bridge: who has write access, what is asked, what is left of it. */
static void test_bridge(void **state)
{
	static const struct {
		int writers;
		bool exclude;
		bool overlay;
		bool exits;
		int result;
		int meanwhile; /* i_writecount */
		const char *why;
	} rows[] = {
		{ 0, 1, 0, 0, 0, -1, "nobody may write" },
		{ -1, 1, 0, 0, 0, -2, "nor before" },
		{ 1, 1, 0, 0, -EBUSY, 1, "a writer" },
		{ 1, 0, 0, 0, 0, 1, "in audit" },
		{ 0, 1, 1, 0, 0, -1, "below an overlay" },
		{ 1, 0, 1, 0, 0, 1, "the same in audit" },
		{ 0, 1, 1, 1, -EINTR, 0, "a task that exits" },
	};
	struct inode upper = {};
	size_t i;

	begin();
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		file.f_inode = rows[i].overlay ? &upper : &inode;
		inode.i_writecount.counter = rows[i].writers;
		shim_current.flags = rows[i].exits ? PF_EXITING : 0;
		expect_equal(eg_writers_bridge(&file, &inode, rows[i].exclude,
					       GFP_KERNEL),
			     rows[i].result, rows[i].why);
		expect_equal(inode.i_writecount.counter, rows[i].meanwhile,
			     rows[i].why);
		expect_equal(eg_writers_bridged(&inode),
			     rows[i].overlay && !rows[i].result, rows[i].why);
		expect_equal(file.references, !rows[i].result, rows[i].why);
		shim_to_user_mode(&shim_current);
		expect_equal(inode.i_writecount.counter, rows[i].writers,
			     rows[i].why);
		expect_equal(eg_writers_bridged(&inode), false, rows[i].why);
		expect_equal(file.references, 0, rows[i].why);
	}
	shim_current.flags = 0;
	/* All but the spare one are allocated. */
	assert_int_equal(eg_writers_bridge(&file, &inode, true, GFP_KERNEL), 0);
	shim_fail_allocation(1);
	assert_int_equal(eg_writers_bridge(&file, &inode, true, GFP_KERNEL),
			 -ENOMEM);
	shim_to_user_mode(&shim_current);
	eg_writers_exit();
	assert_int_equal(shim_allocated(), 0);
}

static void crosses(unsigned long ticks)
{
	shim_to_user_mode(&shim_current);
}

/* The module waits for whoever is on a bridge. */
static void test_exit_waits(void **state)
{
	begin();
	assert_int_equal(eg_writers_bridge(&file, &inode, true, GFP_KERNEL), 0);
	shim_while_waiting = crosses;
	eg_writers_exit();
	assert_null(shim_current.works);
	assert_int_equal(shim_allocated(), 0);
}

int main(void)
{
	static const struct kernel_case cases[] = {
		KERNEL_CASE(test_fates),	  KERNEL_CASE(test_others),
		KERNEL_CASE(test_kernel_threads), KERNEL_CASE(test_places),
		KERNEL_CASE(test_bridge),	  KERNEL_CASE(test_exit_waits),
	};

	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
