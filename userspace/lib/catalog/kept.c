// SPDX-License-Identifier: GPL-2.0
#include "lib/catalog/kept.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/io.h"
#include "lib/base/names.h"

static int no_memory(const char *path, struct execgate_error *err)
{
	return execgate_error_errno(err, -ENOMEM, "%s", path);
}

/* Ends with a zero byte; "" for a file that is not there. */
static int read_text(const struct execgate_kept *kind, const char *path,
		     char **text, struct execgate_error *err)
{
	uint8_t *data = NULL;
	size_t size;
	int ret =
		execgate_io_read_file(path, kind->text_max, &data, &size, err);

	if (ret && ret != -ENOENT)
		return ret;
	*text = ret ? strdup("") : (char *)data;
	return *text ? 0 : no_memory(path, err);
}

static int fail_line(const struct execgate_kept *kind, const char *path,
		     unsigned int number, struct execgate_error *err)
{
	return execgate_error_set(err, -EBADMSG, EXECGATE_EXIT_ERROR,
				  "%s:%u: %s", path, number, kind->malformed);
}

static int take_lines(const struct execgate_kept *kind, const char *path,
		      char *text, void *item, void *list,
		      struct execgate_error *err)
{
	unsigned int number = 0;
	char *next = text, *line;
	int ret = 0, one;

	while ((line = strsep(&next, "\n"))) {
		number++;
		one = kind->parse(line, item);
		if (one < 0 && !ret)
			ret = fail_line(kind, path, number, err);
		if (!one && kind->take(item, list))
			return no_memory(path, err);
	}
	return ret;
}

int execgate_kept_load(const struct execgate_kept *kind, const char *path,
		       void *list, struct execgate_error *err)
{
	void *item = malloc(kind->item_size);
	char *text = NULL;
	int ret;

	if (!item)
		return no_memory(path, err);
	ret = read_text(kind, path, &text, err);
	if (!ret && text)
		ret = take_lines(kind, path, text, item, list, err);
	free(text);
	free(item);
	return ret;
}

/**
 * struct edit - one change of a file
 * @item: a copy, which may be merged with what is there
 * @other: room for one more
 */
struct edit {
	const struct execgate_kept *kind;
	const char *path;
	void *item;
	void *other;
	FILE *out;
};

/* Return: 1 if it was left out as a line of the item; 0; -errno. */
static int copy_line(const struct edit *edit, const char *line,
		     unsigned int number, struct execgate_error *err)
{
	char *copy = strdup(line);
	int one;

	if (!copy)
		return no_memory(edit->path, err);
	one = edit->kind->parse(copy, edit->other);
	free(copy);
	if (one < 0)
		return fail_line(edit->kind, edit->path, number, err);
	if (one || !edit->kind->same(edit->other, edit->item)) {
		fprintf(edit->out, "%s\n", line);
		return 0;
	}
	if (edit->kind->merge)
		edit->kind->merge(edit->item, edit->other);
	return 1;
}

/* All lines but those of the item. Return: how many those were; -errno. */
static int copy_others(const struct edit *edit, char *text,
		       struct execgate_error *err)
{
	unsigned int number = 0;
	char *next = text, *line;
	int left_out = 0, ret;

	while ((line = strsep(&next, "\n"))) {
		number++;
		if (!next && !*line)
			break;
		ret = copy_line(edit, line, number, err);
		if (ret < 0)
			return ret;
		left_out += ret;
	}
	return left_out;
}

static int write_anew(struct edit *edit, char *text, bool put,
		      struct execgate_error *err)
{
	char *new = NULL;
	size_t size;
	int ret;

	edit->out = open_memstream(&new, &size);
	if (!edit->out)
		return no_memory(edit->path, err);
	if (!*text)
		fputs(edit->kind->head, edit->out);
	ret = copy_others(edit, text, err);
	if (put)
		edit->kind->print(edit->out, edit->item);
	if (fclose(edit->out) && ret >= 0)
		ret = no_memory(edit->path, err);
	if (!ret && !put)
		ret = execgate_error_set(err, -ENOENT, EXECGATE_EXIT_NOT_FOUND,
					 "it is not in %s", edit->path);
	if (ret >= 0)
		ret = execgate_io_create_file(edit->path, 0644, true, new, size,
					      err);
	free(new);
	return ret;
}

static int edit_locked(struct edit *edit, const void *item, bool put,
		       struct execgate_error *err)
{
	char *text = NULL;
	int ret = read_text(edit->kind, edit->path, &text, err);

	if (!ret && text) {
		memcpy(edit->item, item, edit->kind->item_size);
		ret = write_anew(edit, text, put, err);
	}
	free(text);
	return ret;
}

static int change(const struct execgate_kept *kind, const char *path,
		  const void *item, bool put, struct execgate_error *err)
{
	char *room = calloc(2, kind->item_size);
	struct edit edit = { .kind = kind, .path = path, .item = room };
	int fd, ret;

	if (!room)
		return no_memory(path, err);
	edit.other = room + kind->item_size;
	ret = fd = execgate_io_lock_folder(path, err);
	if (fd >= 0) {
		ret = edit_locked(&edit, item, put, err);
		close(fd);
	}
	free(room);
	return ret;
}

int execgate_kept_put(const struct execgate_kept *kind, const char *path,
		      const void *item, struct execgate_error *err)
{
	return change(kind, path, item, true, err);
}

int execgate_kept_remove(const struct execgate_kept *kind, const char *path,
			 const void *item, struct execgate_error *err)
{
	return change(kind, path, item, false, err);
}
