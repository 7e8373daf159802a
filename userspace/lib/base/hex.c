// SPDX-License-Identifier: GPL-2.0
#include "lib/base/hex.h"

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
