// SPDX-License-Identifier: GPL-2.0
#include "lib/events/host_path.h"

#include <libmount.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>

struct libmnt_table *execgate_host_mounts_read(const char *path)
{
	return mnt_new_table_from_file(path);
}

void execgate_host_mounts_free(struct libmnt_table *mounts)
{
	mnt_unref_table(mounts);
}

/* @path without the folder @root in front, or NULL if it is not below it. */
static const char *below(const char *path, const char *root)
{
	size_t size = strlen(root);

	if (size && root[size - 1] == '/')
		size--;
	if (strncmp(path, root, size) != 0 ||
	    (path[size] != '/' && path[size] != '\0'))
		return NULL;
	return path + size;
}

/* A part of a file system that is mounted once more is seldom where it is meant to be. */
static bool is_better(struct libmnt_fs *fs, struct libmnt_fs *than)
{
	return !than ||
	       strlen(mnt_fs_get_root(fs)) < strlen(mnt_fs_get_root(than));
}

void execgate_host_path_find(struct libmnt_table *mounts,
			     struct execgate_event *event)
{
	struct libmnt_iter *iter = mnt_new_iter(MNT_ITER_FORWARD);
	struct libmnt_fs *fs, *best = NULL;
	dev_t device =
		makedev(event->real_dev >> 20, event->real_dev & 0xfffff);
	const char *target, *rest;

	event->host_path[0] = '\0';
	while (iter && mounts && event->real_path[0] &&
	       !mnt_table_next_fs(mounts, iter, &fs)) {
		const char *root = mnt_fs_get_root(fs);

		if (root && mnt_fs_get_devno(fs) == device &&
		    below(event->real_path, root) && is_better(fs, best))
			best = fs;
	}
	mnt_free_iter(iter);
	if (!best)
		return;
	target = mnt_fs_get_target(best);
	rest = below(event->real_path, mnt_fs_get_root(best));
	if (!strcmp(target, "/"))
		target = "";
	if (snprintf(event->host_path, sizeof(event->host_path), "%s%s", target,
		     rest) >= (int)sizeof(event->host_path) ||
	    !strcmp(event->host_path, event->path))
		event->host_path[0] = '\0';
}
