// SPDX-License-Identifier: GPL-2.0
#include "lib/base/processes.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
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
static bool read_mapping(char *line, struct execgate_mapping *out)
{
	int name = 0;

	line[strcspn(line, "\n")] = '\0';
	if (sscanf(line,
		   "%" SCNx64 "-%" SCNx64 " %7s %*x %*x:%*x %" SCNu64 " %n",
		   &out->from, &out->to, out->rights, &out->inode, &name) != 4)
		return false;
	out->name = line + name;
	return true;
}

void execgate_process_mappings(pid_t pid, execgate_mapping_fn fn, void *arg)
{
	char path[64], line[PATH_MAX + 128];
	struct execgate_mapping mapping = { .pid = pid };
	bool more = true;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	maps = fopen(path, "re");
	while (maps && more && fgets(line, sizeof(line), maps))
		if (read_mapping(line, &mapping))
			more = fn(&mapping, arg);
	if (maps)
		fclose(maps);
}

struct told {
	execgate_running_fn fn;
	void *arg;
};

static bool tell_mapping(const struct execgate_mapping *mapping, void *arg)
{
	const struct told *told = arg;
	struct execgate_running running = { .pid = mapping->pid,
					    .path = mapping->name };
	char link[128];

	if (mapping->name[0] != '/' || mapping->rights[2] != 'x' ||
	    !mapping->inode)
		return true;
	snprintf(link, sizeof(link), "/proc/%d/map_files/%" PRIx64 "-%" PRIx64,
		 (int)mapping->pid, mapping->from, mapping->to);
	running.open = link;
	tell(&running, told->fn, told->arg);
	return true;
}

static void tell_process(pid_t pid, execgate_running_fn fn, void *arg)
{
	struct told told = { fn, arg };

	tell_program(pid, fn, arg);
	execgate_process_mappings(pid, tell_mapping, &told);
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

int execgate_process_wait(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
