/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_TIMEKEEPING_H
#define SHIM_LINUX_TIMEKEEPING_H

#include <linux/types.h>

#include "shim.h"

static inline u64 ktime_get_real_ns(void)
{
	return (u64)shim_now * 1000000000;
}

static inline time64_t ktime_get_real_seconds(void)
{
	return shim_now;
}

#endif /* SHIM_LINUX_TIMEKEEPING_H */
