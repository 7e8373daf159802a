// SPDX-License-Identifier: GPL-2.0
#include "lib/preflight/programs.h"

#include <ctype.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "lib/preflight/programs_text.h"

int execgate_programs_of_crontab(const char *text, bool has_user,
				 execgate_program_fn fn, void *arg)
{
	char line[8192];
	const char *at;
	int ret = 0;

	while (!ret && *text) {
		text = execgate_programs_line(text, line, sizeof(line));
		at = line + strspn(line, SPACE);
		if (*at == '@')
			at = execgate_programs_skip(at, 1u + has_user);
		else if (isdigit((unsigned char)*at) || *at == '*')
			at = execgate_programs_skip(at, 5u + has_user);
		else
			continue;
		ret = execgate_programs_of_command(at, fn, arg);
	}
	return ret;
}

/* The value of a key that names a program, or NULL; @at moves past it. */
static const char *udev_value(const char **at, size_t *size)
{
	static const char *const keys[] = { "RUN", "RUN{program}", "PROGRAM",
					    "IMPORT{program}" };
	size_t key = strcspn(*at, "=!+-:, \t"), i;
	const char *value = *at + key;

	value += strspn(value, "=!+-: \t");
	if (*value != '"') {
		*at = *value ? value + (value == *at) : value;
		return NULL;
	}
	*size = strcspn(value + 1, "\"");
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strlen(keys[i]) == key && !strncmp(*at, keys[i], key))
			break;
	*at = value + 1 + *size + (value[1 + *size] == '"');
	return i < sizeof(keys) / sizeof(keys[0]) ? value + 1 : NULL;
}

int execgate_programs_of_udev(const char *text, execgate_program_fn fn,
			      void *arg)
{
	char line[8192], word[PATH_MAX];
	const char *at, *value;
	size_t size, length;
	int ret = 0;

	while (!ret && *text) {
		text = execgate_programs_line(text, line, sizeof(line));
		at = line + strspn(line, SPACE);
		while (!ret && *at && *at != '#') {
			value = udev_value(&at, &size);
			at += strspn(at, ", \t\\");
			if (!value)
				continue;
			length = strcspn(value, " \t\"");
			if (!length || length > size || length >= sizeof(word))
				continue;
			memcpy(word, value, length);
			word[length] = '\0';
			if (!strpbrk(word, "$%"))
				ret = fn(word, arg);
		}
	}
	return ret;
}

int execgate_programs_of_shells(const char *text, execgate_program_fn fn,
				void *arg)
{
	char line[PATH_MAX];
	int ret = 0;

	while (!ret && *text) {
		text = execgate_programs_line(text, line, sizeof(line));
		line[strcspn(line, SPACE "#")] = '\0';
		if (line[0] == '/')
			ret = fn(line, arg);
	}
	return ret;
}

/* A line may have options behind the name (/etc/modules). */
int execgate_programs_of_modules_load(const char *text, execgate_program_fn fn,
				      void *arg)
{
	char line[PATH_MAX], *name;
	int ret = 0;

	while (!ret && *text) {
		text = execgate_programs_line(text, line, sizeof(line));
		name = line + strspn(line, SPACE);
		name[strcspn(name, SPACE)] = '\0';
		if (name[0] && name[0] != '#' && name[0] != ';')
			ret = fn(name, arg);
	}
	return ret;
}
