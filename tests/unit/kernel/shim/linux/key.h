/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_KEY_H
#define SHIM_LINUX_KEY_H

#include <linux/types.h>

struct key;

#endif /* SHIM_LINUX_KEY_H */
