/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_BLK_TYPES_H
#define SHIM_LINUX_BLK_TYPES_H

#include <linux/kdev_t.h>
#include <linux/types.h>

struct device {
	struct device *parent;
	u32 devt;
};

struct block_device {
	u32 bd_dev;
	struct device bd_device;
};

#endif /* SHIM_LINUX_BLK_TYPES_H */
