// SPDX-License-Identifier: GPL-2.0
/*
 * Races between the verdict and the use of it. Each runs for some seconds and
 * then exits with 9 if evil bytes ever ran, or says that they were refused:
 * what runs is either the verified bytes or nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "attack.h"
#include "machine.h"

#define MAP_SIZE 4096
#define GOOD_STATUS 9
#define EVIL_STATUS 66
#define BUSY_STATUS 26

extern char **environ;

struct tally {
	long good;
	long evil;
	long refused;
	long killed; /* half of one and half of the other, it may be */
};

static int conclude(const struct tally *tally)
{
	printf("good %ld evil %ld refused %ld killed %ld\n", tally->good,
	       tally->evil, tally->refused, tally->killed);
	if (tally->evil || tally->killed)
		return 9;
	if (!tally->good)
		return ATTACK_BROKEN;
	errno = EPERM;
	return refused("evil never ran");
}

static void count_exit(pid_t pid, struct tally *tally)
{
	int status;

	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		broken("fork");
	if (WIFSIGNALED(status)) {
		tally->killed++;
		return;
	}
	status = WEXITSTATUS(status);
	tally->good += status == GOOD_STATUS;
	tally->evil += status == EVIL_STATUS;
	tally->refused += status == ATTACK_REFUSED;
}

static void exec_in_child(const char *path)
{
	char *argv[] = { (char *)path, NULL };

	execve(path, argv, environ);
	/* ETXTBSY is the kernel's own: the other side has it open just now. */
	_exit(errno == EPERM ? ATTACK_REFUSED : BUSY_STATUS);
}

static void exec_once(const char *path, struct tally *tally)
{
	pid_t pid = vfork();

	if (!pid)
		exec_in_child(path);
	count_exit(pid, tally);
}

/*
 * A race lasts until @end, and until good bytes ran once: on a slow machine the
 * other side may have the file each time that we ask for it.
 */
static int lasts(time_t end, const struct tally *tally)
{
	time_t now = time(NULL);

	return now < end || (!tally->good && now < end + 20);
}

/* Run @step with @a and @b, for ever, in a process of its own. */
static pid_t start(void (*step)(const char *a, const char *b), const char *a,
		   const char *b)
{
	pid_t pid = fork();

	if (pid < 0)
		broken("fork");
	while (!pid)
		step(a, b);
	return pid;
}

static void stop(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* The two names change places. */
static void swap(const char *a, const char *b)
{
	renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE);
}

/* race-rename SECONDS GOOD EVIL: execve of GOOD while the two are swapped */
static int run_race_rename(char **argv)
{
	time_t end = time(NULL) + atoi(argv[0]);
	struct tally tally = { 0 };
	pid_t pid = start(swap, argv[1], argv[2]);

	while (lasts(end, &tally))
		exec_once(argv[1], &tally);
	stop(pid);
	return conclude(&tally);
}

static char *contents[2];
static size_t sizes[2];

/*
 * Write the evil bytes into the file and take them back, one open each. Then
 * leave it alone for 0 to 700 us: with no pause the file has a writer each time
 * that the other side looks, and nothing is raced for.
 */
static void overwrite(const char *path, const char *unused)
{
	static unsigned int pause;

	(void)unused;
	usleep(pause++ % 8 * 100);
	for (int i = 1; i >= 0; i--) {
		int fd = open(path, O_WRONLY | O_CLOEXEC);

		if (fd < 0)
			continue;
		if (pwrite(fd, contents[i], sizes[i], 0) < 0)
			broken("pwrite");
		close(fd);
	}
}

static void write_content(const char *path, int which)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || pwrite(fd, contents[which], sizes[which], 0) < 0 ||
	    close(fd))
		broken(path);
}

/*
 * Nobody writes any more. What did not come up in the race is tried now, so that it
 * says something on every machine: the good bytes run, and the evil ones are asked for.
 */
static void try_rest(const char *path, const char *name, struct tally *tally,
		     void (*once)(const char *name, struct tally *tally))
{
	if (!tally->good) {
		write_content(path, 0);
		once(name, tally);
	}
	if (!tally->refused && !tally->evil && !tally->killed) {
		write_content(path, 1);
		once(name, tally);
	}
}

/*
 * race-overwrite SECONDS GOOD EVIL FILE [OTHER]: execve of FILE, or by the name
 * OTHER, while FILE is rewritten
 */
