/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_MUTEX_H
#define SHIM_LINUX_MUTEX_H

#include <linux/kernel.h>

#include "shim.h"

struct mutex {
	bool held;
};

#define __MUTEX_INITIALIZER(name) { false }
#define DEFINE_MUTEX(name) struct mutex name

static inline void mutex_lock(struct mutex *lock)
{
	shim_may_sleep();
	BUG_ON(lock->held);
	lock->held = true;
}

static inline void mutex_unlock(struct mutex *lock)
{
	BUG_ON(!lock->held);
	lock->held = false;
}

#endif /* SHIM_LINUX_MUTEX_H */
