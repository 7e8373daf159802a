// SPDX-License-Identifier: GPL-2.0
/*
 * The programs that scripts, modprobe, ifupdown, apt and dpkg are configured to start.
 */
#include "lib/preflight/programs_text.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

/* A "#" that begins a word begins a comment; in quotes too, which loses little. */
static void cut_comment(char *line)
{
	char *at = line;

	while ((at = strchr(at, '#'))) {
		if (at == line || strchr(SPACE ";", at[-1])) {
			*at = '\0';
			return;
		}
		at++;
	}
}

int execgate_programs_of_shell(const char *text, execgate_program_fn fn,
			       void *arg)
{
	char line[8192];
	int ret = 0;

	while (!ret && *text) {
		text = execgate_programs_line(text, line, sizeof(line));
		cut_comment(line);
		ret = execgate_programs_of_command(line, fn, arg);
	}
	return ret;
}

int execgate_programs_of_paths(const char *text, execgate_program_fn fn,
			       void *arg)
{
	static const char ends[] = SPACE "\"'`<>()[]{};,|&=:";
	char line[8192], *at;
	size_t length;
	char kept;
	int ret = 0;

	while (!ret && *text) {
		text = execgate_programs_line(text, line, sizeof(line));
		cut_comment(line);
		for (at = line; !ret && *at; at += length) {
			length = strspn(at, ends);
			if (length)
				continue;
			length = strcspn(at, ends);
			kept = at[length];
			at[length] = '\0';
			if (at[0] == '/' && at[1] && at[1] != '/' &&
			    !strpbrk(at, "$*?%\\"))
				ret = fn(at, arg);
			at[length] = kept;
		}
	}
	return ret;
}

/* The text behind one of the words at the beginning of a line, or NULL. */
static const char *behind(const char *line, const char *const *words)
{
	size_t length;

	line += strspn(line, SPACE);
	length = strcspn(line, SPACE);
	for (; *words; words++)
		if (strlen(*words) == length && !strncmp(line, *words, length))
			return line + length;
	return NULL;
}

int execgate_programs_of_modprobe(const char *text, execgate_program_fn fn,
				  void *arg)
{
	static const char *const words[] = { "install", "remove", NULL };
	const char *rest;
	char line[8192];
	int ret = 0;

	while (!ret && *text) {
		text = execgate_programs_joined(text, line, sizeof(line));
		rest = behind(line, words);
		if (rest)
			ret = execgate_programs_of_command(
				execgate_programs_skip(rest, 1), fn, arg);
	}
	return ret;
}

int execgate_programs_of_interfaces(const char *text, execgate_program_fn fn,
				    void *arg)
{
	static const char *const words[] = { "up",     "pre-up",   "post-up",
					     "down",   "pre-down", "post-down",
					     "script", NULL };
	const char *rest;
	char line[8192];
	int ret = 0;

	while (!ret && *text) {
		text = execgate_programs_joined(text, line, sizeof(line));
		rest = behind(line, words);
		if (rest)
			ret = execgate_programs_of_command(rest, fn, arg);
	}
	return ret;
}

int execgate_programs_of_dpkg(const char *text, execgate_program_fn fn,
			      void *arg)
{
	static const char *const options[] = { "pre-invoke", "post-invoke",
					       "status-logger" };
	char line[8192], *at;
	size_t length;
	int ret = 0;

	while (!ret && *text) {
		text = execgate_programs_line(text, line, sizeof(line));
		at = line + strspn(line, SPACE "-");
		length = strcspn(at, SPACE "=");
		for (size_t i = 0; i < sizeof(options) / sizeof(options[0]);
		     i++)
			if (strlen(options[i]) == length &&
			    !strncmp(at, options[i], length) && at[length])
				ret = execgate_programs_of_command(at + length +
									   1,
								   fn, arg);
	}
	return ret;
}

