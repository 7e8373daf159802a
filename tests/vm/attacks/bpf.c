// SPDX-License-Identifier: GPL-2.0
/* What root can try on the programs that carry the hooks. */
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attack.h"

static int bpf(int command, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static int next_link(unsigned int *id)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.start_id = *id;
	if (bpf(BPF_LINK_GET_NEXT_ID, &attr))
		return -1;
	*id = attr.next_id;
	return 0;
}

static int open_link(unsigned int id)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.link_id = id;
	return bpf(BPF_LINK_GET_FD_BY_ID, &attr);
}

/* bpf-detach: detach every link there is. 9 when one could be detached. */
static int run_bpf_detach(char **argv)
{
	unsigned int id = 0, links = 0, detached = 0;

	(void)argv;
	while (!next_link(&id)) {
		union bpf_attr attr;
		int fd = open_link(id);

		links++;
		if (fd < 0)
			continue;
		memset(&attr, 0, sizeof(attr));
		attr.link_detach.link_fd = (unsigned int)fd;
		detached += !bpf(BPF_LINK_DETACH, &attr);
		close(fd);
	}
	printf("links %u detached %u\n", links, detached);
	return detached ? 9 : refused("detach");
}

/* bpf-programs: get a descriptor of every LSM program. 9 when of one at least. */
static int run_bpf_programs(char **argv)
{
	unsigned int id = 0, got = 0, refusals = 0;
	union bpf_attr attr;

	(void)argv;
	for (;;) {
		struct bpf_prog_info info;
		int fd;

		memset(&attr, 0, sizeof(attr));
		attr.start_id = id;
		if (bpf(BPF_PROG_GET_NEXT_ID, &attr))
			break;
		id = attr.next_id;
		memset(&attr, 0, sizeof(attr));
		attr.prog_id = id;
		fd = bpf(BPF_PROG_GET_FD_BY_ID, &attr);
		if (fd < 0) {
			refusals += errno == EPERM;
			continue;
		}
		memset(&info, 0, sizeof(info));
		memset(&attr, 0, sizeof(attr));
		attr.info.bpf_fd = (unsigned int)fd;
		attr.info.info_len = sizeof(info);
		attr.info.info = (unsigned long)&info;
		got += !bpf(BPF_OBJ_GET_INFO_BY_FD, &attr) &&
		       info.type == BPF_PROG_TYPE_LSM;
		close(fd);
	}
	printf("got %u refused %u\n", got, refusals);
	return got ? 9 : refusals ? ATTACK_REFUSED : ATTACK_BROKEN;
}

const struct attack bpf_attacks[] = {
	{ "bpf-detach", run_bpf_detach, 0 },
	{ "bpf-programs", run_bpf_programs, 0 },
	{ NULL, NULL, 0 },
};
