/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A command is one file in the folder of its verb, which defines "const struct
 * command cmd_NAME", and one name in EXECGATE_COMMANDS below.
 */
#ifndef EXECGATE_CLI_COMMAND_H
#define EXECGATE_CLI_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/common/output.h"
#include "lib/base/error.h"

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

/* Prints @message and how to get help for @who ("" or "NAME "); the exit code. */
int cmd_failure(const char *who, const char *message);

/*
 * The graver of the exit codes of two files, which the command exits with: altered, not
 * trusted, unsigned; then the first of what could not be judged or done.
 */
int cmd_worse(int one, int other);

/* Every command, in the order of the help. clang-format has no end with it. */
/* clang-format off */
#define EXECGATE_COMMANDS(X)                                             \
	X(setup) X(status) X(mode) X(check) X(denials) X(doctor) X(key)  \
	X(sign) X(unsign) X(run) X(verify) X(manifest) X(attach)         \
	X(catalog) X(image)                                              \
	X(preflight) X(why) X(review) X(profile) X(gate) X(policy)       \
	X(revoke) X(identity) X(constrain) X(lock) X(metrics) X(report)  \
	X(sync) X(help) X(version)
/* clang-format on */

#define X(name) extern const struct command cmd_##name;
EXECGATE_COMMANDS(X)
#undef X

#endif /* EXECGATE_CLI_COMMAND_H */
