// SPDX-License-Identifier: GPL-2.0
/*
 * The grammars that are shipped for interpreters (userspace/identities/examples), against
 * command lines. What each interpreter itself makes of these lines is what its manual
 * says, and lane full tries the same table with those that are there.
 */
#include "format/cmdline.h"
#include "format/grammar.h"

#include <stdio.h>

#include "support.h"

#define SCRIPTS "userspace/identities/examples/scripts.conf"

/*
 * @words: arguments, a blank between them ("~" stands for one in an argument), and
 * behind a "|" the environment
 * @found: "code", "input", "lost" and names of files, in that order
 */
static const struct {
	const char *section;
	const char *words;
	const char *found;
} rows[] = {
#define ROW(section, words, found) { section, words, found },
#include "cmdline.inc"
#include "cmdline_more.inc"
#undef ROW
};

/* The text of the inline rule of a section, which has several lines. */
static struct eg_bytes grammar_of(const char *section, char *text, size_t room)
{
	static const char start[] = "rule = inline";
	struct eg_bytes grammar = { (const uint8_t *)text, 0 };
	FILE *file = fopen(SCRIPTS, "r");
	bool inside = false;
	char line[256];
	size_t size;

	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '[')
			inside = strncmp(line + 1, section, strlen(section)) ==
					 0 &&
				 line[1 + strlen(section)] == ']';
		if (!inside || strncmp(line, start, strlen(start)) != 0)
			continue;
		size = strlen(line + strlen(start));
		assert_true(grammar.size + size < room);
		memcpy(text + grammar.size, line + strlen(start), size);
		grammar.size += size;
	}
	fclose(file);
	if (!grammar.size)
		fail_msg("no grammar of %s", section);
	/* Not the blank before the first word. */
	grammar.data++;
	grammar.size--;
	assert_true(eg_grammar_is_good(grammar));
	return grammar;
}

/* In memory of its own size, so that reading past it is seen. */
static struct eg_bytes words_of(const char *text, unsigned int *args)
{
	struct eg_bytes out = { NULL, strlen(text) + 1 };
	uint8_t *bytes = malloc(out.size);
	bool variables = false;
	size_t i;

	assert_non_null(bytes);
	*args = 1;
	for (i = 0; i < out.size; i++) {
		bool ends = text[i] == ' ' || text[i] == '|';

		*args += ends && !variables;
		variables |= text[i] == '|';
		bytes[i] = ends ? 0 : text[i] == '~' ? ' ' : (uint8_t)text[i];
	}
	/* The word behind the bar is none of the arguments. */
	*args -= variables;
	out.data = bytes;
	return out;
}

static void describe(const struct eg_cmdline *found, char *out, size_t size)
{
	size_t used;

	snprintf(out, size, "%s%s%s", found->code ? " code" : "",
		 found->input ? " input" : "", found->lost ? " lost" : "");
	for (unsigned int i = 0; i < found->count; i++) {
		used = strlen(out);
		snprintf(out + used, size - used, " %.*s",
			 (int)found->files[i].size, found->files[i].data);
	}
}

static void test_lines(void **state)
{
	char said[512], wanted[512], line[2048];
	unsigned int args, bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct eg_cmdline found = { .code = false };
		struct eg_bytes words = words_of(rows[i].words, &args);

		eg_cmdline_read(grammar_of(rows[i].section, line, sizeof(line)),
				words, args, &found);
		describe(&found, said, sizeof(said));
		snprintf(wanted, sizeof(wanted), "%s%s",
			 *rows[i].found ? " " : "", rows[i].found);
		free((void *)words.data);
		if (strcmp(said, wanted) == 0)
			continue;
		print_error("%s: \"%s\": found%s, not%s\n", rows[i].section,
			    rows[i].words, said, wanted);
		bad++;
	}
	assert_int_equal(bad, 0);
}

/* The dash that ends options is not the sign for options that nobody knows, in any order. */
static void test_dash(void **state)
{
	static const char *const grammars[] = { "- -< %@ <", "-< - %@ <" };
	struct eg_bytes words;
	unsigned int args;
	char said[64];

	(void)state;
	for (size_t i = 0; i < sizeof(grammars) / sizeof(grammars[0]); i++) {
		struct eg_cmdline found = { .code = false };

		words = words_of("sh - x", &args);
		eg_cmdline_read((struct eg_bytes){ (const uint8_t *)grammars[i],
						   strlen(grammars[i]) },
				words, args, &found);
		describe(&found, said, sizeof(said));
		free((void *)words.data);
		assert_string_equal(said, " x");
	}
}

