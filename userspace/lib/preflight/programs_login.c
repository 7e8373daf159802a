// SPDX-License-Identifier: GPL-2.0
/* The programs that a login starts: accounts, PAM, NSS, sshd. */
#include "lib/preflight/programs_text.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* The field of a line of passwd(5), counted from 0, or NULL. */
static char *passwd_field(char *line, unsigned int number)
{
	while (number--) {
		line = strchr(line, ':');
		if (!line)
			return NULL;
		line++;
	}
	line[strcspn(line, ":")] = '\0';
	return line;
}

/* nologin and false say no; they do not have to run for that. */
static bool lets_in(const char *shell)
{
	static const char *const closed[] = { "nologin", "false", "sync",
					      "halt", "shutdown" };
	const char *base = strrchr(shell, '/');

	for (size_t i = 0; i < sizeof(closed) / sizeof(closed[0]); i++)
		if (base && !strcmp(base + 1, closed[i]))
			return false;
	return true;
}

int execgate_programs_of_passwd(const char *text, execgate_program_fn fn,
				void *arg)
{
	char line[PATH_MAX], *shell;
	int ret = 0;

	while (!ret && *text) {
		text = execgate_programs_line(text, line, sizeof(line));
		shell = line[0] == '#' ? NULL : passwd_field(line, 6);
		if (shell && shell[0] == '/' && lets_in(shell))
			ret = fn(shell, arg);
	}
	return ret;
}

int execgate_programs_of_homes(const char *text, execgate_program_fn fn,
			       void *arg)
{
	char line[PATH_MAX], *home;
	int ret = 0;

	while (!ret && *text) {
		text = execgate_programs_line(text, line, sizeof(line));
		home = line[0] == '#' ? NULL : passwd_field(line, 5);
		if (home && home[0] == '/' && home[1])
			ret = fn(home, arg);
	}
	return ret;
}

/* A line of pam.d(5) behind its type, or NULL. */
static char *pam_rest(char *line)
{
	char *at;

	line[strcspn(line, "#")] = '\0';
	at = line + strspn(line, SPACE);
	if (!*at || *at == '@')
		return NULL;
	return (char *)execgate_programs_skip(at, 1);
}

/* Behind the control, which may be one field with spaces: "[success=1 x=die]". */
static char *pam_module(char *rest)
{
	rest += *rest == '[' ? strcspn(rest, "]") : 0;
	return (char *)execgate_programs_skip(rest, 1);
}

int execgate_programs_of_pam(const char *text, execgate_program_fn fn,
			     void *arg)
{
	char line[4096], *at;
	int ret = 0;

	while (!ret && *text) {
		text = execgate_programs_joined(text, line, sizeof(line));
		at = pam_rest(line);
		if (!at)
			continue;
		at = pam_module(at);
		at[strcspn(at, SPACE)] = '\0';
		if (strstr(at, ".so"))
			ret = fn(at, arg);
	}
	return ret;
}

int execgate_programs_of_pam_arguments(const char *text, execgate_program_fn fn,
				       void *arg)
{
	char line[4096], *at, *word, *save;
	int ret = 0;

	while (!ret && *text) {
		text = execgate_programs_joined(text, line, sizeof(line));
		at = pam_rest(line);
		if (!at)
			continue;
		at = (char *)execgate_programs_skip(pam_module(at), 1);
		/* "[...]" is one argument with spaces in it; "x=/path" names one. */
		for (word = strtok_r(at, SPACE "[]", &save); word && !ret;
		     word = strtok_r(NULL, SPACE "[]", &save)) {
			if (word[0] != '/' && strchr(word, '='))
				word = strchr(word, '=') + 1;
			if (word[0] == '/')
				ret = fn(word, arg);
		}
	}
	return ret;
}

int execgate_programs_of_pam_includes(const char *text, execgate_program_fn fn,
				      void *arg)
{
	static const char at_include[] = "@include";
	char line[4096], *at, *name;
	int ret = 0;

	while (!ret && *text) {
		text = execgate_programs_joined(text, line, sizeof(line));
		line[strcspn(line, "#")] = '\0';
		at = line + strspn(line, SPACE);
		name = (char *)execgate_programs_skip(at, 1);
		if (strncmp(at, at_include, sizeof(at_include) - 1)) {
			if (strncmp(name, "include", 7) &&
			    strncmp(name, "substack", 8))
				continue;
			name = (char *)execgate_programs_skip(name, 1);
		}
		name[strcspn(name, SPACE)] = '\0';
		if (name[0])
			ret = fn(name, arg);
	}
	return ret;
}

int execgate_programs_of_nsswitch(const char *text, execgate_program_fn fn,
				  void *arg)
{
	char line[4096], *at, *word, *save;
	int ret = 0;

	while (!ret && *text) {
		text = execgate_programs_line(text, line, sizeof(line));
		line[strcspn(line, "#")] = '\0';
		at = strchr(line, ':');
		if (!at)
			continue;
		for (word = strtok_r(at + 1, SPACE, &save); word && !ret;
		     word = strtok_r(NULL, SPACE, &save))
			/* "[NOTFOUND=return]" is an action. */
			if (!strpbrk(word, "[]=/"))
				ret = fn(word, arg);
	}
	return ret;
}

/* A keyword of sshd_config(5) and its value, which a "=" may part. */
static char *sshd_value(char *line, char **keyword)
{
	char *value;

	*keyword = line + strspn(line, SPACE);
	value = *keyword + strcspn(*keyword, SPACE "=");
	if (*value)
		*value++ = '\0';
	return value + strspn(value, SPACE "=");
}

static int tell_sshd_line(char *line, execgate_program_fn fn, void *arg)
{
	/* How the program stands in the value. */
	static const struct {
		const char *keyword;
		enum { FIRST, SECOND, COMMAND } where;
	} keywords[] = {
		{ "AuthorizedKeysCommand", FIRST },
		{ "AuthorizedPrincipalsCommand", FIRST },
		{ "ForceCommand", COMMAND },
		{ "Subsystem", SECOND },
		{ "XAuthLocation", FIRST },
		{ "SecurityKeyProvider", FIRST },
		{ "SshdSessionPath", FIRST },
		{ "SshdAuthPath", FIRST },
	};
	char word[PATH_MAX], *keyword, *value = sshd_value(line, &keyword);

	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++) {
		if (strcasecmp(keyword, keywords[i].keyword))
			continue;
		if (keywords[i].where == COMMAND)
			return execgate_programs_of_command(value, fn, arg);
		if (keywords[i].where == SECOND)
			value = (char *)execgate_programs_skip(value, 1);
		execgate_programs_word(value, word, sizeof(word));
		return word[0] == '/' ? fn(word, arg) : 0;
	}
	return 0;
}

int execgate_programs_of_sshd(const char *text, execgate_program_fn fn,
			      void *arg)
{
	char line[8192];
	int ret = 0;

	while (!ret && *text) {
		text = execgate_programs_line(text, line, sizeof(line));
		ret = tell_sshd_line(line, fn, arg);
	}
	return ret;
}

int execgate_programs_of_sshd_includes(const char *text, execgate_program_fn fn,
				       void *arg)
{
	char line[8192], word[PATH_MAX], *keyword;
	const char *value;
	int ret = 0;

	while (!ret && *text) {
		text = execgate_programs_line(text, line, sizeof(line));
		value = sshd_value(line, &keyword);
		if (strcasecmp(keyword, "Include"))
			continue;
		while (!ret && *value) {
			value = execgate_programs_word(value, word,
						       sizeof(word));
			if (word[0])
				ret = fn(word, arg);
		}
	}
	return ret;
}
