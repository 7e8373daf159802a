/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by "why" and "review": what a denial is about. */
#ifndef EXECGATE_CLI_WHY_H
#define EXECGATE_CLI_WHY_H

#include "lib/debian/packages.h"
#include "lib/events/advice.h"
#include "lib/netlink/event.h"
#include "lib/netlink/netlink.h"

/* Which package a file belongs to, whatever links lead to it. */
void why_package(const char *path, struct execgate_package_query *out);

/* The kernel's answer about it now, as a library if it is one. */
int why_ask(struct execgate_netlink *nl, const char *path,
	    struct execgate_event *event, struct execgate_error *err);

#endif /* EXECGATE_CLI_WHY_H */
