/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where a reader of the event stream is. The kernel numbers events 1, 2, 3, ...
 * from each load of the module, so a jump tells exactly how many were lost.
 */
#ifndef EXECGATE_CURSOR_H
#define EXECGATE_CURSOR_H

#include <stdint.h>

struct execgate_cursor {
	uint64_t next; /* the first number not seen yet; 1 at the beginning */
};

enum execgate_cursor_step {
	EXECGATE_CURSOR_NEW,	 /* the next one, or one after a loss */
	EXECGATE_CURSOR_SEEN,	 /* an older one: both sources have it */
	EXECGATE_CURSOR_MISSING, /* live only: read the ring from next first */
};

/*
 * An event came live, by multicast. A jump is not a loss yet: the ring may
 * still hold what the socket dropped.
 */
enum execgate_cursor_step
execgate_cursor_live(const struct execgate_cursor *cursor, uint64_t sequence);

/*
 * An event is to be taken in, from the ring or after the ring was read.
 * @lost gets how many before it are gone for good. Moves the cursor.
 */
enum execgate_cursor_step execgate_cursor_take(struct execgate_cursor *cursor,
					       uint64_t sequence,
					       uint64_t *lost);

/*
 * The ring was read to its end and the kernel says that its next event will
 * be number @kernel_next. Returns how many of the newest were lost (they never
 * entered the ring) and moves past them.
 */
uint64_t execgate_cursor_end(struct execgate_cursor *cursor,
			     uint64_t kernel_next);

#endif /* EXECGATE_CURSOR_H */
