// SPDX-License-Identifier: GPL-2.0
#include "lib/base/digits.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

static const char digits[] = "0123456789abcdef";

char *execgate_hex_write(char *out, const void *bytes, size_t size)
{
	const uint8_t *from = bytes;
	char *to = out;

	for (size_t i = 0; i < size; i++) {
		*to++ = digits[from[i] >> 4];
		*to++ = digits[from[i] & 0xf];
	}
	*to = '\0';
	return out;
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool execgate_hex_read(const char *text, void *out, size_t size)
{
	uint8_t *to = out;

	for (size_t i = 0; i < size; i++) {
		int high = digit_value(text[2 * i]);
		int low = high < 0 ? -1 : digit_value(text[2 * i + 1]);

		if (low < 0)
			return false;
		to[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

bool execgate_number_read(const char *text, uint64_t *out)
{
	unsigned long long value;
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno || *end)
		return false;
	*out = value;
	return true;
}
