/* SPDX-License-Identifier: GPL-2.0 */
/* Block devices that something else stands on, and other ways to their bytes. */
#ifndef EG_DISK_H
#define EG_DISK_H

#include <linux/fs.h>

/* Return: 0, or -errno when this kernel's sysfs cannot be looked into. */
int eg_disk_init(void);
void eg_disk_exit(void);

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

/**
 * eg_disk_shares() - a disk below this device is in use by way of another one
 * @certain: only if the two must overlap, by their sizes
 *
 * Device mapper lets many devices stand on one disk; whether two of them show the
 * same bytes it tells nobody in the kernel. When all that stand on a disk are
 * together larger than the disk is, two of them do.
 *
 * Return: 1, 0 or an error, which may hide a yes.
 */
int eg_disk_shares(dev_t dev, bool certain);

/* The whole of which it is a partition, or itself. Return: 0 or an error. */
int eg_disk_whole(dev_t dev, dev_t *whole);

/* A character device that takes commands for a disk: sg, bsg, NVMe. */
bool eg_disk_is_passthrough(dev_t dev);

/* Is a loop device made of this file right now? */
bool eg_disk_is_image(const struct file *file);

#endif /* EG_DISK_H */
