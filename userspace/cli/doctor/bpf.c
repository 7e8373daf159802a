// SPDX-License-Identifier: GPL-2.0
/*
 * BPF programs of others that can answer instead of the gate. The lock refuses
 * new ones (kernel/hooks/bpf_load.c); what was there before, it leaves, and only this
 * tells of it.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cli/doctor/doctor.h"

/* As kernel/hooks/program.c calls the gate's own. Built in, it has none. */
#define OURS "eg_"

struct found {
	unsigned int count;
	char names[256];
};

static int bpf(enum bpf_cmd command, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, command, attr, sizeof(*attr));
}

/* The one after @id, opened; -1 at the end, -2 if it may not be opened. */
static int open_next(enum bpf_cmd next, enum bpf_cmd open, unsigned int *id)
{
	union bpf_attr attr;
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.start_id = *id;
	if (bpf(next, &attr))
		return -1;
	*id = attr.next_id;
	memset(&attr, 0, sizeof(attr));
	attr.prog_id = *id;
	fd = bpf(open, &attr);
	return fd < 0 ? -2 : fd;
}

static bool get_info(int fd, void *info, unsigned int size)
{
	union bpf_attr attr;

	memset(info, 0, size);
	memset(&attr, 0, sizeof(attr));
	attr.info.bpf_fd = (unsigned int)fd;
	attr.info.info_len = size;
	attr.info.info = (unsigned long)info;
	return !bpf(BPF_OBJ_GET_INFO_BY_FD, &attr);
}

static void add_program(struct found *found, unsigned int id, const char *name)
{
	size_t used = strlen(found->names);

	found->count++;
	snprintf(found->names + used, sizeof(found->names) - used, "%s%u %s",
		 used ? ", " : "", id, *name ? name : "(no name)");
}

/* fmod_ret does not show at the program, only at what attaches it. */
static void find_links(struct found *found)
{
	struct bpf_link_info info;
	unsigned int id = 0;
	int fd;

	while ((fd = open_next(BPF_LINK_GET_NEXT_ID, BPF_LINK_GET_FD_BY_ID,
			       &id)) != -1) {
		if (fd < 0)
			continue;
		if (get_info(fd, &info, sizeof(info)) &&
		    info.type == BPF_LINK_TYPE_TRACING &&
		    info.tracing.attach_type == BPF_MODIFY_RETURN)
			add_program(found, info.prog_id, "fmod_ret");
		close(fd);
	}
}

/*
 * Locked, the gate's own programs cannot be opened, and built in it has none: then
 * nothing is excused by its name.
 */
static void find_programs(struct found *found, bool locked)
{
	bool all = locked || execgate_netlink_built_in();
	struct bpf_prog_info info;
	unsigned int id = 0;
	int fd;

	while ((fd = open_next(BPF_PROG_GET_NEXT_ID, BPF_PROG_GET_FD_BY_ID,
			       &id)) != -1) {
		if (fd < 0)
			continue;
		if (get_info(fd, &info, sizeof(info)) &&
		    (info.type == BPF_PROG_TYPE_LSM ||
		     info.type == BPF_PROG_TYPE_EXT ||
		     info.type == BPF_PROG_TYPE_STRUCT_OPS) &&
		    (all || strncmp(info.name, OURS, strlen(OURS)) != 0))
			add_program(found, id, info.name);
		close(fd);
	}
}

void doctor_check_bpf(struct doctor *doctor)
{
	struct found found = { 0 };

	if (!doctor->nl || geteuid() != 0)
		return;
	find_programs(&found, doctor->status.locked);
	find_links(&found);
	if (found.count)
		doctor_report(doctor, DOCTOR_WARN, "root: BPF programs",
			      "bpftool prog show; bpftool link show",
			      "%u that can answer instead of the gate: %s",
			      found.count, found.names);
	else
		doctor_report(doctor, DOCTOR_OK, "root: BPF programs", NULL,
			      "none that can answer instead of the gate");
}
