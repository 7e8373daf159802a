// SPDX-License-Identifier: GPL-2.0
#include "lib/config/constrained.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/array.h"
#include "lib/base/io.h"
#include "lib/base/names.h"

#define TEXT_MAX (1u << 20)

static const char head[] =
	"# Constrained users and units. Written by \"execgate constrain\", loaded by\n"
	"# execgated.\n";

/* Those that have a cgroup. */
static bool is_unit(const char *name)
{
	static const char *const kinds[] = { ".service", ".slice", ".scope",
					     ".socket",	 ".mount", ".swap" };
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789:-_.\\@";
	size_t size = strlen(name);

	if (size > EXECGATE_CONSTRAINED_NAME_MAX || name[0] == '.' ||
	    name[strspn(name, plain)])
		return false;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t end = strlen(kinds[i]);

		if (size > end && !strcmp(name + size - end, kinds[i]))
			return true;
	}
	return false;
}

/* The last number stands for no user. */
static bool is_uid(const char *text, uint32_t *out)
{
	unsigned long long number;
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	number = strtoull(text, &end, 10);
	if (errno || *end || number >= UINT32_MAX)
		return false;
	*out = (uint32_t)number;
	return true;
}

static bool is_user_name(const char *name)
{
	size_t size = strlen(name);

	if (!size || size > EXECGATE_CONSTRAINED_NAME_MAX)
		return false;
	for (; *name; name++)
		if ((unsigned char)*name <= ' ' || *name == 127)
			return false;
	return true;
}

int execgate_constrained_parse(const char *word,
			       struct execgate_constrained *out,
			       struct execgate_error *err)
{
	const struct passwd *user;

	memset(out, 0, sizeof(*out));
	if (is_unit(word)) {
		out->kind = EXECGATE_CONSTRAINT_UNIT;
		strcpy(out->name, word);
		return 0;
	}
	out->kind = EXECGATE_CONSTRAINT_USER;
	user = is_user_name(word) ? getpwnam(word) : NULL;
	if (!user && is_uid(word, &out->uid))
		user = getpwuid(out->uid);
	else if (!user)
		return execgate_error_set(
			err, -ENOENT, EXECGATE_EXIT_NOT_FOUND,
			"\"%.255s\" is neither a user's name or number nor a "
			"unit, as nginx.service",
			word);
	if (!user)
		return 0;
	out->uid = user->pw_uid;
	if (is_user_name(user->pw_name))
		strcpy(out->name, user->pw_name);
	return 0;
}

bool execgate_constrained_same(const struct execgate_constrained *a,
			       const struct execgate_constrained *b)
{
	return a->kind == b->kind && (a->kind == EXECGATE_CONSTRAINT_USER ?
					      a->uid == b->uid :
					      !strcmp(a->name, b->name));
}

static bool parse_user(char *text, struct execgate_constrained *out)
{
	char *number = strsep(&text, " \t");

	if (!is_uid(number, &out->uid))
		return false;
	text += text ? strspn(text, " \t") : 0;
	if (!text || !*text)
		return true;
	if (!is_user_name(text))
		return false;
	strcpy(out->name, text);
	return true;
}

/* 0; 1 for a line that says nothing; -EBADMSG. @line is changed. */
static int parse_line(char *line, struct execgate_constrained *out)
{
	char *word;
	int kind;

	memset(out, 0, sizeof(*out));
	line += strspn(line, " \t\r");
	line[strcspn(line, "\r")] = '\0';
	if (!*line || *line == '#')
		return 1;
	word = strsep(&line, " \t");
	kind = execgate_constraint_find(word);
	if (kind < 0 || !line)
		return -EBADMSG;
	line += strspn(line, " \t");
	out->kind = (uint32_t)kind;
	if (out->kind == EXECGATE_CONSTRAINT_USER)
		return parse_user(line, out) ? 0 : -EBADMSG;
	if (!is_unit(line))
		return -EBADMSG;
	strcpy(out->name, line);
	return 0;
}

static int fail_line(struct execgate_error *err, const char *path,
		     unsigned int number)
{
	return execgate_error_set(err, -EBADMSG, EXECGATE_EXIT_ERROR,
				  "%s:%u: this constrains nothing: it is "
				  "neither \"user UID NAME\" nor \"unit NAME\"",
				  path, number);
}

