// SPDX-License-Identifier: GPL-2.0
/*
 * bench WHAT COUNT FILE...: nanoseconds for one of WHAT, on average.
 *
 *   exec   vfork, execve, wait		open  open to read, close
 *   map    open, mmap executable, munmap, close
 *   hash   SHA-256 of the file by the kernel (AF_ALG), read as the gate reads
 *   refuse as exec, of a program that must be refused
 *   deny   open, mmap executable, which must be refused, close	 stat  stat(2)
 *
 * "own-" before it: the time of this thread alone, without what others do because of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_alg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void broken(const char *what)
{
	perror(what);
	exit(99);
}

static int must_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		broken(path);
	return fd;
}

#define REFUSED 7

static void execute(const char *path, int expected)
{
	char *argv[] = { (char *)path, NULL }, *environment[] = { NULL };
	int status;
	pid_t pid = vfork();

	if (!pid) {
		execve(path, argv, environment);
		_exit(errno == EPERM || errno == EACCES ? REFUSED : 99);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status) ||
	    WEXITSTATUS(status) != expected)
		broken(path);
}

static void do_exec(const char *path)
{
	execute(path, 9);
}

static void do_refuse(const char *path)
{
	execute(path, REFUSED);
}

static void do_open(const char *path)
{
	close(must_open(path));
}

static void do_map(const char *path)
{
	int fd = must_open(path);
	void *p = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);

	if (p == MAP_FAILED)
		broken(path);
	munmap(p, 4096);
	close(fd);
}

static void do_deny(const char *path)
{
	int fd = must_open(path);

	if (mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0) !=
	    MAP_FAILED) {
		fprintf(stderr, "%s: it was mapped\n", path);
		exit(99);
	}
	close(fd);
}

static void do_stat(const char *path)
{
	struct stat status;

	if (stat(path, &status))
		broken(path);
}

static void do_hash(const char *path)
{
	static unsigned char chunk[65536];
	struct sockaddr_alg address = {
		.salg_family = AF_ALG,
		.salg_type = "hash",
		.salg_name = "sha256",
	};
	int fd = must_open(path), alg = socket(AF_ALG, SOCK_SEQPACKET, 0), op;
	unsigned char digest[32];
	ssize_t n;

	if (alg < 0 || bind(alg, (void *)&address, sizeof(address)))
		broken("AF_ALG sha256");
	op = accept(alg, NULL, NULL);
	while ((n = read(fd, chunk, sizeof(chunk))) > 0)
		if (send(op, chunk, (size_t)n, MSG_MORE) != n)
			broken("send");
	if (n < 0 || send(op, NULL, 0, 0) ||
	    read(op, digest, sizeof(digest)) != sizeof(digest))
		broken("digest");
	close(op);
	close(alg);
	close(fd);
}

struct row {
	const char *name;
	void (*run)(const char *path);
};

static const struct row table[] = {
	{ "exec", do_exec },	 { "open", do_open }, { "map", do_map },
	{ "hash", do_hash },	 { "deny", do_deny }, { "stat", do_stat },
	{ "refuse", do_refuse },
};

static const struct row *find(const char *name)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (!strcmp(table[i].name, name))
			return &table[i];
	fprintf(stderr, "bench: usage\n");
	exit(2);
}

static uint64_t now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

int main(int argc, char **argv)
{
	const char *what = argc > 3 ? argv[1] : "";
	int own = !strncmp(what, "own-", 4);
	clockid_t clock = own ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC;
	const struct row *row = find(own ? what + 4 : what);
	int count = atoi(argv[2]);
	uint64_t start = now(clock);

	for (int i = 0; i < count; i++)
		for (char **path = argv + 3; *path; path++)
			row->run(*path);
	printf("%llu\n",
	       (unsigned long long)((now(clock) - start) / (uint64_t)count /
				    (uint64_t)(argc - 3)));
	return 0;
}
