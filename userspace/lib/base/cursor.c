// SPDX-License-Identifier: GPL-2.0
#include "lib/base/cursor.h"

enum execgate_cursor_step
execgate_cursor_live(const struct execgate_cursor *cursor, uint64_t sequence)
{
	if (sequence < cursor->next)
		return EXECGATE_CURSOR_SEEN;
	if (sequence > cursor->next)
		return EXECGATE_CURSOR_MISSING;
	return EXECGATE_CURSOR_NEW;
}

enum execgate_cursor_step execgate_cursor_take(struct execgate_cursor *cursor,
					       uint64_t sequence,
					       uint64_t *lost)
{
	*lost = 0;
	if (sequence < cursor->next)
		return EXECGATE_CURSOR_SEEN;
	*lost = sequence - cursor->next;
	cursor->next = sequence + 1;
	return EXECGATE_CURSOR_NEW;
}

uint64_t execgate_cursor_end(struct execgate_cursor *cursor,
			     uint64_t kernel_next)
{
	uint64_t lost = 0;

	if (kernel_next > cursor->next) {
		lost = kernel_next - cursor->next;
		cursor->next = kernel_next;
	}
	return lost;
}
