/* SPDX-License-Identifier: GPL-2.0 */
/*
 * sysfs, read by the kernel itself: what stands on what is documented there
 * (Documentation/ABI) and exported to modules nowhere else. From a mount of its
 * own, by the kernel's credentials: neither what a task has mounted on /sys nor
 * what it may read matters.
 */
#ifndef EG_DISK_SYSFS_H
#define EG_DISK_SYSFS_H

#include <linux/types.h>

#define EG_SYSFS_PATH 256
#define EG_SYSFS_NAME 32 /* of a block device, with its end */
#define EG_SYSFS_NAMES 128

struct eg_sysfs_names {
	unsigned int count;
	bool more; /* or one that did not fit */
	char name[EG_SYSFS_NAMES][EG_SYSFS_NAME];
};

int eg_sysfs_init(void);
void eg_sysfs_exit(void);

/* The names in a folder. Return: 0; -ENOENT: there is none; -errno. */
int eg_sysfs_list(const char *path, struct eg_sysfs_names *names);
/* The beginning of a file, as a string. Return: 0 or -errno. */
int eg_sysfs_read(const char *path, char *text, size_t size);
/* The name of the folder that the path leads to, over symbolic links. */
int eg_sysfs_name(const char *path, char *name, size_t size);

#endif /* EG_DISK_SYSFS_H */
