/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_FS_STRUCT_H
#define SHIM_LINUX_FS_STRUCT_H

#include <linux/path.h>

struct fs_struct {
	struct path root;
};

static inline void get_fs_root(struct fs_struct *fs, struct path *root)
{
	*root = fs->root;
	path_get(root);
}

#endif /* SHIM_LINUX_FS_STRUCT_H */
