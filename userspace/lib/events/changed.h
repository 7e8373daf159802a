/* SPDX-License-Identifier: GPL-2.0 */
/* A file that no longer is what its package installed: changed, not just unsigned. */
#ifndef EXECGATE_CHANGED_H
#define EXECGATE_CHANGED_H

#include "lib/debian/packages.h"
#include "lib/netlink/event.h"

/* Can a change of the bytes bring this about? */
bool execgate_changed_reason(uint32_t reason);

/*
 * Is the file at the query's path not what dpkg recorded when it installed it?
 * After execgate_packages_find(); false if dpkg recorded nothing of it.
 */
bool execgate_changed_file(const struct execgate_package_query *query);

/**
 * execgate_changed_find() - fill @event->changed with the package, if so
 *
 * Only of a file that is still the event's, by device and inode: the path is one
 * of the mount namespace that it was denied in, and whoever wrote the file chose
 * it. Reads dpkg's whole database.
 */
void execgate_changed_find(const char *admindir, struct execgate_event *event);

#endif /* EXECGATE_CHANGED_H */
