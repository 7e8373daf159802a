// SPDX-License-Identifier: GPL-2.0
/* Attacks by way of block devices: below a file system, or made of a file. */
#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <linux/quota.h>
#include <scsi/sg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#ifdef __x86_64__
#include <sys/io.h>
#endif
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/quota.h>
#include <unistd.h>

#include "attack.h"

#define MAP_SIZE 4096

/* A loop device over @fd, that goes with the last descriptor of it. */
static int attach(int fd)
{
	struct loop_config config = { .fd = (uint32_t)fd,
				      .info.lo_flags = LO_FLAGS_AUTOCLEAR };
	int control = must_open("/dev/loop-control", O_RDWR), number, loop;
	char path[32];

	number = ioctl(control, LOOP_CTL_GET_FREE);
	close(control);
	if (number < 0)
		broken("LOOP_CTL_GET_FREE");
	snprintf(path, sizeof(path), "/dev/loop%d", number);
	loop = must_open(path, O_RDWR);
	if (ioctl(loop, LOOP_CONFIGURE, &config))
		broken("LOOP_CONFIGURE");
	return loop;
}

/* loop-writer FILE: map it, and write to a loop device made of it before */
static int run_loop_writer(char **argv)
{
	int fd = must_open(argv[0], O_RDWR), loop = attach(fd);
	char block[512];
	void *p;

	close(fd);
	fd = must_open(argv[0], O_RDONLY);
	p = mmap(NULL, MAP_SIZE, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return refused("mmap");
	if (pread(loop, block, sizeof(block), 0) != sizeof(block))
		broken("pread");
	block[1] = 9;
	if (pwrite(loop, block, sizeof(block), 0) != sizeof(block) ||
	    fsync(loop))
		broken("pwrite");
	return ((int (*)(void))(uintptr_t)p)();
}

/* raw DEVICE: open it for writing */
static int run_raw(char **argv)
{
	int fd;

	fault_begin();
	fd = open(argv[0], O_RDWR | O_CLOEXEC);
	fault_end();
	return fd < 0 ? refused(argv[0]) : 9;
}

/*
 * sg-io DEVICE: a SCSI command to a disk that is open to be read. Whether the
 * driver knows any is of no interest: it was asked.
 */
static int run_sg_io(char **argv)
{
	int fd = must_open(argv[0], O_RDONLY);
	unsigned char inquiry[6] = { 0x12, 0, 0, 0, 36, 0 }, answer[36];
	struct sg_io_hdr command = {
		.interface_id = 'S',
		.dxfer_direction = SG_DXFER_FROM_DEV,
		.cmd_len = sizeof(inquiry),
		.cmdp = inquiry,
		.dxfer_len = sizeof(answer),
		.dxferp = answer,
	};

	return ioctl(fd, SG_IO, &command) && errno == EPERM ? refused("SG_IO") :
							      9;
}

/* Of the kernel's fs/quota/quotaio_v2.h: a file for users' quotas without any. */
struct quota_file {
	uint32_t magic;
	uint32_t version;
	uint32_t block_grace;
	uint32_t inode_grace;
	uint32_t flags;
	uint32_t blocks; /* of 1024 bytes: this one and the root of the tree */
	uint32_t free_block;
	uint32_t free_entry;
	uint8_t rest[2048 - 32];
};

/*
 * quota-on DEVICE FILE: makes FILE one that the kernel writes to, with no writer in
 * sight. DEVICE is mounted with the option usrquota and has FILE on it.
 */
static int run_quota_on(char **argv)
{
	static const struct quota_file content = {
		.magic = 0xd9c01f11,
		.version = 1,
		.block_grace = 604800,
		.inode_grace = 604800,
		.blocks = 2,
	};
	int fd = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || write(fd, &content, sizeof(content)) != sizeof(content) ||
	    fsync(fd) || close(fd))
		broken(argv[1]);
	if (quotactl(QCMD(Q_QUOTAON, USRQUOTA), argv[0], QFMT_VFS_V1, argv[1]))
		return refused("quotactl");
	quotactl(QCMD(Q_QUOTAOFF, USRQUOTA), argv[0], 0, NULL);
	return 9;
}

/* ports: the right to use an I/O port, of the kernel's own debug card */
static int run_ports(char **argv)
{
	(void)argv;
#ifdef __x86_64__
	return ioperm(0x80, 1, 1) ? refused("ioperm") : 9;
#else
	broken("a machine without I/O ports");
#endif
}

const struct attack disk_attacks[] = {
	{ "sg-io", run_sg_io, 1 }, { "quota-on", run_quota_on, 2 },
	{ "ports", run_ports, 0 }, { "loop-writer", run_loop_writer, 1 },
	{ "raw", run_raw, 1 },	   { NULL, NULL, 0 },
};
