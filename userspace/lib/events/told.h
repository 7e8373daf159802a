/* SPDX-License-Identifier: GPL-2.0 */
/* The sentence that tells a user of a denial, at the terminal and on the desktop. */
#ifndef EXECGATE_TOLD_H
#define EXECGATE_TOLD_H

#include <stdint.h>

#include "lib/config/config.h"
#include "lib/netlink/event.h"

#define EXECGATE_TOLD_SIZE 2048
/* A user is told once in this time; what comes meanwhile is told later, as a number. */
#define EXECGATE_TOLD_PAUSE_USEC 5000000u

/*
 * The file, the reason, whom to ask and where to read on, by @config. @untold: how many
 * denials more there were. Nothing in it can drive a terminal, whatever the file is
 * called.
 */
void execgate_told_text(const struct execgate_event *event,
			const struct execgate_config *config, uint64_t untold,
			char text[EXECGATE_TOLD_SIZE]);

#endif /* EXECGATE_TOLD_H */
