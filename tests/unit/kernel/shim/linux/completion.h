/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_COMPLETION_H
#define SHIM_LINUX_COMPLETION_H

#include <linux/kernel.h>

#include <linux/sched.h>

struct completion {
	bool done;
};

static inline void init_completion(struct completion *c)
{
	c->done = false;
}

static inline void complete(struct completion *c)
{
	c->done = true;
}

/* While it waits, shim_while_waiting() is what the others do. */
static inline long wait_for_completion_killable_timeout(struct completion *c,
							unsigned long ticks)
{
	shim_may_sleep();
	if (!c->done)
		shim_while_waiting(ticks);
	if (shim_current.killed)
		return -ERESTARTSYS;
	return c->done;
}

#endif /* SHIM_LINUX_COMPLETION_H */
