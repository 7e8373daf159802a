// SPDX-License-Identifier: GPL-2.0
/* Errors of a command line. */
#include "cli/common/command.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int cmd_failure(const char *who, const char *message)
{
	struct execgate_error err;

	execgate_error_set(&err, 0, EXECGATE_EXIT_USAGE,
			   "%s; see \"execgate %s--help\"", message, who);
	return output_error(&err);
}

int cmd_usage_error(const struct command *self, const char *format, ...)
{
	char message[512], who[64];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	snprintf(who, sizeof(who), "%s ", self->name);
	return cmd_failure(who, message);
}

int cmd_option_error(const struct command *self, int answer, char **argv)
{
	/* getopt has stepped past the word, except inside a run like -xy. */
	if (answer == ':')
		return cmd_usage_error(self, "option %s needs a value",
				       argv[optind - 1]);
	if (optopt && optopt < 128 && strncmp(argv[optind - 1], "--", 2) != 0)
		return cmd_usage_error(self, "unknown option -%c", optopt);
	if (optopt)
		return cmd_usage_error(self, "option %s takes no value",
				       argv[optind - 1]);
	return cmd_usage_error(self, "unknown or ambiguous option %s",
			       argv[optind - 1]);
}

int cmd_worse(int one, int other)
{
	static const int order[] = { EXECGATE_EXIT_BAD_SIGNATURE,
				     EXECGATE_EXIT_KEY_NOT_TRUSTED,
				     EXECGATE_EXIT_UNSIGNED };

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (one == order[i] || other == order[i])
			return order[i];
	return one ? one : other;
}
