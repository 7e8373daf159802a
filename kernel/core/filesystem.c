// SPDX-License-Identifier: GPL-2.0
/*
 * A verdict is about bytes in the page cache, so a file system qualifies only
 * when those bytes change by write(2) and its kin on this machine and by
 * nothing else. That is a list, not a guess: a file system that is not on it is
 * refused. FUSE, NFS, 9p, virtiofs change content behind the kernel's back.
 *
 * overlayfs has no pages: it reads and maps files of its layers, so those are
 * judged, and the layer's file system must be on the list. Reads go to the file
 * that has the data now (d_real()), mappings to the one that had them when the
 * overlay's file was opened. The two differ after the file was copied up, which
 * anybody who may chmod it can bring about, so what is judged is held against
 * what is mapped when that is known for certain (eg_hook_mmap_backing()).
 *
 * A mount in a user namespace is not this machine's root's. That matters where its owner
 * changes bytes by other means than others have. An overlay has no bytes of its own, and
 * the options that an owner has (userxattr) lead to layers all the same. The bytes of
 * tmpfs and ramfs are in memory alone, and their owner writes them as everybody does.
 * All other file systems have something below, which the owner may hold in his hands.
 */
#include "core/filesystem.h"

#include <linux/blk_types.h>
#include <linux/dcache.h>
#include <linux/magic.h>
#include <linux/major.h>
#include <linux/mount.h>
#include <linux/user_namespace.h>

#include "core/memory.h"

static const struct eg_filesystem known[] = {
	{ EXT4_SUPER_MAGIC, .cacheable = true, .on_disk = true },
	{ XFS_SUPER_MAGIC, .cacheable = true, .on_disk = true },
	{ BTRFS_SUPER_MAGIC, .cacheable = true, .on_disk = true },
	{ F2FS_SUPER_MAGIC, .cacheable = true, .on_disk = true },
	{ TMPFS_MAGIC, .cacheable = true, .on_disk = false, .anyones = true },
	{ RAMFS_MAGIC, .cacheable = true, .on_disk = false, .anyones = true },
	{ SQUASHFS_MAGIC, .cacheable = true, .on_disk = true },
	{ EROFS_SUPER_MAGIC_V1, .cacheable = true, .on_disk = true },
	/* Inodes are made up at mount time: judged anew at each use. */
	{ MSDOS_SUPER_MAGIC, .cacheable = false, .on_disk = true },
	{ ISOFS_SUPER_MAGIC, .cacheable = false, .on_disk = true },
};

/*
 * A memfd that is sealed. The seals are looked at before its content is, and stay,
 * so its verdict is one of bytes that nothing changes, whoever has it open.
 */
static const struct eg_filesystem sealed_memory = {
	TMPFS_MAGIC,
	.cacheable = true,
	.on_disk = false,
};

/* Written before the mode is, and never while a hook needs it. */
static bool judge_overlays;

void eg_filesystem_judge_overlays(bool judge)
{
	WRITE_ONCE(judge_overlays, judge);
}

bool eg_filesystem_stacked(const struct inode *inode)
{
	return READ_ONCE(judge_overlays) &&
	       inode->i_sb->s_magic == OVERLAYFS_SUPER_MAGIC;
}

struct inode *eg_filesystem_real_inode(const struct file *file)
{
	struct inode *inode = file_inode(file);

	/* The layers are those of the overlay's inode, which the file holds. */
	if (eg_filesystem_stacked(inode) && S_ISREG(inode->i_mode))
		return d_real_inode(file->f_path.dentry);
	return inode;
}

struct inode *eg_filesystem_layer_inode(const struct file *file)
{
	struct inode *inode = file_inode(file);

	if (eg_filesystem_stacked(inode) && S_ISREG(inode->i_mode))
		return d_backing_inode(
			d_real(file->f_path.dentry, D_REAL_METADATA));
	return inode;
}

struct dentry *eg_filesystem_layer_dentry(struct dentry *dentry)
{
	const struct inode *inode = d_backing_inode(dentry);

	if (inode && eg_filesystem_stacked(inode) && S_ISREG(inode->i_mode))
		return d_real(dentry, D_REAL_METADATA);
	return dentry;
}

/* Mounted in a user namespace: its owner is not this machine's root. */
static bool is_users(const struct super_block *sb)
{
	return sb->s_user_ns != &init_user_ns;
}

/*
 * The image under a loop device is a file: whoever may write to it changes the
 * files inside without a hook, and can have their pages dropped and read anew.
 * Whose it is cannot be seen from here. But desktops mount any image that their
 * user names (udisks), and then with nosuid, because root does not vouch for
 * it; images that are root's choice (snaps) are mounted without. How a layer of an
 * overlay is mounted is not known here, so a user's overlay counts as nosuid.
 */
static bool on_users_image(const struct file *file, const struct inode *inode)
{
	const struct block_device *bdev = inode->i_sb->s_bdev;
	const struct device *disk;

	if (!bdev || !(file->f_path.mnt->mnt_flags & MNT_NOSUID ||
		       is_users(file_inode(file)->i_sb)))
		return false;
	/* A partition's parent is its disk, which the mount keeps. */
	disk = bdev->bd_device.parent;
	return MAJOR(bdev->bd_dev) == LOOP_MAJOR ||
	       (disk && MAJOR(disk->devt) == LOOP_MAJOR);
}

enum execgate_reason eg_filesystem_judge(const struct file *file,
					 const struct inode *inode,
					 const struct eg_filesystem **type)
{
	const struct super_block *sb = inode->i_sb;
	size_t i;

	if (!S_ISREG(inode->i_mode))
		return EXECGATE_REASON_NOT_REGULAR;
	/* memfd_create, SysV shared memory: on the kernel's own tmpfs mount. */
	if (sb->s_flags & SB_KERNMOUNT) {
		*type = &sealed_memory;
		return eg_memory_sealed(inode) ? EXECGATE_REASON_ALLOWED :
						 EXECGATE_REASON_MEMFD;
	}
	/* Mapped from a device (DAX), where others may write, not cached. */
	if (IS_DAX(inode))
		return EXECGATE_REASON_UNTRUSTED_FS;

	if (on_users_image(file, inode))
		return EXECGATE_REASON_UNTRUSTED_FS;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		if (sb->s_magic != known[i].magic)
			continue;
		if (is_users(sb) && !known[i].anyones)
			break;
		*type = &known[i];
		return EXECGATE_REASON_ALLOWED;
	}
	return EXECGATE_REASON_UNTRUSTED_FS;
}
