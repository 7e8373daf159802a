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

#include <linux/blk_types.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>

/*
 * Of linux/blkdev.h, which must not be included: with it the module's BTF gets
 * types of its own where 7.3's are meant, and the kernel refuses the hooks.
 */
typedef unsigned int __bitwise blk_mode_t;
struct blk_holder_ops;
struct file *bdev_file_open_by_dev(dev_t dev, blk_mode_t mode, void *holder,
				   const struct blk_holder_ops *hops);
struct block_device *file_bdev(struct file *bdev_file);
#define BLK_OPEN_READ ((__force blk_mode_t)(1 << 0))

/* Nothing is there that could be written to: the open that asks fails too. */
static bool is_absent(long err)
{
	return err == -ENXIO || err == -ENODEV || err == -ENOMEDIUM;
}

int eg_disk_in_use(dev_t dev)
{
	struct file *file;
	int result;

	/* No holder: this open is in nobody's way. It calls no hook. */
	file = bdev_file_open_by_dev(dev, BLK_OPEN_READ, NULL, NULL);
	if (IS_ERR(file))
		return is_absent(PTR_ERR(file)) ? 0 : PTR_ERR(file);
	result = READ_ONCE(file_bdev(file)->bd_holder) != NULL;
	/* Not later, when the task returns: its own open may be exclusive. */
	__fput_sync(file);
	return result;
}
