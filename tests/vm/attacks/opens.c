// SPDX-License-Identifier: GPL-2.0
/*
 * A witness of what interpreters open, which knows nothing of the gate: the kernel holds
 * each open back (fanotify(7), permission events) until this process has noted it, so that
 * the opener can be looked at while it waits. Such an event comes after the LSM hooks: an
 * open that the gate refused is none.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "attack.h"

#define MAX_INTERPRETERS 64
#define MAX_WORDS 4096 /* bytes of a command line that are looked at */

/* Device and inode of the interpreters' programs. */
static struct stat interpreters[MAX_INTERPRETERS];
static size_t interpreter_count;

/* An execve is told of twice, first as that. By a thread's number. */
static struct {
	int tid;
	ino_t ino;
} execs[1024];

static volatile sig_atomic_t ended;
static unsigned long all, of_interpreters;

static void end(int number)
{
	(void)number;
	ended = 1;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* With another file system below, /proc/TID/exe leads there, whatever is mounted over it. */
static bool is_interpreter(int tid)
{
	char path[32];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/exe", tid);
	if (stat(path, &st))
		return false;
	for (size_t i = 0; i < interpreter_count; i++)
		if (same_file(&st, &interpreters[i]))
			return true;
	return false;
}

/* A file of /proc as a string, with 0 for what could not be read. */
static size_t read_proc(int tid, const char *name, char *to, size_t size)
{
	char path[48];
	ssize_t got = -1;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", tid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		got = read(fd, to, size - 1);
		close(fd);
	}
	to[got > 0 ? got : 0] = 0;
	return got > 0 ? (size_t)got : 0;
}

/* The event does not tell for what a file is opened; the system call that waits does. */
static bool only_writes(int tid)
{
	unsigned long args[3] = { 0 }, flags = 0;
	char text[256];
	long number;

	read_proc(tid, "syscall", text, sizeof(text));
	if (sscanf(text, "%ld %lx %lx %lx", &number, &args[0], &args[1],
		   &args[2]) != 4)
		return false;
#ifdef SYS_open
	if (number == SYS_creat)
		return true;
	if (number == SYS_open)
		flags = args[1];
#endif
	if (number == SYS_openat)
		flags = args[2];
	return (flags & O_ACCMODE) == O_WRONLY;
}

static bool leads_to(int tid, const char *word, const struct stat *file)
{
	char path[MAX_WORDS + 32];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/%s/%s", tid,
		 word[0] == '/' ? "root" : "cwd", word);
	return !stat(path, &st) && same_file(&st, file);
}

/*
 * The options before the first other word of the command line, one behind the other, if
 * that word leads to the file; else "-". Which of them make it a script is for the reader
 * to say.
 */
static void print_operand(FILE *log, int tid, const struct stat *file)
{
	char words[MAX_WORDS], options[64] = ".";
	const char *word = words, *stop;
	size_t used = 1;

	stop = words + read_proc(tid, "cmdline", words, sizeof(words));
	for (word += strlen(word) + 1; word < stop; word += strlen(word) + 1) {
		if (word[0] != '-' && word[0] != '+') {
			fputs(leads_to(tid, word, file) ? options : "-", log);
			return;
		}
		used += (size_t)snprintf(options + used, sizeof(options) - used,
					 "%s", word + 1);
		if (used >= sizeof(options))
			break;
	}
	fputs("-", log);
}

/* What would end the field or the line is a question mark. */
static void print_field(FILE *log, const char *text, size_t size)
{
	fputc('\t', log);
	for (size_t i = 0; i < size && text[i] && text[i] != '\n'; i++)
		fputc(text[i] == '\t' ? '?' : text[i], log);
}

static void print_link(FILE *log, const char *link)
{
	char path[4096];
	ssize_t size = readlink(link, path, sizeof(path));

	print_field(log, path, size > 0 ? (size_t)size : 0);
}

/*
 * Fields with tabs between: thread, DEVICE:INODE, r or w, options before the operand that it is
 * or -, program, path, first line if that begins with #!.
 */
