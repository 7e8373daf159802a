// SPDX-License-Identifier: GPL-2.0
/* Attacks that use that an overlay reads one file and maps another. */
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "attack.h"

#define MAP_SIZE 4096

/* Opening for writing copies the file up; then the upper one gets new bytes. */
static bool write_all(const char *path, const char *data, size_t size)
{
	int fd = open(path, O_RDWR | O_TRUNC | O_CLOEXEC);
	bool good;

	if (fd < 0)
		return false;
	good = write(fd, data, size) == (ssize_t)size;
	close(fd);
	return good;
}

/*
 * old-descriptor FILE NEW: a descriptor from before the copying up reads NEW,
 * and maps what FILE was.
 */
static int run_old_descriptor(char **argv)
{
	size_t size;
	char *data = must_read(argv[1], &size);
	int fd = must_open(argv[0], O_RDONLY);
	char head[2];
	void *p;

	if (!write_all(argv[0], data, size))
		broken("write");
	if (pread(fd, head, 2, 0) != 2 || head[1] != data[1])
		broken("the descriptor does not read the new file");
	p = mmap(NULL, MAP_SIZE, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	return p == MAP_FAILED ? refused("mmap") :
				 ((int (*)(void))(uintptr_t)p)();
}

const struct attack overlay_attacks[] = {
	{ "old-descriptor", run_old_descriptor, 2 },
	{ NULL, NULL, 0 },
};
