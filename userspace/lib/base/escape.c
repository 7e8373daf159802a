// SPDX-License-Identifier: GPL-2.0
#include "lib/base/escape.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/*
 * Decode the code point at @p (RFC 3629: no overlong forms, no surrogates,
 * nothing beyond U+10FFFF). Returns its length, or 0.
 */
static size_t decode_rune(const uint8_t *p, size_t left, uint32_t *point)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length;

	if (p[0] < 0x80) {
		*point = p[0];
		return 1;
	}
	if ((p[0] & 0xe0) == 0xc0)
		length = 2;
	else if ((p[0] & 0xf0) == 0xe0)
		length = 3;
	else if ((p[0] & 0xf8) == 0xf0)
		length = 4;
	else
		return 0;
	if (length > left)
		return 0;
	*point = p[0] & (0x7fu >> length);
	for (size_t i = 1; i < length; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*point = *point << 6 | (p[i] & 0x3f);
	}
	if (*point < least[length] || *point > 0x10ffff ||
	    (*point >= 0xd800 && *point <= 0xdfff))
		return 0;
	return length;
}

/*
 * Characters that would be seen as something else than they are, or not at all:
 * controls, spaces, and
 * all that Unicode calls Default_Ignorable_Code_Point (DerivedCoreProperties.txt), with
 * the blank braille pattern and private use besides.
 */
static bool deceives_reader(uint32_t point)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{ 0x00, 0x20 },	      /* C0 and space */
		{ 0x7f, 0xa0 },	      /* DEL, C1, no-break space */
		{ 0xad, 0xad },	      /* soft hyphen */
		{ 0x34f, 0x34f },     /* grapheme joiner */
		{ 0x61c, 0x61c },     /* Arabic letter mark */
		{ 0x115f, 0x1160 },   /* Hangul fillers */
		{ 0x1680, 0x1680 },   /* space of another script */
		{ 0x17b4, 0x17b5 },   /* inherent vowels */
		{ 0x180b, 0x180f },   /* Mongolian selectors, vowel separator */
		{ 0x2000, 0x200f },   /* spaces, zero width, direction */
		{ 0x2028, 0x202f },   /* line separators, direction */
		{ 0x205f, 0x206f },   /* invisible operators, direction */
		{ 0x2800, 0x2800 },   /* blank braille pattern */
		{ 0x3000, 0x3000 },   /* wide space */
		{ 0x3164, 0x3164 },   /* Hangul filler */
		{ 0xe000, 0xf8ff },   /* private use */
		{ 0xfe00, 0xfe0f },   /* variation selectors */
		{ 0xfeff, 0xfeff },   /* byte order mark */
		{ 0xffa0, 0xffa0 },   /* Hangul filler, half width */
		{ 0xfff0, 0xffff },   /* annotations, non-characters */
		{ 0x1bca0, 0x1bca3 }, /* shorthand controls */
		{ 0x1d173, 0x1d17a }, /* of musical notation */
		{ 0xe0000, 0x10ffff }, /* tags, private use */
	};

	if (point == '"' || point == '\'' || point == '\\')
		return true;
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		if (point >= ranges[i].first && point <= ranges[i].last)
			return true;
	}
	return false;
}

static size_t escape_rune(char *out, const void *bytes, size_t size,
			  bool spaces)
{
	static const char hex[] = "0123456789abcdef";
	const uint8_t *p = bytes;
	char *to = out;
	size_t at = 0;

	while (at < size) {
		uint32_t point = 0;
		size_t length = decode_rune(p + at, size - at, &point);
		bool plain = length && ((spaces && point == ' ') ||
					!deceives_reader(point));

		if (!length)
			length = 1;
		for (size_t i = 0; i < length; i++) {
			if (!plain) {
				*to++ = '\\';
				*to++ = 'x';
				*to++ = hex[p[at + i] >> 4];
				*to++ = hex[p[at + i] & 15];
			} else {
				*to++ = (char)p[at + i];
			}
		}
		at += length;
	}
	*to = '\0';
	return (size_t)(to - out);
}

size_t execgate_escape(char *out, const void *bytes, size_t size)
{
	return escape_rune(out, bytes, size, false);
}

size_t execgate_escape_text(char *out, const void *bytes, size_t size)
{
	return escape_rune(out, bytes, size, true);
}
