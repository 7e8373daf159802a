// SPDX-License-Identifier: GPL-2.0
/* deny UID MODE COUNT PATH: as the daemon keeps it, COUNT times; MODE: audit or enforce */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/events/own.h"

int main(int argc, char **argv)
{
	struct execgate_event event = { .reason = EXECGATE_REASON_UNSIGNED };
	struct execgate_error err = { 0 };

	if (argc != 5)
		return 2;
	event.uid = (uint32_t)atoi(argv[1]);
	event.mode = strcmp(argv[2], "audit") ? EXECGATE_MODE_ENFORCE :
						EXECGATE_MODE_AUDIT;
	event.time_nsec = 1;
	snprintf(event.path, sizeof(event.path), "%s", argv[4]);
	for (int i = atoi(argv[3]); i; i--) {
		event.sequence++;
		if (execgate_own_keep(EXECGATE_OWN_DIR, "/run/systemd/users",
				      &event, 1, false, &err)) {
			fprintf(stderr, "deny: %s\n", err.message);
			return 1;
		}
	}
	return 0;
}
