// SPDX-License-Identifier: GPL-2.0
#include "descriptor.h"

static const char folder[] = "/dev/fd/";
static const char standard_input[] = "/dev/stdin";

static bool has_prefix(struct eg_bytes name, const char *prefix, size_t size)
{
	return name.size >= size && !memcmp(name.data, prefix, size);
}

/* The number wraps, as that of a program that does not look would; no program has 2^31. */
static int number_in(struct eg_bytes digits)
{
	u32 number = 0;
	size_t i;

	for (i = 0;
	     i < digits.size && digits.data[i] >= '0' && digits.data[i] <= '9';
	     i++)
		number = number * 10 + (digits.data[i] - '0');
	return i && number <= 0x7fffffff ? (int)number : -1;
}

int eg_descriptor_named(struct eg_bytes name)
{
	size_t size = sizeof(folder) - 1;

	if (has_prefix(name, standard_input, sizeof(standard_input) - 1))
		return 0;
	if (!has_prefix(name, folder, size))
		return -1;
	return number_in(
		(struct eg_bytes){ name.data + size, name.size - size });
}

int eg_descriptor_next(struct eg_bytes *text)
{
	int descriptor = -1;

	while (text->size && descriptor < 0) {
		if (*text->data == '/')
			descriptor = eg_descriptor_named(*text);
		text->data++;
		text->size--;
	}
	return descriptor;
}
