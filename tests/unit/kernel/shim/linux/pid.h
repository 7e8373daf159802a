/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_PID_H
#define SHIM_LINUX_PID_H

#include <linux/pid_namespace.h>

#endif /* SHIM_LINUX_PID_H */
