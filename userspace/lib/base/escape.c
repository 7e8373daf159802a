// SPDX-License-Identifier: GPL-2.0
#include "lib/base/escape.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <uninorm.h>
#include <unistr.h>
#include <unictype.h>

/* A letter of any script needs fewer; more are drawn over the lines above and below. */
#define MARKS_MAX 4

/* A mark can stand on these. */
#define BASES (UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M | UC_CATEGORY_MASK_N)

struct word {
	ucs4_t before; /* the character before this one, 0: none, or escaped */
	unsigned int
		marks; /* that many of those before are marks of one letter */
	const uint8_t *end; /* of the letters that @has_latin is about */
	bool has_latin;
};

/*
 * Characters that are not seen, or that change how others are: controls, spaces, format
 * and bidirectional controls, private use, all that is unassigned or no character, and
 * Default_Ignorable_Code_Point. The list is of those that Unicode calls letters, marks
 * and symbols, and that are blank or stand for something else.
 */
static bool is_unseen(ucs4_t point)
{
	static const ucs4_t blank[] = {
		0x2800,		  /* braille without dots */
		0xfffc,	 0xfffd,  /* "an object", "a broken character" */
		0x13441, 0x13442, /* hieroglyphs */
		0x16fe4,	  /* Khitan filler */
		0x1d159,	  /* a note without a head */
	};

	for (size_t i = 0; i < sizeof(blank) / sizeof(blank[0]); i++)
		if (point == blank[i])
			return true;
	return uc_is_general_category_withtable(point,
						UC_CATEGORY_MASK_C |
							UC_CATEGORY_MASK_Z) ||
	       uc_is_property_default_ignorable_code_point(point);
}

static bool is_mark(ucs4_t point)
{
	return uc_is_general_category_withtable(point, UC_CATEGORY_MASK_M);
}

static bool is_of_word(ucs4_t point)
{
	return uc_is_general_category_withtable(point,
						UC_CATEGORY_MASK_L |
							UC_CATEGORY_MASK_M);
}

/*
 * The same character under another number (the Kelvin sign, the Ohm sign), or one of ASCII
 * in another shape (a mathematical s, the Roman numeral fifty that looks like an l). Wide
 * forms stay: they take two columns, and people who write Chinese or Japanese use them.
 */
static bool is_twin(ucs4_t point)
{
	ucs4_t parts[UC_DECOMPOSITION_MAX_LENGTH];
	int tag;

	if (uc_decomposition(point, &tag, parts) != 1)
		return false;
	return tag == UC_DECOMP_CANONICAL ||
	       (parts[0] < 0x80 &&
		(tag == UC_DECOMP_FONT || tag == UC_DECOMP_COMPAT));
}

static bool is_script(ucs4_t point, const char *name)
{
	const uc_script_t *script = uc_script(point);

	return script && !strcmp(script->name, name);
}

/* Scripts with letters that nobody can tell from Latin ones. */
static bool is_like_latin(ucs4_t point)
{
	static const char *const scripts[] = { "Armenian", "Cherokee", "Coptic",
					       "Cyrillic", "Greek",    "Lisu" };

	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++)
		if (is_script(point, scripts[i]))
			return true;
	return false;
}

/* Is there a Latin letter in the word that begins at @p? Each word is looked at once. */
static void look_ahead(struct word *word, const uint8_t *p, const uint8_t *end)
{
	ucs4_t point;
	int length;

	word->has_latin = false;
	for (; p < end; p += length) {
		length = u8_mbtoucr(&point, p, (size_t)(end - p));
		if (length <= 0 || !is_of_word(point))
			break;
		word->has_latin = word->has_latin || is_script(point, "Latin");
	}
	word->end = p;
}

/*
 * A mark is drawn over what stands before it, which has to be a letter or a digit of the
 * name itself. Nor may the two look like a name that is written otherwise: a letter and its
 * accent in two are drawn as the letter that has it, and an accent twice as the one.
 */
static bool is_misplaced(const struct word *word, ucs4_t point)
{
	if (word->before && uc_composition(word->before, point))
		return true;
	return is_mark(point) &&
	       (!word->before ||
		!uc_is_general_category_withtable(word->before, BASES) ||
		word->before == point || word->marks >= MARKS_MAX);
}

/* Would be seen as something else than it is, or not at all. */
static bool deceives_reader(const struct word *word, ucs4_t point)
{
	if (point < 0x80)
		return point <= ' ' || point == 0x7f ||
		       strchr("\"'\\", (int)point);
	return is_unseen(point) || is_twin(point) ||
	       is_misplaced(word, point) ||
	       (word->has_latin && is_like_latin(point));
}

static char *write_hex(char *to, const uint8_t *p, size_t length)
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < length; i++) {
		*to++ = '\\';
		*to++ = 'x';
		*to++ = hex[p[i] >> 4];
		*to++ = hex[p[i] & 15];
	}
	return to;
}

static size_t escape_bytes(char *out, const void *bytes, size_t size,
			   bool spaces)
{
	const uint8_t *p = bytes, *end = p + size;
	struct word word = { .end = p };
	char *to = out;

	while (p < end) {
		ucs4_t point = 0;
		int length = u8_mbtoucr(&point, p, (size_t)(end - p));
		bool plain;

		if (p >= word.end)
			look_ahead(&word, p, end);
		plain = length > 0 && ((spaces && point == ' ') ||
				       !deceives_reader(&word, point));
		if (length <= 0)
			length = 1;
		if (plain)
			to = mempcpy(to, p, (size_t)length);
		else
			to = write_hex(to, p, (size_t)length);
		word.marks = plain && is_mark(point) ? word.marks + 1 : 0;
		word.before = plain ? point : 0;
		p += length;
	}
	*to = '\0';
	return (size_t)(to - out);
}

size_t execgate_escape(char *out, const void *bytes, size_t size)
{
	return escape_bytes(out, bytes, size, false);
}

size_t execgate_escape_text(char *out, const void *bytes, size_t size)
{
	return escape_bytes(out, bytes, size, true);
}
