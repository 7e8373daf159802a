/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EXECGATE_CLI_PREFLIGHT_CRITICAL_H
#define EXECGATE_CLI_PREFLIGHT_CRITICAL_H

#include <limits.h>
#include <stddef.h>

#include "lib/catalog/revoked.h"
#include "lib/netlink/netlink.h"

/*
 * How many of the files that it takes to boot and to log in rest on one of
 * @items; @example gets the path of one.
 */
int preflight_count_critical(struct execgate_netlink *nl,
			     const struct execgate_revocation *items,
			     size_t count, size_t *critical,
			     char example[PATH_MAX],
			     struct execgate_error *err);

#endif /* EXECGATE_CLI_PREFLIGHT_CRITICAL_H */
