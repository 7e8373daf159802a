/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Words of command lines and environments, and what could be in them. Pure, as all of
 * kernel/format.
 */
#ifndef EG_WORDS_H
#define EG_WORDS_H

#include "format.h"

/**
 * eg_words_next() - take the next word off
 * @words: each with a 0 behind it; cut off at the end of what was read, a word counts
 * @blanks: blanks end one, too
 *
 * Return: false if there is none.
 */
bool eg_words_next(struct eg_bytes *words, bool blanks, struct eg_bytes *out);

bool eg_words_is_one_of(u8 c, const char *set);

/* The size of what comes before the first of these bytes. */
size_t eg_words_until(struct eg_bytes text, const char *set);

/* Takes off the text before the first of these bytes, and that byte; or all of it. */
struct eg_bytes eg_words_part(struct eg_bytes *text, const char *set);

/* Programs differ in what a quote or a backslash means in a variable with options. */
bool eg_words_have_quote(struct eg_bytes text);

/* As module names are: letters, digits, and what stands between and before them. */
bool eg_words_are_plain(struct eg_bytes text);

/* Paths with colons between; no address, which may have the text itself in it. */
bool eg_words_are_names(struct eg_bytes text);

/*
 * Would a shell that takes this text for a prompt put something in the place of a part of
 * it? Bash first puts bytes in the place of their octal numbers.
 */
bool eg_words_are_expanded(struct eg_bytes text);

#endif /* EG_WORDS_H */
