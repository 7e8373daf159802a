// SPDX-License-Identifier: GPL-2.0
#include "cli/common/pager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/common/output.h"

static pid_t pager;

/* Does not return. @started is closed by a program that runs; else it is told why not. */
static void run_pager(const char *wanted, int input, int started)
{
	dup2(input, STDIN_FILENO);
	/* Quit if it is one screen, pass colors on, leave the text on the screen. */
	setenv("LESS", "FRSX", 0);
	/* Root's pager starts no shell and no editor: who reads may not be who is root. */
	if (geteuid() == 0)
		setenv("LESSSECURE", "1", 1);
	if (wanted) {
		execl("/bin/sh", "sh", "-c", wanted, NULL);
	} else {
		execlp("less", "less", NULL);
		execlp("more", "more", NULL);
	}
	if (write(started, &errno, sizeof(errno)) < 0)
		_exit(1);
	_exit(127);
}

/* Both ends of both pipes are closed in whatever is executed, but for its stdin. */
static void start_pager(const char *wanted)
{
	int input[2], started[2], why;
	ssize_t failed;

	if (pipe2(input, O_CLOEXEC))
		return;
	if (pipe2(started, O_CLOEXEC)) {
		close(input[0]);
		close(input[1]);
		return;
	}
	fflush(NULL);
	pager = fork();
	if (pager == 0)
		run_pager(wanted, input[0], started[1]);
	close(input[0]);
	close(started[1]);
	failed = pager < 0 ? 1 : read(started[0], &why, sizeof(why));
	close(started[0]);
	if (failed) {
		if (pager > 0)
			waitpid(pager, NULL, 0);
		pager = 0;
	} else {
		dup2(input[1], STDOUT_FILENO);
		/* ^C is the pager's: without us it would fight the shell for the terminal. */
		signal(SIGINT, SIG_IGN);
	}
	close(input[1]);
}

void pager_open(void)
{
	const char *wanted = getenv("PAGER");

	if (output_is_json() || !isatty(STDOUT_FILENO) || output_is_dumb() ||
	    (wanted && (!*wanted || !strcmp(wanted, "cat"))))
		return;
	start_pager(wanted);
}

void pager_close(void)
{
	if (pager <= 0)
		return;
	fflush(stdout);
	/* The pager sees the end when nobody has the pipe any more. */
	close(STDOUT_FILENO);
	while (waitpid(pager, NULL, 0) < 0 && errno == EINTR)
		;
	pager = 0;
}
