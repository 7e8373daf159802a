// SPDX-License-Identifier: GPL-2.0
/*
 * A process that fills the pages of its own mappings: UFFDIO_COPY puts a page
 * of any content where none is yet, whatever the mapping's protection.
 */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attack.h"
#include "machine.h"

#define MAP_SIZE 4096

static char page[MAP_SIZE] __attribute__((aligned(MAP_SIZE)));

static void fill(int uffd, void *at)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = {
		.range = { (uintptr_t)at, MAP_SIZE },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	struct uffdio_copy copy = {
		.dst = (uintptr_t)at,
		.src = (uintptr_t)page,
		.len = MAP_SIZE,
	};

	if (ioctl(uffd, UFFDIO_API, &api))
		broken("UFFDIO_API");
	if (ioctl(uffd, UFFDIO_REGISTER, &range))
		broken("UFFDIO_REGISTER");
	if (ioctl(uffd, UFFDIO_COPY, &copy))
		broken("UFFDIO_COPY");
}

/* fill-executable FILE: on tmpfs; its code gives way to code that returns 9 */
static int run_fill(char **argv)
{
	int fd = must_open(argv[0], O_RDONLY), uffd;
	void *p;

	memcpy(page, code_9, sizeof(code_9));
	uffd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY);
	if (uffd < 0)
		return refused("userfaultfd");
	p = mmap(NULL, MAP_SIZE, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return refused("mmap");
	fill(uffd, p);
	return call(p);
}

const struct attack userfault_attacks[] = {
	{ "fill-executable", run_fill, 1 },
	{ NULL, NULL, 0 },
};