int execgate_programs_of_fstab(const char *text, execgate_program_fn fn,
			       void *arg)
{
	char line[4096], name[64], *type;
	int ret = 0;

	while (!ret && *text) {
		text = execgate_programs_line(text, line, sizeof(line));
		cut_comment(line);
		type = (char *)execgate_programs_skip(line, 2);
		type[strcspn(type, SPACE)] = '\0';
		if (type[0] && !strpbrk(type, "/,") &&
		    snprintf(name, sizeof(name), "mount.%s", type) <
			    (int)sizeof(name))
			ret = fn(name, arg);
	}
	return ret;
}

/**
 * struct apt - where the reading of an apt.conf is
 * @scope: names of the open braces, one behind the other, in small letters
 * @depth: of the braces; @lengths of @scope before each
 * @name: of the value that comes
 */
struct apt {
	char scope[1024];
	size_t lengths[32];
	unsigned int depth;
	char name[256];
};

/* Does apt run what is configured under this name? */
static bool apt_runs(const struct apt *apt)
{
	static const char *const parts[] = { "invoke",	   "pre-install-pkgs",
					     "hooks",	   "auto-detect",
					     "autodetect", "dir::bin" };
	char full[sizeof(apt->scope) + sizeof(apt->name)];

	snprintf(full, sizeof(full), "%s%s", apt->scope, apt->name);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strstr(full, parts[i]))
			return true;
	return false;
}

/* Deeper than is counted, braces still pair, but their names are lost. */
static void apt_open(struct apt *apt)
{
	size_t used = strlen(apt->scope);

	if (apt->depth < sizeof(apt->lengths) / sizeof(apt->lengths[0]))
		apt->lengths[apt->depth] = used;
	apt->depth++;
	snprintf(apt->scope + used, sizeof(apt->scope) - used,
		 "%s::", apt->name);
	apt->name[0] = '\0';
}

static void apt_close(struct apt *apt)
{
	if (apt->depth)
		apt->depth--;
	if (apt->depth < sizeof(apt->lengths) / sizeof(apt->lengths[0]))
		apt->scope[apt->lengths[apt->depth]] = '\0';
	apt->name[0] = '\0';
}

/* Past space and comments. */
static const char *apt_skip(const char *text)
{
	const char *end;

	for (;;) {
		text += strspn(text, SPACE "\n");
		if (text[0] == '#' || !strncmp(text, "//", 2)) {
			text += strcspn(text, "\n");
		} else if (!strncmp(text, "/*", 2)) {
			end = strstr(text + 2, "*/");
			text = end ? end + 2 : text + strlen(text);
		} else {
			return text;
		}
	}
}

static void apt_name(struct apt *apt, const char *text, size_t length)
{
	size_t i;

	for (i = 0; i < length && i < sizeof(apt->name) - 1; i++)
		apt->name[i] = (char)tolower((unsigned char)text[i]);
	apt->name[i] = '\0';
}

static int apt_value(const struct apt *apt, const char *text, size_t length,
		     execgate_program_fn fn, void *arg)
{
	char value[8192];

	if (length >= sizeof(value) || !apt_runs(apt))
		return 0;
	memcpy(value, text, length);
	value[length] = '\0';
	return execgate_programs_of_command(value, fn, arg);
}

int execgate_programs_of_apt(const char *text, execgate_program_fn fn,
			     void *arg)
{
	struct apt apt = { .depth = 0 };
	size_t length;
	int ret = 0;

	while (!ret && *(text = apt_skip(text))) {
		length = 1;
		if (*text == '"') {
			length = strcspn(++text, "\"");
			ret = apt_value(&apt, text, length, fn, arg);
			length += text[length] == '"';
		} else if (*text == '{') {
			apt_open(&apt);
		} else if (*text == '}') {
			apt_close(&apt);
		} else if (*text == ';') {
			apt.name[0] = '\0';
		} else {
			/* A word behind a name is its value. */
			length = strcspn(text, SPACE "\n\"{};");
			if (apt.name[0])
				ret = apt_value(&apt, text, length, fn, arg);
			else
				apt_name(&apt, text, length);
		}
		text += length;
	}
	return ret;
}
