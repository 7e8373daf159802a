// SPDX-License-Identifier: GPL-2.0
/*
 * The files that a shell script sources by a name that stands in it. This is not a shell:
 * it knows where a command begins and what a word is, and expands nothing. A word that
 * would be expanded is told of, and people find the file.
 */
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/io.h"
#include "lib/sign/imports.h"

#define SCRIPT_MAX (16u << 20)
/* Command substitutions within each other, and here-documents of one line. */
#define DEPTH_MAX 64
#define HERE_MAX 16

/**
 * struct word - one that was read
 * @text: without its quotes, cut to the array; @size of it
 * @is_literal: the shell would expand nothing in it
 * @is_whole: @text has all of it
 */
struct word {
	char text[PATH_MAX];
	size_t size;
	bool is_literal;
	bool is_whole;
};

/**
 * struct scan - a script that is being read
 * @at: the next byte; @end is behind the last
 * @script: its real path; @folder: of the script that was asked about
 * @until: what ends the list of commands that it is in: a bracket or a backquote
 * @out: NULL: sources are not looked for
 * @is_open: the script ends in a here-document
 * @here: delimiters of the here-documents that begin behind this line
 */
struct scan {
	const char *at;
	const char *end;
	const char *script;
	const char *folder;
	struct execgate_imports *out;
	struct {
		char delimiter[256];
		bool strip;
	} here[HERE_MAX];
	size_t here_count;
	bool is_open;
	unsigned int depth;
	char until;
	int error;
};

static void read_commands(struct scan *scan);

static char peek(const struct scan *scan, size_t ahead)
{
	return (size_t)(scan->end - scan->at) > ahead ? scan->at[ahead] : '\0';
}

static bool at_end(const struct scan *scan)
{
	return scan->error || scan->at >= scan->end;
}

static void put(struct word *word, char c)
{
	if (word->size + 1 < sizeof(word->text) && c)
		word->text[word->size++] = c;
	else
		word->is_whole = false;
}

/* Behind "((", up to "))". */
static void skip_arithmetic(struct scan *scan)
{
	unsigned int open = 2;

	for (; open && !at_end(scan); scan->at++) {
		if (*scan->at == '(')
			open++;
		else if (*scan->at == ')')
			open--;
	}
}

/* Behind "${", up to its brace. */
static void skip_braces(struct scan *scan)
{
	unsigned int open = 1;
	char quote = '\0';

	for (; open && !at_end(scan); scan->at++) {
		char c = *scan->at;

		if (c == '\\' && quote != '\'' && scan->at + 1 < scan->end)
			scan->at++;
		else if (quote && c == quote)
			quote = '\0';
		else if (!quote && (c == '\'' || c == '"'))
			quote = c;
		else if (!quote && c == '{')
			open++;
		else if (!quote && c == '}')
			open--;
	}
}

static void read_nested(struct scan *scan, char until)
{
	char outer = scan->until;

	if (scan->depth == DEPTH_MAX) {
		scan->is_open = true;
		if (scan->out)
			scan->error =
				execgate_imports_miss(scan->out, "(", 1,
						      scan->script,
						      "nested too deeply");
		scan->at = scan->end;
		return;
	}
	scan->depth++;
	scan->until = until;
	read_commands(scan);
	scan->until = outer;
	scan->depth--;
}

/* At "$" or a backquote. */
static void read_expansion(struct scan *scan, struct word *word)
{
	char c = *scan->at++, next = peek(scan, 0);

	word->is_literal = false;
	if (c == '`') {
		read_nested(scan, '`');
	} else if (next == '(' && peek(scan, 1) == '(') {
		scan->at += 2;
		skip_arithmetic(scan);
	} else if (next == '(') {
		scan->at++;
		read_nested(scan, ')');
	} else if (next == '{') {
		scan->at++;
		skip_braces(scan);
	}
}

