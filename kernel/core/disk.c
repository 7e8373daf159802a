// SPDX-License-Identifier: GPL-2.0
/*
 * There is no way for a module to ask which file systems are mounted, but
 * whoever builds on a block device claims it, as open(2) with O_EXCL does: file
 * systems, swap, device mapper, MD. So the question is whether the device could be
 * claimed: by the kernel's own rules a claim of a partition stands in the way of one
 * of the whole disk, and the other way round. Others who want to claim it meanwhile
 * wait for the answer, and do not fail.
 *
 * A device that is claimed a moment later was opened before it was mounted, and
 * that is a limit anyhow (docs/limits.md).
 */
#include "core/disk.h"

#include <linux/blk_types.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/kdev_t.h>
#include <linux/major.h>
#include <linux/pagemap.h>
#include <linux/slab.h>

#include "core/disk_sysfs.h"

/*
 * From linux/blkdev.h, which must not be included: with it the module's BTF gets
 * types of its own where 7.3's are meant, and the kernel refuses the hooks.
 */
typedef unsigned int __bitwise blk_mode_t;
struct blk_holder_ops;
struct file *bdev_file_open_by_dev(dev_t dev, blk_mode_t mode, void *holder,
				   const struct blk_holder_ops *hops);
struct block_device *file_bdev(struct file *bdev_file);
int bd_prepare_to_claim(struct block_device *bdev, void *holder,
			const struct blk_holder_ops *hops);
void bd_abort_claiming(struct block_device *bdev, void *holder);
#define BLK_OPEN_READ ((__force blk_mode_t)(1 << 0))

/* Nothing is there that could be written to: the open that asks fails too. */
static bool is_absent(long err)
{
	return err == -ENXIO || err == -ENODEV || err == -ENOMEDIUM;
}

int eg_disk_in_use(dev_t dev)
{
	struct block_device *bdev;
	struct file *file;
	int err;

	/* No holder: this open is in nobody's way. It calls no hook. */
	file = bdev_file_open_by_dev(dev, BLK_OPEN_READ, NULL, NULL);
	if (IS_ERR(file))
		return is_absent(PTR_ERR(file)) ? 0 : PTR_ERR(file);
	bdev = file_bdev(file);
	/* The holder is who asks, so that two who ask at once are two. */
	err = bd_prepare_to_claim(bdev, &bdev, NULL);
	if (!err)
		bd_abort_claiming(bdev, &bdev);
	/* Not later, when the task returns: its own open may be exclusive. */
	__fput_sync(file);
	return err == -EBUSY ? 1 : err;
}

/* Deeper than anybody builds; what is deeper is an error. */
#define DEPTH_MAX 8

/* A walk down from one device: two lists a level, and the paths to them. */
struct walk {
	bool certain;
	char path[EG_SYSFS_PATH];
	char attribute[EG_SYSFS_PATH + 2 * EG_SYSFS_NAME];
	char text[EG_SYSFS_NAME];
	struct eg_sysfs_names holders;
	struct eg_sysfs_names below[DEPTH_MAX];
};

/* A number in an attribute of PATH/NAME: its size in sectors. */
static int read_size(struct walk *walk, const char *name, u64 *size)
{
	int err;

	snprintf(walk->attribute, sizeof(walk->attribute), "%s/%s/size",
		 walk->path, name);
	err = eg_sysfs_read(walk->attribute, walk->text, sizeof(walk->text));
	return err ?: kstrtou64(strim(walk->text), 10, size);
}

static int read_dev(const char *path, char *text, dev_t *dev)
{
	unsigned int major, minor;
	int err = eg_sysfs_read(path, text, EG_SYSFS_NAME);

	if (err)
		return err;
	if (sscanf(text, "%u:%u", &major, &minor) != 2)
		return -EIO;
	*dev = MKDEV(major, minor);
	return 0;
}

/*
 * PATH is a disk on which @upper stands: is it in use by way of another one that
 * does? The path is left as it was.
 */
