// SPDX-License-Identifier: GPL-2.0
/* The commands of systemd units, and of what looks like them. */
#include "lib/preflight/programs_text.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "lib/preflight/programs.h"

const char *const execgate_programs_unit_settings[] = {
	"ExecStart",	 "ExecStartPre", "ExecStartPost",
	"ExecCondition", "ExecReload",	 "ExecStop",
	"ExecStopPre",	 "ExecStopPost", NULL
};
/* For desktop entries and D-Bus services. */
static const char *const desktop_settings[] = { "Exec", "TryExec", NULL };

/* The value of one of the settings, or NULL. */
static const char *exec_value(const char *line, const char *const *settings)
{
	size_t i, size;

	line += strspn(line, SPACE);
	for (i = 0; settings[i]; i++) {
		size = strlen(settings[i]);
		if (strncmp(line, settings[i], size))
			continue;
		size += strspn(line + size, SPACE);
		if (line[size] == '=')
			return line + size + 1;
	}
	return NULL;
}

static bool is_shell(const char *name)
{
	static const char *const shells[] = { "sh",  "bash", "dash",
					      "zsh", "ksh",  "busybox" };
	const char *base = strrchr(name, '/');

	base = base ? base + 1 : name;
	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++)
		if (!strcmp(base, shells[i]))
			return true;
	return false;
}

/* How far into a command the words are: after its first one, in a shell's, behind its -c. */
struct command {
	bool begun, shell, script;
};

/*
 * Its first word; and of "sh -c 'a && b'" what the shell would start. Everything that
 * has one of @unknown in it is known only to whoever runs it.
 */
static int tell_word(struct command *command, const char *word,
		     const char *unknown, execgate_program_fn fn, void *arg)
{
	if (!command->begun) {
		*command = (struct command){ true, is_shell(word), false };
		return *word && !strpbrk(word, unknown) ? fn(word, arg) : 0;
	}
	if (command->shell && command->script) {
		command->shell = false;
		return execgate_programs_of_command(word, fn, arg);
	}
	if (command->shell && word[0] == '-')
		command->script = strchr(word, 'c') != NULL;
	return 0;
}

static int tell_command(const char *value, const char *unknown,
			execgate_program_fn fn, void *arg)
{
	struct command command = { false };
	char word[PATH_MAX];
	int ret = 0;

	while (!ret && *value) {
		value = execgate_programs_word(value, word, sizeof(word));
		if (!word[0])
			break;
		if (!strcmp(word, ";")) {
			command.begun = false;
			continue;
		}
		/* One that was cut is the name of nothing. */
		if (strlen(word) == sizeof(word) - 1)
			word[0] = '\0';
		ret = tell_word(&command,
				word + (command.begun ? 0 :
							strspn(word, "@-:+!|")),
				unknown, fn, arg);
	}
	return ret;
}

int execgate_programs_of_words(const char *program, char *const *words,
			       execgate_program_fn fn, void *arg)
{
	struct command command = { false };
	int ret = tell_word(&command, program, "$", fn, arg);

	/* The first is what the program is called. */
	for (size_t i = 1; !ret && words && words[0] && words[i]; i++)
		ret = tell_word(&command, words[i], "$", fn, arg);
	return ret;
}

/* Comments in between do not end it. */
static int tell_settings(const char *text, const char *const *settings,
			 const char *unknown, execgate_program_fn fn, void *arg)
{
	char line[8192];
	const char *value;
	int ret = 0;

	while (!ret && *text) {
		text = execgate_programs_joined(text, line, sizeof(line));
		value = exec_value(line, settings);
		if (value)
			ret = tell_command(value, unknown, fn, arg);
	}
	return ret;
}

int execgate_programs_of_unit(const char *text, execgate_program_fn fn,
			      void *arg)
{
	return tell_settings(text, execgate_programs_unit_settings, "$", fn,
			     arg);
}

int execgate_programs_of_desktop(const char *text, execgate_program_fn fn,
				 void *arg)
{
	return tell_settings(text, desktop_settings, "%$", fn, arg);
}

/* For systemd.unit(5) those that begin a path: for the system, and below a home. */
static const struct specifier {
	char letter;
	const char *of_system;
	const char *of_user;
} specifiers[] = {
	{ 'h', "/root", "" },
	{ 'E', "/etc", "/.config" },
	{ 'S', "/var/lib", "/.local/state" },
	{ 'C', "/var/cache", "/.cache" },
	{ 'L', "/var/log", "/.local/state/log" },
	{ 'D', "/usr/share", "/.local/share" },
	{ 't', "/run", NULL },
};

/* Its replacement, in two parts; false if that takes more than a home to know. */
static bool specified(char letter, const char *home, const char *parts[2])
{
	size_t i = 0, count = sizeof(specifiers) / sizeof(specifiers[0]);

	parts[1] = "";
	parts[0] = letter == '%' ? "%" :
		   letter == 'T' ? "/tmp" :
		   letter == 'V' ? "/var/tmp" :
				   NULL;
	if (parts[0])
		return true;
	while (i < count && specifiers[i].letter != letter)
		i++;
	if (i == count || (home && !specifiers[i].of_user))
		return false;
	parts[0] = home ? home : specifiers[i].of_system;
	parts[1] = home ? specifiers[i].of_user : "";
	return true;
}

bool execgate_programs_expand(const char *program, const char *home, char *out,
			      size_t size)
{
	const char *parts[2];
	size_t used = 0;
	int length;

	for (; *program; program++) {
		if (*program != '%')
			length = snprintf(out + used, size - used, "%c",
					  *program);
		else if (specified(*++program, home, parts))
			length = snprintf(out + used, size - used, "%s%s",
					  parts[0], parts[1]);
		else
			return false;
		if (length < 0 || (size_t)length >= size - used)
			return false;
		used += (size_t)length;
	}
	return used > 0;
}