static void read_double_quoted(struct scan *scan, struct word *word)
{
	while (!at_end(scan) && *scan->at != '"') {
		char next = peek(scan, 1);

		if (*scan->at == '`' && scan->until == '`')
			return;
		if (*scan->at == '$' || *scan->at == '`') {
			read_expansion(scan, word);
		} else if (*scan->at == '\\' && next == '\n') {
			scan->at += 2;
		} else {
			if (*scan->at == '\\' && next && strchr("$`\"\\", next))
				scan->at++;
			put(word, *scan->at++);
		}
	}
	scan->at += !at_end(scan);
}

static void read_single_quoted(struct scan *scan, struct word *word,
			       bool escapes)
{
	while (!at_end(scan) && *scan->at != '\'') {
		if (escapes && *scan->at == '\\' && peek(scan, 1))
			scan->at++;
		put(word, *scan->at++);
	}
	scan->at += !at_end(scan);
}

/* Up to a blank or an operator; false: there is none here. */
static bool read_word(struct scan *scan, struct word *word)
{
	const char *start = scan->at;

	word->size = 0;
	word->is_literal = word->is_whole = true;
	while (!at_end(scan) && !strchr(" \t\n;&|<>()", *scan->at)) {
		char c = *scan->at;

		if (c == '`' && scan->until == '`')
			break;
		if (c == '$' && peek(scan, 1) == '\'') {
			word->is_literal = false;
			scan->at += 2;
			read_single_quoted(scan, word, true);
		} else if (c == '$' || c == '`') {
			read_expansion(scan, word);
		} else if (c == '\'') {
			scan->at++;
			read_single_quoted(scan, word, false);
		} else if (c == '"') {
			scan->at++;
			read_double_quoted(scan, word);
		} else if (c == '\\') {
			if (peek(scan, 1) && peek(scan, 1) != '\n')
				put(word, peek(scan, 1));
			scan->at += scan->end - scan->at > 1 ? 2 : 1;
		} else {
			if (strchr("*?[", c) ||
			    (c == '~' && scan->at == start) ||
			    (c == '{' && scan->at != start))
				word->is_literal = false;
			put(word, c);
			scan->at++;
		}
	}
	word->text[word->size] = '\0';
	return scan->at > start;
}

static void skip_blanks(struct scan *scan)
{
	while (!at_end(scan))
		if (*scan->at == ' ' || *scan->at == '\t')
			scan->at++;
		else if (*scan->at == '\\' && peek(scan, 1) == '\n')
			scan->at += 2;
		else
			break;
}

static void skip_comment(struct scan *scan)
{
	while (!at_end(scan) && *scan->at != '\n')
		scan->at++;
}

/* Behind the end of a line: the here-documents that it announced. */
static void skip_here(struct scan *scan)
{
	for (size_t i = 0; i < scan->here_count; i++) {
		const char *delimiter = scan->here[i].delimiter;
		bool is_open = true;

		while (is_open && scan->at < scan->end) {
			size_t left = (size_t)(scan->end - scan->at), size;
			const char *line = scan->at;
			const char *stop = memchr(line, '\n', left);

			size = stop ? (size_t)(stop - line) : left;
			scan->at += stop ? size + 1 : size;
			while (scan->here[i].strip && size && *line == '\t')
				line++, size--;
			is_open = size != strlen(delimiter) ||
				  memcmp(line, delimiter, size) != 0;
		}
		scan->is_open |= is_open;
	}
	scan->here_count = 0;
}

/* Behind "<<": what ends the document. */
static void read_here(struct scan *scan)
{
	bool strip = peek(scan, 0) == '-';
	struct word word;

	scan->at += strip;
	skip_blanks(scan);
	if (!read_word(scan, &word) || scan->here_count == HERE_MAX ||
	    word.size >= sizeof(scan->here[0].delimiter))
		return;
	strcpy(scan->here[scan->here_count].delimiter, word.text);
	scan->here[scan->here_count++].strip = strip;
}

/* True: a file follows, and not a command. */
static bool read_redirection(struct scan *scan)
{
	char c = *scan->at++;

	if (c == '<' && peek(scan, 0) == '<' && peek(scan, 1) == '<') {
		scan->at += 2;
		return true;
	}
	if (c == '<' && peek(scan, 0) == '<') {
		scan->at++;
		read_here(scan);
		return false;
	}
	if (peek(scan, 0) && strchr("<>&|", peek(scan, 0)))
		scan->at++;
	/* <(...) is a list of commands. */
	return peek(scan, 0) != '(';
}

