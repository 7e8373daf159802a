// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that processes have held since before the gates that would refuse it:
 * no hook is asked again about memory that is mapped or about a descriptor that
 * is open.
 */
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "cli/common/output.h"
#include "cli/doctor/doctor.h"
#include "lib/base/io.h"
#include "lib/base/process_memory.h"
#include "lib/netlink/netlink.h"

#define NAMED_MAX 5

/* Processes of one kind; the first few by name. */
struct holders {
	unsigned int count;
	char names[512];
};

static bool has_mapping(const struct doctor *doctor, enum execgate_gate gate)
{
	return doctor->status.gates.on & EXECGATE_GATE_BIT(gate);
}

static void add_program(struct holders *holders, pid_t pid)
{
	char path[64], comm[32] = "?", *name;
	size_t used = strlen(holders->names);

	if (++holders->count > NAMED_MAX)
		return;
	snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	execgate_io_read_line(path, comm, sizeof(comm));
	name = output_escape(comm, strlen(comm));
	snprintf(holders->names + used, sizeof(holders->names) - used,
		 "%s%d (%s)", used ? ", " : "", (int)pid, name);
	free(name);
}

/* "/proc/PID/mem", or "/proc/PID/task/TID/mem" */
static bool is_memory(const char *target)
{
	size_t size = strlen(target);

	return strncmp(target, "/proc/", 6) == 0 && size > 4 &&
	       strcmp(target + size - 4, "/mem") == 0;
}

static bool is_open_to_write(pid_t pid, const char *fd)
{
	char path[300], line[64];
	unsigned int flags = 0;
	FILE *info;

	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%s", (int)pid, fd);
	info = fopen(path, "re");
	while (info && fgets(line, sizeof(line), info))
		if (sscanf(line, "flags: %o", &flags) == 1)
			break;
	if (info)
		fclose(info);
	return flags & 3; /* O_WRONLY or O_RDWR */
}

static bool holds_memory(pid_t pid)
{
	char path[64], link[400], target[64];
	struct dirent *entry;
	bool found = false;
	ssize_t size;
	DIR *fds;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	fds = opendir(path);
	while (fds && !found && (entry = readdir(fds))) {
		snprintf(link, sizeof(link), "%s/%s", path, entry->d_name);
		size = readlink(link, target, sizeof(target) - 1);
		if (size <= 0)
			continue;
		target[size] = '\0';
		found = is_memory(target) &&
			is_open_to_write(pid, entry->d_name);
	}
	if (fds)
		closedir(fds);
	return found;
}

static void report_memory(struct doctor *doctor, const char *check,
			  const struct holders *holders, const char *what)
{
	if (!holders->count)
		doctor_report(doctor, DOCTOR_OK, check, NULL,
			      "no process has %s", what);
	else
		doctor_report(doctor, DOCTOR_WARN, check,
			      "restart them, or sign the program for it, if "
			      "it is to be so",
			      "%u process%s %s from before the gate, or as "
			      "signed for it: %s%s",
			      holders->count,
			      holders->count == 1 ? " has" : "es have", what,
			      holders->names,
			      holders->count > NAMED_MAX ? ", ..." : "");
}

void doctor_check_memory(struct doctor *doctor)
{
	struct holders code = { 0 }, descriptors = { 0 };
	DIR *proc = doctor->nl ? opendir("/proc") : NULL;
	struct dirent *entry;

	while (proc && (entry = readdir(proc))) {
		pid_t pid = (pid_t)atoi(entry->d_name);

		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		if (has_mapping(doctor, EXECGATE_GATE_ANON_EXEC) &&
		    execgate_process_has_free_code(pid))
			add_program(&code, pid);
		if (has_mapping(doctor, EXECGATE_GATE_INJECT) &&
		    holds_memory(pid))
			add_program(&descriptors, pid);
	}
	if (!proc)
		return;
	closedir(proc);
	if (has_mapping(doctor, EXECGATE_GATE_ANON_EXEC))
		report_memory(doctor, "executable memory", &code,
			      "executable memory without a file");
	if (has_mapping(doctor, EXECGATE_GATE_INJECT))
		report_memory(doctor, "open memory", &descriptors,
			      "the memory of a process open for writing");
}
