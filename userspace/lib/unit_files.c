// SPDX-License-Identifier: GPL-2.0
/* The commands of systemd units. */
#include "programs.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>

static const char *const settings[] = {
	"ExecStart",  "ExecStartPre", "ExecStartPost", "ExecCondition",
	"ExecReload", "ExecStop",     "ExecStopPost",
};

#define SPACE " \t"

/* The value of an Exec setting, or NULL. */
static const char *exec_value(const char *line)
{
	size_t i, size;

	line += strspn(line, SPACE);
	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		size = strlen(settings[i]);
		if (strncmp(line, settings[i], size))
			continue;
		size += strspn(line + size, SPACE);
		if (line[size] == '=')
			return line + size + 1;
	}
	return NULL;
}

/* The word at @from, its quotes off; what is left after it. */
static const char *take_word(const char *from, char *out, size_t size)
{
	size_t used = 0;
	char quote = '\0';

	from += strspn(from, SPACE "\n");
	for (; *from; from++) {
		if (quote ? *from == quote : *from == '"' || *from == '\'') {
			quote = quote ? '\0' : *from;
			continue;
		}
		if (!quote && strchr(SPACE "\n", *from))
			break;
		if (used < size - 1)
			out[used++] = *from;
	}
	out[used] = '\0';
	return from;
}

static int tell_command(const char *value, execgate_program_fn fn, void *arg)
{
	char word[PATH_MAX];
	bool first = true;
	int ret = 0;

	while (!ret && *value) {
		value = take_word(value, word, sizeof(word));
		if (!word[0])
			break;
		if (!strcmp(word, ";")) {
			first = true;
			continue;
		}
		if (first) {
			char *name = word + strspn(word, "@-:+!|");

			/* One that was cut is the name of nothing. */
			if (*name && !strpbrk(name, "%$") &&
			    strlen(word) < sizeof(word) - 1)
				ret = fn(name, arg);
		}
		first = false;
	}
	return ret;
}

/* A line that ends with a backslash goes on; comments in between do not end it. */
static const char *join_line(const char *from, char *out, size_t size)
{
	size_t used = 0, length, keep;
	bool more = true;

	while (more && *from) {
		length = strcspn(from, "\n");
		more = length && from[length - 1] == '\\';
		if (used && strchr("#;", from[0])) {
			more = true;
		} else {
			keep = length - more;
			if (keep > size - 2 - used)
				keep = size - 2 - used;
			memcpy(out + used, from, keep);
			used += keep;
			if (more && used < size - 2)
				out[used++] = ' ';
		}
		from += length + (from[length] == '\n');
	}
	out[used] = '\0';
	return from;
}

int execgate_programs_of_unit(const char *text, execgate_program_fn fn,
			      void *arg)
{
	char line[8192];
	const char *value;
	int ret = 0;

	while (!ret && *text) {
		text = join_line(text, line, sizeof(line));
		value = exec_value(line);
		if (value)
			ret = tell_command(value, fn, arg);
	}
	return ret;
}
