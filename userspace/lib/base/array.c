// SPDX-License-Identifier: GPL-2.0
#include "lib/base/array.h"

#include <stdlib.h>

#define FIRST_ROOM 8

void *execgate_array_grow(void *items, size_t count, size_t size)
{
	if (!count)
		return reallocarray(items, FIRST_ROOM, size);
	if (count < FIRST_ROOM || count & (count - 1))
		return items;
	return count > (size_t)-1 / 2 ? NULL :
					reallocarray(items, 2 * count, size);
}
