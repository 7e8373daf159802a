// SPDX-License-Identifier: GPL-2.0
/* Modules and kernel images: what is done to a file before it is loaded, and the loading. */
#include <errno.h>
#include <fcntl.h>
#include <linux/kexec.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "attack.h"

/*
 * without-btf MODULE OUT: the module as a build without pahole makes it. The
 * kernel finds the section by its name, so another name is none.
 */
static int run_without_btf(char **argv)
{
	static const char name[] = "\0.BTF";
	size_t size;
	char *data = must_read(argv[0], &size);
	char *at = memmem(data, size, name, sizeof(name));
	int fd = must_open(argv[1], O_WRONLY | O_CREAT | O_TRUNC);

	if (!at)
		broken("no .BTF");
	at[4] = 'G';
	if (write(fd, data, size) != (ssize_t)size)
		broken(argv[1]);
	return 0;
}

/* init-module FILE: from memory, so that the kernel sees no file */
static int run_init_module(char **argv)
{
	size_t size;
	char *data = must_read(argv[0], &size);

	return syscall(SYS_init_module, data, size, "") ?
		       refused("init_module") :
		       9;
}

/* finit-module FILE FLAGS: 4 = the file is compressed, the kernel unpacks it */
static int run_finit_module(char **argv)
{
	int fd = must_open(argv[0], O_RDONLY);
	long status;

	fault_begin();
	status = syscall(SYS_finit_module, fd, "", atoi(argv[1]));
	fault_end();
	return status ? refused("finit_module") : 9;
}

/* finit-memfd FILE: from memory that has a descriptor, as kexec-tools has images */
static int run_finit_memfd(char **argv)
{
	size_t size;
	char *data = must_read(argv[0], &size);
	int fd = memfd_create("x", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		broken("memfd");
	return syscall(SYS_finit_module, fd, "", 0) ? refused("finit_module") :
						      9;
}

/* delete-module NAME: by force, past what rmmod(8) looks at before */
static int run_delete_module(char **argv)
{
	return syscall(SYS_delete_module, argv[0], O_NONBLOCK | O_TRUNC) ?
		       refused("delete_module") :
		       9;
}

/* kexec-load: of no segments, which forgets what is loaded */
static int run_kexec_load(char **argv)
{
	(void)argv;
	return syscall(SYS_kexec_load, 0, 0, NULL, 0) ? refused("kexec_load") :
							9;
}

/* kexec-file KERNEL [INITRAMFS]: load it, and forget it again if that worked */
static int run_kexec_file(char **argv)
{
	int kernel = must_open(argv[0], O_RDONLY);
	int initramfs = argv[1] ? must_open(argv[1], O_RDONLY) : -1;
	unsigned long flags = argv[1] ? 0 : KEXEC_FILE_NO_INITRAMFS;

	if (syscall(SYS_kexec_file_load, kernel, initramfs, 1, "", flags))
		return refused("kexec_file_load");
	syscall(SYS_kexec_file_load, -1, -1, 0, NULL, KEXEC_FILE_UNLOAD);
	return 9;
}

#define RACED "raced"

/* For ever: change the version in the module's file to an evil one and back. */
static void change_version(int fd, off_t at)
{
	for (;;)
		if (pwrite(fd, "evil", 4, at) != 4 ||
		    pwrite(fd, "good", 4, at) != 4)
			broken("pwrite");
}

/* Which one was it? */
static char loaded_version(void)
{
	int fd = must_open("/sys/module/" RACED "/version", O_RDONLY);
	char first = 0;

	if (read(fd, &first, 1) != 1)
		broken("version");
	close(fd);
	return first;
}

/*
 * race-module SECONDS MODULE WRITTEN: load MODULE, whose bytes are those of the
 * file WRITTEN, which is written to meanwhile by another name
 */
static int run_race_module(char **argv)
{
	time_t end = time(NULL) + atoi(argv[0]);
	static const char version[] = "\0version=good";
	int written = must_open(argv[2], O_RDWR), good = 0, evil = 0;
	size_t size;
	char *data = must_read(argv[2], &size);
	char *at = memmem(data, size, version, sizeof(version) - 1);
	pid_t pid;

	if (!at)
		broken("no version");
	pid = fork();
	if (!pid)
		change_version(written, at + sizeof(version) - 5 - data);
	close(written);
	while (!evil && time(NULL) < end) {
		int fd = must_open(argv[1], O_RDONLY);

		if (!syscall(SYS_finit_module, fd, "", 0)) {
			*(loaded_version() == 'e' ? &evil : &good) += 1;
			syscall(SYS_delete_module, RACED, 0);
		}
		close(fd);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	printf("good %d evil %d\n", good, evil);
	if (evil)
		return 9;
	errno = EPERM;
	return refused("evil was never loaded");
}

const struct attack module_attacks[] = {
	{ "race-module", run_race_module, 3 },
	{ "without-btf", run_without_btf, 2 },
	{ "init-module", run_init_module, 1 },
	{ "finit-module", run_finit_module, 2 },
	{ "finit-memfd", run_finit_memfd, 1 },
	{ "delete-module", run_delete_module, 1 },
	{ "kexec-load", run_kexec_load, 0 },
	{ "kexec-file", run_kexec_file, 1 },
	{ NULL, NULL, 0 },
};
