// SPDX-License-Identifier: GPL-2.0
/*
 * A hook may not take the lock under which hooks are attached: whoever has it may
 * wait for hooks to be over. So a worker takes it, and the hook waits for the worker,
 * but not for ever: the gate may be turned off meanwhile, which waits for the hook.
 */
#include "rules/need.h"

#include <linux/errno.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "rules/origin.h"

static void (*attach_hooks)(void);
static unsigned int attempts; /* that are over; written by the worker */
static DECLARE_WAIT_QUEUE_HEAD(waiters);

static void attach_in_worker(struct work_struct *work)
{
	attach_hooks();
	WRITE_ONCE(attempts, attempts + 1);
	wake_up_all(&waiters);
}

static DECLARE_WORK(attach_work, attach_in_worker);

void eg_need_init(void (*attach)(void))
{
	attach_hooks = attach;
}

void eg_need_exit(void)
{
	cancel_work_sync(&attach_work);
}

int eg_need_rules(void)
{
	unsigned int before = READ_ONCE(attempts);
	long left;

	if (eg_origin_wanted())
		return 0;
	schedule_work(&attach_work);
	left = wait_event_killable_timeout(
		waiters, eg_origin_wanted() || READ_ONCE(attempts) != before,
		EG_NEED_SECONDS * HZ);
	if (left < 0)
		return -EINTR;
	return eg_origin_wanted() ? 0 : -EAGAIN;
}
