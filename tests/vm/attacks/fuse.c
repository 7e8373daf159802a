// SPDX-License-Identifier: GPL-2.0
/*
 * A file system whose owner answers every read anew: the first reader of its one
 * file sees good bytes, the next evil ones. Speaks to /dev/fuse itself, so that
 * the guest needs no library.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attack.h"

#define FILE_NODE 2
#define BUFFER_SIZE (256 * 1024)

static char *contents[2]; /* good, evil: of the same size */
static size_t size;
static int opened; /* how often the file was */

static void answer(int fd, uint64_t unique, int error, const void *data,
		   size_t bytes)
{
	struct fuse_out_header header = {
		.len = (uint32_t)(sizeof(header) + bytes),
		.error = error,
		.unique = unique,
	};
	struct iovec iov[] = { { &header, sizeof(header) },
			       { (void *)data, bytes } };

	/* The asker may be gone. */
	if (writev(fd, iov, bytes ? 2 : 1) < 0 && errno != ENOENT)
		_exit(ATTACK_BROKEN);
}

static struct fuse_attr attributes(uint64_t node)
{
	struct fuse_attr attr = { .ino = node, .nlink = 1, .blksize = 4096 };

	attr.mode = node == FILE_NODE ? S_IFREG | 0755 : S_IFDIR | 0755;
	attr.size = node == FILE_NODE ? size : 0;
	return attr;
}

static void answer_lookup(int fd, const struct fuse_in_header *in)
{
	struct fuse_entry_out out = { .nodeid = FILE_NODE };

	if (strcmp((const char *)(in + 1), "x")) {
		answer(fd, in->unique, -ENOENT, NULL, 0);
		return;
	}
	out.attr = attributes(FILE_NODE);
	answer(fd, in->unique, 0, &out, sizeof(out));
}

static void answer_read(int fd, const struct fuse_in_header *in)
{
	const struct fuse_read_in *want = (const void *)(in + 1);
	size_t from = want->offset < size ? want->offset : size;
	size_t bytes = want->size < size - from ? want->size : size - from;

	answer(fd, in->unique, 0, contents[opened > 1] + from, bytes);
}

static void answer_one(int fd, const struct fuse_in_header *in)
{
	struct fuse_init_out init = { .major = FUSE_KERNEL_VERSION,
				      .minor = 31,
				      .max_write = 4096 };
	struct fuse_attr_out attr = { .attr = attributes(in->nodeid) };
	struct fuse_open_out open = { .fh = 1 };

	switch (in->opcode) {
	case FUSE_INIT:
		answer(fd, in->unique, 0, &init, sizeof(init));
		break;
	case FUSE_LOOKUP:
		answer_lookup(fd, in);
		break;
	case FUSE_GETATTR:
		answer(fd, in->unique, 0, &attr, sizeof(attr));
		break;
	case FUSE_OPEN:
		opened++;
		answer(fd, in->unique, 0, &open, sizeof(open));
		break;
	case FUSE_READ:
		answer_read(fd, in);
		break;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
		break;
	default:
		answer(fd, in->unique, -ENOSYS, NULL, 0);
	}
}

static void serve(int fd)
{
	char *buffer = malloc(BUFFER_SIZE);

	for (;;) {
		ssize_t n = read(fd, buffer, BUFFER_SIZE);

		if (n < 0 && (errno == EINTR || errno == ENOENT))
			continue;
		if (n < (ssize_t)sizeof(struct fuse_in_header))
			_exit(0);
		answer_one(fd, (const void *)buffer);
	}
}

static pid_t mount_served(const char *directory)
{
	int fd = must_open("/dev/fuse", O_RDWR);
	char options[96];
	pid_t pid;

	snprintf(options, sizeof(options),
		 "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", fd);
	if (mount("x", directory, "fuse", 0, options))
		broken("mount");
	pid = fork();
	if (pid < 0)
		broken("fork");
	if (!pid)
		serve(fd);
	close(fd);
	return pid;
}

/* fuse DIRECTORY GOOD EVIL: read it as a checker would, then execve it */
static int run_fuse(char **argv)
{
	size_t evil_size, seen;
	char path[256], *first;
	pid_t server, child;
	int status;

	contents[0] = must_read(argv[1], &size);
	contents[1] = must_read(argv[2], &evil_size);
	if (size != evil_size)
		broken("the two are not of one size");
	server = mount_served(argv[0]);
	snprintf(path, sizeof(path), "%s/x", argv[0]);
	first = must_read(path, &seen);
	if (seen != size || memcmp(first, contents[0], size))
		broken("the first reader did not see the good bytes");

	child = fork();
	if (!child) {
		char *args[] = { path, NULL };

		execve(path, args, environ);
		status = refused("execve");
		fflush(stdout);
		_exit(status);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		broken("fork");
	umount2(argv[0], MNT_DETACH);
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : ATTACK_BROKEN;
}

const struct attack fuse_attacks[] = {
	{ "fuse", run_fuse, 3 },
	{ NULL, NULL, 0 },
};
