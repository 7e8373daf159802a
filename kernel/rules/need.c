// SPDX-License-Identifier: GPL-2.0
/*
 * A hook may not take the lock under which hooks are attached: whoever has it may
 * wait for hooks to be over. So a worker takes it, and the hook waits for the worker,
 * but not for ever: the gate may be turned off meanwhile, which waits for the hook.
 */
#include "rules/need.h"

#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "rules/origin.h"

static void (*attach_hooks)(bool reads);
static bool have_reads;
static bool want_reads; /* somebody waits for them, or has */
static atomic_t asked = ATOMIC_INIT(0);
static int answered; /* up to which of those; written by the worker */
static DECLARE_WAIT_QUEUE_HEAD(waiters);

static void attach_in_worker(struct work_struct *work)
{
	/* Before the look at what is wanted: an attempt answers those before it only. */
	int upto = atomic_read_acquire(&asked);

	attach_hooks(READ_ONCE(want_reads));
	WRITE_ONCE(answered, upto);
	wake_up_all(&waiters);
}

static DECLARE_WORK(attach_work, attach_in_worker);

void eg_need_init(void (*attach)(bool reads))
{
	attach_hooks = attach;
}

void eg_need_exit(void)
{
	cancel_work_sync(&attach_work);
}

void eg_need_have_reads(bool have)
{
	WRITE_ONCE(have_reads, have);
	if (!have)
		WRITE_ONCE(want_reads, false);
}

bool eg_need_has_reads(void)
{
	return READ_ONCE(have_reads);
}

static bool is_met(bool reads)
{
	return eg_origin_wanted() && (!reads || eg_need_has_reads());
}

int eg_need_rules(bool reads)
{
	long left;
	int mine;

	if (is_met(reads))
		return 0;
	if (reads)
		WRITE_ONCE(want_reads, true);
	mine = atomic_inc_return(&asked);
	schedule_work(&attach_work);
	left = wait_event_killable_timeout(
		waiters, is_met(reads) || READ_ONCE(answered) - mine >= 0,
		EG_NEED_SECONDS * HZ);
	if (left < 0)
		return -EINTR;
	return is_met(reads) ? 0 : -EAGAIN;
}