static bool is_assignment(const char *text)
{
	size_t name = strspn(text, "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");

	return name && (text[0] < '0' || text[0] > '9') &&
	       (text[name] == '=' ||
		(text[name] == '+' && text[name + 1] == '='));
}

/* Words behind which a command may begin. */
static bool is_before_command(const char *text)
{
	static const char *const words[] = {
		"if",	"then", "else", "elif",	   "while",   "until",
		"do",	"!",	"{",	"}",	   "time",    "fi",
		"done", "esac", "exec", "command", "builtin",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(text, words[i]))
			return true;
	return false;
}

/* "name=(" of bash: words, and not commands. */
static void skip_array(struct scan *scan)
{
	struct word word;

	scan->at++;
	while (!at_end(scan) && *scan->at != ')')
		if (*scan->at == '#')
			skip_comment(scan);
		else if (!read_word(scan, &word))
			scan->at++;
	scan->at += !at_end(scan);
}

static bool is_there(const char *folder, const char *name, char out[PATH_MAX])
{
	int n = folder ? snprintf(out, PATH_MAX, "%s/%s", folder, name) :
			 snprintf(out, PATH_MAX, "%s", name);

	return n < PATH_MAX && !access(out, F_OK);
}

/* As the shell does for a name without a slash. */
static bool find_in_path(const char *name, char out[PATH_MAX])
{
	const char *path = getenv("PATH");
	char folder[PATH_MAX];

	while (path && *path) {
		size_t size = strcspn(path, ":");

		if (size && size < sizeof(folder)) {
			memcpy(folder, path, size);
			folder[size] = '\0';
			if (is_there(folder, name, out))
				return true;
		}
		path += size + (path[size] == ':');
	}
	return false;
}

/*
 * Which folder the shell is in when it reads the file is not known. Most are started in
 * the one that this program is in, or go to their own.
 */
static bool find_source(const struct scan *scan, const char *name,
			char out[PATH_MAX])
{
	char found[PATH_MAX];
	bool is = name[0] == '/' ?
			  is_there(NULL, name, found) :
			  (!strchr(name, '/') && find_in_path(name, found)) ||
				  is_there(NULL, name, found) ||
				  is_there(scan->folder, name, found);

	return is && realpath(found, out);
}

static void take_source(struct scan *scan)
{
	char path[PATH_MAX];
	const char *start;
	struct word word;
	bool is_word;

	do {
		skip_blanks(scan);
		start = scan->at;
		is_word = read_word(scan, &word);
	} while (is_word && !strcmp(word.text, "--"));
	if (!scan->out)
		return;
	if (!is_word) {
		/* "<(...)" is one, anything else is none: "case . in", "a | .". */
		if (peek(scan, 0) == '<' && peek(scan, 1) == '(')
			scan->error = execgate_imports_miss(scan->out, "<(", 2,
							    scan->script,
							    "not literal");
		return;
	}
	if (!word.is_literal || !word.is_whole)
		scan->error = execgate_imports_miss(scan->out, start,
						    (size_t)(scan->at - start),
						    scan->script,
						    "not literal");
	else if (find_source(scan, word.text, path))
		scan->error =
			execgate_imports_add(scan->out, path, scan->script);
	else
		scan->error = execgate_imports_miss(scan->out, word.text,
						    word.size, scan->script,
						    "not found");
}

/**
 * struct place - where in a command the scanner is
 * @is_command: the next word is one
 * @is_target: the next word is the file of a redirection
 * @cases: "case" that have no "esac" yet: a bracket ends a pattern of it
 */
struct place {
	bool is_command;
	bool is_target;
	unsigned int cases;
};

