/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_NAMEI_H
#define SHIM_LINUX_NAMEI_H

#include <linux/path.h>

#define LOOKUP_FOLLOW 1u
#define LOOKUP_DIRECTORY 2u
#define LOOKUP_NO_MAGICLINKS 4u
#define LOOKUP_CACHED 8u

int vfs_path_lookup(struct dentry *root, struct vfsmount *mnt, const char *name,
		    unsigned int flags, struct path *out);

int kern_path(const char *name, unsigned int flags, struct path *out);

#endif /* SHIM_LINUX_NAMEI_H */
