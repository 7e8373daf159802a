// SPDX-License-Identifier: GPL-2.0
/*
 * Command lines: a grammar that is accepted is words that each mean something, and no
 * word or name that is taken from the arguments leaves them.
 */
#include "prove.h"

/* The checker's library has no memchr(). */
static void *find_byte(const void *from, int byte, size_t size)
{
	const u8 *at = from;
	size_t i;

	for (i = 0; i < size; i++)
		if (at[i] == (u8)byte)
			return (void *)(at + i);
	return NULL;
}

#define memchr find_byte
#include "format/words.c"
#include "format/grammar.c"
#undef ONE_OF
#include "format/cmdline.c"

void prove_grammar(void)
{
	struct eg_bytes rest;
	struct eg_sign sign;

	ANY_BYTES(text);
	if (!eg_grammar_is_good(text))
		return;
	HOLDS(text.size);
	rest = text;
	while (eg_grammar_next(&rest, &sign)) {
		HOLDS(sign.name.size && is_within(sign.name, text));
		HOLDS(sign.name.size <= EG_GRAMMAR_WORD_MAX);
		HOLDS(!sign.means || memchr(OF_OPTIONS OF_VARIABLES, sign.means,
					    sizeof(OF_OPTIONS OF_VARIABLES)));
	}
	HOLDS(!rest.size);
}

void prove_base(void)
{
	struct eg_bytes base;

	ANY_BYTES(path);
	base = eg_cmdline_base(path);
	HOLDS(is_within(base, path));
	HOLDS(!base.size || base.size == 1 || base.data[0] != '/');
}

void prove_words(void)
{
	struct eg_bytes rest, word;
	size_t seen = 0;

	ANY_BYTES(words);
	rest = words;
	while (eg_words_next(&rest, false, &word)) {
		HOLDS(is_within(word, words));
		seen += word.size;
	}
	HOLDS(!rest.size && seen <= words.size);
}
