/* SPDX-License-Identifier: GPL-2.0 */
/* One event for eyes or for programs, wherever it came from. */
#ifndef EXECGATE_CLI_EVENT_PRINT_H
#define EXECGATE_CLI_EVENT_PRINT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/events/container.h"
#include "lib/netlink/event.h"

/* The keys are those of the journal fields, in lower case. */
json_t *event_to_json(const struct execgate_event *event);

/*
 * "in container web (nginx:latest), in unit web.service", escaped; a unit that only is
 * the container's is left out. False: there is neither, and @out is "".
 */
#define EVENT_PLACE_WORDS_SIZE           \
	(EXECGATE_CONTAINER_WORDS_SIZE + \
	 2 * EXECGATE_ESCAPE_SIZE(EXECGATE_UNIT_MAX) + 64)
bool event_place_words(const struct execgate_event *event,
		       char out[EVENT_PLACE_WORDS_SIZE]);

/* The answer to a check, added to @object under the same keys. */
void event_check_to_json(json_t *object, const struct execgate_event *event);

/*
 * "2026-11-24 02:45:00  denied  exec  unsigned  /tmp/x\n" and lines of who
 * and where. A @count above 0 says that the entry repeats an earlier one so many times.
 */
void event_print(const struct execgate_event *event, uint64_t count);

#endif /* EXECGATE_CLI_EVENT_PRINT_H */
