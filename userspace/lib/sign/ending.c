// SPDX-License-Identifier: GPL-2.0
#include "lib/sign/ending.h"

#include <string.h>
#include <strings.h>

#include "lib/sign/imports.h"

/* Where the last @what begins; NULL: nowhere. */
static const char *find_last(const char *text, size_t size, const char *what)
{
	const char *found = NULL, *end = text + size, *at = text;

	while ((at = memmem(at, (size_t)(end - at), what, strlen(what))))
		found = at++;
	return found;
}

static bool is_line_end(const char *at, const char *end)
{
	return at == end || *at == '\n' || *at == '\r';
}

static bool is_word_byte(char c)
{
	return c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z');
}

/* METADATA is another word, and "DATA..." what SMTP says: not the file handle. */
static bool has_handle(const char *text, size_t size)
{
	static const char name[] = "DATA";
	const char *end = text + size, *at = text;

	while ((at = memmem(at, (size_t)(end - at), name, strlen(name)))) {
		const char *behind = at + strlen(name);

		if ((at == text || (!is_word_byte(at[-1]) && at[-1] != '"' &&
				    at[-1] != '\'')) &&
		    (behind == end || !is_word_byte(*behind)))
			return true;
		at = behind;
	}
	return false;
}

bool execgate_ending_is_data(const char *text, size_t size)
{
	static const char *const marks[] = { "\n__END__", "\n__DATA__" };
	const char *mark, *end = text + size;

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		size_t length = strlen(marks[i]);

		mark = memmem(text, size, marks[i], length);
		while (mark && !is_line_end(mark + length, end))
			mark = memmem(mark + 1, (size_t)(end - mark - 1),
				      marks[i], length);
		if (mark && has_handle(text, (size_t)(mark - text)))
			return true;
	}
	return false;
}

/* The end of a line may be missing, or be that of other systems. */
static bool ends_with_backslash(const char *text, size_t size)
{
	if (size && text[size - 1] == '\n')
		size--;
	if (size && text[size - 1] == '\r')
		size--;
	return size && text[size - 1] == '\\';
}

/*
 * Behind "?>" PHP prints what it reads, also where "?>" stands in a comment of one line. So
 * the last opening tag must come after the last "?>" of any kind. "<?xml" is none, and
 * "<?" alone is one only where the configuration says so.
 */
static bool ends_outside_php(const char *text, size_t size)
{
	const char *close = find_last(text, size, "?>");
	const char *open = find_last(text, size, "<?php");
	const char *echo = find_last(text, size, "<?=");

	if (!open || (echo && echo > open))
		open = echo;
	return !open || (close && close > open);
}

static bool halts_php(const char *text, size_t size)
{
	static const char call[] = "__halt_compiler";

	for (size_t i = 0; i + sizeof(call) - 1 <= size; i++)
		if (!strncasecmp(text + i, call, sizeof(call) - 1))
			return true;
	return false;
}

const char *execgate_ending_swallows(const char *text, size_t size,
				     const char *interpreter)
{
	bool is_php = !strcmp(interpreter, "php");

	if (execgate_ending_is_data(text, size))
		return "reads data behind __END__ or __DATA__";
	if (ends_with_backslash(text, size))
		return "ends with a backslash, which continues the last line";
	if (is_php && ends_outside_php(text, size))
		return "ends outside of PHP, where text is printed (a ?> at the "
		       "end is not needed)";
	if (is_php && halts_php(text, size))
		return "reads data behind __halt_compiler";
	if (execgate_imports_language_of(interpreter) ==
		    EXECGATE_LANGUAGE_SHELL &&
	    execgate_imports_shell_open(text, size))
		return "ends in a here-document that nothing ends";
	return NULL;
}
