// SPDX-License-Identifier: GPL-2.0
/*
 * A block of comment lines: taking it apart and writing it. One function at a
 * time, with what the ones that it calls are proven to do in their place: any_X()
 * is what the proof of X says of X. prove_base64.c is for the groups.
 */
#include "format/armor.c"
#include "prove.h"

static const char *any_prefix(void)
{
	size_t i = nondet_size();

	ASSUME(i < sizeof(prefixes) / sizeof(prefixes[0]));
	return prefixes[i];
}

void prove_strip(void)
{
	const char *text = nondet_bool() ? EG_ARMOR_END :
			   nondet_bool() ? EG_ARMOR_BEGIN :
			   nondet_bool() ? "\n" :
					   any_prefix();
	struct eg_bytes rest;

	ANY_BYTES(in);
	rest = in;
	if (strip(&rest, text))
		HOLDS(rest.size + strlen(text) == in.size);
	else
		HOLDS(rest.size == in.size);
	HOLDS(rest.data == in.data);
}

bool any_strip(struct eg_bytes *in, const char *text)
{
	size_t size = strlen(text);

	HOLDS(is_readable(*in));
	if (in->size < size || nondet_bool())
		return false;
	in->size -= size;
	return true;
}

void prove_characters(void)
{
	struct eg_bytes rest;
	size_t n;

	ANY_BYTES(in);
	rest = in;
	n = strip_characters(&rest);
	HOLDS(n <= EG_ARMOR_LINE && n <= in.size && rest.size == in.size - n);
	HOLDS(rest.data == in.data);
}

size_t any_characters(struct eg_bytes *in)
{
	size_t n = nondet_size();

	HOLDS(is_readable(*in));
	ASSUME(n <= EG_ARMOR_LINE && n <= in->size);
	in->size -= n;
	return n;
}

/* From the first line's prefix to the last one's last character. */
static size_t lines_size(size_t prefix_size, size_t chars)
{
	size_t lines = (chars + EG_ARMOR_LINE - 1) / EG_ARMOR_LINE;

	return lines * prefix_size + lines - 1 + chars;
}

static bool are_lines(struct eg_bytes rest, struct eg_bytes in,
		      const char *prefix, size_t chars, const u8 *first)
{
	size_t size = lines_size(strlen(prefix), chars);
	/* What was stripped off before the lines is behind @rest. */
	size_t start = strlen(EG_ARMOR_BEGIN) + strlen(prefix);

	return chars % 4 == 0 && rest.data == in.data && rest.size <= in.size &&
	       size + start < in.size - rest.size &&
	       first == in.data + (in.size - 1 - size);
}

void prove_lines(void)
{
	const char *prefix = any_prefix();
	struct eg_bytes rest;
	const u8 *first;
	size_t chars;

	ANY_OBJECT(in);
	rest = in;
	chars = strip_lines(&rest, prefix, &first);
	if (chars)
		HOLDS(are_lines(rest, in, prefix, chars, first));
}

size_t any_lines(struct eg_bytes *in, const char *prefix, const u8 **first)
{
	struct eg_bytes whole = *in;
	size_t chars = nondet_size(), at = nondet_size(), rest = nondet_size();

	HOLDS(is_readable(*in) && in->size <= EG_ARMOR_MAX);
	if (nondet_bool())
		return 0;
	ASSUME(at <= whole.size && rest <= whole.size);
	ASSUME(chars && chars <= EG_ARMOR_MAX);
	*first = whole.data + at;
	in->size = rest;
	ASSUME(are_lines(*in, whole, prefix, chars, *first));
	return chars;
}

size_t any_group(const u8 *in, bool last, u8 *out)
{
	size_t bytes = nondet_size();

	HOLDS(__CPROVER_r_ok(in, 4) && __CPROVER_w_ok(out, 3));
	ASSUME(bytes <= 3 && (last || !bytes || bytes == 3));
	return bytes;
}

void prove_decode(void)
{
	size_t chars = nondet_size(), prefix_size = nondet_bool() ? 2 : 3;
	u8 *line, *out;

	ASSUME(chars && chars % 4 == 0 && chars <= BOUND);
	line = __CPROVER_allocate(lines_size(prefix_size, chars), 0);
	out = __CPROVER_allocate(chars / 4 * 3, 0);
	HOLDS(decode(line, prefix_size, chars, out) <= chars / 4 * 3);
}

size_t any_decode(const u8 *line, size_t prefix_size, size_t chars, u8 *out)
{
	size_t size = nondet_size();

	HOLDS(chars && chars % 4 == 0 && prefix_size >= 2 &&
	      prefix_size <= EG_ARMOR_PREFIX_MAX);
	HOLDS(__CPROVER_r_ok(line, lines_size(prefix_size, chars)));
	HOLDS(__CPROVER_w_ok(out, chars / 4 * 3));
	ASSUME(size <= chars / 4 * 3);
	return size;
}

const char *any_end_line(struct eg_bytes *in)
{
	size_t size = nondet_size();

	HOLDS(is_readable(*in));
	ASSUME(size <= in->size);
	in->size = size;
	return nondet_bool() ? NULL : any_prefix();
}

void prove_block(void)
{
	u64 file_size = nondet_u64();
	size_t buffer_size = nondet_size();
	struct eg_armor out;
	u8 *buffer;

	ANY_OBJECT(tail);
	ASSUME(buffer_size <= BOUND);
	buffer = __CPROVER_allocate(buffer_size, 0);
	if (eg_armor_parse(tail, file_size, buffer, buffer_size, &out) !=
	    EG_FORMAT_OK)
		return;
	HOLDS(out.cms.data == buffer && out.cms.size);
	HOLDS(out.cms.size <= buffer_size);
	HOLDS(out.payload_size && out.payload_size < file_size);
}

/* In the place of encode_group() and memcpy(): nothing reads what they wrote. */
void any_encoded(const u8 *in, size_t bytes, u8 *out)
{
	HOLDS(bytes && bytes <= 3 && __CPROVER_r_ok(in, bytes));
	HOLDS(__CPROVER_w_ok(out, 4));
}

void *any_copy(void *to, const void *from, size_t size)
{
	HOLDS(__CPROVER_w_ok(to, size) && __CPROVER_r_ok(from, size));
	return to;
}

/* Exactly what two lines take, the second of one group, behind "# ". */
#define ROOM                                                               \
	(sizeof(EG_ARMOR_BEGIN EG_ARMOR_END) - 1 + EG_ARMOR_LINE + 4 + 2 + \
	 4 * 2)

void prove_write(void)
{
	u8 out[ROOM];

	ANY_OBJECT(cms);
	HOLDS(eg_armor_write(nondet_bool() ? "# " : "-- ", cms, out,
			     sizeof(out)) <= sizeof(out));
}
