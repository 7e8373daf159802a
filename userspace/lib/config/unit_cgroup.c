// SPDX-License-Identifier: GPL-2.0
/* The cgroups of units: from a name to the kernel's number of it, and back. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/config/constrained.h"

#define DEPTH_MAX 16 /* of slices in slices, as deep as the kernel looks */

/**
 * struct search - of a name, or of a number if @name is NULL
 * @id: the number
 * @found: the name of what has it
 */
struct search {
	const char *name;
	uint64_t id;
	char *found;
};

static bool is_slice(const char *name)
{
	size_t size = strlen(name);

	return size > 6 && !strcmp(name + size - 6, ".slice");
}

static bool is_wanted(struct search *search, const char *name,
		      const struct stat *st)
{
	if (search->name ? strcmp(name, search->name) != 0 :
			   (uint64_t)st->st_ino != search->id)
		return false;
	search->id = st->st_ino;
	if (search->found)
		snprintf(search->found, EXECGATE_CONSTRAINED_NAME_MAX + 1, "%s",
			 name);
	return true;
}

/* A cgroup that goes away meanwhile is one that is not there. */
static bool find(const char *folder, int depth, struct search *search)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	char path[PATH_MAX];
	struct stat st;
	bool found = false;

	while (dir && !found && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' ||
		    snprintf(path, sizeof(path), "%s/%s", folder,
			     entry->d_name) >= (int)sizeof(path) ||
		    lstat(path, &st) || !S_ISDIR(st.st_mode))
			continue;
		found = is_wanted(search, entry->d_name, &st) ||
			(depth < DEPTH_MAX && is_slice(entry->d_name) &&
			 find(path, depth + 1, search));
	}
	if (dir)
		closedir(dir);
	return found;
}

int execgate_constrained_id(const char *root,
			    const struct execgate_constrained *item,
			    uint64_t *id, struct execgate_error *err)
{
	struct search search = { .name = item->name };

	if (item->kind == EXECGATE_CONSTRAINT_USER) {
		*id = item->uid;
		return 0;
	}
	if (!find(root, 0, &search))
		return execgate_error_set(err, -ENOENT, EXECGATE_EXIT_NOT_FOUND,
					  "%s does not run: it has no cgroup",
					  item->name);
	*id = search.id;
	return 0;
}

bool execgate_constrained_unit(const char *root, uint64_t id,
			       char name[EXECGATE_CONSTRAINED_NAME_MAX + 1])
{
	struct search search = { .id = id, .found = name };

	return find(root, 0, &search);
}
