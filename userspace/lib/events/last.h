/* SPDX-License-Identifier: GPL-2.0 */
/* The denial that a screen shows as the last one. */
#ifndef EXECGATE_LAST_H
#define EXECGATE_LAST_H

#include "lib/netlink/netlink.h"

/*
 * The newest event of the kernel that the mode of now would have made: denied in enforce,
 * would be denied in audit. One of the other kind does not count. False: the kernel holds
 * none, or does not tell.
 */
bool execgate_last_denial(struct execgate_netlink *nl,
			  const struct execgate_status *status,
			  struct execgate_event *out);

#endif /* EXECGATE_LAST_H */
