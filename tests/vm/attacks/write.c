// SPDX-License-Identifier: GPL-2.0
/*
 * Attacks on a file's bytes around the moment it is verified. 9 means that the
 * change was let through while the verified code was mapped.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/btrfs.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <linux/io_uring.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attack.h"
#include "machine.h"

#define MAP_SIZE 4096

/* Map @path as a library is mapped. Return: false with errno if refused. */
static bool map_code(const char *path)
{
	int fd = must_open(path, O_RDONLY);
	void *p =
		mmap(NULL, MAP_SIZE, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);

	close(fd);
	return p != MAP_FAILED;
}

static int change_write(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd < 0 || pwrite(fd, code_9, 2, 0) != 2;
}

static int change_append(const char *path)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);

	return fd < 0 || write(fd, "x", 1) != 1;
}

static int change_truncate_open(const char *path)
{
	return open(path, O_WRONLY | O_TRUNC | O_CLOEXEC) < 0;
}

/* O_TRUNC truncates even through a descriptor that cannot write. */
static int change_truncate_open_read(const char *path)
{
	return open(path, O_RDONLY | O_TRUNC | O_CLOEXEC) < 0;
}

static int change_truncate(const char *path)
{
	return truncate(path, 0);
}

static int change_ftruncate(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	return fd < 0 || ftruncate(fd, 0);
}

static int change_punch(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	return fd < 0 ||
	       fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
			 MAP_SIZE);
}

static int change_collapse(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	return fd < 0 || fallocate(fd, FALLOC_FL_COLLAPSE_RANGE, 0, MAP_SIZE);
}

static int change_insert(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	return fd < 0 || fallocate(fd, FALLOC_FL_INSERT_RANGE, 0, MAP_SIZE);
}

/* A file beside @path of the same size, of @byte throughout. */
static int make_other(const char *path, char byte)
{
	char name[256], block[MAP_SIZE];
	off_t left;
	struct stat st;
	int fd;

	if (stat(path, &st))
		broken(path);
	memset(block, byte, sizeof(block));
	snprintf(name, sizeof(name), "%s.other", path);
	fd = must_open(name, O_RDWR | O_CREAT | O_TRUNC);
	for (left = st.st_size; left > 0; left -= MAP_SIZE)
		if (write(fd, block, left < MAP_SIZE ? left : MAP_SIZE) < 1)
			broken("write");
	if (fsync(fd))
		broken("fsync");
	return fd;
}

static int clone_to(const char *path, int flags)
{
	int other = make_other(path, 'x');
	int fd = open(path, flags | O_CLOEXEC);

	return fd < 0 || ioctl(fd, FICLONE, other);
}

static int change_clone(const char *path)
{
	return clone_to(path, O_WRONLY);
}

static int change_clone_read_only(const char *path)
{
	return clone_to(path, O_RDONLY);
}

/*
 * The blocks of another file come in where a descriptor to read will do, but only
 * if they have the same content. Return: the status, 0 if they do.
 */
static int dedupe(const char *path, int other)
{
	struct {
		struct file_dedupe_range range;
		struct file_dedupe_range_info to;
	} same = {
		.range = { .src_length = MAP_SIZE, .dest_count = 1 },
		.to = { .dest_fd = must_open(path, O_RDONLY) },
	};

	if (ioctl(other, FIDEDUPERANGE, &same))
		broken("FIDEDUPERANGE");
	return same.to.status;
}

static int change_dedupe_other(const char *path)
{
	int status = dedupe(path, make_other(path, 'x'));

	errno = status < 0 ? -status : EILSEQ;
	return status;
}

static int change_dedupe_same(const char *path)
{
	int other = make_other(path, 'x'), fd = must_open(path, O_RDONLY);
	char block[MAP_SIZE];

	if (pread(fd, block, MAP_SIZE, 0) != MAP_SIZE ||
	    pwrite(other, block, MAP_SIZE, 0) != MAP_SIZE || fsync(other))
		broken("copy");
	return dedupe(path, other);
}

/* Other blocks, the same content; a descriptor to read will do. */
static int change_defragment(const char *path)
{
	return ioctl(must_open(path, O_RDONLY), BTRFS_IOC_DEFRAG, NULL);
}

