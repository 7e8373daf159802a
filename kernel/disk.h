/* SPDX-License-Identifier: GPL-2.0 */
/* Block devices that something else stands on. */
#ifndef EG_DISK_H
#define EG_DISK_H

#include <linux/types.h>

/**
 * eg_disk_in_use() - a file system, swap or another block device is on it
 *
 * On the device, on a partition of it, or on the whole of which it is one.
 * Sleeps: opens the device to read, as its opener is about to do.
 *
 * Return: 1, 0 or an error. A device that is not there is not in use; one that
 * cannot be opened for another reason may be, and its opener may get in.
 */
int eg_disk_in_use(dev_t dev);

#endif /* EG_DISK_H */
