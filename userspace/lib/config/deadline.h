/* SPDX-License-Identifier: GPL-2.0 */
/*
 * "mode enforce --for 60s": until when the mode lasts unless somebody confirms
 * it. A file of /run/execgate, so that it outlives who asked and a daemon that
 * dies; whoever takes the file away has decided, so there is one winner:
 *
 *   deadline.asked    written by the command, which waits
 *   deadline.held     the daemon has set its timer: now the mode may be set
 *   deadline.passed   time is up and nobody had confirmed; gone when the mode
 *                     is back
 *
 * Confirming removes the held one.
 */
#ifndef EXECGATE_DEADLINE_H
#define EXECGATE_DEADLINE_H

#include <stdint.h>

#include "lib/base/error.h"

#define EXECGATE_RUN_DIR "/run/execgate"

enum execgate_deadline_state {
	EXECGATE_DEADLINE_ASKED,
	EXECGATE_DEADLINE_HELD,
	EXECGATE_DEADLINE_PASSED,
};

/* Nanoseconds of CLOCK_BOOTTIME, which no one can set and which counts sleep. */
uint64_t execgate_deadline_now(void);

/* "60s", "90", "5min", "1h": 5 seconds to a day; else -EINVAL. */
int execgate_deadline_parse(const char *text, uint64_t *seconds);

/* Ask for one, in place of an older one. */
int execgate_deadline_ask(const char *dir, uint64_t when,
			  struct execgate_error *err);
/* When; -ENOENT: there is none in this state, -EBADMSG: not one of ours. */
int execgate_deadline_read(const char *dir, enum execgate_deadline_state state,
			   uint64_t *when);
/* From one state to the next; -ENOENT: somebody else was first. */
int execgate_deadline_move(const char *dir, enum execgate_deadline_state from,
			   enum execgate_deadline_state to);
int execgate_deadline_remove(const char *dir,
			     enum execgate_deadline_state state);

#endif /* EXECGATE_DEADLINE_H */
