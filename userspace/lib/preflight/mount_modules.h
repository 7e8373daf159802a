/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel modules that the machine's own file systems stand on. */
#ifndef EXECGATE_MOUNT_MODULES_H
#define EXECGATE_MOUNT_MODULES_H

#include <stdbool.h>

#include <libkmod.h>

#define EXECGATE_MODULE_NAME_MAX 64

/**
 * struct execgate_mount_modules - @count names, with _ for -
 */
struct execgate_mount_modules {
	char names[128][EXECGATE_MODULE_NAME_MAX];
	unsigned int count;
};

/**
 * execgate_mount_modules_find() - what the file systems of each boot stand on
 * @ctx: the kernel's modules; NULL: nobody knows their needs
 * @table: a fstab(5)
 * @mountinfo: what is mounted now
 *
 * For "/" and for all that @table mounts at each boot and that is mounted now: the
 * file system's module, those of the drivers of its disk, of the disks below that
 * one, of the buses they are on, and what these modules need.
 */
void execgate_mount_modules_find(struct execgate_mount_modules *out,
				 struct kmod_ctx *ctx, const char *table,
				 const char *mountinfo);

bool execgate_mount_modules_has(const struct execgate_mount_modules *modules,
				const char *name);

#endif /* EXECGATE_MOUNT_MODULES_H */