static int append(struct execgate_constrained_list *list,
		  const struct execgate_constrained *item)
{
	struct execgate_constrained *place =
		execgate_array_add(list->items, list->count);

	if (!place)
		return -ENOMEM;
	*place = *item;
	list->count++;
	return 0;
}

/* Ends with a zero byte; "" for a file that is not there. */
static int read_text(const char *path, char **text, struct execgate_error *err)
{
	uint8_t *data = NULL;
	size_t size;
	int ret = execgate_io_read_file(path, TEXT_MAX, &data, &size, err);

	if (ret && ret != -ENOENT)
		return ret;
	*text = ret ? strdup("") : (char *)data;
	return *text ? 0 : execgate_error_errno(err, -ENOMEM, "%s", path);
}

int execgate_constrained_load(const char *path,
			      struct execgate_constrained_list *out,
			      struct execgate_error *err)
{
	struct execgate_constrained item;
	char *text, *next, *line;
	unsigned int number = 0;
	int ret, one;

	memset(out, 0, sizeof(*out));
	ret = read_text(path, &text, err);
	if (ret)
		return ret;
	next = text;
	while ((line = strsep(&next, "\n"))) {
		number++;
		one = parse_line(line, &item);
		if (one < 0 && !ret)
			ret = fail_line(err, path, number);
		if (!one && append(out, &item)) {
			ret = execgate_error_errno(err, -ENOMEM, "%s", path);
			break;
		}
	}
	free(text);
	return ret;
}

void execgate_constrained_free(struct execgate_constrained_list *list)
{
	free(list->items);
	memset(list, 0, sizeof(*list));
}

static void print_item(FILE *out, const struct execgate_constrained *item)
{
	if (item->kind == EXECGATE_CONSTRAINT_USER)
		fprintf(out, "user %" PRIu32 "%s%s\n", item->uid,
			*item->name ? " " : "", item->name);
	else
		fprintf(out, "unit %s\n", item->name);
}

/* All lines but those of @item into @out. Return: how many those were; -errno. */
static int copy_others(const char *path, char *text,
		       const struct execgate_constrained *item, FILE *out,
		       struct execgate_error *err)
{
	struct execgate_constrained other;
	unsigned int number = 0;
	char *next = text, *line, *copy;
	int left_out = 0, one;

	while ((line = strsep(&next, "\n"))) {
		number++;
		if (!next && !*line)
			break;
		copy = strdup(line);
		if (!copy)
			return execgate_error_errno(err, -ENOMEM, "%s", path);
		one = parse_line(copy, &other);
		free(copy);
		if (one < 0)
			return fail_line(err, path, number);
		if (one || !execgate_constrained_same(&other, item))
			fprintf(out, "%s\n", line);
		else
			left_out++;
	}
	return left_out;
}

static int edit_locked(const char *path,
		       const struct execgate_constrained *item, bool keep,
		       struct execgate_error *err)
{
	char *old = NULL, *new = NULL;
	size_t size;
	FILE *out;
	int ret = read_text(path, &old, err);

	if (ret || !old)
		return ret;
	out = open_memstream(&new, &size);
	if (!out) {
		free(old);
		return execgate_error_errno(err, -ENOMEM, "%s", path);
	}
	if (!*old)
		fputs(head, out);
	ret = copy_others(path, old, item, out, err);
	if (keep)
		print_item(out, item);
	if (fclose(out) && ret >= 0)
		ret = execgate_error_errno(err, -ENOMEM, "%s", path);
	if (!ret && !keep)
		ret = execgate_error_set(err, -ENOENT, EXECGATE_EXIT_NOT_FOUND,
					 "it is not in %s", path);
	if (ret >= 0)
		ret = execgate_io_create_file(path, 0644, true, new, size, err);
	free(old);
	free(new);
	return ret;
}

static int edit(const char *path, const struct execgate_constrained *item,
		bool keep, struct execgate_error *err)
{
	int fd = execgate_io_lock_folder(path, err), ret;

	if (fd < 0)
		return fd;
	ret = edit_locked(path, item, keep, err);
	close(fd);
	return ret;
}

int execgate_constrained_keep(const char *path,
			      const struct execgate_constrained *item,
			      struct execgate_error *err)
{
	return edit(path, item, true, err);
}

int execgate_constrained_drop(const char *path,
			      const struct execgate_constrained *item,
			      struct execgate_error *err)
{
	return edit(path, item, false, err);
}
