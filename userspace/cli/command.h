/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One command is one file, cmd_NAME.c, that defines "const struct command
 * cmd_NAME", and one row of the table in main.c.
 */
#ifndef EXECGATE_CLI_COMMAND_H
#define EXECGATE_CLI_COMMAND_H

#include "error.h"
#include "output.h"

/**
 * struct command - a row of the command table
 * @name: the word on the command line
 * @arguments: "[--out DIR] FILE...", for the usage line
 * @summary: one line for the list of commands, no full stop
 * @options: the help text below the usage line, or NULL; ends with \n
 * @run: gets argv[0] = @name; getopt is reset. --json and --help are taken out
 *	 by main. Returns the exit code and has printed everything itself.
 * @children: subcommands up to one with no name, or NULL; @run is then NULL
 */
struct command {
	const char *name;
	const char *arguments;
	const char *summary;
	const char *options;
	int (*run)(const struct command *self, int argc, char **argv);
	const struct command *children;
};

/* Prints the sentence and how to get help. Returns EXECGATE_EXIT_USAGE. */
__attribute__((format(printf, 2, 3))) int
cmd_usage_error(const struct command *self, const char *format, ...);

/*
 * For the '?' and ':' answers of getopt_long: says which option was wrong.
 * Call getopt_long with a short option string that starts with "+:" or ":".
 */
int cmd_option_error(const struct command *self, int answer, char **argv);

extern const struct command cmd_attach;
extern const struct command cmd_catalog;
extern const struct command cmd_help;
extern const struct command cmd_key;
extern const struct command cmd_manifest;
extern const struct command cmd_sign;
extern const struct command cmd_unsign;
extern const struct command cmd_verify;
extern const struct command cmd_version;

#endif /* EXECGATE_CLI_COMMAND_H */
