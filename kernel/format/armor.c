// SPDX-License-Identifier: GPL-2.0
#include "armor.h"

#define LINE_BYTES (EG_ARMOR_LINE / 4 * 3)

static const char *const prefixes[] = { "# ", "// ", "-- ", "; ", "% ", "\" " };
static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			       "abcdefghijklmnopqrstuvwxyz0123456789+/";

/* The alphabet's index of a character, or -1. */
static int value_of(u8 c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

/* Take @text off the end of @in. */
static bool strip(struct eg_bytes *in, const char *text)
{
	size_t size = strlen(text);

	if (in->size < size || memcmp(in->data + in->size - size, text, size))
		return false;
	in->size -= size;
	return true;
}

/* Take a line's characters off the end of @in, all that look like base64. */
static size_t strip_characters(struct eg_bytes *in)
{
	size_t n = 0;

	while (n < EG_ARMOR_LINE && in->size) {
		u8 c = in->data[in->size - 1];

		if (value_of(c) < 0 && c != '=')
			break;
		in->size--;
		n++;
	}
	return n;
}

static const char *strip_end_line(struct eg_bytes *in)
{
	size_t i;

	/* Most files do not even end as a line does. */
	if (!in->size || in->data[in->size - 1] != '\n' ||
	    !strip(in, EG_ARMOR_END))
		return NULL;
	for (i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (strip(in, prefixes[i]))
			return prefixes[i];
	return NULL;
}

/* Four characters to @out; @last allows padding. Return: bytes, 0 if bad. */
static size_t decode_group(const u8 *in, bool last, u8 *out)
{
	size_t bytes = 3, i;
	u32 bits = 0;

	if (last && in[3] == '=')
		bytes = in[2] == '=' ? 1 : 2;
	for (i = 0; i <= bytes; i++) {
		int value = value_of(in[i]);

		if (value < 0)
			return 0;
		bits |= (u32)value << (18 - 6 * i);
	}
	/* Stray bits behind the last byte would be a second encoding. */
	if (bits & (0xffffffu >> (8 * bytes)))
		return 0;
	for (i = 0; i < bytes; i++)
		out[i] = (u8)(bits >> (16 - 8 * i));
	return bytes;
}

/*
 * @chars characters in lines of full size that start at @line, each behind a
 * prefix. Return: bytes written to @out, which has room for them; 0 if bad.
 */
static size_t decode(const u8 *line, size_t prefix_size, size_t chars, u8 *out)
{
	size_t done, got, size = 0;

	for (done = 0; done < chars; done += 4) {
		if (done % EG_ARMOR_LINE == 0)
			line += prefix_size + (done ? 1 : 0);
		got = decode_group(line, done + 4 == chars, out + size);
		if (!got)
			return 0;
		line += 4;
		size += got;
	}
	return size;
}

/*
 * Walk backwards over the lines up to BEGIN: their sizes leave no choice, so
 * nothing is searched for and an attacker cannot offer two blocks.
 * Return: base64 characters in the block, 0 if it is not one.
 */
static size_t strip_lines(struct eg_bytes *in, const char *prefix,
			  const u8 **first)
{
	size_t chars;

	if (!strip(in, "\n"))
		return 0;
	chars = strip_characters(in);
	if (!chars || chars % 4 || !strip(in, prefix))
		return 0;
	*first = in->data + in->size;
	while (!strip(in, EG_ARMOR_BEGIN)) {
		if (!strip(in, "\n") || strip_characters(in) != EG_ARMOR_LINE ||
		    !strip(in, prefix))
			return 0;
		*first = in->data + in->size;
		chars += EG_ARMOR_LINE;
	}
	return strip(in, prefix) ? chars : 0;
}

/* The prefix of the END line that @in ends with, taken off; NULL: there is none. */
static const char *strip_end(struct eg_bytes *in)
{
	const char *prefix = strip_end_line(in);

	return !in->size || in->data[in->size - 1] == '\n' ? prefix : NULL;
}

bool eg_armor_ends(struct eg_bytes tail)
{
	return strip_end(&tail);
}

enum eg_format eg_armor_parse(struct eg_bytes tail, u64 file_size, u8 *buffer,
			      size_t buffer_size, struct eg_armor *out)
{
	struct eg_bytes rest = tail;
	const char *prefix;
	const u8 *first;
	size_t chars, size;

	if (rest.size > EG_ARMOR_MAX) {
		rest.data += rest.size - EG_ARMOR_MAX;
		rest.size = EG_ARMOR_MAX;
	}
	prefix = strip_end(&rest);
	if (!prefix)
		return EG_FORMAT_ABSENT;
	chars = strip_lines(&rest, prefix, &first);
	if (!chars || file_size < tail.size)
		return EG_FORMAT_MALFORMED;
	/* The payload: not empty, and the block starts on a line of its own. */
	if (!rest.size || rest.data[rest.size - 1] != '\n')
		return EG_FORMAT_MALFORMED;
	if (chars / 4 * 3 > buffer_size)
		return EG_FORMAT_MALFORMED;
	size = decode(first, strlen(prefix), chars, buffer);
	if (!size)
		return EG_FORMAT_MALFORMED;
	out->payload_size = file_size - tail.size +
			    (u64)(rest.data + rest.size - tail.data);
	out->cms.data = buffer;
	out->cms.size = size;
	return EG_FORMAT_OK;
}

static u8 *put(u8 *out, const char *text)
{
	size_t size = strlen(text);

	memcpy(out, text, size);
	return out + size;
}

/* 1 to 3 bytes as four characters. */
static void encode_group(const u8 *in, size_t bytes, u8 *out)
{
	u32 bits = (u32)in[0] << 16;

	if (bytes > 1)
		bits |= (u32)in[1] << 8;
	if (bytes > 2)
		bits |= in[2];
	out[0] = (u8)alphabet[bits >> 18];
	out[1] = (u8)alphabet[bits >> 12 & 63];
	out[2] = bytes > 1 ? (u8)alphabet[bits >> 6 & 63] : '=';
	out[3] = bytes > 2 ? (u8)alphabet[bits & 63] : '=';
}

static bool is_prefix(const char *prefix)
{
	size_t i;

	for (i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (!strcmp(prefix, prefixes[i]))
			return true;
	return false;
}

size_t eg_armor_write(const char *prefix, struct eg_bytes cms, u8 *out,
		      size_t out_size)
{
	size_t chars, lines, size, at, bytes;

	if (!is_prefix(prefix) || !cms.size || cms.size > EG_ARMOR_MAX)
		return 0;
	chars = (cms.size + 2) / 3 * 4;
	lines = (cms.size + LINE_BYTES - 1) / LINE_BYTES;
	size = strlen(EG_ARMOR_BEGIN) + strlen(EG_ARMOR_END) + chars + lines +
	       (lines + 2) * strlen(prefix);
	/* A reader of EG_ARMOR_MAX bytes also sees the newline before it. */
	if (size >= EG_ARMOR_MAX || size > out_size)
		return 0;

	out = put(put(out, prefix), EG_ARMOR_BEGIN);
	for (at = 0; at < cms.size; at += bytes) {
		bytes = cms.size - at < 3 ? cms.size - at : 3;
		if (at % LINE_BYTES == 0)
			out = put(out, prefix);
		encode_group(cms.data + at, bytes, out);
		out += 4;
		if (at % LINE_BYTES == LINE_BYTES - 3 || at + bytes == cms.size)
			*out++ = '\n';
	}
	put(put(out, prefix), EG_ARMOR_END);
	return size;
}
