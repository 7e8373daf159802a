// SPDX-License-Identifier: GPL-2.0
#include "lib/base/process_memory.h"

#include <stdio.h>
#include <string.h>

#define MAPS_LINE 4352 /* of /proc/PID/maps, with the longest path */

/*
 * "7f1-7f2 rwxp 00000000 00:00 0   [heap]": code that can be written, or that no
 * file stands behind. The kernel's own ([vdso]) cannot be written by anybody.
 */
static bool is_free_code(const char *line)
{
	char rights[8], name[16] = "";
	unsigned long long ino;

	if (sscanf(line, "%*s %7s %*s %*s %llu %15s", rights, &ino, name) < 2 ||
	    rights[2] != 'x')
		return false;
	if (rights[1] == 'w')
		return true;
	return !ino && strcmp(name, "[vdso]") != 0 &&
	       strcmp(name, "[vsyscall]") != 0 &&
	       strcmp(name, "[uprobes]") != 0;
}

bool execgate_process_has_free_code(pid_t pid)
{
	char path[64], line[MAPS_LINE];
	bool found = false;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	maps = fopen(path, "re");
	while (maps && !found && fgets(line, sizeof(line), maps))
		found = is_free_code(line);
	if (maps)
		fclose(maps);
	return found;
}
