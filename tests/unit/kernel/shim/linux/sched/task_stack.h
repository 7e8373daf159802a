/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_SCHED_TASK_STACK_H
#define SHIM_LINUX_SCHED_TASK_STACK_H

#include <linux/sched.h>

#endif /* SHIM_LINUX_SCHED_TASK_STACK_H */
