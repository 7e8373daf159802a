/* SPDX-License-Identifier: GPL-2.0 */
/* The processes that run already: no hook was asked about the code that they have. */
#ifndef EXECGATE_UNJUDGED_H
#define EXECGATE_UNJUDGED_H

#include "lib/netlink/netlink.h"

#define EXECGATE_UNJUDGED_NAMES 512

/**
 * struct execgate_unjudged - processes of user space, without the one that asks
 * @processes: all of them
 * @refused: those with code in a file that the gate would refuse now
 * @names, @refused_names: the first few, escaped: "sh (1), udevd (120)"
 */
struct execgate_unjudged {
	unsigned int processes;
	unsigned int refused;
	char names[EXECGATE_UNJUDGED_NAMES];
	char refused_names[EXECGATE_UNJUDGED_NAMES];
};

/* Asks the kernel about each file once. A process that ends meanwhile is not counted. */
int execgate_unjudged_find(struct execgate_netlink *nl,
			   struct execgate_unjudged *out,
			   struct execgate_error *err);

#endif /* EXECGATE_UNJUDGED_H */
