// SPDX-License-Identifier: GPL-2.0
/*
 * A verdict is about bytes in the page cache, so a file system qualifies only
 * when those bytes change by write(2) and its kin on this machine and by
 * nothing else. That is a list, not a guess: a file system that is not on it is
 * refused. FUSE, NFS, 9p, virtiofs change content behind the kernel's back;
 * overlayfs maps another file than the one it reads (ARCHITECTURE.md).
 */
#include "filesystem.h"

#include <linux/magic.h>
#include <linux/user_namespace.h>

static const struct eg_filesystem known[] = {
	{ EXT4_SUPER_MAGIC, true },
	{ XFS_SUPER_MAGIC, true },
	{ BTRFS_SUPER_MAGIC, true },
	{ F2FS_SUPER_MAGIC, true },
	{ TMPFS_MAGIC, true },
	{ RAMFS_MAGIC, true },
	{ SQUASHFS_MAGIC, true },
	{ EROFS_SUPER_MAGIC_V1, true },
	/* Inodes are made up at mount time: judged anew at each use. */
	{ MSDOS_SUPER_MAGIC, false },
	{ ISOFS_SUPER_MAGIC, false },
};

enum execgate_reason eg_filesystem_judge(const struct inode *inode,
					 bool *cacheable)
{
	const struct super_block *sb = inode->i_sb;
	size_t i;

	if (!S_ISREG(inode->i_mode))
		return EXECGATE_REASON_NOT_REGULAR;
	/* memfd_create, SysV shared memory: on the kernel's own tmpfs mount. */
	if (sb->s_flags & SB_KERNMOUNT)
		return EXECGATE_REASON_MEMFD;
	/* Mounted in a user namespace: its owner is not this machine's root. */
	if (sb->s_user_ns != &init_user_ns)
		return EXECGATE_REASON_UNTRUSTED_FS;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		if (sb->s_magic == known[i].magic) {
			*cacheable = known[i].cacheable;
			return EXECGATE_REASON_ALLOWED;
		}
	}
	return EXECGATE_REASON_UNTRUSTED_FS;
}
