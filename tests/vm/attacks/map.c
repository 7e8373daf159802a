// SPDX-License-Identifier: GPL-2.0
/*
 * Attacks that bring code in through a mapping, and call it: a blob's code
 * returns 7 as it lies in the file, and 9 once the attack has rewritten it.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attack.h"
#include "machine.h"

#define MAP_SIZE 4096

static void *map(const char *path, int open_flags, int prot, int flags)
{
	int fd = must_open(path, open_flags);
	void *p = mmap(NULL, MAP_SIZE, prot, flags, fd, 0);

	close(fd);
	return p;
}

/* map FILE: only map it; its bytes need not be code */
static int run_map(char **argv)
{
	int fd = must_open(argv[0], O_RDONLY);
	void *p;

	fault_begin();
	p = mmap(NULL, MAP_SIZE, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	fault_end();
	return p == MAP_FAILED ? refused("mmap") : 7;
}

/* call FILE */
static int run_call(char **argv)
{
	void *p = map(argv[0], O_RDONLY, PROT_READ | PROT_EXEC, MAP_PRIVATE);

	return p == MAP_FAILED ? refused("mmap") : call(p);
}

/* call-shared FILE */
static int run_call_shared(char **argv)
{
	void *p = map(argv[0], O_RDONLY, PROT_READ | PROT_EXEC, MAP_SHARED);

	return p == MAP_FAILED ? refused("mmap") : call(p);
}

/* call-read-implies-exec FILE: PROT_READ alone, the personality adds EXEC */
static int run_call_implied(char **argv)
{
	void *p;

	if (personality(READ_IMPLIES_EXEC) < 0)
		broken("personality");
	p = map(argv[0], O_RDONLY, PROT_READ, MAP_PRIVATE);
	return p == MAP_FAILED ? refused("mmap") : call(p);
}

/* remap FILE: remap_file_pages under a personality that adds EXEC */
static int run_remap(char **argv)
{
	int fd = must_open(argv[0], O_RDWR);
	void *p = mmap(NULL, MAP_SIZE, PROT_READ, MAP_SHARED, fd, 0);

	close(fd);
	if (p == MAP_FAILED)
		broken("mmap");
	if (personality(READ_IMPLIES_EXEC) < 0)
		broken("personality");
	if (remap_file_pages(p, MAP_SIZE, 0, 0, 0))
		return refused("remap_file_pages");
	return call(p);
}

/* protect FILE: mapped to read, made executable later */
static int run_protect(char **argv)
{
	void *p = map(argv[0], O_RDONLY, PROT_READ, MAP_PRIVATE);
	int status;

	if (p == MAP_FAILED)
		broken("mmap");
	fault_begin();
	status = mprotect(p, MAP_SIZE, PROT_READ | PROT_EXEC);
	fault_end();
	if (status)
		return refused("mprotect");
	return call(p);
}

/* protect-again FILE: off and on, after it was mapped executable */
static int run_protect_again(char **argv)
{
	void *p = map(argv[0], O_RDONLY, PROT_READ | PROT_EXEC, MAP_PRIVATE);

	if (p == MAP_FAILED)
		return refused("mmap");
	if (mprotect(p, MAP_SIZE, PROT_READ))
		broken("mprotect");
	if (mprotect(p, MAP_SIZE, PROT_READ | PROT_EXEC))
		return refused("mprotect");
	return call(p);
}

/* pkey-protect FILE: the same by another system call */
static int run_pkey_protect(char **argv)
{
	void *p = map(argv[0], O_RDONLY, PROT_READ, MAP_PRIVATE);

	if (p == MAP_FAILED)
		broken("mmap");
	if (syscall(SYS_pkey_mprotect, p, MAP_SIZE, PROT_READ | PROT_EXEC, -1))
		return refused("pkey_mprotect");
	return call(p);
}

/* modify FILE: write to a private copy, then make that executable */
static int run_modify(char **argv)
{
	void *p = map(argv[0], O_RDONLY, PROT_READ | PROT_WRITE, MAP_PRIVATE);

	if (p == MAP_FAILED)
		broken("mmap");
	memcpy(p, code_9, sizeof(code_9));
	if (mprotect(p, MAP_SIZE, PROT_READ | PROT_EXEC))
		return refused("mprotect");
	return call(p);
}

/* modify-mapped FILE: executable first, then written to, then executable */
static int run_modify_mapped(char **argv)
{
	void *p = map(argv[0], O_RDONLY, PROT_READ | PROT_EXEC, MAP_PRIVATE);

	if (p == MAP_FAILED)
		return refused("mmap");
	if (mprotect(p, MAP_SIZE, PROT_READ | PROT_WRITE))
		broken("mprotect");
	memcpy(p, code_9, sizeof(code_9));
	if (mprotect(p, MAP_SIZE, PROT_READ | PROT_EXEC))
		return refused("mprotect");
	return call(p);
}

/* rwx FILE */
static int run_rwx(char **argv)
{
	void *p = map(argv[0], O_RDONLY, PROT_READ | PROT_WRITE | PROT_EXEC,
		      MAP_PRIVATE);

	if (p == MAP_FAILED)
		return refused("mmap");
	memcpy(p, code_9, sizeof(code_9));
	return call(p);
}

/* rwx-shared FILE: and into the file itself */
static int run_rwx_shared(char **argv)
{
	void *p = map(argv[0], O_RDWR, PROT_READ | PROT_WRITE | PROT_EXEC,
		      MAP_SHARED);

	if (p == MAP_FAILED)
		return refused("mmap");
	memcpy(p, code_9, sizeof(code_9));
	return call(p);
}

/* add-write FILE: executable, then writable too */
static int run_add_write(char **argv)
{
	void *p = map(argv[0], O_RDONLY, PROT_READ | PROT_EXEC, MAP_PRIVATE);

	if (p == MAP_FAILED)
		return refused("mmap");
	if (mprotect(p, MAP_SIZE, PROT_READ | PROT_WRITE | PROT_EXEC))
		return refused("mprotect");
	memcpy(p, code_9, sizeof(code_9));
	return call(p);
}

/* anon: memory of no file, as a JIT makes it */
static int run_anon(char **argv)
{
	void *p = mmap(NULL, MAP_SIZE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)argv;
	if (p == MAP_FAILED)
		broken("mmap");
	memcpy(p, code_9, sizeof(code_9));
	if (mprotect(p, MAP_SIZE, PROT_READ | PROT_EXEC))
		return refused("mprotect");
	return call(p);
}

/* memfd-map: an executable mapping of bytes that are nowhere on disk */
static int run_memfd_map(char **argv)
{
	int fd = memfd_create("x", MFD_CLOEXEC);
	void *p;

	(void)argv;
	if (fd < 0 || write(fd, code_9, sizeof(code_9)) != sizeof(code_9))
		broken("memfd");
	p = mmap(NULL, MAP_SIZE, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	return p == MAP_FAILED ? refused("mmap") : call(p);
}

/*
 * map-many COUNT FILE DIRECTORY: copies of FILE, each mapped executable and left
 * so, and then opened for writing. 9 if a mapped one could be.
 */
static int run_map_many(char **argv)
{
	int count = atoi(argv[0]), mapped = 0, refused_maps = 0;
	size_t size;
	char *data = must_read(argv[1], &size), path[256];

	for (int i = 0; i < count; i++) {
		int fd;

		snprintf(path, sizeof(path), "%s/%d", argv[2], i);
		fd = must_open(path, O_WRONLY | O_CREAT);
		if (write(fd, data, size) != (ssize_t)size)
			broken("write");
		close(fd);
		if (map(path, O_RDONLY, PROT_READ | PROT_EXEC, MAP_PRIVATE) ==
		    MAP_FAILED) {
			refused_maps++;
			continue;
		}
		mapped++;
		fd = open(path, O_WRONLY | O_CLOEXEC);
		if (fd >= 0) {
			printf("file %d is mapped and written to\n", i);
			return 9;
		}
	}
	printf("mapped %d refused %d\n", mapped, refused_maps);
	return mapped ? 7 : ATTACK_BROKEN;
}

const struct attack map_attacks[] = {
	{ "map", run_map, 1 },
	{ "call", run_call, 1 },
	{ "call-shared", run_call_shared, 1 },
	{ "call-implied", run_call_implied, 1 },
	{ "remap", run_remap, 1 },
	{ "protect", run_protect, 1 },
	{ "protect-again", run_protect_again, 1 },
	{ "pkey-protect", run_pkey_protect, 1 },
	{ "modify", run_modify, 1 },
	{ "modify-mapped", run_modify_mapped, 1 },
	{ "rwx", run_rwx, 1 },
	{ "rwx-shared", run_rwx_shared, 1 },
	{ "add-write", run_add_write, 1 },
	{ "anon", run_anon, 0 },
	{ "memfd-map", run_memfd_map, 0 },
	{ "map-many", run_map_many, 3 },
	{ NULL, NULL, 0 },
};
