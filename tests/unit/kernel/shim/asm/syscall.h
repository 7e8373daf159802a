/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_ASM_SYSCALL_H
#define SHIM_ASM_SYSCALL_H

#include <linux/sched.h>

struct pt_regs {
	int call;
};

#define task_pt_regs(task) ((task)->regs)

static inline int syscall_get_nr(const struct task_struct *task,
				 const struct pt_regs *regs)
{
	return regs->call;
}

#endif /* SHIM_ASM_SYSCALL_H */
