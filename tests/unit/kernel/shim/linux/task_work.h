/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_TASK_WORK_H
#define SHIM_LINUX_TASK_WORK_H

#include <linux/errno.h>
#include <linux/sched.h>

#define TWA_RESUME 1

static inline void init_task_work(struct callback_head *work,
				  void (*func)(struct callback_head *work))
{
	work->func = func;
}

static inline int task_work_add(struct task_struct *task,
				struct callback_head *work, int notify)
{
	if (task->flags & PF_EXITING)
		return -ESRCH;
	work->next = task->works;
	task->works = work;
	return 0;
}

static inline void shim_to_user_mode(struct task_struct *task)
{
	struct callback_head *work;

	while ((work = task->works)) {
		task->works = work->next;
		work->func(work);
	}
}

#endif /* SHIM_LINUX_TASK_WORK_H */
