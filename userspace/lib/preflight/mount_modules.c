// SPDX-License-Identifier: GPL-2.0
#include "lib/preflight/mount_modules.h"

#include <dirent.h>
#include <libmount.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <systemd/sd-device.h>

/* A disk on a disk on a disk: encrypted, in a volume, in an array. */
#define STACK_DEPTH 8

#define NAMES_MAX                                              \
	(sizeof(((struct execgate_mount_modules *)0)->names) / \
	 EXECGATE_MODULE_NAME_MAX)

bool execgate_mount_modules_has(const struct execgate_mount_modules *modules,
				const char *name)
{
	for (unsigned int i = 0; i < modules->count; i++)
		if (!strcmp(modules->names[i], name))
			return true;
	return false;
}

static bool add_name(struct execgate_mount_modules *out, const char *name)
{
	if (execgate_mount_modules_has(out, name) || out->count == NAMES_MAX ||
	    strlen(name) >= EXECGATE_MODULE_NAME_MAX)
		return false;
	strcpy(out->names[out->count++], name);
	return true;
}

/* A driver need not be called like its module. */
static void add_driver(struct execgate_mount_modules *out, const char *bus,
		       const char *name)
{
	const char *module;
	sd_device *driver;
	char full[256];

	snprintf(full, sizeof(full), "%s:%s", bus, name);
	if (sd_device_new_from_subsystem_sysname(&driver, "drivers", full) < 0)
		return;
	if (sd_device_get_sysattr_value(driver, "module", &module) >= 0)
		add_name(out, module);
	sd_device_unref(driver);
}

/* From the device up to the root of the bus. */
static void add_drivers(struct execgate_mount_modules *out, sd_device *device)
{
	const char *bus, *driver;

	/* A parent belongs to its child. */
	do {
		if (sd_device_get_subsystem(device, &bus) >= 0 &&
		    sd_device_get_driver(device, &driver) >= 0)
			add_driver(out, bus, driver);
	} while (sd_device_get_parent(device, &device) >= 0);
}

static void add_disk(struct execgate_mount_modules *out, sd_device *device,
		     int depth)
{
	char path[PATH_MAX];
	const char *folder;
	const struct dirent *entry;
	sd_device *slave;
	DIR *slaves = NULL;

	if (sd_device_get_syspath(device, &folder) < 0)
		return;
	if (snprintf(path, sizeof(path), "%s/dm", folder) < (int)sizeof(path) &&
	    !access(path, F_OK))
		add_name(out, "dm_mod");
	if (depth < STACK_DEPTH && snprintf(path, sizeof(path), "%s/slaves",
					    folder) < (int)sizeof(path))
		slaves = opendir(path);
	while (slaves && (entry = readdir(slaves))) {
		if (entry->d_name[0] == '.' ||
		    sd_device_new_from_subsystem_sysname(&slave, "block",
							 entry->d_name) < 0)
			continue;
		add_disk(out, slave, depth + 1);
		sd_device_unref(slave);
	}
	if (slaves)
		closedir(slaves);
	add_drivers(out, device);
}

static void add_number(struct execgate_mount_modules *out, dev_t number)
{
	sd_device *device;

	if (sd_device_new_from_devnum(&device, 'b', number) < 0)
		return;
	add_disk(out, device, 0);
	sd_device_unref(device);
}

static void add_all(struct execgate_mount_modules *out, struct kmod_list *list)
{
	struct kmod_list *item;

	kmod_list_foreach(item, list) {
		struct kmod_module *module = kmod_module_get_module(item);

		add_name(out, kmod_module_get_name(module));
		kmod_module_unref(module);
	}
	kmod_module_unref_list(list);
}

/* ext3 is mounted by ext4, and what is behind a dot is for a program: "fuse.sshfs". */
static void add_type(struct execgate_mount_modules *out, struct kmod_ctx *ctx,
		     const char *type)
{
	struct kmod_list *list = NULL;
	char alias[EXECGATE_MODULE_NAME_MAX];
	int length = (int)strcspn(type, ".");

	if (snprintf(alias, sizeof(alias), "fs-%.*s", length, type) >=
	    (int)sizeof(alias))
		return;
	add_name(out, alias + 3);
	if (ctx && kmod_module_new_from_lookup(ctx, alias, &list) >= 0)
		add_all(out, list);
}

static void add_mount(struct execgate_mount_modules *out, struct kmod_ctx *ctx,
		      struct libmnt_fs *mount)
{
	const char *source = mnt_fs_get_srcpath(mount);
	struct stat st;

	add_type(out, ctx, mnt_fs_get_fstype(mount));
	add_number(out, mnt_fs_get_devno(mount));
	/* btrfs has numbers of its own; its name is that of a disk. */
	if (source && !stat(source, &st) && S_ISBLK(st.st_mode))
		add_number(out, st.st_rdev);
}

static bool has_option(struct libmnt_fs *fs, char *name)
{
	return !mnt_fs_get_option(fs, name, NULL, NULL);
}

/* Would the boot stop without it? */
static bool is_needed(struct libmnt_table *fstab, struct libmnt_cache *cache,
		      const char *dir)
{
	struct libmnt_iter *iter = mnt_new_iter(MNT_ITER_FORWARD);
	struct libmnt_fs *fs;
	bool needed = !strcmp(dir, "/");

	while (iter && !needed && !mnt_table_next_fs(fstab, iter, &fs))
		needed = !has_option(fs, "noauto") &&
			 !has_option(fs, "nofail") &&
			 mnt_fs_match_target(fs, dir, cache);
	mnt_free_iter(iter);
	return needed;
}

/* Their own needs, and those of these. */
static void add_dependencies(struct execgate_mount_modules *out,
			     struct kmod_ctx *ctx)
{
	struct kmod_module *module;

	for (unsigned int i = 0; ctx && i < out->count; i++) {
		if (kmod_module_new_from_name(ctx, out->names[i], &module) < 0)
			continue;
		add_all(out, kmod_module_get_dependencies(module));
		kmod_module_unref(module);
	}
}

void execgate_mount_modules_find(struct execgate_mount_modules *out,
				 struct kmod_ctx *ctx, const char *table,
				 const char *mountinfo)
{
	struct libmnt_table *fstab = mnt_new_table_from_file(table);
	struct libmnt_table *mounts = mnt_new_table_from_file(mountinfo);
	struct libmnt_cache *cache = mnt_new_cache();
	struct libmnt_iter *iter = mnt_new_iter(MNT_ITER_FORWARD);
	struct libmnt_fs *mount;

	out->count = 0;
	while (mounts && iter && !mnt_table_next_fs(mounts, iter, &mount))
		if (is_needed(fstab, cache, mnt_fs_get_target(mount)))
			add_mount(out, ctx, mount);
	add_dependencies(out, ctx);
	mnt_free_iter(iter);
	mnt_unref_cache(cache);
	mnt_unref_table(mounts);
	mnt_unref_table(fstab);
}