static int run_race_overwrite(char **argv)
{
	time_t end = time(NULL) + atoi(argv[0]);
	struct tally tally = { 0 };
	pid_t pid;

	contents[0] = must_read(argv[1], &sizes[0]);
	contents[1] = must_read(argv[2], &sizes[1]);
	pid = start(overwrite, argv[3], NULL);
	while (lasts(end, &tally))
		exec_once(argv[4] ? argv[4] : argv[3], &tally);
	stop(pid);
	try_rest(argv[3], argv[4] ? argv[4] : argv[3], &tally, exec_once);
	return conclude(&tally);
}

#define BALLAST ((size_t)128 << 20)

/*
 * race-interpreter SECONDS GOOD EVIL FILE PROGRAM: execve of PROGRAM, whose
 * interpreter FILE is rewritten. Between reading the interpreter's headers and
 * mapping it, execve takes its caller's memory apart: much of it, as of a fork.
 */
static int run_race_interpreter(char **argv)
{
	time_t end = time(NULL) + atoi(argv[0]);
	struct tally tally = { 0 };
	pid_t pid, child;

	contents[0] = must_read(argv[1], &sizes[0]);
	contents[1] = must_read(argv[2], &sizes[1]);
	pid = start(overwrite, argv[3], NULL);
	if (mmap(NULL, BALLAST, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1,
		 0) == MAP_FAILED)
		broken("mmap");
	while (lasts(end, &tally)) {
		child = fork();
		if (!child)
			exec_in_child(argv[4]);
		count_exit(child, &tally);
	}
	stop(pid);
	try_rest(argv[3], argv[4], &tally, exec_once);
	/* Refused too late for execve to fail, the kernel kills it. */
	tally.refused += tally.killed;
	tally.killed = 0;
	return conclude(&tally);
}

/* Opening for writing copies a file of an overlay up. */
static void copy_up(const char *path)
{
	int fd;

	while ((fd = open(path, O_RDWR | O_TRUNC | O_CLOEXEC)) < 0)
		;
	if (write(fd, contents[0], sizes[0]) < 0)
		broken("write");
	close(fd);
}

/*
 * race-copy-up COUNT GOOD DIRECTORY: execve of DIRECTORY/0, 1, ..., each evil,
 * while it is copied up and becomes good
 */
static int run_race_copy_up(char **argv)
{
	int count = atoi(argv[0]);
	struct tally tally = { 0 };
	char path[256];

	contents[0] = must_read(argv[1], &sizes[0]);
	for (int i = 0; i < count; i++) {
		pid_t pid;

		snprintf(path, sizeof(path), "%s/%d", argv[2], i);
		pid = fork();
		if (pid < 0)
			broken("fork");
		if (!pid) {
			copy_up(path);
			_exit(0);
		}
		do
			exec_once(path, &tally);
		while (waitpid(pid, NULL, WNOHANG) != pid);
		exec_once(path, &tally);
	}
	/* Refused too late for execve to fail, the kernel kills it. */
	tally.refused += tally.killed;
	tally.killed = 0;
	return conclude(&tally);
}