/* xfs swaps what two files have (linux 6.10). */
static int exchange(const char *path, int flags)
{
	struct {
		int32_t file;
		uint32_t pad;
		uint64_t from, to, length, flags;
	} range = { .file = make_other(path, 'x'), .length = MAP_SIZE };
	int fd = open(path, flags | O_CLOEXEC);

	return fd < 0 || ioctl(fd, _IOW('X', 129, range), &range);
}

static int change_exchange(const char *path)
{
	return exchange(path, O_RDWR);
}

static int change_exchange_read_only(const char *path)
{
	return exchange(path, O_RDONLY);
}

static int change_map_shared(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	char *p;

	if (fd < 0)
		return -1;
	p = mmap(NULL, MAP_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		return -1;
	p[1] = 9;
	return 0;
}

static int change_direct(const char *path)
{
	static char block[MAP_SIZE] __attribute__((aligned(MAP_SIZE)));
	int fd = open(path, O_WRONLY | O_DIRECT | O_CLOEXEC);

	return fd < 0 || pwrite(fd, block, sizeof(block), 0) != sizeof(block);
}

static int change_splice(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), pipes[2];

	return fd < 0 || pipe(pipes) || write(pipes[1], "xx", 2) != 2 ||
	       splice(pipes[0], NULL, fd, NULL, 2, 0) != 2;
}

static int change_copy_range(const char *path)
{
	int from = open(path, O_RDONLY | O_CLOEXEC);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	off_t offset = MAP_SIZE;

	return fd < 0 ||
	       copy_file_range(from, &offset, fd, NULL, 512, 0) != 512;
}

/* swapon(2) opens by itself; what is no swap space it refuses only after that. */
static int change_swap(const char *path)
{
	return swapon(path, 0) && errno != EINVAL;
}

/* ext4 puts other blocks under a file; another file's are the price. */
static int change_move_extent(const char *path)
{
	struct {
		uint32_t reserved, donor_fd;
		uint64_t from, to, blocks, moved;
	} move = { .blocks = 1 };
	char donor[256], block[MAP_SIZE] = "";
	int fd = open(path, O_RDWR | O_CLOEXEC), other;

	if (fd < 0)
		return -1;
	snprintf(donor, sizeof(donor), "%s.donor", path);
	other = must_open(donor, O_RDWR | O_CREAT);
	for (int i = 0; i < 8; i++)
		if (write(other, block, sizeof(block)) != sizeof(block))
			broken("write");
	fsync(other);
	fsync(fd);
	move.donor_fd = (uint32_t)other;
	return ioctl(fd, _IOWR('f', 15, move), &move);
}

static int change_uring_open(const char *path)
{
	struct io_uring_params p = { 0 };
	int ring = (int)syscall(SYS_io_uring_setup, 1, &p);
	struct io_uring_sqe *entry;
	struct io_uring_cqe *done;
	uint32_t *tail;
	char *queue;

	if (ring < 0)
		broken("io_uring_setup");
	/* One mapping holds both queues (IORING_FEAT_SINGLE_MMAP). */
	queue = mmap(NULL, p.cq_off.cqes + p.cq_entries * sizeof(*done) + 256,
		     PROT_READ | PROT_WRITE, MAP_SHARED, ring,
		     IORING_OFF_SQ_RING);
	entry = mmap(NULL, sizeof(*entry), PROT_READ | PROT_WRITE, MAP_SHARED,
		     ring, IORING_OFF_SQES);
	if (queue == MAP_FAILED || entry == MAP_FAILED)
		broken("mmap of the ring");
	entry->opcode = IORING_OP_OPENAT;
	entry->fd = AT_FDCWD;
	entry->addr = (uintptr_t)path;
	entry->open_flags = O_WRONLY;
	entry->flags = IOSQE_ASYNC; /* by a worker of the kernel */
	*(uint32_t *)(queue + p.sq_off.array) = 0;
	tail = (uint32_t *)(queue + p.sq_off.tail);
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS,
		    NULL, 0) != 1)
		broken("io_uring_enter");
	done = (struct io_uring_cqe *)(queue + p.cq_off.cqes);
	errno = -done->res;
	return done->res < 0 || pwrite(done->res, "x", 1, 0) != 1;
}

