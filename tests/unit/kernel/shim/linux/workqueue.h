/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_WORKQUEUE_H
#define SHIM_LINUX_WORKQUEUE_H

#include <linux/kernel.h>

struct work_struct {
	void (*func)(struct work_struct *work);
	bool pending;
};

#define DECLARE_WORK(name, function) \
	struct work_struct name = { .func = (function) }

struct delayed_work {
	struct work_struct work;
};

#define DECLARE_DELAYED_WORK(name, function) \
	struct delayed_work name = { .work.func = (function) }

#define INIT_WORK_ONSTACK(work, function) \
	(*(work) = (struct work_struct){ .func = (function) })
#define destroy_work_on_stack(work) ((void)(work))

/* Pending until shim_run_work(). */
void schedule_work(struct work_struct *work);
void cancel_work_sync(struct work_struct *work);
#define schedule_delayed_work(delayed, ticks) \
	((void)(ticks), schedule_work(&(delayed)->work))
#define cancel_delayed_work_sync(delayed) cancel_work_sync(&(delayed)->work)
void flush_work(struct work_struct *work);

#endif /* SHIM_LINUX_WORKQUEUE_H */
