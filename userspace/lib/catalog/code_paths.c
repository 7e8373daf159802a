// SPDX-License-Identifier: GPL-2.0
/*
 * The file is text: a first line with a digest of the rules it was made under, then for each package a line "=NAME STATE" and
 * its paths, a line each, in the order of dpkg's list.
 */
#include "lib/catalog/code_paths.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/array.h"
#include "lib/base/digits.h"
#include "lib/base/io.h"

#define MAGIC "execgate code 2 "
#define HEAD_SIZE (sizeof(MAGIC) + 2 * EG_SHA256_SIZE)
#define TEXT_MAX (256u << 20)
#define STATE_SIZE 256

/**
 * struct package - one, as read or as it is now
 * @state: of dpkg's lists; another one is another package
 * @paths: @count of them; those read point into the text
 */
struct package {
	char *name;
	char *state;
	char **paths;
	size_t count;
};

struct packages {
	struct package *items;
	size_t count;
};

/**
 * struct execgate_code_paths - see above
 * @head: the first line
 * @text: what was read
 * @old: of it, in order of their names
 * @now: what will be written; names, states and paths are its own
 * @known: the package in @old that the last one is; or NULL
 * @cursor: the path of it that comes next
 */
struct execgate_code_paths {
	char *path;
	char head[HEAD_SIZE];
	char *text;
	struct packages old;
	struct packages now;
	const struct package *known;
	size_t cursor;
};

static struct package *add_package(struct packages *all)
{
	struct package *package = execgate_array_add(all->items, all->count);

	if (!package)
		return NULL;
	memset(package, 0, sizeof(*package));
	all->count++;
	return package;
}

static bool add_path(struct package *package, char *path)
{
	char **place =
		path ? execgate_array_add(package->paths, package->count) :
		       NULL;

	if (!place)
		return false;
	*place = path;
	package->count++;
	return true;
}

/* Anything odd ends the reading: what comes after is not known. */
static bool adopt_line(struct execgate_code_paths *all, char *line)
{
	struct package *package;
	char *state;

	if (line[0] == '/')
		return all->old.count &&
		       add_path(&all->old.items[all->old.count - 1], line);
	state = strchr(line, ' ');
	if (line[0] != '=' || !state)
		return false;
	*state++ = '\0';
	package = add_package(&all->old);
	if (!package)
		return false;
	package->name = line + 1;
	package->state = state;
	return true;
}

static int compare_paths(const void *a, const void *b)
{
	const struct package *left = a, *right = b;

	return strcmp(left->name, right->name);
}

static void adopt_file(struct execgate_code_paths *all)
{
	char *save, *line = strtok_r(all->text, "\n", &save);

	if (!line || strcmp(line, all->head))
		return;
	while ((line = strtok_r(NULL, "\n", &save)) && adopt_line(all, line))
		;
	if (all->old.count)
		qsort(all->old.items, all->old.count, sizeof(*all->old.items),
		      compare_paths);
}

static bool is_ours(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	       st.st_uid == geteuid() && !(st.st_mode & 022);
}

int execgate_code_paths_open(const char *path,
			     const uint8_t readers[EG_SHA256_SIZE],
			     struct execgate_code_paths **out,
			     struct execgate_error *err)
{
	struct execgate_code_paths *all = calloc(1, sizeof(*all));
	size_t size;

	*out = all;
	if (all)
		all->path = strdup(path);
	if (!all || !all->path) {
		free(all);
		*out = NULL;
		return execgate_error_errno(err, -ENOMEM, "cannot read %s",
					    path);
	}
	strcpy(all->head, MAGIC);
	execgate_hex_write(all->head + strlen(MAGIC), readers, EG_SHA256_SIZE);
	if (is_ours(path) &&
	    !execgate_io_read_file(path, TEXT_MAX, (uint8_t **)&all->text,
				   &size, NULL))
		adopt_file(all);
	return 0;
}

