/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A denial that repeats (a cron job, a restarting service) is shown once and
 * then as a count, so that it cannot bury another. Pure: time is handed in.
 *
 * The table is plain data of a fixed size: the daemon keeps it in a file that
 * outlives it, so a count survives kill -9. For the same reason every function
 * tolerates any content of it.
 */
#ifndef EXECGATE_DEDUP_H
#define EXECGATE_DEDUP_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/netlink/event.h"

#define EXECGATE_DEDUP_SLOTS 64
#define EXECGATE_DEDUP_WINDOW_NSEC 10000000000ull

/**
 * struct execgate_dedup_slot - one denial that was shown
 * @used: written last, so that a half-written slot is never used
 * @window_end: clock of the caller, nanoseconds
 * @repeats: how often it came again since it was last shown
 * @event: the latest of them
 */
struct execgate_dedup_slot {
	uint64_t window_end;
	uint64_t repeats;
	struct execgate_event event;
	uint32_t used;
};

struct execgate_dedup {
	struct execgate_dedup_slot slots[EXECGATE_DEDUP_SLOTS];
};

/* Show @event, which stands for @count denials; 1 is a first sight. */
typedef void (*execgate_dedup_fn)(const struct execgate_event *event,
				  uint64_t count, bool repeated, void *arg);

/*
 * Take in one event. A first sight is shown at once; a repetition is counted.
 * In a full table the slot whose window ends first makes room and is shown if
 * it holds a count.
 */
void execgate_dedup_add(struct execgate_dedup *dedup,
			const struct execgate_event *event, uint64_t now,
			execgate_dedup_fn show, void *arg);

/*
 * Show the counts whose window has ended. A slot that had none is freed, so
 * the next such event is shown at once again.
 */
void execgate_dedup_expire(struct execgate_dedup *dedup, uint64_t now,
			   execgate_dedup_fn show, void *arg);

/* Show all counts and empty the table. */
void execgate_dedup_flush(struct execgate_dedup *dedup, execgate_dedup_fn show,
			  void *arg);

/* When to call expire next; UINT64_MAX: no slot is in use. */
uint64_t execgate_dedup_next(const struct execgate_dedup *dedup);

#endif /* EXECGATE_DEDUP_H */