static const struct {
	const char *name;
	int (*change)(const char *path); /* 0 when it was let through */
} changes[] = {
	{ "write", change_write },
	{ "append", change_append },
	{ "truncate-open", change_truncate_open },
	{ "truncate-open-read", change_truncate_open_read },
	{ "truncate", change_truncate },
	{ "ftruncate", change_ftruncate },
	{ "punch", change_punch },
	{ "collapse", change_collapse },
	{ "insert", change_insert },
	{ "clone", change_clone },
	{ "clone-read-only", change_clone_read_only },
	{ "dedupe-same", change_dedupe_same },
	{ "dedupe-other", change_dedupe_other },
	{ "defragment", change_defragment },
	{ "exchange", change_exchange },
	{ "exchange-read-only", change_exchange_read_only },
	{ "map-shared", change_map_shared },
	{ "direct", change_direct },
	{ "splice", change_splice },
	{ "copy-range", change_copy_range },
	{ "swap", change_swap },
	{ "move-extent", change_move_extent },
	{ "uring-open", change_uring_open },
};

static int change(const char *name, const char *path)
{
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		if (strcmp(changes[i].name, name))
			continue;
		return changes[i].change(path) ? refused(name) : 9;
	}
	errno = EINVAL;
	broken(name);
}

/* mapped FILE CHANGE: change it while it is mapped executable */
static int run_mapped(char **argv)
{
	if (!map_code(argv[0]))
		broken("mmap");
	return change(argv[1], argv[0]);
}

/* mapped-beside FILE OTHER CHANGE: change OTHER while FILE is mapped */
static int run_mapped_beside(char **argv)
{
	if (!map_code(argv[0]))
		broken("mmap");
	return change(argv[2], argv[1]);
}

/* change FILE CHANGE: nothing of ours is mapped */
static int run_change(char **argv)
{
	return change(argv[1], argv[0]);
}

/*
 * writer FILE [OTHER]: map it while a descriptor of it, or of OTHER, is open for
 * writing, then write
 */
static int run_writer(char **argv)
{
	int fd = must_open(argv[1] ? argv[1] : argv[0], O_RDWR);

	if (!map_code(argv[0]))
		return refused("mmap");
	if (pwrite(fd, code_9, 2, 0) != 2)
		broken("pwrite");
	return 9;
}

/* shared-writer FILE: the writer is a mapping, its descriptor is closed */
static int run_shared_writer(char **argv)
{
	int fd = must_open(argv[0], O_RDWR);
	char *p =
		mmap(NULL, MAP_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	close(fd);
	if (p == MAP_FAILED)
		broken("mmap");
	if (!map_code(argv[0]))
		return refused("mmap");
	p[1] = 9;
	return 9;
}

/* replace FILE NEW: as package managers do, while the old one is mapped */
static int run_replace(char **argv)
{
	if (!map_code(argv[0]))
		broken("mmap");
	return rename(argv[1], argv[0]) ? refused("rename") : 9;
}

/*
 * called-after FILE CHANGE: change it while it is mapped, then run what it is now
 */
static int run_called_after(char **argv)
{
	int fd = must_open(argv[0], O_RDONLY), status;
	void *p =
		mmap(NULL, MAP_SIZE, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);

	if (p == MAP_FAILED)
		broken("mmap");
	status = change(argv[1], argv[0]);
	return status == 9 ? ((int (*)(void))(uintptr_t)p)() : status;
}

/* clone FILE NEW: a copy that shares the blocks */
static int run_clone(char **argv)
{
	int from = must_open(argv[0], O_RDONLY);
	int to = must_open(argv[1], O_RDWR | O_CREAT | O_TRUNC);

	return ioctl(to, FICLONE, from) ? refused("FICLONE") : 0;
}

/* hold FILE: keep it mapped until the end of standard input */
static int run_hold(char **argv)
{
	char byte;

	if (!map_code(argv[0]))
		return refused("mmap");
	printf("mapped\n");
	fflush(stdout);
	while (read(0, &byte, 1) > 0)
		;
	return 0;
}

const struct attack write_attacks[] = {
	{ "mapped", run_mapped, 2 },
	{ "mapped-beside", run_mapped_beside, 3 },
	{ "change", run_change, 2 },
	{ "writer", run_writer, 1 },
	{ "shared-writer", run_shared_writer, 1 },
	{ "replace", run_replace, 2 },
	{ "called-after", run_called_after, 2 },
	{ "clone", run_clone, 2 },
	{ "hold", run_hold, 1 },
	{ NULL, NULL, 0 },
};
