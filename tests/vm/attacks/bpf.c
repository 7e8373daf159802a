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

const struct attack bpf_attacks[] = {
	{ "bpf-detach", run_bpf_detach, 0 },
	{ NULL, NULL, 0 },
};
