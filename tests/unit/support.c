// SPDX-License-Identifier: GPL-2.0
#include "support.h"

/* A digit run into a repeat count by mistake shows as an absurd count. */
#define NOTATION_MAX (64u << 20)

struct buffer {
	u8 *data;
	size_t size;
	size_t room;
};

static void add(struct buffer *b, int byte, size_t times)
{
	while (times--) {
		if (b->size == b->room) {
			b->room = b->room ? 2 * b->room : 256;
			b->data = realloc(b->data, b->room);
			assert_non_null(b->data);
		}
		b->data[b->size++] = (u8)byte;
	}
}

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *at = strchr(digits, c);

	if (!c || !at)
		fail_msg("'%c' in a notation is no hex digit", c);
	return (int)(at - digits);
}

/* Move what stands behind @start back and put its DER length before it. */
static void insert_length(struct buffer *b, size_t start)
{
	size_t size = b->size - start, octets = 0, i;
	u8 length[5];

	if (size >= 0x80)
		for (i = size; i; i >>= 8)
			octets++;
	length[0] = (u8)(octets ? 0x80 | octets : size);
	for (i = 0; i < octets; i++)
		length[1 + i] = (u8)(size >> (8 * (octets - 1 - i)));
	add(b, 0, 1 + octets);
	memmove(b->data + start + 1 + octets, b->data + start, size);
	memcpy(b->data + start, length, 1 + octets);
}

/* One token of the notation other than braces; returns what follows it. */
static const char *add_token(struct buffer *b, const char *p)
{
	size_t times = 1;
	int byte;

	if (*p == '\'') {
		for (p++; *p != '\''; p++)
			add(b, (u8)*p, 1);
		return p + 1;
	}
	byte = hex_digit(p[0]) << 4;
	byte |= hex_digit(p[1]);
	p += 2;
	if (*p == '*')
		times = strtoul(p + 1, (char **)&p, 10);
	assert_true(times <= NOTATION_MAX);
	add(b, byte, times);
	return p;
}

static const char *add_notation(struct buffer *b, const char *p)
{
	size_t start;

	while (*p && *p != '}') {
		if (*p == ' ') {
			p++;
		} else if (*p == '{') {
			start = b->size;
			p = add_notation(b, p + 1);
			assert_int_equal(*p, '}');
			insert_length(b, start);
			p++;
		} else {
			p = add_token(b, p);
		}
	}
	return p;
}

struct eg_bytes bytes_of(const char *notation)
{
	struct buffer b = { 0 };
	struct eg_bytes out;

	assert_int_equal(*add_notation(&b, notation), '\0');
	out = bytes_copy(b.data, b.size);
	free(b.data);
	return out;
}

struct eg_bytes bytes_copy(const void *data, size_t size)
{
	u8 *copy = malloc(size);

	assert_true(copy || !size);
	if (size)
		memcpy(copy, data, size);
	return (struct eg_bytes){ copy, size };
}

void bytes_free(struct eg_bytes bytes)
{
	free((void *)bytes.data);
}

struct eg_bytes bytes_of_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct buffer b = { 0 };
	struct eg_bytes out;
	int c;

	if (!file)
		fail_msg("%s: cannot be opened; run tests/vectors/generate",
			 path);
	while ((c = getc(file)) != EOF)
		add(&b, c, 1);
	assert_int_equal(ferror(file), 0);
	fclose(file);
	out = bytes_copy(b.data, b.size);
	free(b.data);
	return out;
}

const char *format_name(enum eg_format format)
{
	switch (format) {
	case EG_FORMAT_OK:
		return "ok";
	case EG_FORMAT_ABSENT:
		return "absent";
	case EG_FORMAT_MALFORMED:
		return "malformed";
	case EG_FORMAT_WEAK_ALGORITHM:
		return "weak-algorithm";
	case EG_FORMAT_TOO_LARGE:
		return "too-large";
	}
	return "?";
}

void expect_format(enum eg_format got, enum eg_format expected, const char *why)
{
	if (got != expected)
		fail_msg("%s: %s, expected %s", why, format_name(got),
			 format_name(expected));
}

void expect_within(struct eg_bytes part, struct eg_bytes whole)
{
	if (!part.size)
		return;
	assert_true(part.data >= whole.data);
	assert_true(part.size <= whole.size);
	assert_true((size_t)(part.data - whole.data) <= whole.size - part.size);
}
