/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_DCACHE_H
#define SHIM_LINUX_DCACHE_H

#include <linux/fs.h>

#endif /* SHIM_LINUX_DCACHE_H */
