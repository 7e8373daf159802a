// SPDX-License-Identifier: GPL-2.0
/* The file system that a file is on, and who mounted it. */
#include "gate.h"

#include <linux/blk_types.h>
#include <linux/kernel.h>
#include <linux/magic.h>
#include <linux/major.h>
#include <linux/mount.h>

#include "core/cache.h"
#include "core/filesystem.h"
#include "cases.h"
#include "gated.h"
#include "support.h"

/* The image under a loop device, or a partition of it, that a user may write to. */
static void judge_images(struct super_block *sb)
{
	static const struct {
		u32 device, disk;
		int flags;
		bool users;
		enum execgate_reason reason;
		const char *why;
	} rows[] = {
		{ MKDEV(LOOP_MAJOR, 1), 0, MNT_NOSUID, false, R(UNTRUSTED_FS),
		  "a user's image" },
		{ MKDEV(LOOP_MAJOR, 1), 0, 0, false, R(ALLOWED),
		  "root's image" },
		{ MKDEV(LOOP_MAJOR, 1), 0, 0, true, R(UNTRUSTED_FS),
		  "an image below a user's overlay" },
		{ MKDEV(259, 1), MKDEV(LOOP_MAJOR, 1), MNT_NOSUID, false,
		  R(UNTRUSTED_FS), "a partition of a user's image" },
		{ MKDEV(259, 1), MKDEV(LOOP_MAJOR, 1), 0, true, R(UNTRUSTED_FS),
		  "a partition of an image below a user's overlay" },
		{ MKDEV(259, 1), MKDEV(259, 0), MNT_NOSUID, false, R(ALLOWED),
		  "a partition of a disk" },
		{ MKDEV(8, 0), 0, MNT_NOSUID, false, R(ALLOWED), "a disk" },
		{ MKDEV(8, 0), 0, 0, true, R(ALLOWED),
		  "a disk below a user's overlay" },
	};
	struct user_namespace theirs;
	struct super_block overlay = { .s_magic = OVERLAYFS_SUPER_MAGIC };
	struct inode upper = { .i_sb = &overlay, .i_mode = S_IFREG };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct device disk = { .devt = rows[i].disk };
		struct block_device bdev = { .bd_dev = rows[i].device };
		struct vfsmount mount = { .mnt_flags = rows[i].flags };

		if (rows[i].disk)
			bdev.bd_device.parent = &disk;
		sb->s_bdev = &bdev;
		overlay.s_user_ns = rows[i].users ? &theirs : &init_user_ns;
		file.f_inode = rows[i].users ? &upper : &inode;
		file.f_path.dentry->real = rows[i].users ? &inode : NULL;
		file.f_path.mnt = &mount;
		expect_equal(eg_gate_admit(&req), rows[i].reason ? -EPERM : 0,
			     rows[i].why);
		expect_told(rows[i].reason, ENFORCE, rows[i].why);
		eg_cache_forget(&inode);
	}
	sb->s_bdev = NULL;
	file.f_inode = &inode;
	file.f_path.dentry->real = NULL;
}

/* Mounted in a user namespace: itself, and as the layer of an overlay, of whomever. */
static void judge_mounts(struct super_block *sb)
{
	static const struct {
		unsigned long magic;
		bool users, overlay, users_overlay;
		enum execgate_reason reason;
		const char *why;
	} rows[] = {
		{ EXT4_SUPER_MAGIC, true, false, false, R(UNTRUSTED_FS),
		  "a user's own disk" },
		{ TMPFS_MAGIC, true, false, false, R(ALLOWED), "their tmpfs" },
		{ RAMFS_MAGIC, true, false, false, R(ALLOWED), "their ramfs" },
		{ NFS_SUPER_MAGIC, true, false, false, R(UNTRUSTED_FS),
		  "their network" },
		{ EXT4_SUPER_MAGIC, false, true, true, R(ALLOWED),
		  "their overlay over a disk of ours" },
		{ EXT4_SUPER_MAGIC, true, true, true, R(UNTRUSTED_FS),
		  "their overlay over a disk of theirs" },
		{ TMPFS_MAGIC, true, true, true, R(ALLOWED),
		  "their overlay over their tmpfs" },
		{ NFS_SUPER_MAGIC, false, true, true, R(UNTRUSTED_FS),
		  "their overlay over our network" },
		{ EXT4_SUPER_MAGIC, true, true, false, R(UNTRUSTED_FS),
		  "our overlay over a disk of theirs" },
		{ EXT4_SUPER_MAGIC, false, true, false, R(ALLOWED),
		  "our overlay over a disk of ours" },
	};
	struct user_namespace theirs;
	struct super_block overlay = { .s_magic = OVERLAYFS_SUPER_MAGIC };
	struct inode upper = { .i_sb = &overlay, .i_mode = S_IFREG };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		sb->s_magic = rows[i].magic;
		sb->s_user_ns = rows[i].users ? &theirs : &init_user_ns;
		overlay.s_user_ns = rows[i].users_overlay ? &theirs :
							    &init_user_ns;
		file.f_inode = rows[i].overlay ? &upper : &inode;
		file.f_path.dentry->real = rows[i].overlay ? &inode : NULL;
		expect_equal(eg_gate_admit(&req), rows[i].reason ? -EPERM : 0,
			     rows[i].why);
		expect_told(rows[i].reason, ENFORCE, rows[i].why);
		eg_cache_forget(&inode);
	}
	/* Kernels whose hooks do not tell of layers. */
	eg_filesystem_judge_overlays(false);
	req.inode = eg_filesystem_real_inode(&file);
	assert_ptr_equal(req.inode, &upper);
	assert_int_equal(eg_gate_admit(&req), -EPERM);
	expect_told(R(UNTRUSTED_FS), ENFORCE,
		    "an overlay that nobody sees into");
	eg_filesystem_judge_overlays(true);
	req.inode = &inode;
	file.f_inode = &inode;
	file.f_path.dentry->real = NULL;
}

static void test_other_places(void **state)
{
	struct super_block sb = { .s_magic = EXT4_SUPER_MAGIC,
				  .s_user_ns = &init_user_ns };

	gate_begin('a', PROGRAM);
	inode.i_sb = &sb;
	inode.i_flags = S_DAX;
	assert_int_equal(eg_gate_admit(&req), -EPERM);
	expect_told(R(UNTRUSTED_FS), ENFORCE, "a device in memory");
	inode.i_flags = 0;
	assert_int_equal(eg_gate_admit(&req), 0);
	eg_cache_forget(&inode);
	judge_images(&sb);
	judge_mounts(&sb);
	gate_end();
}

int main(void)
{
	static const struct kernel_case cases[] = {
		KERNEL_CASE(test_other_places),
	};

	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
