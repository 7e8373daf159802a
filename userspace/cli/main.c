// SPDX-License-Identifier: GPL-2.0
/* execgate: the command table and what all commands share. */
#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/common/command.h"
#include "cli/common/nearest.h"
#include "cli/gate/status.h"
#include "lib/crypto/crypto.h"

static const struct command *const commands[] = {
#define X(name) &cmd_##name,
	EXECGATE_COMMANDS(X)
#undef X
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

static void print_usage_line(FILE *to, const struct command *command)
{
	fprintf(to, "usage: execgate %s %s\n", command->name,
		command->arguments ? command->arguments : "");
}

static int print_command_help(const struct command *command)
{
	const struct command *child;

	if (!command->children) {
		print_usage_line(stdout, command);
		printf("\n%s.\n", command->summary);
		if (command->options)
			printf("\n%s", command->options);
		return EXECGATE_EXIT_OK;
	}
	printf("usage: execgate %s COMMAND [ARGUMENT...]\n\n%s.\n\n",
	       command->name, command->summary);
	for (child = command->children; child->name; child++)
		printf("  %-18s %s\n", child->name, child->summary);
	return EXECGATE_EXIT_OK;
}

static void print_commands(void)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		printf("  %-12s %s\n", commands[i]->name, commands[i]->summary);
}

/* Without a word: how it stands, and what can be asked. */
static int print_short_help(void)
{
	status_public(true);
	printf("\n");
	print_commands();
	printf("\n\"execgate COMMAND --help\" tells more.\n");
	return EXECGATE_EXIT_OK;
}

static int print_help(void)
{
	printf("usage: execgate [--json] COMMAND [ARGUMENT...]\n\n"
	       "Run only code that a trusted key has signed.\n\n");
	print_commands();
	printf("\n\"execgate COMMAND --help\" tells more; so does "
	       "execgate(1).\n\nExit codes:\n");
#define X(id, number, name, text) \
	printf("  %2d  %-16s %s\n", number, name, text);
	EXECGATE_EXITS(X)
#undef X
	return EXECGATE_EXIT_OK;
}

static const struct command *find_command(const char *name)
{
	size_t i;

	for (i = 0; i < COMMAND_COUNT; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

/* Subcommands are named "key list": the first word is the parent's. */
static const struct command *find_child(const struct command *parent,
					const char *name)
{
	const struct command *child;
	size_t skip = strlen(parent->name) + 1;

	for (child = parent->children; child->name; child++)
		if (strcmp(child->name + skip, name) == 0)
			return child;
	return NULL;
}

/* @parent: NULL: it is not a command at all. The exit code. */
static int unknown_command(const struct command *parent, const char *word)
{
	struct nearest nearest = { .word = word };
	const char *before = parent ? parent->name : "";
	size_t skip = parent ? strlen(parent->name) + 1 : 0;
	char text[512], who[40], meant[100] = "";
	const struct command *child;

	if (parent)
		for (child = parent->children; child->name; child++)
			nearest_try(&nearest, child->name + skip);
	else
		for (size_t i = 0; i < COMMAND_COUNT; i++)
			nearest_try(&nearest, commands[i]->name);
	snprintf(who, sizeof(who), "%s%s", before, parent ? " " : "");
	if (nearest.found)
		snprintf(meant, sizeof(meant), ", did you mean \"%s%s\"?", who,
			 nearest.found);
	snprintf(text, sizeof(text), "unknown command \"%s%s\"%s", who, word,
		 meant);
	return cmd_failure(who, text);
}

static int run_help(const struct command *self, int argc, char **argv)
{
	const struct command *command, *child;

	(void)self;

	if (argc < 2)
		return print_help();
	command = find_command(argv[1]);
	if (!command)
		return unknown_command(NULL, argv[1]);
	if (argc < 3 || !command->children)
		return print_command_help(command);
	child = find_child(command, argv[2]);
	if (!child)
		return unknown_command(command, argv[2]);
	return print_command_help(child);
}

static int run_version(const struct command *self, int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return cmd_usage_error(self, "version takes no argument");
	if (output_is_json())
		output_json(json_pack("{s:s}", "version", EXECGATE_VERSION));
	else
		printf("execgate %s\n", EXECGATE_VERSION);
	return EXECGATE_EXIT_OK;
}

const struct command cmd_help = {
	.name = "help",
	.arguments = "[COMMAND]",
	.summary = "list the commands, or explain one",
	.run = run_help,
};

const struct command cmd_version = {
	.name = "version",
	.arguments = "",
	.summary = "print the version of this program",
	.run = run_version,
};

/* Take @word (or @other) out of argv wherever it stands before "--". */
static bool take_flag(int *argc, char **argv, const char *word,
		      const char *other)
{
	bool found = false;
	int from, to = 1;

	for (from = 1; from < *argc; from++) {
		if (strcmp(argv[from], "--") == 0)
			break;
		if (strcmp(argv[from], word) == 0 ||
		    (other && strcmp(argv[from], other) == 0))
			found = true;
		else
			argv[to++] = argv[from];
	}
	while (from < *argc)
		argv[to++] = argv[from++];
	argv[to] = NULL;
	*argc = to;
	return found;
}

static int dispatch(int argc, char **argv, bool help)
{
	const struct command *command;
	int skip = 1;

	if (argc < 2)
		return help ? print_help() :
		       output_is_json() ?
			      cmd_failure("", "no command was given") :
			      print_short_help();
	if (strcmp(argv[1], "--version") == 0)
		return run_version(&cmd_version, 1, argv);
	command = find_command(argv[1]);
	if (!command && argv[1][0] == '-')
		return cmd_failure("", "unknown option");
	if (!command)
		return unknown_command(NULL, argv[1]);
	if (command->children && argc > 2) {
		const struct command *child = find_child(command, argv[2]);

		if (!child)
			return unknown_command(command, argv[2]);
		command = child;
		skip = 2;
	}
	if (help)
		return print_command_help(command);
	if (!command->run)
		return cmd_usage_error(command, "%s needs a command",
				       command->name);
	opterr = 0;
	return command->run(command, argc - skip, argv + skip);
}

int main(int argc, char **argv)
{
	bool json = take_flag(&argc, argv, "--json", NULL);
	bool help = take_flag(&argc, argv, "--help", "-h");
	int code;

	setlocale(LC_CTYPE, "");
	execgate_crypto_start();
	output_init(json);
	code = dispatch(argc, argv, help);
	if (!output_finish() && code == EXECGATE_EXIT_OK) {
		output_message("standard output could not be written: is its "
			       "disk full or its reader gone?");
		return EXECGATE_EXIT_ERROR;
	}
	return code;
}
