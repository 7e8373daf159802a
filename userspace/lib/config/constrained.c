// SPDX-License-Identifier: GPL-2.0
#include "lib/base/digits.h"
#include "lib/config/constrained.h"

#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/names.h"
#include "lib/catalog/kept.h"

bool execgate_constrained_is_unit(const char *name)
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
	uint64_t number;

	if (!execgate_number_read(text, &number) || number >= UINT32_MAX)
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
	if (execgate_constrained_is_unit(word)) {
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

static int parse_line(char *line, void *item)
{
	struct execgate_constrained *out = item;
	char *word, *rest;
	int kind;

	memset(out, 0, sizeof(*out));
	line += strspn(line, " \t\r");
	line[strcspn(line, "\r")] = '\0';
	if (!*line || *line == '#')
		return 1;
	rest = line;
	word = strsep(&rest, " \t");
	kind = execgate_constraint_find(word);
	if (kind < 0 || !rest)
		return -EBADMSG;
	rest += strspn(rest, " \t");
	out->kind = (uint32_t)kind;
	if (out->kind == EXECGATE_CONSTRAINT_USER)
		return parse_user(rest, out) ? 0 : -EBADMSG;
	if (!execgate_constrained_is_unit(rest))
		return -EBADMSG;
	strcpy(out->name, rest);
	return 0;
}

static int take_item(const void *item, void *to)
{
	struct execgate_constrained_list *list = to;
	struct execgate_constrained *place =
		execgate_array_add(list->items, list->count);

	if (!place)
		return -ENOMEM;
	memcpy(place, item, sizeof(*place));
	list->count++;
	return 0;
}

static bool is_same(const void *a, const void *b)
{
	return execgate_constrained_same(a, b);
}

static void print_item(FILE *out, const void *printed)
{
	const struct execgate_constrained *item = printed;

	if (item->kind == EXECGATE_CONSTRAINT_USER)
		fprintf(out, "user %" PRIu32 "%s%s\n", item->uid,
			*item->name ? " " : "", item->name);
	else
		fprintf(out, "unit %s\n", item->name);
}

static const struct execgate_kept constraints = {
	.text_max = 1u << 20,
	.item_size = sizeof(struct execgate_constrained),
	.head = "# Constrained users and units. Written by \"execgate constrain\", loaded by\n"
		"# execgated.\n",
	.malformed = "this constrains nothing: it is neither "
		     "\"user UID NAME\" nor \"unit NAME\"",
	.parse = parse_line,
	.take = take_item,
	.same = is_same,
	.print = print_item,
};

int execgate_constrained_load(const char *path,
			      struct execgate_constrained_list *out,
			      struct execgate_error *err)
{
	memset(out, 0, sizeof(*out));
	return execgate_kept_load(&constraints, path, out, err);
}

void execgate_constrained_free(struct execgate_constrained_list *list)
{
	free(list->items);
	memset(list, 0, sizeof(*list));
}

int execgate_constrained_keep(const char *path,
			      const struct execgate_constrained *item,
			      struct execgate_error *err)
{
	return execgate_kept_put(&constraints, path, item, err);
}

int execgate_constrained_drop(const char *path,
			      const struct execgate_constrained *item,
			      struct execgate_error *err)
{
	return execgate_kept_remove(&constraints, path, item, err);
}
