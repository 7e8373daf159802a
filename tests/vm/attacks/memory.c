// SPDX-License-Identifier: GPL-2.0
/*
 * Executable memory of each kind, come by in each way; and memfds, sealed or not.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "attack.h"
#include "machine.h"

#define HUGE_SIZE (2 << 20)
#define RW (PROT_READ | PROT_WRITE)
#define RX (PROT_READ | PROT_EXEC)
#define RWX (RW | PROT_EXEC)

struct memory {
	const char *name;
	int flags;
	const char *device; /* to map, or NULL */
	bool memfd;
	bool sysv;
	size_t size;
};

static const struct memory kinds[] = {
	{ .name = "private", MAP_PRIVATE | MAP_ANONYMOUS, .size = 4096 },
	{ .name = "shared", MAP_SHARED | MAP_ANONYMOUS, .size = 4096 },
	{ .name = "huge",
	  MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB,
	  .size = HUGE_SIZE },
	{ .name = "huge-shared",
	  MAP_SHARED | MAP_ANONYMOUS | MAP_HUGETLB,
	  .size = HUGE_SIZE },
	{ .name = "zero", MAP_PRIVATE, .device = "/dev/zero", .size = 4096 },
	{ .name = "zero-shared",
	  MAP_SHARED,
	  .device = "/dev/zero",
	  .size = 4096 },
	{ .name = "memfd", MAP_SHARED, .memfd = true, .size = 4096 },
	{ .name = "memfd-private", MAP_PRIVATE, .memfd = true, .size = 4096 },
	{ .name = "sysv", .sysv = true, .size = 4096 },
};

/* The object that a second mapping would show again. */
static int object = -1;

static void make(const struct memory *kind)
{
	if (kind->sysv)
		object = shmget(IPC_PRIVATE, kind->size, IPC_CREAT | 0700);
	else if (kind->device)
		object = must_open(kind->device, O_RDWR);
	else if (kind->memfd)
		object = memfd_create("x", MFD_CLOEXEC);
	else
		return;
	if (object < 0 || (kind->memfd && ftruncate(object, kind->size)))
		broken("memory");
}

static void *map(const struct memory *kind, int prot)
{
	int how = prot & PROT_EXEC ? SHM_EXEC : 0;
	void *p;

	if (!kind->sysv)
		return mmap(NULL, kind->size, prot, kind->flags, object, 0);
	p = shmat(object, NULL, how | (prot & PROT_WRITE ? 0 : SHM_RDONLY));
	return p;
}

/* The same memory once more: executable at once, or made so. */
static void *map_again(const struct memory *kind, void *p)
{
	void *again;

	if (object >= 0 && !kind->device)
		return map(kind, RX);
	/* Of shared memory without a descriptor this makes a second mapping. */
	again = mremap(p, 0, kind->size, MREMAP_MAYMOVE);
	if (again == MAP_FAILED)
		broken("mremap");
	return mprotect(again, kind->size, RX) ? MAP_FAILED : again;
}

static void *come_by(const struct memory *kind, const char *way)
{
	bool run_first = !strcmp(way, "rx-rw-rx"), all = !strcmp(way, "rwx");
	void *p;

	if (!strcmp(way, "implied") && personality(READ_IMPLIES_EXEC) < 0)
		broken("personality");
	p = map(kind, all ? RWX : run_first ? RX : RW);
	if (p == MAP_FAILED || (run_first && mprotect(p, kind->size, RW)))
		return MAP_FAILED;
	memcpy(p, code_9, sizeof(code_9));
	if (all || !strcmp(way, "implied"))
		return p;
	if (!strcmp(way, "double"))
		return map_again(kind, p);
	return mprotect(p, kind->size, RX) ? MAP_FAILED : p;
}

/* memory KIND WAY: rwx, rw-rx, rx-rw-rx, double or implied */
static int run_memory(char **argv)
{
	const struct memory *kind = kinds;
	void *p;
	int result;

	while (strcmp(kind->name, argv[0]))
		if (++kind == kinds + sizeof(kinds) / sizeof(*kinds))
			broken(argv[0]);
	make(kind);
	p = come_by(kind, argv[1]);
	result = p == MAP_FAILED ? refused(argv[1]) : call(p);
	if (kind->sysv)
		shmctl(object, IPC_RMID, NULL);
	return result;
}

/* "sgwk": shrink, grow, write, seal; "f": future writes */
static int add_seals(int fd, const char *letters)
{
	static const struct {
		char letter;
		int seal;
	} seals[] = { { 's', F_SEAL_SHRINK },
		      { 'g', F_SEAL_GROW },
		      { 'w', F_SEAL_WRITE },
		      { 'f', F_SEAL_FUTURE_WRITE },
		      { 'k', F_SEAL_SEAL } };
	int all = 0;

	for (size_t i = 0; i < sizeof(seals) / sizeof(*seals); i++)
		if (strchr(letters, seals[i].letter))
			all |= seals[i].seal;
	return fcntl(fd, F_ADD_SEALS, all);
}

