// SPDX-License-Identifier: GPL-2.0
/* Load, and faults of whoever reads the denials: for the lane soak. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include "attack.h"

extern char **environ;

/*
 * flood SECONDS COUNT FILE...: execve of each in turn, all refused, until the time
 * is over and there were so many. Prints how many.
 */
static int run_flood(char **argv)
{
	time_t end = time(NULL) + atoi(argv[0]);
	long denied = 0, least = atol(argv[1]);

	do {
		for (char **path = argv + 2; *path; path++) {
			char *args[] = { *path, NULL };

			execve(*path, args, environ);
			if (errno != EPERM)
				broken(*path);
			denied++;
		}
	} while (time(NULL) < end || denied < least);
	printf("denied %ld\n", denied);
	errno = EPERM;
	return refused("each execve");
}

/* The value of field @name of a record that has one "NAME=VALUE" a line, or "". */
static const char *field_of(char *record, const char *name, char *out,
			    size_t size)
{
	size_t length = strlen(name);

	out[0] = '\0';
	for (char *line = record; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, name, length) && line[length] == '=')
			snprintf(out, size, "%.*s",
				 (int)strcspn(line + length + 1, "\n"),
				 line + length + 1);
	}
	return out;
}

static const char *or_dash(const char *text)
{
	return *text ? text : "-";
}

/*
 * journal SOCKET: be the journal, and print of each record its name, sequence
 * number, count, and whether it stands for repetitions
 */
static int run_journal(char **argv)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int large = 4 << 20;
	static char record[65536];

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", argv[0]);
	unlink(argv[0]);
	if (fd < 0 || bind(fd, (void *)&address, sizeof(address)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &large, sizeof(large)))
		broken(argv[0]);
	for (;;) {
		ssize_t n = recv(fd, record, sizeof(record) - 1, 0);
		char event[64], sequence[32], count[32], repeated[8];

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			broken("recv");
		record[n] = '\0';
		field_of(record, "EXECGATE_EVENT", event, sizeof(event));
		field_of(record, "EXECGATE_SEQUENCE", sequence,
			 sizeof(sequence));
		field_of(record, "EXECGATE_COUNT", count, sizeof(count));
		field_of(record, "EXECGATE_REPEATED", repeated,
			 sizeof(repeated));
		printf("%s %s %s %s\n", or_dash(event), or_dash(sequence),
		       or_dash(count), or_dash(repeated));
		fflush(stdout);
	}
}

/* small-buffer PID: the netlink sockets of that process get room for 4 kB */
static int run_small_buffer(char **argv)
{
	int pidfd = pidfd_open(atoi(argv[0]), 0), small = 4096, changed = 0;

	if (pidfd < 0)
		broken("pidfd_open");
	for (int number = 0; number < 64; number++) {
		int fd = pidfd_getfd(pidfd, number, 0), domain = 0;
		socklen_t size = sizeof(domain);

		if (fd < 0)
			continue;
		if (!getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) &&
		    domain == AF_NETLINK &&
		    !setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small,
				sizeof(small)))
			changed++;
		close(fd);
	}
	printf("%d sockets\n", changed);
	return changed ? 9 : ATTACK_BROKEN;
}

/* trace PID SECONDS: stopped by a tracer, and let go */
static int run_trace(char **argv)
{
	pid_t pid = atoi(argv[0]);
	int status;

	if (ptrace(PTRACE_SEIZE, pid, 0, 0) ||
	    ptrace(PTRACE_INTERRUPT, pid, 0, 0) ||
	    waitpid(pid, &status, __WALL) != pid || !WIFSTOPPED(status))
		broken("ptrace");
	sleep((unsigned int)atoi(argv[1]));
	if (ptrace(PTRACE_DETACH, pid, 0, 0))
		broken("detach");
	return 9;
}

static uint64_t now_nsec(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* A file of its own with these bytes, and how long its first mapping takes. */
static uint64_t make_and_map(const char *path, const char *data, size_t size)
{
	int fd = must_open(path, O_WRONLY | O_CREAT | O_EXCL);
	uint64_t start;
	void *p;

	if (write(fd, data, size) != (ssize_t)size)
		broken(path);
	close(fd);
	fd = must_open(path, O_RDONLY);
	start = now_nsec();
	p = mmap(NULL, size, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	start = now_nsec() - start;
	close(fd);
	if (p == MAP_FAILED)
		broken("mmap");
	munmap(p, size);
	return start;
}

/*
 * many-verdicts SECONDS COUNT DIRECTORY FILE: so many files with the bytes of
 * FILE, each mapped executable once. Prints what the first and the last took.
 */
static int run_many_verdicts(char **argv)
{
	time_t end = time(NULL) + atoi(argv[0]);
	int count = atoi(argv[1]), sample = count / 20, done = 0;
	uint64_t first = 0, last = 0, *took = calloc((size_t)count, 8);
	char path[PATH_MAX];
	size_t size;
	char *data = must_read(argv[3], &size);

	if (!took || sample < 1)
		broken("count");
	while (done < count && (done < 2 * sample || time(NULL) < end)) {
		snprintf(path, sizeof(path), "%s/%d", argv[2], done);
		took[done++] = make_and_map(path, data, size);
	}
	for (int i = 0; i < sample; i++) {
		first += took[i];
		last += took[done - 1 - i];
	}
	first /= (uint64_t)sample * 1000;
	last /= (uint64_t)sample * 1000;
	printf("%d files, first %d: %llu us each, last %d: %llu us each\n",
	       done, sample, (unsigned long long)first, sample,
	       (unsigned long long)last);
	return 9;
}

/* hog MEGABYTES: takes that much memory and keeps it */
static int run_hog(char **argv)
{
	for (int i = 0; i < atoi(argv[0]); i++) {
		char *p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (p == MAP_FAILED)
			broken("mmap");
		memset(p, 1, 1 << 20);
	}
	for (;;)
		pause();
}

/* xattr-set FILE NAME VALUE; xattr-get FILE NAME */
static int run_xattr_set(char **argv)
{
	if (setxattr(argv[0], argv[1], argv[2], strlen(argv[2]), 0))
		broken("setxattr");
	return 9;
}

static int run_xattr_get(char **argv)
{
	char value[256];
	ssize_t n = getxattr(argv[0], argv[1], value, sizeof(value));

	if (n < 0)
		return refused("getxattr");
	printf("%.*s\n", (int)n, value);
	return 9;
}

const struct attack load_attacks[] = {
	{ "flood", run_flood, 3 },
	{ "journal", run_journal, 1 },
	{ "small-buffer", run_small_buffer, 1 },
	{ "trace", run_trace, 2 },
	{ "many-verdicts", run_many_verdicts, 4 },
	{ "hog", run_hog, 1 },
	{ "xattr-set", run_xattr_set, 3 },
	{ "xattr-get", run_xattr_get, 2 },
	{ NULL, NULL, 0 },
};
