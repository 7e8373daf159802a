// SPDX-License-Identifier: GPL-2.0
#include "cli/sign/confirm.h"

#include <errno.h>
#include <stdio.h>
#include <strings.h>

#include "cli/common/output.h"

int confirm_ask(const char *question, struct execgate_error *err)
{
	char answer[16] = "";
	FILE *terminal;

	/* The object that is printed last has what the question is about. */
	if (output_is_json())
		return execgate_error_set(err, -ENOTTY, EXECGATE_EXIT_USAGE,
					  "--json asks nothing; --yes says yes");
	terminal = fopen("/dev/tty", "r+e");
	if (!terminal)
		return execgate_error_set(
			err, -ENOTTY, EXECGATE_EXIT_USAGE,
			"there is no terminal to ask on; --yes says yes");
	/* The question is about the lines that are printed already. */
	fflush(NULL);
	fprintf(terminal, "%s [y/N] ", question);
	fflush(terminal);
	if (!fgets(answer, sizeof(answer), terminal))
		answer[0] = '\0';
	fclose(terminal);
	return !strcasecmp(answer, "y\n") || !strcasecmp(answer, "yes\n") ?
		       0 :
		       execgate_error_set(err, -ECANCELED, EXECGATE_EXIT_ERROR,
					  "the answer was not yes, so nothing "
					  "was signed");
}
