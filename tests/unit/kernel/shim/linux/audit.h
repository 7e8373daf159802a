/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_AUDIT_H
#define SHIM_LINUX_AUDIT_H

#include <linux/sched.h>

static inline kuid_t audit_get_loginuid(const struct task_struct *task)
{
	return task->loginuid;
}

#endif /* SHIM_LINUX_AUDIT_H */
