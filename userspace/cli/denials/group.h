/* SPDX-License-Identifier: GPL-2.0 */
/* "execgate denials --group": how often which file of which package was denied. */
#ifndef EXECGATE_CLI_DENIAL_GROUP_H
#define EXECGATE_CLI_DENIAL_GROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"
#include "lib/netlink/event.h"

struct denial_row;

/* Zeroed = empty. */
struct denial_groups {
	struct denial_row *rows;
	size_t count;
	bool no_memory;
};

/* For denials_query.take; @arg is the groups. */
void denial_groups_take(const struct execgate_event *event, uint64_t count,
			bool repeated, void *arg);

/* The most frequent first; as JSON, one object. */
int denial_groups_print(struct denial_groups *groups,
			struct execgate_error *err);
void denial_groups_free(struct denial_groups *groups);

#endif /* EXECGATE_CLI_DENIAL_GROUP_H */
