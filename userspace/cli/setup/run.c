// SPDX-License-Identifier: GPL-2.0
#include "cli/setup/run.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/common/output.h"

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

/*
 * The read end of a pipe whose other end the child alone has: it hangs up when the child
 * and all that it started are gone.
 */
static void show_seconds(int hang_up)
{
	struct pollfd wait = { .fd = hang_up, .events = POLLIN };
	unsigned int seconds = 0;

	while (!poll(&wait, 1, TICK_MSEC))
		fprintf(stderr, "\r  %u s", ++seconds);
	if (seconds)
		fprintf(stderr, "\r\033[K");
}

int setup_run(const char *program, const char *const *argv, bool seconds)
{
	int ends[2] = { -1, -1 }, status, ret;
	pid_t child;

	if (seconds && isatty(STDERR_FILENO) && pipe(ends))
		ends[0] = ends[1] = -1;
	fflush(NULL);
	child = fork();
	if (child == 0) {
		if (ends[0] >= 0)
			close(ends[0]);
		start_program(program, argv);
	}
	if (ends[1] >= 0)
		close(ends[1]);
	if (child > 0 && ends[0] >= 0)
		show_seconds(ends[0]);
	if (ends[0] >= 0)
		close(ends[0]);
	if (child < 0)
		return EXECGATE_EXIT_ERROR;
	do
		ret = waitpid(child, &status, 0);
	while (ret < 0 && errno == EINTR);
	return ret > 0 && WIFEXITED(status) ? WEXITSTATUS(status) :
					      EXECGATE_EXIT_ERROR;
}
