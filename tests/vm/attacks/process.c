// SPDX-License-Identifier: GPL-2.0
/* Ways to start a program from a process that has rules, or gets some. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack.h"

#define STACK_SIZE (64 * 1024)
#define REFUSED_BY 100 /* status of a child: and the errno of execve */

extern char **environ;

static void start_or_exit(const char *path)
{
	char *argv[] = { (char *)path, NULL };

	execve(path, argv, environ);
	_exit(REFUSED_BY + errno);
}

/* What a child came to, as if this process had done it. */
static int result_of(pid_t pid)
{
	int status;

	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		broken("waitpid");
	if (WEXITSTATUS(status) <= REFUSED_BY)
		return WEXITSTATUS(status);
	errno = WEXITSTATUS(status) - REFUSED_BY;
	return refused("execve");
}

static int by_exec(const char *path)
{
	char *argv[] = { (char *)path, NULL };

	execve(path, argv, environ);
	return refused("execve");
}

static int by_fork(const char *path)
{
	pid_t pid = fork();

	if (!pid)
		start_or_exit(path);
	return result_of(pid);
}

static int by_vfork(const char *path)
{
	pid_t pid = vfork();

	if (!pid)
		start_or_exit(path);
	return result_of(pid);
}

/* The child's child, when the child has gone. */
static int by_double(const char *path)
{
	int fds[2], status = 0;
	pid_t pid;

	if (pipe(fds))
		broken("pipe");
	pid = fork();
	if (!pid) {
		if (fork())
			_exit(0);
		pid = fork();
		if (!pid)
			start_or_exit(path);
		waitpid(pid, &status, 0);
		_exit(write(fds[1], &status, sizeof(status)) < 0);
	}
	if (pid < 0 || waitpid(pid, NULL, 0) != pid ||
	    read(fds[0], &status, sizeof(status)) != sizeof(status))
		broken("fork");
	if (WEXITSTATUS(status) <= REFUSED_BY)
		return WEXITSTATUS(status);
	errno = WEXITSTATUS(status) - REFUSED_BY;
	return refused("execve");
}

static pthread_barrier_t all_there;

static void *start_in_thread(void *path)
{
	char *argv[] = { path, NULL };

	pthread_barrier_wait(&all_there);
	execve(path, argv, environ);
	return (void *)(long)errno;
}

/*
 * A thread that is not the first one; of two at once one gets through. Neither
 * begins before both are there: while one is in exec, the kernel makes no
 * thread that shares its folder (copy_fs() in kernel/fork.c: EAGAIN).
 */
static int by_threads(const char *path)
{
	pthread_t threads[2];
	void *error = NULL;

	pthread_barrier_init(&all_there, NULL, 2);
	for (int i = 0; i < 2; i++)
		if (pthread_create(&threads[i], NULL, start_in_thread,
				   (void *)path))
			broken("pthread_create");
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], &error);
	errno = (int)(long)error;
	return refused("execve");
}

static int forks_in_clone(void *path)
{
	start_or_exit(path);
	return 0;
}

/* A process of its own that shares the memory, and is not waited for by vfork. */
static int by_clone(const char *path)
{
	char *stack = malloc(STACK_SIZE);

	return result_of(clone(forks_in_clone, stack + STACK_SIZE,
			       CLONE_VM | SIGCHLD, (void *)path));
}

static const struct {
	const char *name;
	int (*start)(const char *path);
} ways[] = {
	{ "exec", by_exec },	   { "fork", by_fork },
	{ "vfork", by_vfork },	   { "double", by_double },
	{ "threads", by_threads }, { "clone", by_clone },
};

static int start(const char *way, const char *path)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (!strcmp(ways[i].name, way))
			return ways[i].start(path);
	broken(way);
}

/* start WAY PROGRAM */
static int run_start(char **argv)
{
	return start(argv[0], argv[1]);
}

/* Status: 0, or the errno. */
static int map_library(const char *path)
{
	int fd = must_open(path, O_RDONLY);
	void *at = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);

	close(fd);
	if (at == MAP_FAILED)
		return errno;
	munmap(at, 4096);
	return 0;
}

/* load-start LIBRARY WAY PROGRAM: it was mapped, and is not any more */
static int run_load_start(char **argv)
{
	if (map_library(argv[0]))
		return refused("mmap");
	return start(argv[1], argv[2]);
}

/* protect-start LIBRARY WAY PROGRAM: it becomes executable later */
static int run_protect_start(char **argv)
{
	int fd = must_open(argv[0], O_RDONLY);
	void *at = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);

	if (at == MAP_FAILED)
		broken("mmap");
	if (map_library(argv[0]) || mprotect(at, 4096, PROT_READ | PROT_EXEC))
		return refused("mprotect");
	return start(argv[1], argv[2]);
}

static int maps_in_clone(void *path)
{
	return map_library(path);
}

/* clone-load-start LIBRARY WAY PROGRAM: a process that shares the memory maps it */
static int run_clone_load_start(char **argv)
{
	char *stack = malloc(STACK_SIZE);
	pid_t pid = clone(maps_in_clone, stack + STACK_SIZE, CLONE_VM | SIGCHLD,
			  argv[0]);
	int status;

	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		broken("clone");
	return start(argv[1], argv[2]);
}

static void *maps_in_thread(void *path)
{
	return (void *)(long)map_library(path);
}

/* thread-load-start LIBRARY WAY PROGRAM: another thread maps it */
static int run_thread_load_start(char **argv)
{
	pthread_t thread;
	void *error;

	if (pthread_create(&thread, NULL, maps_in_thread, argv[0]) ||
	    pthread_join(thread, &error) || error)
		broken("pthread_create");
	return start(argv[1], argv[2]);
}

