/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_SCHED_TASK_H
#define SHIM_LINUX_SCHED_TASK_H

#include <linux/sched.h>

static inline void get_task_struct(struct task_struct *task)
{
	task->references++;
}

static inline void put_task_struct(struct task_struct *task)
{
	BUG_ON(!task->references);
	task->references--;
}

static inline void task_lock(struct task_struct *task)
{
	BUG_ON(!task->references);
	shim_atomic++;
}

static inline void task_unlock(struct task_struct *task)
{
	shim_atomic--;
}

#endif /* SHIM_LINUX_SCHED_TASK_H */
