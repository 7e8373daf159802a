// SPDX-License-Identifier: GPL-2.0
#include "core/memory.h"

#include <linux/dcache.h>
#include <linux/fcntl.h>
#include <linux/magic.h>
#include <linux/major.h>
#include <linux/shmem_fs.h>
#include <linux/string.h>

#define ZERO_MINOR 5 /* /dev/zero, Documentation/admin-guide/devices.txt */

/*
 * The kernel names these files itself, and nobody renames what no directory has.
 * A memfd is called "memfd:" and what its owner likes, System V memory "SYSV" and
 * its key, so neither can pass for the others.
 */
static bool is_called(const struct file *file, const char *name)
{
	const struct qstr *called = &file->f_path.dentry->d_name;

	return called->len == strlen(name) &&
	       !memcmp(called->name, name, called->len);
}

enum eg_memory eg_memory_kind(const struct file *file)
{
	const struct inode *inode = file_inode(file);

	if (S_ISCHR(inode->i_mode))
		return inode->i_rdev == MKDEV(MEM_MAJOR, ZERO_MINOR) ?
			       EG_MEMORY_DEVICE :
			       EG_MEMORY_FILE;
	if (!S_ISREG(inode->i_mode) || !(inode->i_sb->s_flags & SB_KERNMOUNT))
		return EG_MEMORY_FILE;
	/* The names that mmap(2) gives: shmem_zero_setup(), HUGETLB_ANON_FILE. */
	if (shmem_mapping(inode->i_mapping) ?
		    is_called(file, "dev/zero") :
		    inode->i_sb->s_magic == HUGETLBFS_MAGIC &&
			    is_called(file, "anon_hugepage"))
		return EG_MEMORY_ANONYMOUS;
	return EG_MEMORY_PASSED;
}

/*
 * The kernel grants the seal against writing under the inode's lock, which every
 * write holds, once there is neither a shared writable mapping nor a reference to
 * a page that is not accounted for (memfd_wait_for_pins()), so that what was
 * pinned before cannot write after. F_SEAL_FUTURE_WRITE promises less: mappings
 * from before go on writing. So who sees all seals sees the final content; the
 * seals are written after it, and read before it is.
 */
bool eg_memory_sealed(const struct inode *inode)
{
	const unsigned int all = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW |
				 F_SEAL_WRITE;
	const struct shmem_inode_info *info;

	if (!shmem_mapping(inode->i_mapping))
		return false;
	info = container_of(inode, struct shmem_inode_info, vfs_inode);
	return (smp_load_acquire(&info->seals) & all) == all;
}
