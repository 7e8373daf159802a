// SPDX-License-Identifier: GPL-2.0
/*
 * A line with a grammar, and words that it is asked about: names that are found are parts of
 * the words, whatever number of them are arguments, and the answer is always the same.
 */
#include "format/cmdline.h"
#include "format/grammar.h"
#include "fuzz.h"

static void check_read(struct eg_bytes grammar, struct eg_bytes words,
		       unsigned int args)
{
	struct eg_cmdline found = { .code = false };
	struct eg_cmdline again = { .code = false };
	unsigned int i;

	eg_cmdline_read(grammar, words, args, &found);
	HOLDS(found.count <= EG_CMDLINE_FILES);
	for (i = 0; i < found.count; i++) {
		HOLDS(found.files[i].size);
		HOLDS(is_within(found.files[i], words));
		HOLDS(!memchr(found.files[i].data, 0, found.files[i].size));
	}
	eg_cmdline_read(grammar, words, args, &again);
	HOLDS(!memcmp(&found, &again, offsetof(struct eg_cmdline, files)));
}

/* The part that a name chooses is a part of the grammar, and good by itself. */
static void check_part(struct eg_bytes grammar, struct eg_bytes name)
{
	struct eg_bytes part = grammar;
	struct eg_sign sign;

	if (eg_grammar_choose(&part, name))
		return;
	HOLDS(is_within(part, grammar));
	while (eg_grammar_next(&part, &sign))
		HOLDS(sign.name.size && sign.name.data[0] != '/');
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	const u8 *end = size ? memchr(data, '\n', size) : NULL;
	struct eg_bytes grammar = { data, end ? (size_t)(end - data) : size };
	struct eg_bytes words = { data + size, 0 }, name;
	unsigned int count = 0;
	size_t i;

	if (!eg_grammar_is_good(grammar))
		return 0;
	if (end)
		words = (struct eg_bytes){ end + 1, size - grammar.size - 1 };
	for (i = 0; i < words.size; i++)
		count += !words.data[i];
	name = (struct eg_bytes){ words.data, 0 };
	while (name.size < words.size && words.data[name.size])
		name.size++;
	check_part(grammar, name);
	check_read(grammar, words, count + 1);
	check_read(grammar, words, count / 2);
	check_read(grammar, words, 0);
	return 0;
}
