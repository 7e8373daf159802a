// SPDX-License-Identifier: GPL-2.0
/*
 * The file is text: a first line with a digest of the rules it was made under, then for
 * each package a line "=NAME STATE" and its paths in the order of dpkg's list, a line
 * each: "MD5 PATH" with what the package's md5sums has of it, or "- PATH".
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

#define MAGIC "execgate code 3 "
#define HEAD_SIZE (sizeof(MAGIC) + 2 * EG_SHA256_SIZE)
#define TEXT_MAX (256u << 20)
#define STATE_SIZE 256
#define MD5_TEXT (2 * EXECGATE_MD5_SIZE)

/**
 * struct package - one, as read or as it is now
 * @state: of dpkg's lists; another one is another package
 * @files: @count of them; the paths of those read point into the text
 * @same: of one that is as it was read; it has the files, then
 */
struct package {
	char *name;
	char *state;
	struct execgate_code_path *files;
	size_t count;
	const struct package *same;
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
 */
struct execgate_code_paths {
	char *path;
	char head[HEAD_SIZE];
	char *text;
	struct packages old;
	struct packages now;
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

static bool add_file(struct package *package,
		     const struct execgate_code_path *file)
{
	struct execgate_code_path *place =
		execgate_array_add(package->files, package->count);

	if (!place)
		return false;
	*place = *file;
	package->count++;
	return true;
}

/* "MD5 PATH" or "- PATH" */
static bool adopt_path(struct package *package, char *line)
{
	struct execgate_code_path file = { 0 };

	file.has_md5 = execgate_hex_read(line, file.md5, sizeof(file.md5));
	line += file.has_md5 ? MD5_TEXT : 1;
	file.listed = line + 1;
	return line[0] == ' ' && line[1] == '/' && add_file(package, &file);
}

/* Anything odd ends the reading: what comes after is not known. */
static bool adopt_line(struct execgate_code_paths *all, char *line)
{
	struct package *package;
	char *state;

	if (line[0] != '=')
		return all->old.count &&
		       adopt_path(&all->old.items[all->old.count - 1], line);
	state = strchr(line, ' ');
	if (!state)
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
	if (execgate_io_is_ours_alone(path) &&
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
				const char *admindir, const char *name,
				const struct execgate_code_path **files,
				size_t *count)
{
	struct package *package = add_package(&all->now);
	const struct package *known = NULL;
	char state[STATE_SIZE];

	if (!package || !describe_failure(admindir, name, state))
		return -ENOMEM;
	package->name = strdup(name);
	package->state = strdup(state);
	if (!package->name || !package->state)
		return -ENOMEM;
	if (all->old.count)
		known = bsearch(name, all->old.items, all->old.count,
				sizeof(*all->old.items), by_name);
	if (!known || strcmp(known->state, state))
		return 0;
	package->same = known;
	*files = known->files;
	*count = known->count;
	return 1;
}

size_t execgate_code_paths_number(const struct execgate_code_paths *all)
{
	return all->now.count - 1;
}

int execgate_code_paths_add(struct execgate_code_paths *all, size_t package,
			    const char *path, const uint8_t *md5)
{
	struct execgate_code_path file = { .listed = strdup(path),
					   .has_md5 = md5 };

	if (md5)
		memcpy(file.md5, md5, sizeof(file.md5));
	if (file.listed && add_file(&all->now.items[package], &file))
		return 0;
	free((char *)file.listed);
	return -ENOMEM;
}

static void write_package(FILE *file, const struct package *package)
{
	const struct package *from = package->same ? package->same : package;
	char md5[MD5_TEXT + 1];

	fprintf(file, "=%s %s\n", package->name, package->state);
	for (size_t i = 0; i < from->count; i++) {
		execgate_hex_write(md5, from->files[i].md5, EXECGATE_MD5_SIZE);
		fprintf(file, "%s %s\n", from->files[i].has_md5 ? md5 : "-",
			from->files[i].listed);
	}
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
	for (size_t i = 0; i < all->now.count; i++)
		write_package(file, &all->now.items[i]);
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
			free((char *)package->files[j].listed);
		free(package->files);
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
