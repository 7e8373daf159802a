// SPDX-License-Identifier: GPL-2.0
#include "lib/events/last.h"

#include "lib/events/record.h"

struct last_denial {
	struct execgate_event *out;
	bool denied;
	bool found;
};

static int note_denial(const struct execgate_event *event, void *arg)
{
	struct last_denial *last = arg;

	if (execgate_event_denied(event) != last->denied)
		return 0;
	*last->out = *event;
	last->found = true;
	return 0;
}

bool execgate_last_denial(struct execgate_netlink *nl,
			  const struct execgate_status *status,
			  struct execgate_event *out)
{
	struct last_denial last = {
		.out = out,
		.denied = status->mode == EXECGATE_MODE_ENFORCE,
	};
	struct execgate_error err;

	if (status->counters.events_held)
		execgate_netlink_event_list(nl, 1, note_denial, &last, &err);
	return last.found;
}