static int memfd_of(const char *path)
{
	size_t size;
	char *data = must_read(path, &size);
	int fd = memfd_create("x", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		broken("memfd");
	return fd;
}

static int use(int fd, const char *way)
{
	char *args[] = { "x", NULL };
	void *p;

	if (!strcmp(way, "exec")) {
		syscall(SYS_execveat, fd, "", args, environ, AT_EMPTY_PATH);
		return refused("execveat");
	}
	p = mmap(NULL, 4096, !strcmp(way, "protect") ? PROT_READ : RX,
		 MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return refused("mmap");
	if (!strcmp(way, "protect") && mprotect(p, 4096, RX))
		return refused("mprotect");
	return call(p);
}

/* sealed FILE SEALS WAY: exec, map, protect */
static int run_sealed(char **argv)
{
	int fd = memfd_of(argv[0]);

	if (add_seals(fd, argv[1]))
		broken("F_ADD_SEALS");
	return use(fd, argv[2]);
}

/* sealed-later FILE: refused before, so that nothing of that may be kept */
static int run_sealed_later(char **argv)
{
	int fd = memfd_of(argv[0]);

	if (use(fd, "map") != ATTACK_REFUSED)
		return ATTACK_BROKEN;
	if (add_seals(fd, "sgwk"))
		broken("F_ADD_SEALS");
	return use(fd, "map");
}

/* sealed-huge: memory of huge pages, which nothing can read for us */
static int run_sealed_huge(char **argv)
{
	int fd = memfd_create("x",
			      MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_HUGETLB);
	void *p;

	(void)argv;
	if (fd < 0 || ftruncate(fd, HUGE_SIZE))
		broken("memfd");
	p = mmap(NULL, HUGE_SIZE, RW, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		broken("mmap");
	memcpy(p, code_9, sizeof(code_9));
	if (munmap(p, HUGE_SIZE) || add_seals(fd, "sgwk"))
		broken("F_ADD_SEALS");
	p = mmap(NULL, HUGE_SIZE, RX, MAP_PRIVATE, fd, 0);
	return p == MAP_FAILED ? refused("mmap") : call(p);
}

/*
 * sealed-held: a page that a pipe refers to since it was mapped writable. The
 * kernel does not seal a memfd of which somebody may have a page to write to.
 */
static int run_sealed_held(char **argv)
{
	int fd = memfd_of(argv[0]), ends[2];
	struct iovec iov = { .iov_len = 4096 };

	iov.iov_base = mmap(NULL, 4096, RW, MAP_SHARED, fd, 0);
	if (iov.iov_base == MAP_FAILED || pipe(ends) ||
	    vmsplice(ends[1], &iov, 1, 0) != 4096)
		broken("vmsplice");
	if (!add_seals(fd, "sgwk"))
		return 9; /* though it is mapped */
	munmap(iov.iov_base, 4096);
	if (!add_seals(fd, "sgwk"))
		return 9;
	return refused("F_ADD_SEALS");
}

/* sealed-change FILE: whatever would change it, once it is mapped and runs */
static int run_sealed_change(char **argv)
{
	int fd = memfd_of(argv[0]), again;
	char path[32], byte = 0;
	void *p;

	if (add_seals(fd, "sgwk"))
		broken("F_ADD_SEALS");
	p = mmap(NULL, 4096, RX, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		return refused("mmap");
	if (pwrite(fd, &byte, 1, 0) > 0 || !ftruncate(fd, 1) ||
	    !ftruncate(fd, 1 << 20) ||
	    !fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
		       4096) ||
	    !madvise(p, 4096, MADV_REMOVE) || !mprotect(p, 4096, RW) ||
	    mmap(NULL, 4096, RW, MAP_SHARED, fd, 0) != MAP_FAILED)
		return 9;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, O_RDWR | O_CLOEXEC);
	if (again >= 0 && pwrite(again, &byte, 1, 0) > 0)
		return 9;
	return call(p);
}

const struct attack memory_attacks[] = {
	{ "memory", run_memory, 2 },
	{ "sealed", run_sealed, 3 },
	{ "sealed-later", run_sealed_later, 1 },
	{ "sealed-huge", run_sealed_huge, 0 },
	{ "sealed-held", run_sealed_held, 1 },
	{ "sealed-change", run_sealed_change, 1 },
	{ NULL, NULL, 0 },
};
