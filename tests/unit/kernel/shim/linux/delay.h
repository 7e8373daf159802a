/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_DELAY_H
#define SHIM_LINUX_DELAY_H

#include "shim.h"

static inline void msleep(unsigned int milliseconds)
{
	shim_may_sleep();
	shim_while_waiting(milliseconds);
}

#endif /* SHIM_LINUX_DELAY_H */