/* dpkg replaces a package's lists whenever it unpacks one. */
static bool describe_failure(const char *admindir, const char *name,
			     char out[STATE_SIZE])
{
	static const char *const endings[] = { "list", "md5sums" };
	char path[PATH_MAX];
	size_t used = 0;
	struct stat st;

	out[0] = '\0';
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		if (snprintf(path, sizeof(path), "%s/info/%s.%s", admindir,
			     name, endings[i]) >= (int)sizeof(path))
			return false;
		if (stat(path, &st)) {
			used += (size_t)snprintf(out + used, STATE_SIZE - used,
						 "none,");
			continue;
		}
		used += (size_t)snprintf(out + used, STATE_SIZE - used,
					 "%ju-%jd-%jd.%ld-%jd.%ld,",
					 (uintmax_t)st.st_ino,
					 (intmax_t)st.st_size,
					 (intmax_t)st.st_mtim.tv_sec,
					 st.st_mtim.tv_nsec,
					 (intmax_t)st.st_ctim.tv_sec,
					 st.st_ctim.tv_nsec);
	}
	return used < STATE_SIZE;
}

static int by_name(const void *key, const void *item)
{
	const struct package *package = item;

	return strcmp(key, package->name);
}

int execgate_code_paths_package(struct execgate_code_paths *all,
				const char *admindir, const char *name)
{
	struct package *package = add_package(&all->now);
	char state[STATE_SIZE];

	all->known = NULL;
	all->cursor = 0;
	if (!package || !describe_failure(admindir, name, state))
		return -ENOMEM;
	package->name = strdup(name);
	package->state = strdup(state);
	if (!package->name || !package->state)
		return -ENOMEM;
	if (all->old.count)
		all->known = bsearch(name, all->old.items, all->old.count,
				     sizeof(*all->old.items), by_name);
	if (all->known && strcmp(all->known->state, state))
		all->known = NULL;
	return all->known != NULL;
}

size_t execgate_code_paths_number(const struct execgate_code_paths *all)
{
	return all->now.count - 1;
}

bool execgate_code_paths_has(struct execgate_code_paths *all, const char *path)
{
	const struct package *known = all->known;

	if (all->cursor == known->count ||
	    strcmp(known->paths[all->cursor], path))
		return false;
	all->cursor++;
	/* Without memory it is looked at in full the next time. */
	if (execgate_code_paths_add(all, all->now.count - 1, path))
		all->now.items[all->now.count - 1].state[0] = '\0';
	return true;
}

int execgate_code_paths_add(struct execgate_code_paths *all, size_t package,
			    const char *path)
{
	char *copy = strdup(path);

	if (add_path(&all->now.items[package], copy))
		return 0;
	free(copy);
	return -ENOMEM;
}

int execgate_code_paths_save(const struct execgate_code_paths *all,
			     struct execgate_error *err)
{
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);
	int ret;

	if (!file)
		return execgate_error_errno(err, -ENOMEM, "cannot write %s",
					    all->path);
	fprintf(file, "%s\n", all->head);
	for (size_t i = 0; i < all->now.count; i++) {
		const struct package *package = &all->now.items[i];

		fprintf(file, "=%s %s\n", package->name, package->state);
		for (size_t j = 0; j < package->count; j++)
			fprintf(file, "%s\n", package->paths[j]);
	}
	ret = fclose(file) ?
		      execgate_error_errno(err, -ENOMEM, "cannot write %s",
					   all->path) :
		      execgate_io_create_file(all->path, 0644, true, text, size,
					      err);
	free(text);
	return ret;
}

static void free_packages(struct packages *all, bool owned)
{
	for (size_t i = 0; i < all->count; i++) {
		struct package *package = &all->items[i];

		for (size_t j = 0; owned && j < package->count; j++)
			free(package->paths[j]);
		free(package->paths);
		if (owned) {
			free(package->name);
			free(package->state);
		}
	}
	free(all->items);
}

void execgate_code_paths_close(struct execgate_code_paths *all)
{
	if (!all)
		return;
	free_packages(&all->old, false);
	free_packages(&all->now, true);
	free(all->text);
	free(all->path);
	free(all);
}
