/* SPDX-License-Identifier: GPL-2.0 */
/* One event for eyes or for programs, wherever it came from. */
#ifndef EXECGATE_CLI_EVENT_PRINT_H
#define EXECGATE_CLI_EVENT_PRINT_H

#include <jansson.h>
#include <stdint.h>

#include "lib/netlink/event.h"

/* The keys are those of the journal fields, in lower case. */
json_t *event_to_json(const struct execgate_event *event);

/* The answer to a check, added to @object under the same keys. */
void event_check_to_json(json_t *object, const struct execgate_event *event);

/*
 * "2026-11-24 02:45:00  denied  exec  unsigned  /tmp/x\n" and a line of who. A
 * @count above 0 says that the entry repeats an earlier one so many times.
 */
void event_print(const struct execgate_event *event, uint64_t count);

#endif /* EXECGATE_CLI_EVENT_PRINT_H */
