// SPDX-License-Identifier: GPL-2.0
/*
 * There is no way for a module to ask which file systems are mounted, but
 * whoever builds on a block device claims it, as open(2) with O_EXCL does: file
 * systems, swap, device mapper, MD. A claim marks the whole disk as well, so
 * that it answers for its partitions.
 *
 * The claim is read without a lock. What is claimed a moment later was opened
 * before it was mounted, and that is a limit anyhow (docs/limits.md).
 */
#include "disk.h"

#include <linux/blkdev.h>
#include <linux/file.h>

static bool claimed(const struct block_device *bdev)
{
	const struct block_device *whole = bdev_whole(bdev);

	if (READ_ONCE(bdev->bd_holder))
		return true;
	/* A partition marks the whole disk without operations of its own. */
	return bdev != whole && READ_ONCE(whole->bd_holder_ops);
}

int eg_disk_in_use(dev_t dev)
{
	struct file *file;
	int result;

	/* No holder: this open is in nobody's way. It calls no hook. */
	file = bdev_file_open_by_dev(dev, BLK_OPEN_READ, NULL, NULL);
	if (IS_ERR(file))
		return PTR_ERR(file) == -ENOMEM ? -ENOMEM : 0;
	result = claimed(file_bdev(file));
	/* Not later, when the task returns: its own open may be exclusive. */
	__fput_sync(file);
	return result;
}
