/* SPDX-License-Identifier: GPL-2.0 */
/* Arrays that grow by one at a time. */
#ifndef EXECGATE_ARRAY_H
#define EXECGATE_ARRAY_H

#include <stddef.h>

/*
 * Room for one more behind the @count that are there: the memory, which may have
 * moved, or NULL, and then @items is as it was. The room is doubled whenever the
 * count is a power of two, so that nobody has to keep how much there is. An array
 * must have been grown by this alone; its count may become smaller in between.
 */
void *execgate_array_grow(void *items, size_t count, size_t size);

/*
 * The place of one more, at the end of @items, which is updated; NULL without
 * memory. It counts when the caller adds 1 to @count, and its bytes are not set.
 */
#define execgate_array_add(items, count)                                     \
	({                                                                   \
		__typeof__(items) grown_ =                                   \
			execgate_array_grow(items, count, sizeof(*(items))); \
		if (grown_)                                                  \
			(items) = grown_;                                    \
		grown_ ? grown_ + (count) : NULL;                            \
	})

#endif /* EXECGATE_ARRAY_H */
