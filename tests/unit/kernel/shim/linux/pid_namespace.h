/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_PID_NAMESPACE_H
#define SHIM_LINUX_PID_NAMESPACE_H

#include <linux/sched.h>

struct pid {
	struct task_struct *task;
};

struct pid_namespace {
	struct pid first;
};

extern struct pid_namespace init_pid_ns;

static inline struct pid_namespace *
task_active_pid_ns(const struct task_struct *task)
{
	return task->pid_ns ?: &init_pid_ns;
}

enum pid_type { PIDTYPE_PID, PIDTYPE_TGID };

/* In the initial namespace, by number; [1] is the first of any other. */
#define SHIM_PIDS 8
extern struct pid shim_pids[SHIM_PIDS];

static inline struct pid *find_pid_ns(int number, struct pid_namespace *ns)
{
	BUG_ON(number < 1 || number >= SHIM_PIDS || !shim_rcu);
	return number == 1 ? &ns->first : &shim_pids[number];
}

static inline struct task_struct *pid_task(struct pid *pid, enum pid_type type)
{
	BUG_ON(!shim_rcu);
	return pid->task;
}

#endif /* SHIM_LINUX_PID_NAMESPACE_H */
