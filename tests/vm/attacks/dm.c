// SPDX-License-Identifier: GPL-2.0
/*
 * A disk that can be stopped, or broken in one place: device mapper, spoken to
 * as dmsetup(8) does, so that the guest needs no library.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/dm-ioctl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "attack.h"

/* The header, and after it what a table needs. */
union command {
	struct dm_ioctl header;
	char bytes[4096];
};

static void begin(union command *command, const char *name, unsigned int flags)
{
	struct dm_ioctl *header = &command->header;

	memset(command, 0, sizeof(*command));
	header->version[0] = DM_VERSION_MAJOR;
	header->data_size = sizeof(*command);
	header->data_start = sizeof(*header);
	header->flags = flags;
	snprintf(header->name, sizeof(header->name), "%s", name);
}

static int run(union command *command, unsigned long request, const char *what)
{
	int fd = must_open("/dev/mapper/control", O_RDWR);
	int ret = ioctl(fd, request, command);

	close(fd);
	return ret ? refused(what) : 9;
}

/* dm-create NAME: its device is /dev/dm-0 if it is the first */
static int run_create(char **argv)
{
	union command command;

	begin(&command, argv[0], 0);
	return run(&command, DM_DEV_CREATE, "create");
}

/*
 * dm-load NAME START LENGTH TYPE PARAMETERS...: a table of one such line or more,
 * in force after the next dm-resume
 */
static int run_load(char **argv)
{
	union command command;
	struct dm_target_spec *spec;
	size_t at = sizeof(struct dm_ioctl);

	begin(&command, argv[0], 0);
	for (char **word = argv + 1; *word; word += 4) {
		size_t size;

		if (!word[1] || !word[2] || !word[3])
			broken("table");
		size = sizeof(*spec) + ((strlen(word[3]) + 8) & ~7UL);
		if (at + size > sizeof(command))
			broken("table");
		spec = (void *)(command.bytes + at);
		spec->sector_start = strtoull(word[0], NULL, 10);
		spec->length = strtoull(word[1], NULL, 10);
		spec->next = (unsigned int)size;
		snprintf(spec->target_type, sizeof(spec->target_type), "%s",
			 word[2]);
		memcpy(spec + 1, word[3], strlen(word[3]));
		command.header.target_count++;
		at += size;
	}
	return run(&command, DM_TABLE_LOAD, "load");
}

/* dm-suspend NAME: what is on its way waits, the file system is not asked */
static int run_suspend(char **argv)
{
	union command command;

	begin(&command, argv[0],
	      DM_SUSPEND_FLAG | DM_SKIP_LOCKFS_FLAG | DM_NOFLUSH_FLAG);
	return run(&command, DM_DEV_SUSPEND, "suspend");
}

/* dm-resume NAME */
static int run_resume(char **argv)
{
	union command command;

	begin(&command, argv[0], DM_SKIP_LOCKFS_FLAG | DM_NOFLUSH_FLAG);
	return run(&command, DM_DEV_SUSPEND, "resume");
}

/* dm-remove NAME */
static int run_remove(char **argv)
{
	union command command;

	begin(&command, argv[0], 0);
	return run(&command, DM_DEV_REMOVE, "remove");
}

/* block-of FILE NUMBER: print where that block of the file is on its disk */
static int run_block_of(char **argv)
{
	int fd = must_open(argv[0], O_RDONLY), block = atoi(argv[1]);

	if (ioctl(fd, FIBMAP, &block) || !block)
		broken("FIBMAP");
	printf("%d\n", block);
	return 9;
}

/* page-in FILE: its first page, and no other, comes into memory */
static int run_page_in(char **argv)
{
	int fd = must_open(argv[0], O_RDONLY);
	char byte;

	if (posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM) ||
	    pread(fd, &byte, 1, 0) != 1)
		broken(argv[0]);
	return 9;
}

const struct attack dm_attacks[] = {
	{ "dm-create", run_create, 1 },	  { "dm-load", run_load, 5 },
	{ "dm-suspend", run_suspend, 1 }, { "dm-resume", run_resume, 1 },
	{ "dm-remove", run_remove, 1 },	  { "block-of", run_block_of, 2 },
	{ "page-in", run_page_in, 1 },	  { NULL, NULL, 0 },
};