/* Map, call, call again, unmap: as long as it is mapped it may not turn evil. */
static void map_once(const char *path, struct tally *tally)
{
	int fd = must_open(path, O_RDONLY);
	void *p =
		mmap(NULL, MAP_SIZE, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	int (*function)(void) = (int (*)(void))(uintptr_t)p;

	close(fd);
	if (p == MAP_FAILED) {
		tally->refused++;
		return;
	}
	for (int i = 0; i < 200; i++) {
		if (function() == 7)
			tally->good++;
		else
			tally->evil++;
	}
	munmap(p, MAP_SIZE);
}

/* race-map SECONDS GOOD EVIL FILE */
static int run_race_map(char **argv)
{
	time_t end = time(NULL) + atoi(argv[0]);
	struct tally tally = { 0 };
	pid_t pid;

	contents[0] = must_read(argv[1], &sizes[0]);
	contents[1] = must_read(argv[2], &sizes[1]);
	pid = start(overwrite, argv[3], NULL);
	while (lasts(end, &tally))
		map_once(argv[3], &tally);
	stop(pid);
	try_rest(argv[3], argv[3], &tally, map_once);
	return conclude(&tally);
}

/* Half of the file is gone, and comes back; by no open, then by one. */
static void cut(const char *path, const char *unused)
{
	int fd;

	(void)unused;
	if (truncate(path, (off_t)(sizes[0] / 2)))
		return;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (pwrite(fd, contents[0], sizes[0], 0) < 0)
		broken("pwrite");
	close(fd);
}

/* Another file, with a verdict still to come, under the same name. */
static void renew(const char *path, const char *scratch)
{
	int fd = open(scratch, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);

	if (fd < 0)
		return;
	if (write(fd, contents[0], sizes[0]) < 0)
		broken("write");
	close(fd);
	if (unlink(path) || rename(scratch, path))
		return;
}

/*
 * race-all SECONDS GOOD EVIL DIRECTORY: execve of DIRECTORY/x while it is cut,
 * unlinked and made anew, rewritten, and swapped with an evil one
 */
static int run_race_all(char **argv)
{
	time_t end = time(NULL) + atoi(argv[0]);
	struct tally tally = { 0 };
	char path[256], scratch[256], evil[256];
	pid_t pids[4];

	snprintf(path, sizeof(path), "%s/x", argv[3]);
	snprintf(scratch, sizeof(scratch), "%s/new", argv[3]);
	snprintf(evil, sizeof(evil), "%s/evil", argv[3]);
	contents[0] = must_read(argv[1], &sizes[0]);
	contents[1] = must_read(argv[2], &sizes[1]);
	pids[0] = start(cut, path, NULL);
	pids[1] = start(renew, path, scratch);
	pids[2] = start(overwrite, path, NULL);
	pids[3] = start(swap, path, evil);
	while (lasts(end, &tally))
		exec_once(path, &tally);
	for (size_t i = 0; i < 4; i++)
		stop(pids[i]);
	/*
	 * A key that comes and goes may take back between exec and mapping
	 * what was allowed before: then the kernel kills. Evil has its status.
	 */
	tally.refused += tally.killed;
	tally.killed = 0;
	return conclude(&tally);
}

static char *split_pages;

/* Two mappings of the file become one, and two again. */
static int split(void *unused)
{
	(void)unused;
	/* A refusal is not the end: the first half is mapped executable all the time. */
	for (;;) {
		mprotect(split_pages + MAP_SIZE, MAP_SIZE, PROT_READ);
		mprotect(split_pages + MAP_SIZE, MAP_SIZE,
			 PROT_READ | PROT_EXEC);
	}
	return 0;
}

/*
 * race-split SECONDS FILE: open FILE for writing while its only mapping is taken
 * apart and put together
 */
static int run_race_split(char **argv)
{
	static char stack[64 * 1024] __attribute__((aligned(16)));
	time_t end = time(NULL) + atoi(argv[0]);
	int fd = must_open(argv[1], O_RDONLY), tries = 0;
	pid_t pid;

	split_pages = mmap(NULL, 2 * MAP_SIZE, PROT_READ | PROT_EXEC,
			   MAP_PRIVATE, fd, 0);
	close(fd);
	if (split_pages == MAP_FAILED)
		broken("mmap");
	/* In the same address space: there is no second mapping. */
	pid = clone(split, stack + sizeof(stack), CLONE_VM | SIGCHLD, NULL);
	if (pid < 0)
		broken("clone");
	do {
		tries++;
		fd = open(argv[1], O_WRONLY | O_CLOEXEC);
	} while (fd < 0 && errno == ETXTBSY && time(NULL) < end);
	stop(pid);
	printf("%d tries\n", tries);
	if (fd >= 0)
		return 9;
	errno = ETXTBSY;
	return refused("open");
}

/*
 * patch IMAGE: make every copy of the small program in a disk image evil,
 * behind the back of the file system that is in it.
 */
static int run_patch(char **argv)
{
	size_t size, patched = 0;
	char *data = must_read(argv[0], &size), *at = data;
	int fd = must_open(argv[0], O_WRONLY);

	while ((at = memmem(at, (size_t)(data + size - at), good_exit,
			    sizeof(good_exit)))) {
		if (pwrite(fd, evil_exit, sizeof(evil_exit), at - data) !=
		    sizeof(evil_exit))
			broken("pwrite");
		at++;
		patched++;
	}
	printf("patched %zu\n", patched);
	return patched ? 0 : ATTACK_BROKEN;
}

const struct attack race_attacks[] = {
	{ "race-rename", run_race_rename, 3 },
	{ "race-overwrite", run_race_overwrite, 4 },
	{ "race-interpreter", run_race_interpreter, 5 },
	{ "race-copy-up", run_race_copy_up, 3 },
	{ "race-map", run_race_map, 4 },
	{ "race-split", run_race_split, 2 },
	{ "race-all", run_race_all, 4 },
	{ "patch", run_patch, 1 },
	{ NULL, NULL, 0 },
};
