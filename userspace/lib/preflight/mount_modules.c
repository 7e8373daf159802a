// SPDX-License-Identifier: GPL-2.0
#include "lib/preflight/mount_modules.h"

#include <dirent.h>
#include <limits.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

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

/* From the device up to the root of the bus: each driver's module. */
static void add_drivers(struct execgate_mount_modules *out, char *device)
{
	char link[PATH_MAX + 16], module[PATH_MAX], *end;
	ssize_t size;

	while ((end = strrchr(device, '/')) && end > device) {
		snprintf(link, sizeof(link), "%s/driver/module", device);
		size = readlink(link, module, sizeof(module) - 1);
		if (size > 0) {
			module[size] = '\0';
			add_name(out, strrchr(module, '/') + 1);
		}
		*end = '\0';
	}
}

static void add_disk(struct execgate_mount_modules *out, const char *link,
		     int depth)
{
	char device[PATH_MAX], slave[PATH_MAX + 300];
	struct dirent *entry;
	DIR *slaves;

	if (!realpath(link, device))
		return;
	snprintf(slave, sizeof(slave), "%s/dm", device);
	if (!access(slave, F_OK))
		add_name(out, "dm_mod");
	snprintf(slave, sizeof(slave), "%s/slaves", device);
	slaves = depth < STACK_DEPTH ? opendir(slave) : NULL;
	while (slaves && (entry = readdir(slaves))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(slave, sizeof(slave), "%s/slaves/%s", device,
			 entry->d_name);
		add_disk(out, slave, depth + 1);
	}
	if (slaves)
		closedir(slaves);
	add_drivers(out, device);
}

static void add_mount(struct execgate_mount_modules *out,
		      const struct mntent *mount)
{
	char link[64];
	struct stat st;

	/* The module of a file system need not be called like it, but all are. */
	add_name(out, mount->mnt_type);
	if (stat(mount->mnt_dir, &st))
		return;
	snprintf(link, sizeof(link), "/sys/dev/block/%u:%u", major(st.st_dev),
		 minor(st.st_dev));
	add_disk(out, link, 0);
	/* btrfs has numbers of its own; its name is that of a disk. */
	if (stat(mount->mnt_fsname, &st) || !S_ISBLK(st.st_mode))
		return;
	snprintf(link, sizeof(link), "/sys/dev/block/%u:%u", major(st.st_rdev),
		 minor(st.st_rdev));
	add_disk(out, link, 0);
}

/* Would the boot stop without it? */
static bool is_needed(const char *dir)
{
	FILE *table = setmntent("/etc/fstab", "re");
	const struct mntent *entry;
	bool needed = !strcmp(dir, "/");

	while (table && !needed && (entry = getmntent(table)))
		needed = !strcmp(entry->mnt_dir, dir) &&
			 !hasmntopt(entry, "noauto") &&
			 !hasmntopt(entry, "nofail");
	if (table)
		endmntent(table);
	return needed;
}

static bool has_needed_holder(const struct execgate_mount_modules *modules,
			      const char *name)
{
	char path[PATH_MAX];
	struct dirent *entry;
	bool needed = false;
	DIR *holders;

	snprintf(path, sizeof(path), "/sys/module/%s/holders", name);
	holders = opendir(path);
	while (holders && !needed && (entry = readdir(holders)))
		needed = execgate_mount_modules_has(modules, entry->d_name);
	if (holders)
		closedir(holders);
	return needed;
}

/* Their own needs, until nothing is added any more. */
static void add_dependencies(struct execgate_mount_modules *out)
{
	struct dirent *entry;
	bool added = true;
	DIR *modules;

	while (added && (modules = opendir("/sys/module"))) {
		added = false;
		while ((entry = readdir(modules)))
			if (has_needed_holder(out, entry->d_name) &&
			    add_name(out, entry->d_name))
				added = true;
		closedir(modules);
	}
}

void execgate_mount_modules_find(struct execgate_mount_modules *out)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent mount;
	char text[PATH_MAX * 2];

	out->count = 0;
	while (mounts && getmntent_r(mounts, &mount, text, sizeof(text)))
		if (is_needed(mount.mnt_dir))
			add_mount(out, &mount);
	if (mounts)
		endmntent(mounts);
	add_dependencies(out);
}
