/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_STRING_H
#define SHIM_LINUX_STRING_H

#include <string.h>

#include <linux/kernel.h>

/* The first byte that is not @value, or NULL. */
static inline void *memchr_inv(const void *start, int value, size_t size)
{
	const u8 *p = start;

	for (; size; size--, p++)
		if (*p != (u8)value)
			return (void *)p;
	return NULL;
}

static inline bool strstarts(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

static inline void strscpy_pad(char *to, const char *from, size_t size)
{
	size_t length = strnlen(from, size - 1);

	memset(to, 0, size);
	memcpy(to, from, length);
}

#endif /* SHIM_LINUX_STRING_H */