static void note(FILE *log, int tid, int fd, const struct stat *file)
{
	char link[32], line[128];
	bool writes = only_writes(tid);
	ssize_t size = 0;

	/* The device as the kernel has it, not as stat(2) packs it. */
	fprintf(log, "%d\t%u:%llu\t%c\t", tid,
		major(file->st_dev) << 20 | minor(file->st_dev),
		(unsigned long long)file->st_ino, writes ? 'w' : 'r');
	print_operand(log, tid, file);
	snprintf(link, sizeof(link), "/proc/%d/exe", tid);
	print_link(log, link);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	print_link(log, link);
	if (!writes)
		size = pread(fd, line, sizeof(line), 0);
	print_field(log, line,
		    size > 2 && !memcmp(line, "#!", 2) ? (size_t)size : 0);
	fputc('\n', log);
}

/* Is it the second word of an execve about its program? */
static bool is_exec(const struct fanotify_event_metadata *event, ino_t ino)
{
	size_t slot = (size_t)event->pid % (sizeof(execs) / sizeof(execs[0]));
	bool known = execs[slot].tid == event->pid && execs[slot].ino == ino;

	execs[slot].tid = 0;
	if (event->mask & FAN_OPEN_EXEC_PERM) {
		execs[slot].tid = event->pid;
		execs[slot].ino = ino;
		return true;
	}
	return known;
}

static void answer(int group, FILE *log,
		   const struct fanotify_event_metadata *event)
{
	struct fanotify_response response = { .fd = event->fd,
					      .response = FAN_ALLOW };
	struct stat st;

	if (!fstat(event->fd, &st) && S_ISREG(st.st_mode) &&
	    !is_exec(event, st.st_ino)) {
		all++;
		if (is_interpreter(event->pid)) {
			of_interpreters++;
			note(log, event->pid, event->fd, &st);
		}
	}
	if (write(group, &response, sizeof(response)) < 0)
		broken("answer");
	close(event->fd);
}

static void watch(int group, FILE *log)
{
	static char events[65536] __attribute__((
		aligned(__alignof__(struct fanotify_event_metadata))));
	const struct fanotify_event_metadata *event;
	ssize_t size = read(group, events, sizeof(events));

	/* An event whose file could not be opened is refused by the kernel: a broken witness. */
	if (size < 0)
		broken("events");
	for (event = (void *)events; FAN_EVENT_OK(event, size);
	     event = FAN_EVENT_NEXT(event, size)) {
		if (event->mask & FAN_Q_OVERFLOW)
			broken("overflow");
		answer(group, log, event);
	}
}

static int watch_until_ended(int group, FILE *log)
{
	struct pollfd poll = { .fd = group, .events = POLLIN };
	struct sigaction action = { .sa_handler = end };
	sigset_t blocked, before;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	sigaction(SIGTERM, &action, NULL);
	puts("watching");
	fflush(stdout);
	while (!ended) {
		if (ppoll(&poll, 1, NULL, &before) > 0)
			watch(group, log);
		else if (errno != EINTR)
			broken("poll");
	}
	fprintf(log, "end\t%lu\t%lu\n", all, of_interpreters);
	return fclose(log) ? ATTACK_BROKEN : 0;
}

static int open_group(char **places)
{
	int group =
		fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC |
				      FAN_UNLIMITED_QUEUE | FAN_REPORT_TID,
			      O_RDONLY | O_LARGEFILE | O_CLOEXEC | O_NOATIME);

	if (group < 0)
		broken("fanotify");
	for (; *places && strcmp(*places, "--"); places++)
		if (fanotify_mark(group, FAN_MARK_ADD | FAN_MARK_FILESYSTEM,
				  FAN_OPEN_PERM | FAN_OPEN_EXEC_PERM, AT_FDCWD,
				  *places))
			broken(*places);
	return group;
}

/*
 * opens LOG PLACE... -- PROGRAM...: until SIGTERM, note each open of a regular file by one
 * of these programs, in the file systems of these places; then how many opens there were,
 * and how many of those by the programs
 */
static int run_opens(char **argv)
{
	FILE *log = fopen(argv[0], "we");
	char **program = argv + 1;

	if (!log)
		broken(argv[0]);
	while (*program && strcmp(*program, "--"))
		program++;
	for (; *program && *++program; interpreter_count++)
		if (interpreter_count == MAX_INTERPRETERS ||
		    stat(*program, &interpreters[interpreter_count]))
			broken(*program);
	return watch_until_ended(open_group(argv + 1), log);
}

const struct attack opens_attacks[] = {
	{ "opens", run_opens, 4 },
	{ NULL, NULL, 0 },
};
