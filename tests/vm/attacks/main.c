// SPDX-License-Identifier: GPL-2.0
/* The table of attacks and what they share. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attack.h"

static const struct attack *const tables[] = {
	exec_attacks,	map_attacks,	   write_attacks,    netlink_attacks,
	module_attacks, race_attacks,	   bpf_attacks,	     pin_attacks,
	inject_attacks, overlay_attacks,   fuse_attacks,     disk_attacks,
	fault_attacks,	userfault_attacks, i386_attacks,     dm_attacks,
	load_attacks,	neighbour_attacks, bpf_load_attacks, memory_attacks,
	walk_attacks,	event_attacks,	   notify_attacks,   process_attacks,
	opens_attacks,
};

int refused(const char *what)
{
	printf("refused: %s (%s)\n", strerrorname_np(errno), what);
	return ATTACK_REFUSED;
}

void broken(const char *what)
{
	printf("broken: %s (%s)\n", strerrorname_np(errno), what);
	fflush(stdout);
	_exit(ATTACK_BROKEN);
}

int must_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0755);

	if (fd < 0)
		broken(path);
	return fd;
}

char *must_read(const char *path, size_t *size)
{
	int fd = must_open(path, O_RDONLY);
	struct stat st;
	size_t done = 0;
	char *data;

	if (fstat(fd, &st))
		broken(path);
	*size = (size_t)st.st_size;
	data = malloc(*size + 1);
	while (data && done < *size) {
		ssize_t n = read(fd, data + done, *size - done);

		if (n <= 0)
			break;
		done += (size_t)n;
	}
	if (!data || done < *size)
		broken(path);
	close(fd);
	return data;
}

const struct attack *find_attack(const char *name)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (const struct attack *a = tables[i]; a->name; a++)
			if (!strcmp(a->name, name))
				return a;
	return NULL;
}

int main(int argc, char **argv)
{
	const struct attack *a = argc > 1 ? find_attack(argv[1]) : NULL;

	if (!a || argc - 2 < a->arguments) {
		printf("broken: usage\n");
		return ATTACK_BROKEN;
	}
	return a->run(argv + 2);
}
