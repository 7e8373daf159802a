/* SPDX-License-Identifier: GPL-2.0 */
/* Tells a user of a denial at the terminal where it happened. For the daemon alone. */
#ifndef EXECGATE_TERMINAL_H
#define EXECGATE_TERMINAL_H

#include <stdint.h>

#include "lib/config/config.h"
#include "lib/netlink/event.h"

/*
 * One line at the terminal of @event, or none: it was not denied, the user was told
 * lately, or @config wants none. Never waits. @now: monotonic microseconds, not 0
 */
void execgate_terminal_tell(const struct execgate_event *event,
			    const struct execgate_config *config, uint64_t now);
/* Takes away the processes that have ended. */
void execgate_terminal_reap(void);

#endif /* EXECGATE_TERMINAL_H */