static int is_shared(struct walk *walk, dev_t upper)
{
	size_t length = strlen(walk->path), i;
	u64 all = 0, one = 0, disk = 0;
	bool used = false;
	dev_t dev;
	int err;

	err = read_size(walk, ".", &disk);
	if (err)
		return err;
	strlcat(walk->path, "/holders", sizeof(walk->path));
	err = eg_sysfs_list(walk->path, &walk->holders);
	if (!err && walk->holders.more)
		err = -E2BIG;
	for (i = 0; i < walk->holders.count && !err; i++) {
		const char *name = walk->holders.name[i];

		snprintf(walk->attribute, sizeof(walk->attribute), "%s/%s/dev",
			 walk->path, name);
		err = read_dev(walk->attribute, walk->text, &dev) ?:
			      read_size(walk, name, &one);
		if (err)
			break;
		all += one;
		if (dev == upper || used)
			continue;
		err = eg_disk_in_use(dev);
		used = err > 0;
		err = min(err, 0);
	}
	walk->path[length] = '\0';
	return err ?: used && (!walk->certain || all > disk);
}

/* PATH is a device: ask about each disk below, and what is below those. */
static int walk_down(struct walk *walk, dev_t upper, unsigned int depth)
{
	struct eg_sysfs_names *below = &walk->below[depth];
	size_t length = strlen(walk->path), i;
	dev_t dev;
	int found;

	strlcat(walk->path, "/slaves", sizeof(walk->path));
	found = eg_sysfs_list(walk->path, below);
	/* A partition has no such folder, and stands on nothing but its disk. */
	if (found == -ENOENT)
		found = 0;
	else if (!found && below->more)
		found = -E2BIG;
	for (i = 0; i < below->count && !found; i++) {
		size_t at = strlen(walk->path);

		strlcat(walk->path, "/", sizeof(walk->path));
		if (strlcat(walk->path, below->name[i], sizeof(walk->path)) +
			    sizeof("/holders") >
		    sizeof(walk->path)) {
			found = -ENAMETOOLONG;
			break;
		}
		found = is_shared(walk, upper);
		if (!found) {
			snprintf(walk->attribute, sizeof(walk->attribute),
				 "%s/dev", walk->path);
			found = read_dev(walk->attribute, walk->text, &dev);
		}
		if (!found)
			found = depth + 1 < DEPTH_MAX ?
					walk_down(walk, dev, depth + 1) :
					-ELOOP;
		walk->path[at] = '\0';
	}
	walk->path[length] = '\0';
	return found;
}

int eg_disk_shares(dev_t dev, bool certain)
{
	struct walk *walk = kvmalloc(sizeof(*walk), GFP_KERNEL);
	int result;

	if (!walk)
		return -ENOMEM;
	walk->certain = certain;
	snprintf(walk->path, sizeof(walk->path), "dev/block/%u:%u", MAJOR(dev),
		 MINOR(dev));
	result = walk_down(walk, dev, 0);
	kvfree(walk);
	return result;
}

int eg_disk_whole(dev_t dev, dev_t *whole)
{
	char path[64], text[EG_SYSFS_NAME];
	int err;

	*whole = dev;
	snprintf(path, sizeof(path), "dev/block/%u:%u/partition", MAJOR(dev),
		 MINOR(dev));
	err = eg_sysfs_read(path, text, sizeof(text));
	if (err)
		return err == -ENOENT ? 0 : err;
	snprintf(path, sizeof(path), "dev/block/%u:%u/../dev", MAJOR(dev),
		 MINOR(dev));
	return read_dev(path, text, whole);
}

bool eg_disk_is_passthrough(dev_t dev)
{
	static const char *const classes[] = { "scsi_generic", "bsg", "nvme",
					       "nvme-generic" };
	char path[64], class[EG_SYSFS_NAME];

	/* Numbers that the kernel gives to drivers as they come, and that of sg. */
	if (MAJOR(dev) != SCSI_GENERIC_MAJOR &&
	    MAJOR(dev) < CHRDEV_MAJOR_DYN_END)
		return false;
	snprintf(path, sizeof(path), "dev/char/%u:%u/subsystem", MAJOR(dev),
		 MINOR(dev));
	return !eg_sysfs_name(path, class, sizeof(class)) &&
	       match_string(classes, ARRAY_SIZE(classes), class) >= 0;
}

/*
 * A loop device's own reads and writes must not wait for I/O again,
 * so it forbids that to the file's page cache. Nothing else does.
 */
bool eg_disk_is_image(const struct file *file)
{
	return !(mapping_gfp_mask(file->f_mapping) & __GFP_IO);
}

int eg_disk_init(void)
{
	return eg_sysfs_init();
}

void eg_disk_exit(void)
{
	eg_sysfs_exit();
}
