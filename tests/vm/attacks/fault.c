// SPDX-License-Identifier: GPL-2.0
/*
 * Fault injection. Systematic: one attack again and again, and in its n-th run
 * the n-th allocation of its system call fails (/proc/PID/fail-nth). By chance:
 * as many runs as there is time for, and what fails in them is for the settings
 * below /sys/kernel/debug to say (/proc/PID/make-it-fail).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "attack.h"

/* Of the run that this process is; none without a descriptor. */
static int fault_fd = -1;
static int fault_nth;
static int *injected; /* shared: runs in which the failure came; or NULL */

void fault_begin(void)
{
	char text[16];
	int size = snprintf(text, sizeof(text), "%d", fault_nth);

	if (fault_fd >= 0 && write(fault_fd, text, (size_t)size) != size)
		broken("fail-nth");
}

void fault_end(void)
{
	int saved = errno;
	char text[16] = "";

	if (fault_fd < 0)
		return;
	/* What is left to count; nothing is when it came. */
	if (injected && pread(fault_fd, text, sizeof(text) - 1, 0) <= 0)
		broken("fail-nth");
	if (injected)
		*injected += atoi(text) == 0;
	if (pwrite(fault_fd, "0", 1, 0) != 1)
		broken("fail-nth");
	errno = saved;
}

void fault_over(void)
{
	fault_fd = -1;
}

/* Whoever opens a file for writing drops the verdict on it. */
static void forget_verdict(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
}

/*
 * fail-each FIRST LAST ATTACK [ARG...]: for each number a run of its own.
 * Return: 9 if any worked, ATTACK_REFUSED if none did and failures came,
 * ATTACK_BROKEN otherwise.
 */
static int run_fail_each(char **argv)
{
	int first = atoi(argv[0]), last = atoi(argv[1]);
	const struct attack *attack = find_attack(argv[2]);
	int worked = 0, refusals = 0, killed = 0, other = 0;

	injected = mmap(NULL, sizeof(*injected), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!attack || injected == MAP_FAILED)
		broken("fail-each");
	for (fault_nth = first; fault_nth <= last; fault_nth++) {
		int status;
		pid_t pid;

		if (argv[3])
			forget_verdict(argv[3]);
		fflush(stdout);
		pid = fork();
		if (!pid) {
			fault_fd = must_open("/proc/self/fail-nth", O_RDWR);
			exit(attack->run(argv + 3));
		}
		if (pid < 0 || waitpid(pid, &status, 0) != pid)
			broken("fork");
		if (!WIFEXITED(status))
			killed++;
		else if (WEXITSTATUS(status) == ATTACK_REFUSED)
			refusals++;
		else if (WEXITSTATUS(status) == 7 || WEXITSTATUS(status) == 9)
			worked++;
		else
			other++;
	}
	printf("worked %d refused %d killed %d other %d injected %d\n", worked,
	       refusals, killed, other, *injected);
	if (other || !*injected)
		return ATTACK_BROKEN;
	return worked ? 9 : ATTACK_REFUSED;
}

/*
 * fail-all ATTACK [ARG...]: its system call is one of a task whose allocations
 * may fail; what it executes is too.
 */
static int run_fail_all(char **argv)
{
	const struct attack *attack = find_attack(argv[0]);

	if (!attack)
		broken("fail-all");
	if (argv[1])
		forget_verdict(argv[1]);
	fault_fd = must_open("/proc/self/make-it-fail", O_RDWR);
	fault_nth = 1;
	return attack->run(argv + 1);
}

/*
 * fail-storm SECONDS FILE: execve it, by children whose allocations may fail.
 * Return: 9 if it ever ran, ATTACK_REFUSED if it never did.
 */
static int run_fail_storm(char **argv)
{
	time_t end = time(NULL) + atoi(argv[0]);
	char *args[] = { argv[1], NULL };
	long ran = 0, other = 0;

	while (time(NULL) < end) {
		int status, fd;
		pid_t pid;

		forget_verdict(argv[1]);
		pid = fork();
		if (!pid) {
			fd = must_open("/proc/self/make-it-fail", O_WRONLY);
			if (write(fd, "1", 1) != 1)
				broken("make-it-fail");
			execve(args[0], args, NULL);
			_exit(ATTACK_REFUSED);
		}
		if (pid < 0 || waitpid(pid, &status, 0) != pid)
			broken("fork");
		if (WIFEXITED(status) && WEXITSTATUS(status) == 9)
			ran++;
		else
			other++;
	}
	printf("ran %ld other %ld\n", ran, other);
	return ran ? 9 : ATTACK_REFUSED;
}

const struct attack fault_attacks[] = {
	{ "fail-each", run_fail_each, 3 },
	{ "fail-all", run_fail_all, 1 },
	{ "fail-storm", run_fail_storm, 2 },
	{ NULL, NULL, 0 },
};
