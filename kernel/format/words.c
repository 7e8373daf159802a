// SPDX-License-Identifier: GPL-2.0
#include "words.h"

#include "grammar.h"

static bool is_blank(u8 c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool eg_words_next(struct eg_bytes *words, bool blanks, struct eg_bytes *out)
{
	size_t size = 0;

	if (!words->size)
		return false;
	while (size < words->size && words->data[size] &&
	       !(blanks && is_blank(words->data[size])))
		size++;
	*out = (struct eg_bytes){ words->data, size };
	size += size < words->size;
	words->data += size;
	words->size -= size;
	return true;
}

bool eg_words_is_one_of(u8 c, const char *set)
{
	for (; *set; set++)
		if (c == (u8)*set)
			return true;
	return false;
}

size_t eg_words_until(struct eg_bytes text, const char *set)
{
	size_t size = 0;

	while (size < text.size && !eg_words_is_one_of(text.data[size], set))
		size++;
	return size;
}

struct eg_bytes eg_words_part(struct eg_bytes *text, const char *set)
{
	struct eg_bytes part = { text->data, eg_words_until(*text, set) };
	size_t size = part.size + (part.size < text->size);

	text->data += size;
	text->size -= size;
	return part;
}

bool eg_words_have_quote(struct eg_bytes text)
{
	return eg_words_until(text, "\"'\\") < text.size;
}

static bool has_only(struct eg_bytes text, const char *others)
{
	size_t i;

	for (i = 0; i < text.size; i++)
		if (!eg_grammar_is_name_byte(text.data[i]) &&
		    !eg_words_is_one_of(text.data[i], others))
			return false;
	return true;
}

bool eg_words_are_plain(struct eg_bytes text)
{
	return has_only(text, ":.,=");
}

bool eg_words_are_names(struct eg_bytes text)
{
	size_t i;

	for (i = 0; i + 3 <= text.size; i++)
		if (!memcmp(text.data + i, "://", 3))
			return false;
	return has_only(text, ":.,=/+~@ ");
}

bool eg_words_are_expanded(struct eg_bytes text)
{
	size_t i;

	for (i = 0; i < text.size; i++) {
		if (text.data[i] == '$' || text.data[i] == '`')
			return true;
		/* Another byte behind a backslash is not put to use. */
		if (text.data[i] == '\\' && ++i < text.size &&
		    text.data[i] >= '0' && text.data[i] <= '7')
			return true;
	}
	return false;
}
