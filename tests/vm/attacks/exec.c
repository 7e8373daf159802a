// SPDX-License-Identifier: GPL-2.0
/* Attacks that end in an execve. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "attack.h"

#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000
#endif

extern char **environ;

/* Status that a child reports for an execve that failed with errno. */
#define CHILD_REFUSED 200

/* exec PATH [ARG...] */
static int run_exec(char **argv)
{
	fault_begin();
	execve(argv[0], argv, environ);
	fault_end();
	return refused("execve");
}

/* exec-fd PATH: by descriptor, the path is gone */
static int run_exec_fd(char **argv)
{
	int fd = must_open(argv[0], O_RDONLY);

	if (unlink(argv[0]))
		broken("unlink");
	syscall(SYS_execveat, fd, "", argv, environ, AT_EMPTY_PATH);
	return refused("execveat");
}

/* exec-check PATH: ask with AT_EXECVE_CHECK, as an interpreter would */
static int run_exec_check(char **argv)
{
	int fd = must_open(argv[0], O_RDONLY);

	if (syscall(SYS_execveat, fd, "", argv, environ,
		    AT_EMPTY_PATH | AT_EXECVE_CHECK))
		return refused("AT_EXECVE_CHECK");
	return 0;
}

/* memfd PATH: the file's bytes, signed or not, from memory */
static int run_memfd(char **argv)
{
	size_t size;
	char *data = must_read(argv[0], &size);
	int fd = memfd_create("x", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		broken("memfd");
	syscall(SYS_execveat, fd, "", argv, environ, AT_EMPTY_PATH);
	return refused("execveat");
}

/* as UID COMMAND [ARG...] */
static int run_as(char **argv)
{
	unsigned int id = (unsigned int)atoi(argv[0]);

	if (setgroups(0, NULL) || setresgid(id, id, id) ||
	    setresuid(id, id, id))
		broken("setresuid");
	execv(argv[1], argv + 1);
	return refused("execv");
}

/* Run @path once. Return: its exit status, or CHILD_REFUSED + errno. */
static int run_child(const char *path)
{
	char *argv[] = { (char *)path, NULL };
	int status;
	pid_t pid = vfork();

	if (!pid) {
		execve(path, argv, environ);
		_exit(CHILD_REFUSED + errno);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		broken("vfork");
	return WIFEXITED(status) ? WEXITSTATUS(status) : CHILD_REFUSED - 1;
}

static void write_file(const char *path, const char *data, size_t size)
{
	int fd;

	unlink(path);
	fd = must_open(path, O_WRONLY | O_CREAT | O_EXCL);
	if (write(fd, data, size) != (ssize_t)size)
		broken(path);
	close(fd);
}

/*
 * flips FILE COUNT SCRATCH: every one of the last COUNT bytes changed in turn.
 * 9 when all ran, ATTACK_REFUSED when all were refused with EPERM.
 */
static int run_flips(char **argv)
{
	size_t size, count = (size_t)atoi(argv[1]);
	char *data = must_read(argv[0], &size);
	size_t ran = 0, denied = 0;

	if (count > size)
		broken("count");
	for (size_t i = size - count; i < size; i++) {
		int status;

		data[i] ^= 0x20;
		write_file(argv[2], data, size);
		data[i] ^= 0x20;
		status = run_child(argv[2]);
		ran += status == 9;
		denied += status == CHILD_REFUSED + EPERM;
	}
	printf("ran %zu denied %zu\n", ran, denied);
	if (ran == count)
		return 9;
	if (denied == count) {
		errno = EPERM;
		return refused("each flip");
	}
	return ATTACK_BROKEN;
}

/* burst FILE COUNT: execve of the same file COUNT times. 9 or EPERM throughout. */
static int run_burst(char **argv)
{
	int count = atoi(argv[1]), ran = 0, denied = 0;

	for (int i = 0; i < count; i++) {
		char *args[] = { argv[0], NULL };
		int status;

		/* Without a fork where it is refused: that is what floods. */
		if (!denied) {
			status = run_child(argv[0]);
			ran += status == 9;
			denied += status == CHILD_REFUSED + EPERM;
			continue;
		}
		execve(argv[0], args, environ);
		denied += errno == EPERM;
	}
	printf("ran %d denied %d\n", ran, denied);
	if (ran == count)
		return 9;
	if (denied == count) {
		errno = EPERM;
		return refused("each execve");
	}
	return ATTACK_BROKEN;
}

/* parallel FILE COUNT: COUNT processes execve it at once. 9 when all ran. */
static int run_parallel(char **argv)
{
	int count = atoi(argv[1]), ran = 0, gate[2], status;
	char *args[] = { argv[0], NULL };
	char byte;

	if (pipe2(gate, O_CLOEXEC))
		broken("pipe");
	for (int i = 0; i < count; i++) {
		pid_t pid = fork();

		if (pid < 0)
			broken("fork");
		if (pid)
			continue;
		close(gate[1]);
		/* Returns at end of file: the parent lets all go together. */
		if (read(gate[0], &byte, 1) == 0)
			execve(args[0], args, environ);
		_exit(CHILD_REFUSED);
	}
	close(gate[1]);
	while (wait(&status) > 0)
		ran += WIFEXITED(status) && WEXITSTATUS(status) == 9;
	printf("ran %d of %d\n", ran, count);
	return ran == count ? 9 : ATTACK_REFUSED;
}

/* storm SECONDS FILE: execve in a loop until the time is over. 9 when all ran. */
static int run_storm(char **argv)
{
	time_t end = time(NULL) + atoi(argv[0]);
	long ran = 0, other = 0, longest = 0;

	while (time(NULL) < end) {
		struct timespec a, b;
		long took;

		clock_gettime(CLOCK_MONOTONIC, &a);
		if (run_child(argv[1]) == 9)
			ran++;
		else
			other++;
		clock_gettime(CLOCK_MONOTONIC, &b);
		took = (b.tv_sec - a.tv_sec) * 1000000 +
		       (b.tv_nsec - a.tv_nsec) / 1000;
		if (took > longest)
			longest = took;
	}
	printf("ran %ld other %ld longest %ld us\n", ran, other, longest);
	return other || !ran ? ATTACK_REFUSED : 9;
}

/* few-files COUNT COMMAND [ARG...]: with RLIMIT_NOFILE at COUNT */
static int run_few_files(char **argv)
{
	struct rlimit limit;

	limit.rlim_cur = limit.rlim_max = (rlim_t)atoi(argv[0]);
	if (setrlimit(RLIMIT_NOFILE, &limit))
		broken("setrlimit");
	execv(argv[1], argv + 1);
	return refused("execv");
}

const struct attack exec_attacks[] = {
	{ "exec", run_exec, 1 },
	{ "exec-fd", run_exec_fd, 1 },
	{ "exec-check", run_exec_check, 1 },
	{ "memfd", run_memfd, 1 },
	{ "as", run_as, 2 },
	{ "flips", run_flips, 3 },
	{ "burst", run_burst, 2 },
	{ "parallel", run_parallel, 2 },
	{ "storm", run_storm, 2 },
	{ "few-files", run_few_files, 2 },
	{ NULL, NULL, 0 },
};
