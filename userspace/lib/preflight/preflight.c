// SPDX-License-Identifier: GPL-2.0
/* The set of files: each once, whatever its names. */
#include "lib/preflight/preflight.h"

#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/image.h"
#include "lib/base/io.h"

static const enum execgate_hook hooks[EXECGATE_PREFLIGHT_USES] = {
	[EXECGATE_PREFLIGHT_EXEC] = EXECGATE_HOOK_BPRM_CHECK,
	[EXECGATE_PREFLIGHT_MMAP] = EXECGATE_HOOK_MMAP_FILE,
	[EXECGATE_PREFLIGHT_MODULE] = EXECGATE_HOOK_KERNEL_READ_FILE,
	[EXECGATE_PREFLIGHT_READ] = EXECGATE_HOOK_READ_OPEN,
};

enum execgate_hook execgate_preflight_hook(int use)
{
	return hooks[use];
}

int execgate_preflight_use(enum execgate_hook hook)
{
	for (int use = 0; use < EXECGATE_PREFLIGHT_USES; use++)
		if (hooks[use] == hook)
			return use;
	return EXECGATE_PREFLIGHT_EXEC;
}

#define TEXT_MAX (4u << 20)

void execgate_preflight_free(struct execgate_preflight *set)
{
	for (size_t i = 0; i < set->count; i++) {
		free(set->items[i].path);
		free(set->items[i].open);
	}
	for (size_t i = 0; i < set->folder_count; i++)
		free(set->folders[i]);
	free(set->items);
	free(set->table);
	free(set->folders);
	memset(set, 0, sizeof(*set));
}

static size_t hash_inode(const struct stat *st, size_t slots)
{
	uint64_t value = ((uint64_t)st->st_ino ^ (uint64_t)st->st_dev << 40) *
			 0x9e3779b97f4a7c15ull;

	return (size_t)(value >> 20) & (slots - 1);
}

/* The slot that holds this file, or the free one where it belongs. */
static uint32_t *find_slot(const struct execgate_preflight *set,
			   const struct stat *st)
{
	size_t at = hash_inode(st, set->slots);

	for (;; at = (at + 1) & (set->slots - 1)) {
		const struct stat *other;

		if (!set->table[at])
			return &set->table[at];
		other = &set->items[set->table[at] - 1].st;
		if (other->st_ino == st->st_ino && other->st_dev == st->st_dev)
			return &set->table[at];
	}
}

/* Twice as many slots as items at least, so that a free one is always near. */
static bool make_room(struct execgate_preflight *set)
{
	struct execgate_preflight_item *items;
	size_t slots = set->slots ? 2 * set->slots : 4096;
	uint32_t *table;

	if (2 * set->count < set->slots)
		return true;
	items = realloc(set->items, slots / 2 * sizeof(*items));
	if (items)
		set->items = items;
	table = calloc(slots, sizeof(*table));
	if (!items || !table) {
		free(table);
		set->no_memory = true;
		return false;
	}
	free(set->table);
	set->table = table;
	set->slots = slots;
	for (size_t i = 0; i < set->count; i++)
		*find_slot(set, &set->items[i].st) = (uint32_t)i + 1;
	return true;
}

static struct execgate_preflight_item *
find_or_make(struct execgate_preflight *set, const char *path, const char *open,
	     const struct stat *st)
{
	struct execgate_preflight_item *item;
	uint32_t *slot;

	if (!make_room(set))
		return NULL;
	slot = find_slot(set, st);
	if (*slot)
		return &set->items[*slot - 1];
	item = &set->items[set->count];
	memset(item, 0, sizeof(*item));
	item->st = *st;
	item->path = strdup(path);
	item->open = open ? strdup(open) : NULL;
	if (!item->path || (open && !item->open)) {
		free(item->path);
		set->no_memory = true;
		return NULL;
	}
	*slot = (uint32_t)++set->count;
	return item;
}

bool execgate_preflight_add(struct execgate_preflight *set, const char *path,
			    const char *open, int use, unsigned int source,
			    const char *role)
{
	struct execgate_preflight_item *item;
	struct stat st;

	if (stat(open ? open : path, &st) || !S_ISREG(st.st_mode))
		return false;
	item = find_or_make(set, path, open, &st);
	if (!item)
		return false;
	item->use[use] = true;
	item->sources |= source;
	if (!item->role)
		item->role = role;
	return true;
}

bool execgate_preflight_add_program(struct execgate_preflight *set,
				    const char *name, const char *search,
				    unsigned int source, const char *role)
{
	char path[PATH_MAX];
	size_t size;

	if (name[0] == '/')
		return execgate_preflight_add(set, name, NULL,
					      EXECGATE_PREFLIGHT_EXEC, source,
					      role);
	if (strchr(name, '/'))
		return false;
	for (; *search; search += size + (search[size] == ':')) {
		size = strcspn(search, ":");
		if (snprintf(path, sizeof(path), "%.*s/%s", (int)size, search,
			     name) >= (int)sizeof(path) ||
		    access(path, X_OK))
			continue;
		if (execgate_preflight_add(set, path, NULL,
					   EXECGATE_PREFLIGHT_EXEC, source,
					   role))
			return true;
	}
	return false;
}

int execgate_preflight_name(const char *program, void *arg)
{
	const struct execgate_preflight_naming *naming = arg;
	struct execgate_image image;

	/* A path may be named as data, too. */
	if (program[0] == '/' &&
	    (access(program, X_OK) || !execgate_image_of(program, &image) ||
	     image.text))
		return 0;
	execgate_preflight_add_program(naming->set, program, naming->search,
				       naming->source, naming->role);
	return 0;
}

void execgate_preflight_each(const char *pattern,
			     execgate_preflight_reader read,
			     struct execgate_preflight_naming *naming)
{
	glob_t found;
	char *text;

	if (glob(pattern, GLOB_BRACE, NULL, &found))
		return;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		text = execgate_preflight_text(found.gl_pathv[i]);
		if (text)
			read(text, execgate_preflight_name, naming);
		free(text);
	}
	globfree(&found);
}

void execgate_preflight_interpreters(struct execgate_preflight *set)
{
	struct execgate_image image;
	const char *role;

	/* It grows while we walk: an interpreter may be a script, too. */
	for (size_t i = 0; i < set->count; i++) {
		const struct execgate_preflight_item *item = &set->items[i];

		if (!item->use[EXECGATE_PREFLIGHT_EXEC] ||
		    !execgate_image_of(item->open ? item->open : item->path,
				       &image) ||
		    image.kind != EXECGATE_IMAGE_SCRIPT)
			continue;
		role = item->role;
		execgate_preflight_add_program(set, image.interpreter, "",
					       EXECGATE_PREFLIGHT_INTERPRETER,
					       role);
		if (image.env[0])
			execgate_preflight_add_program(
				set, image.env, EXECGATE_PREFLIGHT_SEARCH,
				EXECGATE_PREFLIGHT_INTERPRETER, role);
	}
}

bool execgate_preflight_is_pattern(const char *path)
{
	return strpbrk(path, "*?[]{}\\");
}

/* It is half of a pattern. */
bool execgate_preflight_in_home(char out[PATH_MAX], const char *home,
				const char *below)
{
	return !execgate_preflight_is_pattern(home) &&
	       snprintf(out, PATH_MAX, "%s/%s", home, below) < PATH_MAX;
}

char *execgate_preflight_text(const char *path)
{
	uint8_t *data;
	size_t size;

	/* It ends what it reads with a zero byte. */
	if (execgate_io_read_file(path, TEXT_MAX, &data, &size, NULL))
		return NULL;
	return (char *)data;
}