static void take_word(struct scan *scan, struct place *place)
{
	struct word word;

	if (!read_word(scan, &word)) {
		scan->at++;
		return;
	}
	if (place->is_target) {
		place->is_target = false;
		return;
	}
	if (!place->is_command)
		return;
	if (!strcmp(word.text, "case"))
		place->cases++;
	else if (!strcmp(word.text, "esac") && place->cases)
		place->cases--;
	if (is_assignment(word.text)) {
		if (word.text[word.size - 1] == '=' && peek(scan, 0) == '(')
			skip_array(scan);
		return;
	}
	/* "2>file" in front of a command. */
	if (strspn(word.text, "0123456789") == word.size &&
	    (peek(scan, 0) == '<' || peek(scan, 0) == '>'))
		return;
	if (!strcmp(word.text, "function")) {
		skip_blanks(scan);
		read_word(scan, &word);
		return;
	}
	if (!strcmp(word.text, ".") || !strcmp(word.text, "source"))
		take_source(scan);
	place->is_command = is_before_command(word.text);
}

/* Operators between words. True: the list ends here. */
static bool take_operator(struct scan *scan, struct place *place)
{
	char c = *scan->at;

	if (c && c == scan->until && !(c == ')' && place->cases)) {
		scan->at++;
		return true;
	}
	if (c == '<' || c == '>') {
		place->is_target = read_redirection(scan);
		return false;
	}
	scan->at++;
	if (c == '(' && place->is_command && peek(scan, 0) == '(') {
		scan->at++;
		skip_arithmetic(scan);
	} else if (c == '(' && !place->cases) {
		read_nested(scan, ')');
	}
	if (c == '\n')
		skip_here(scan);
	place->is_command = true;
	place->is_target = false;
	return false;
}

static void read_commands(struct scan *scan)
{
	struct place place = { .is_command = true };

	while (!at_end(scan)) {
		skip_blanks(scan);
		if (at_end(scan))
			return;
		if (*scan->at == '#')
			skip_comment(scan);
		else if (*scan->at == scan->until ||
			 strchr("\n;&|<>()", *scan->at)) {
			if (take_operator(scan, &place))
				return;
		} else {
			take_word(scan, &place);
		}
	}
}

bool execgate_imports_shell_open(const char *text, size_t size)
{
	struct scan *scan = calloc(1, sizeof(*scan));
	bool is_open = true;

	if (scan) {
		scan->at = text;
		scan->end = text + size;
		read_commands(scan);
		/* Also when the last line begins one. */
		is_open = scan->is_open || scan->here_count;
	}
	free(scan);
	return is_open;
}

static int read_script(const char *script, const char *folder,
		       struct execgate_imports *out, struct execgate_error *err)
{
	struct scan *scan;
	uint8_t *text;
	size_t size;
	int ret = execgate_io_read_file(script, SCRIPT_MAX, &text, &size, err);

	if (ret)
		return ret;
	scan = calloc(1, sizeof(*scan));
	if (scan) {
		*scan = (struct scan){ .at = (char *)text,
				       .end = (char *)text + size,
				       .script = script,
				       .folder = folder,
				       .out = out };
		read_commands(scan);
	}
	ret = scan ? scan->error : -ENOMEM;
	free(scan);
	free(text);
	return ret ? execgate_error_errno(err, ret,
					  "cannot list what %s sources",
					  script) :
		     0;
}

/* The files that were added are read for more, each once: a circle ends. */
int execgate_imports_shell(const char *script, struct execgate_imports *out,
			   struct execgate_error *err)
{
	char folder[PATH_MAX];
	size_t next = out->count;
	int ret;

	snprintf(folder, sizeof(folder), "%.*s",
		 (int)(strrchr(script, '/') - script), script);
	ret = read_script(script, folder, out, err);
	while (!ret && next < out->count) {
		/* A copy: the array moves as it grows. */
		char *path = strdup(out->files[next].path);

		ret = path ? 0 : -ENOMEM;
		if (path && strcmp(path, script)) {
			ret = read_script(path, folder, out, err);
			/* Signing it tells why it cannot be read. */
			if (ret && ret != -ENOMEM && ret != -E2BIG)
				ret = execgate_imports_miss(out, path,
							    strlen(path),
							    script,
							    "cannot be read");
		}
		free(path);
		next++;
	}
	return ret;
}
