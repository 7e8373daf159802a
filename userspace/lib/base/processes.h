/* SPDX-License-Identifier: GPL-2.0 */
/* The programs that run now: the very files, whatever is at their paths today. */
#ifndef EXECGATE_PROCESSES_H
#define EXECGATE_PROCESSES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

/**
 * struct execgate_running - one file that a process executes from
 * @path: what it was called; any bytes, " (deleted)" may follow
 * @open: a link of /proc that leads to the file itself
 * @is_program: the process's program; else it is mapped executable
 */
struct execgate_running {
	pid_t pid;
	const char *path;
	const char *open;
	bool is_program;
	struct stat st;
};

typedef void (*execgate_running_fn)(const struct execgate_running *running,
				    void *arg);

/**
 * struct execgate_mapping - a line of /proc/PID/maps
 * @rights: "r-xp"
 * @inode: 0 where no file is mapped
 * @name: a path, "[heap]", or ""
 */
struct execgate_mapping {
	pid_t pid;
	uint64_t from, to, inode;
	char rights[8];
	const char *name;
};

/* False: that is enough. */
typedef bool (*execgate_mapping_fn)(const struct execgate_mapping *mapping,
				    void *arg);

void execgate_process_mappings(pid_t pid, execgate_mapping_fn fn, void *arg);

/* Every process's program and executable mappings of files. */
void execgate_processes_walk(execgate_running_fn fn, void *arg);

/* Wait for a child to end. Returns its exit status, 128 + N if signal N ended it, or -errno. */
int execgate_process_wait(pid_t child);

#endif /* EXECGATE_PROCESSES_H */