/* fork-load-start LIBRARY WAY PROGRAM: a child maps it, which is none of ours */
static int run_fork_load_start(char **argv)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(map_library(argv[0]));
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		broken("fork");
	return start(argv[1], argv[2]);
}

/* load LIBRARY: 9 when it is mapped */
static int run_load(char **argv)
{
	errno = map_library(argv[0]);
	return errno ? refused("mmap") : 9;
}

/* securebits BITS PROGRAM ARG...: execute it with these, which it cannot lose */
static int run_securebits(char **argv)
{
	if (prctl(PR_SET_SECUREBITS, strtoul(argv[0], NULL, 0)))
		return refused("prctl");
	execv(argv[1], argv + 1);
	return refused("execve");
}

static void become_subordinate(uid_t uid, int said, int go, char **argv)
{
	char byte = 0;

	if (setresuid(uid, uid, uid) || unshare(CLONE_NEWUSER) ||
	    write(said, &byte, 1) != 1 || read(go, &byte, 1) != 1 ||
	    setresuid(0, 0, 0))
		broken("namespace");
	execv(argv[0], argv);
	exit(refused("execve"));
}

/*
 * subordinate UID PROGRAM ARG...: the user makes a namespace, gets other ids in it, as
 * from newuidmap(1), and is its root
 */
static int run_subordinate(char **argv)
{
	static const char map[] = "0 100000 65536";
	int said[2], go[2], fd, status;
	char path[64], byte;
	pid_t pid;

	if (pipe(said) || pipe(go))
		broken("pipe");
	pid = fork();
	if (!pid)
		become_subordinate((uid_t)atoi(argv[0]), said[1], go[0],
				   argv + 1);
	close(said[1]);
	if (pid < 0 || read(said[0], &byte, 1) != 1)
		broken("fork");
	snprintf(path, sizeof(path), "/proc/%d/uid_map", pid);
	fd = must_open(path, O_WRONLY);
	if (write(fd, map, strlen(map)) != (ssize_t)strlen(map))
		broken(path);
	if (write(go[1], &byte, 1) != 1 || waitpid(pid, &status, 0) != pid)
		broken("wait");
	return WIFEXITED(status) ? WEXITSTATUS(status) : ATTACK_BROKEN;
}

/*
 * chrooted ROOT PROGRAM ARGV0: print the inode number of the user namespace, then be that
 * program in ROOT, called ARGV0
 */
static int run_chrooted(char **argv)
{
	char name[64] = "", *called[] = { argv[2], NULL };

	if (readlink("/proc/self/ns/user", name, sizeof(name) - 1) < 0)
		broken("/proc/self/ns/user");
	printf("%lu\n", strtoul(name + strcspn(name, "0123456789"), NULL, 10));
	fflush(stdout);
	if (chroot(argv[0]) || chdir("/"))
		broken("chroot");
	execv(argv[1], called);
	return refused("execve");
}

/* The descriptor that a name stands for, as Perl and gawk have it; else the file, opened. */
static int open_as_interpreter(const char *name)
{
	static const char folder[] = "/dev/fd/";

	if (!strncmp(name, folder, sizeof(folder) - 1))
		return atoi(name + sizeof(folder) - 1);
	return open(name, O_RDONLY);
}

/* interpret [OPTION...] NAME: an interpreter of one word, "exit", and its number */
static int run_interpret(char **argv)
{
	char text[64] = "";
	int fd;

	while (argv[1])
		argv++;
	fd = open_as_interpreter(argv[0]);
	if (fd < 0)
		return refused("open");
	if (read(fd, text, sizeof(text) - 1) < 0)
		return refused("read");
	return strncmp(text, "exit ", 5) ? 1 : atoi(text + 5);
}

/* The child has the terminal for its standard input, and "{}" for its name. */
static void start_typed(char **argv, const char *terminal)
{
	int i, fd;

	setsid();
	fd = open(terminal, O_RDWR);
	if (fd < 0 || ioctl(fd, TIOCSCTTY, 0) || dup2(fd, 0) < 0)
		_exit(REFUSED_BY);
	for (i = 0; argv[i]; i++)
		if (!strcmp(argv[i], "{}"))
			argv[i] = (char *)terminal;
	execvp(argv[0], argv);
	_exit(REFUSED_BY + errno);
}

/* typed TEXT PROGRAM [ARG...]: with a terminal at which somebody types the line TEXT */
static int run_typed(char **argv)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);
	char terminal[64];
	pid_t pid;

	if (master < 0 || grantpt(master) || unlockpt(master) ||
	    ptsname_r(master, terminal, sizeof(terminal)))
		broken("posix_openpt");
	if (dprintf(master, "%s\n\4", argv[0]) < 0)
		broken("write");
	pid = fork();
	if (!pid)
		start_typed(argv + 1, terminal);
	return result_of(pid);
}

const struct attack process_attacks[] = {
	{ "interpret", run_interpret, 1 },
	{ "typed", run_typed, 2 },
	{ "subordinate", run_subordinate, 2 },
	{ "chrooted", run_chrooted, 3 },
	{ "securebits", run_securebits, 2 },
	{ "start", run_start, 2 },
	{ "load", run_load, 1 },
	{ "load-start", run_load_start, 3 },
	{ "protect-start", run_protect_start, 3 },
	{ "clone-load-start", run_clone_load_start, 3 },
	{ "thread-load-start", run_thread_load_start, 3 },
	{ "fork-load-start", run_fork_load_start, 3 },
	{ NULL, NULL, 0 },
};
