/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_SCHED_H
#define SHIM_LINUX_SCHED_H

#include <linux/kernel.h>
#include <linux/timekeeping.h>
#include <linux/types.h>

#include "shim.h"

#define TASK_COMM_LEN 16

typedef struct {
	u32 val;
} kuid_t;

struct user_namespace;

struct cred {
	kuid_t uid;
	kuid_t euid;
	kuid_t suid;
	kuid_t fsuid;
	unsigned int securebits;
	struct user_namespace *user_ns;
};

struct cgroup;

struct page;

struct mm_struct {
	struct file *exe_file;
	unsigned long arg_start;
	unsigned long arg_end;
	unsigned long words; /* memory that is there, of the test's */
	unsigned long words_end;
	struct page *pages[4];
	int locked;
};

struct task_struct {
	struct mm_struct *mm;
	const struct cred *cred;
	struct fs_struct *fs;
	struct cgroup *cgroup;
	int references; /* beside those of a living process */
	int pid;
	int tgid;
	char comm[TASK_COMM_LEN];
	bool killed;
	struct task_struct *group_leader;
	int threads; /* of its process; 0: one */
	unsigned int flags;
	struct pid_namespace *pid_ns; /* NULL: the initial one */
	struct task_struct *real_parent;
	kuid_t loginuid;
	const struct pt_regs *regs;  /* of user mode; NULL: its stack is gone */
	struct callback_head *works; /* done on its way to user mode */
};

#define PF_EXITING 0x4
#define PF_USER_WORKER 0x4000
#define PF_KTHREAD 0x200000

#define CLONE_VM 0x100
#define CLONE_THREAD 0x10000

/* Who runs; &shim_current unless a test says otherwise. */
extern struct task_struct shim_current;
extern struct task_struct *shim_task;
#define current shim_task

static inline int get_nr_threads(const struct task_struct *task)
{
	return task->threads ? task->threads : 1;
}

static inline int task_pid_nr(const struct task_struct *task)
{
	return task->pid;
}

static inline int task_tgid_nr(const struct task_struct *task)
{
	return task->tgid;
}

static inline bool fatal_signal_pending(const struct task_struct *task)
{
	return task->killed;
}

static inline void cond_resched(void)
{
	shim_may_sleep();
}

#endif /* SHIM_LINUX_SCHED_H */
