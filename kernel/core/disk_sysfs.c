// SPDX-License-Identifier: GPL-2.0
#include "core/disk_sysfs.h"

#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mount.h>
#include <linux/module.h>

#include "compat/compat.h"

static struct vfsmount *mount;

int eg_sysfs_init(void)
{
	struct file_system_type *type = get_fs_type("sysfs");

	if (!type)
		return -ENODEV;
	mount = kern_mount(type);
	module_put(type->owner);
	return PTR_ERR_OR_ZERO(mount);
}

void eg_sysfs_exit(void)
{
	kern_unmount(mount);
}

static struct file *open_path(const char *path, int flags)
{
	const struct cred *caller = override_creds(kernel_cred());
	struct file *file =
		file_open_root_mnt(mount, path, O_RDONLY | flags, 0);

	revert_creds(caller);
	return file;
}

struct collection {
	struct dir_context context;
	struct eg_sysfs_names *names;
};

static bool collect_entry(struct dir_context *context, const char *name,
			  int size, loff_t offset, u64 ino, unsigned int type)
{
	struct collection *collection =
		container_of(context, struct collection, context);
	struct eg_sysfs_names *names = collection->names;

	if (name[0] == '.')
		return true;
	if (names->count == EG_SYSFS_NAMES || size >= EG_SYSFS_NAME) {
		names->more = true;
		return false;
	}
	memcpy(names->name[names->count], name, size);
	names->name[names->count++][size] = '\0';
	return true;
}

int eg_sysfs_list(const char *path, struct eg_sysfs_names *names)
{
	struct collection collection = {
		.context.actor = collect_entry,
		.names = names,
	};
	struct file *file = open_path(path, O_DIRECTORY);
	int err;

	names->count = 0;
	names->more = false;
	if (IS_ERR(file))
		return PTR_ERR(file);
	err = iterate_dir(file, &collection.context);
	fput(file);
	return err;
}

int eg_sysfs_read(const char *path, char *text, size_t size)
{
	struct file *file = open_path(path, 0);
	loff_t pos = 0;
	ssize_t n;

	if (IS_ERR(file))
		return PTR_ERR(file);
	n = kernel_read(file, text, size - 1, &pos);
	fput(file);
	if (n < 0)
		return n;
	text[n] = '\0';
	return 0;
}

int eg_sysfs_name(const char *path, char *name, size_t size)
{
	struct file *file = open_path(path, O_DIRECTORY);

	if (IS_ERR(file))
		return PTR_ERR(file);
	/* A class is renamed by nobody. */
	snprintf(name, size, "%pd", file->f_path.dentry);
	fput(file);
	return 0;
}