/* More options than are looked up: nothing is believed of such a line. */
static void test_too_much(void **state)
{
	static const struct {
		const char *option;
		size_t count;
		bool lost;
	} lines[] = {
		{ "-", EG_CMDLINE_OPTIONS_MAX / 2, false },
		{ "-", EG_CMDLINE_OPTIONS_MAX, true },
		{ "-x", EG_CMDLINE_OPTIONS_MAX / 4, false },
		{ "-x", EG_CMDLINE_OPTIONS_MAX, true },
		{ "--x", EG_CMDLINE_OPTIONS_MAX / 2, false },
		{ "--x", EG_CMDLINE_OPTIONS_MAX + 1, true },
		{ "x", EG_CMDLINE_OPTIONS_MAX * 2, false },
	};
	static const char grammar[] = "-c: %@ < &";
	static char words[8 * EG_CMDLINE_OPTIONS_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct eg_cmdline found = { .code = false };
		bool one_word = strcmp(lines[i].option, "-") == 0;
		size_t size = sizeof("sh");

		memcpy(words, "sh", sizeof("sh"));
		if (one_word)
			words[size++] = '-';
		for (size_t j = 0; j < lines[i].count; j++) {
			const char *text = one_word ? "x" : lines[i].option;

			memcpy(words + size, text, strlen(text) + 1);
			size += strlen(text) + !one_word;
		}
		words[size++] = '\0';
		eg_cmdline_read((struct eg_bytes){ (const uint8_t *)grammar,
						   strlen(grammar) },
				(struct eg_bytes){ (uint8_t *)words, size },
				1 + (one_word ? 1 :
						(unsigned int)lines[i].count),
				&found);
		if (found.lost != lines[i].lost || found.code != lines[i].lost)
			fail_msg("%zu times %s", lines[i].count,
				 lines[i].option);
		assert_int_equal(found.input,
				 lines[i].lost || lines[i].option[0] == '-');
	}
}

/* The same of a name that is said again and again (busybox busybox ... sh). */
static void test_too_many_names(void **state)
{
	static const char grammar[] = "/x/ /y %@ <";
	static char words[2 * EG_CMDLINE_OPTIONS_MAX + 2];
	size_t count = EG_CMDLINE_OPTIONS_MAX + 1;

	(void)state;
	for (size_t i = 0; i < count; i++)
		memcpy(words + 2 * i, "x", 2);
	for (int tries = 0; tries < 2; tries++) {
		struct eg_cmdline found = { .code = false };

		eg_cmdline_read((struct eg_bytes){ (const uint8_t *)grammar,
						   strlen(grammar) },
				(struct eg_bytes){ (uint8_t *)words,
						   2 * count },
				(unsigned int)count, &found);
		assert_int_equal(found.lost, !tries);
		assert_int_equal(found.code, !tries);
		assert_true(found.input);
		/* One of them less, and the last one is what reads its input. */
		count = EG_CMDLINE_OPTIONS_MAX;
		words[2 * (count - 1)] = 'y';
	}
}

static const struct {
	const char *text;
	bool good;
} grammars[] = {
	{ "-c:", true },     { "-c:.", true },	      { "%@", true },
	{ "%: &", true },    { "<", true },	      { "-", true },
	{ "$X*", true },     { "--long-one=", true }, { "+o>", true },
	{ "-jar@", true },   { "", false },	      { " ", false },
	{ "-c: ", false },   { " -c:", false },	      { "-c:  -e:", false },
	{ "-c", false },     { "-:", false },	      { "%", false },
	{ "%^", false },     { "%@.", false },	      { "$*", false },
	{ "$X=", false },    { "$X@", true },	      { "%*", true },
	{ "$X*.", false },   { "<@", false },	      { "&:", false },
	{ "x:", false },     { "-c;", false },	      { "-/:", false },
	{ "--a b:", false }, { "%%@", false },	      { "--\x80:", false },
	{ "-@", true },	     { "-<.", true },	      { "-@.", false },
	{ "-*", false },     { "-@~", false },	      { "=", true },
	{ "-i~", true },     { "-d!~.", true },	      { "-i~~", true },
	{ "-b-", true },     { "-e+", true },	      { "~", true },
	{ "-~", false },     { "--", false },	      { "%~", false },
	{ "%@~", false },    { "$X*~", false },	      { "==", false },
};

static void test_grammars(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(grammars) / sizeof(grammars[0]); i++) {
		struct eg_bytes text = { (const uint8_t *)grammars[i].text,
					 strlen(grammars[i].text) };

		if (eg_grammar_is_good(text) != grammars[i].good)
			fail_msg("\"%s\"", grammars[i].text);
	}
}

static void test_base(void **state)
{
	static const char *const paths[][2] = {
		{ "a", "a" },	 { "/a", "a" },	  { "/b/a", "a" },
		{ "b/a/", "a" }, { "a//", "a" },  { "/", "" },
		{ "", "" },	 { "../a", "a" }, { "b/..", ".." },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct eg_bytes base = eg_cmdline_base((struct eg_bytes){
			(const uint8_t *)paths[i][0], strlen(paths[i][0]) });

		assert_int_equal(base.size, strlen(paths[i][1]));
		assert_memory_equal(base.data, paths[i][1], base.size);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_dash),
		cmocka_unit_test(test_too_much),
		cmocka_unit_test(test_too_many_names),
		cmocka_unit_test(test_grammars),
		cmocka_unit_test(test_base),
	};

	return cmocka_run_group_tests_name("format/cmdline", tests, NULL, NULL);
}
