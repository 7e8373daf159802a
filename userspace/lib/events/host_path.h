/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the host has a file that a denied process knew by another path: in a chroot, a
 * container, below an overlay. The kernel says the file system and the path in it; this
 * table says where the host has that file system.
 */
#ifndef EXECGATE_HOST_PATH_H
#define EXECGATE_HOST_PATH_H

#include "lib/netlink/event.h"

struct libmnt_table;

/*
 * Read the table of this process, which is to be in the host's mount namespace, or in one
 * that has the host's mounts at their places (a service of systemd's). @path:
 * EXECGATE_MOUNTINFO. NULL: it cannot be read.
 */
#define EXECGATE_MOUNTINFO "/proc/self/mountinfo"
struct libmnt_table *execgate_host_mounts_read(const char *path);
void execgate_host_mounts_free(struct libmnt_table *mounts);

/*
 * Fill in host_path if it is known and is not @event->path. @mounts: or NULL. It is a name that the mounts
 * give, and nobody looks whether the file is still there or another mount hides it.
 */
void execgate_host_path_find(struct libmnt_table *mounts,
			     struct execgate_event *event);

#endif /* EXECGATE_HOST_PATH_H */
