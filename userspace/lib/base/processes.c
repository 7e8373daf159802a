// SPDX-License-Identifier: GPL-2.0
#include "lib/base/processes.h"

#include <ctype.h>
#include <dirent.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void tell(struct execgate_running *running, execgate_running_fn fn,
		 void *arg)
{
	/* Through the link: to the inode, not to what has its name now. */
	if (!stat(running->open, &running->st) && S_ISREG(running->st.st_mode))
		fn(running, arg);
}

static void tell_program(pid_t pid, execgate_running_fn fn, void *arg)
{
	struct execgate_running running = { .pid = pid, .is_program = true };
	char link[64], path[PATH_MAX];
	ssize_t size;

	snprintf(link, sizeof(link), "/proc/%d/exe", (int)pid);
	size = readlink(link, path, sizeof(path) - 1);
	if (size <= 0)
		return;
	path[size] = '\0';
	running.path = path;
	running.open = link;
	tell(&running, fn, arg);
}

/* "7f1-7f2 r-xp 00000000 103:01 1234   /usr/lib/libc.so.6" */
static void tell_mapping(pid_t pid, char *line, execgate_running_fn fn,
			 void *arg)
{
	struct execgate_running running = { .pid = pid };
	uint64_t from, to, ino;
	char link[128], rights[8];

	line[strcspn(line, "\n")] = '\0';
	running.path = strchr(line, '/');
	if (!running.path ||
	    sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %*x %*x:%*x %" SCNu64,
		   &from, &to, rights, &ino) != 4 ||
	    rights[2] != 'x' || !ino)
		return;
	snprintf(link, sizeof(link), "/proc/%d/map_files/%" PRIx64 "-%" PRIx64,
		 (int)pid, from, to);
	running.open = link;
	tell(&running, fn, arg);
}

static void tell_process(pid_t pid, execgate_running_fn fn, void *arg)
{
	char path[64], line[PATH_MAX + 128];
	FILE *maps;

	tell_program(pid, fn, arg);
	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	maps = fopen(path, "re");
	while (maps && fgets(line, sizeof(line), maps))
		tell_mapping(pid, line, fn, arg);
	if (maps)
		fclose(maps);
}

void execgate_processes_walk(execgate_running_fn fn, void *arg)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	while (proc && (entry = readdir(proc)))
		if (isdigit((unsigned char)entry->d_name[0]))
			tell_process((pid_t)atoi(entry->d_name), fn, arg);
	if (proc)
		closedir(proc);
}
