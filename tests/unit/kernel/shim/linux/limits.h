/* SPDX-License-Identifier: GPL-2.0 */
/* PATH_MAX is in the kernel's limits.h as well. */
#ifndef SHIM_LINUX_LIMITS_H
#define SHIM_LINUX_LIMITS_H

#include <linux/fs.h>

#endif /* SHIM_LINUX_LIMITS_H */
