// SPDX-License-Identifier: GPL-2.0
/* What is done to a module file before it is loaded. */
#include <fcntl.h>
#include <linux/kexec.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
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

const struct attack module_attacks[] = {
	{ "without-btf", run_without_btf, 2 },
	{ "init-module", run_init_module, 1 },
	{ "finit-module", run_finit_module, 2 },
	{ "delete-module", run_delete_module, 1 },
	{ "kexec-load", run_kexec_load, 0 },
	{ "kexec-file", run_kexec_file, 1 },
	{ NULL, NULL, 0 },
};
