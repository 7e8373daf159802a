// SPDX-License-Identifier: GPL-2.0
#include "cli/setup/run.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "cli/common/output.h"
#include "lib/base/processes.h"

#define TICK_MSEC 1000

static void start_program(const char *program, const char *const *argv)
{
	/* One JSON object is all that our own stdout may carry. */
	if (output_is_json() && !freopen("/dev/null", "we", stdout))
		_exit(EXECGATE_EXIT_ERROR);
	if (output_is_json())
		dup2(fileno(stdout), STDOUT_FILENO);
	execv(program, (char *const *)argv);
	fprintf(stderr, "execgate: cannot run %s: %s\n", program,
		strerror(errno));
	_exit(EXECGATE_EXIT_ERROR);
}

static void show_seconds(pid_t child)
{
	struct pollfd wait = { .fd = pidfd_open(child, 0), .events = POLLIN };
	unsigned int seconds = 0;

	if (wait.fd < 0)
		return;
	while (!poll(&wait, 1, TICK_MSEC))
		fprintf(stderr, "\r  %u s", ++seconds);
	if (seconds)
		output_end_progress();
	close(wait.fd);
}

int setup_run(const char *program, const char *const *argv, bool seconds)
{
	pid_t child;
	int status;

	fflush(NULL);
	child = fork();
	if (child == 0)
		start_program(program, argv);
	if (child < 0)
		return EXECGATE_EXIT_ERROR;
	if (seconds && isatty(STDERR_FILENO))
		show_seconds(child);
	status = execgate_process_wait(child);
	return status < 0 || status >= 128 ? EXECGATE_EXIT_ERROR : status;
}
