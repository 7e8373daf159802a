// SPDX-License-Identifier: GPL-2.0
#include "lib/base/process_memory.h"

#include <string.h>

#include "lib/base/processes.h"

/*
 * Code that can be written, or that no file stands behind. The kernel's own ([vdso]) cannot
 * be written by anybody.
 */
static bool is_free_code(const struct execgate_mapping *mapping)
{
	if (mapping->rights[2] != 'x')
		return false;
	if (mapping->rights[1] == 'w')
		return true;
	return !mapping->inode && strcmp(mapping->name, "[vdso]") != 0 &&
	       strcmp(mapping->name, "[vsyscall]") != 0 &&
	       strcmp(mapping->name, "[uprobes]") != 0;
}

static bool look_for_free_code(const struct execgate_mapping *mapping,
			       void *arg)
{
	bool *found = arg;

	*found = is_free_code(mapping);
	return !*found;
}

bool execgate_process_has_free_code(pid_t pid)
{
	bool found = false;

	execgate_process_mappings(pid, look_for_free_code, &found);
	return found;
}
