// SPDX-License-Identifier: GPL-2.0
/* Would the floors of a policy take from the machine what it needs? */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/policy/policy.h"
#include "cli/preflight/critical.h"

_Static_assert(sizeof(((struct execgate_revocation *)0)->name) > 255,
	       "any name of a floor fits");

/* As "revoke version" would be told of each. NULL: no memory; freed by the caller. */
static struct execgate_revocation *list_floors(struct eg_bytes floors,
					       size_t *count)
{
	struct eg_bytes rest = floors;
	struct execgate_revocation *items;
	struct eg_policy_floor floor;

	*count = 0;
	while (eg_policy_floor_next(&rest, &floor))
		(*count)++;
	items = calloc(*count, sizeof(*items));
	for (size_t i = 0; items && i < *count; i++) {
		eg_policy_floor_next(&floors, &floor);
		items[i].kind = EXECGATE_REVOCATION_VERSION;
		items[i].below = floor.below;
		memcpy(items[i].name, floor.name.data, floor.name.size);
	}
	return items;
}

int policy_floors_guard(struct execgate_netlink *nl, struct eg_bytes floors)
{
	struct execgate_revocation *items;
	struct execgate_error err;
	char example[PATH_MAX];
	size_t count, critical;
	int ret;

	if (!floors.size)
		return 0;
	items = list_floors(floors, &count);
	if (!items)
		ret = execgate_error_errno(&err, -ENOMEM,
					   "cannot try the floors");
	else
		ret = preflight_count_critical(nl, items, count, &critical,
					       example, &err);
	free(items);
	if (ret)
		return output_error(&err);
	if (!critical)
		return 0;
	execgate_error_set(&err, -EBUSY, EXECGATE_EXIT_WOULD_BREAK,
			   "%zu files that it takes to boot and to log in are "
			   "of versions below its floors, for instance %.500s: "
			   "upgrade them first, or --force",
			   critical, example);
	return output_error(&err);
}
