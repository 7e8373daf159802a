// SPDX-License-Identifier: GPL-2.0
#include "lib/catalog/revoked.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/array.h"
#include "lib/base/hex.h"
#include "lib/base/io.h"
#include "lib/base/names.h"
#include "lib/catalog/write.h"

#define TEXT_MAX (4u << 20)

static const char head[] =
	"# What is trusted no longer. Written by \"execgate revoke\", loaded by\n"
	"# execgated before anything is trusted.\n";

bool execgate_revocation_hex(const char *text,
			     uint8_t out[EXECGATE_FINGERPRINT_SIZE])
{
	if (!execgate_hex_read(text, out, EXECGATE_FINGERPRINT_SIZE))
		return false;
	text += 2 * EXECGATE_FINGERPRINT_SIZE;
	return !*text || *text == ' ' || *text == '\t';
}

static bool is_named(uint32_t kind)
{
	return kind == EXECGATE_REVOCATION_CATALOG ||
	       kind == EXECGATE_REVOCATION_VERSION;
}

bool execgate_revocation_same(const struct execgate_revocation *a,
			      const struct execgate_revocation *b)
{
	if (a->kind != b->kind)
		return false;
	return is_named(a->kind) ?
		       !strcmp(a->name, b->name) :
		       !memcmp(a->value, b->value, sizeof(a->value));
}

bool execgate_revocation_identity(const char *name)
{
	size_t size = strlen(name), i;

	if (!size || size > EXECGATE_CATALOG_NAME_MAX || name[0] == ' ' ||
	    name[size - 1] == ' ')
		return false;
	for (i = 0; i < size; i++)
		if ((unsigned char)name[i] < ' ' || name[i] == 127)
			return false;
	return true;
}

/* The number and the name behind it: "7 NAME". */
static bool parse_named(const char *text, struct execgate_revocation *out)
{
	bool is_catalog = out->kind == EXECGATE_REVOCATION_CATALOG;
	unsigned long long number;
	char *name;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	number = strtoull(text, &name, 10);
	if (errno || *name++ != ' ')
		return false;
	if (is_catalog ? execgate_catalog_check_name(name, strlen(name), NULL) :
			 !number || !execgate_revocation_identity(name))
		return false;
	if (is_catalog)
		out->sequence = number;
	else
		out->below = number;
	strcpy(out->name, name);
	return true;
}

/* 0; 1 for a line that says nothing; -EBADMSG. */
static int parse_line(const char *line, struct execgate_revocation *out)
{
	char word[16];
	int used = 0, kind;

	memset(out, 0, sizeof(*out));
	line += strspn(line, " \t\r");
	if (!*line || *line == '#')
		return 1;
	if (sscanf(line, "%15s %n", word, &used) < 1 || !used)
		return -EBADMSG;
	kind = execgate_revocation_find(word);
	if (kind < 0)
		return -EBADMSG;
	line += used;
	out->kind = (uint32_t)kind;
	if (is_named(out->kind) ? parse_named(line, out) :
				  execgate_revocation_hex(line, out->value))
		return 0;
	return -EBADMSG;
}

static int append(struct execgate_revocations *all,
		  const struct execgate_revocation *item)
{
	struct execgate_revocation *place =
		execgate_array_add(all->items, all->count);

	if (!place)
		return -ENOMEM;
	*place = *item;
	all->count++;
	return 0;
}

static int fail_line(struct execgate_error *err, const char *path,
		     unsigned int number)
{
	return execgate_error_set(err, -EBADMSG, EXECGATE_EXIT_ERROR,
				  "%s:%u: this revokes nothing: it is none of "
				  "\"key HEX\", \"digest HEX\", \"catalog "
				  "SEQUENCE NAME\", \"version N NAME\"",
				  path, number);
}

static int parse(const char *path, char *text, struct execgate_revocations *out,
		 struct execgate_error *err)
{
	struct execgate_revocation item;
	unsigned int number = 0;
	char *next = text, *line;
	int ret = 0, one;

	while ((line = strsep(&next, "\n"))) {
		number++;
		one = parse_line(line, &item);
		if (one < 0 && !ret)
			ret = fail_line(err, path, number);
		if (!one && append(out, &item))
			return execgate_error_errno(err, -ENOMEM, "%s", path);
	}
	return ret;
}

static int read_text(const char *path, char **text, struct execgate_error *err)
{
	uint8_t *data;
	size_t size;
	int ret = execgate_io_read_file(path, TEXT_MAX, &data, &size, err);

	*text = ret ? strdup("") : (char *)data; /* it ends with a zero byte */
	if (!*text) {
		execgate_error_errno(err, -ENOMEM, "%s", path);
		return -ENOMEM;
	}
	if (!ret || ret == -ENOENT)
		return 0;
	free(*text);
	return ret;
}

int execgate_revocations_load(const char *path,
			      struct execgate_revocations *out,
			      struct execgate_error *err)
{
	char *text;
	int ret;

	memset(out, 0, sizeof(*out));
	ret = read_text(path, &text, err);
	if (ret)
		return ret;
	ret = parse(path, text, out, err);
	free(text);
	return ret;
}

void execgate_revocations_free(struct execgate_revocations *all)
{
	free(all->items);
	memset(all, 0, sizeof(*all));
}

static void print_item(FILE *out, const struct execgate_revocation *item)
{
	char hex[EXECGATE_HEX_SIZE(sizeof(item->value))];

	fprintf(out, "%s ", execgate_revocation_name(item->kind));
	if (is_named(item->kind)) {
		fprintf(out, "%" PRIu64 " %s\n",
			item->kind == EXECGATE_REVOCATION_CATALOG ?
				item->sequence :
				item->below,
			item->name);
		return;
	}
	fprintf(out, "%s\n",
		execgate_hex_write(hex, item->value, sizeof(item->value)));
}

/*
 * All lines but those of @item into @out. Returns how many those were. Where they
 * say a higher version, so does @item.
 */
static int copy_others(const char *path, char *text,
		       struct execgate_revocation *item, FILE *out,
		       struct execgate_error *err)
{
	struct execgate_revocation other;
	unsigned int number = 0;
	char *next = text, *line;
	int left_out = 0, one;

	while ((line = strsep(&next, "\n"))) {
		number++;
		if (!next && !*line)
			break;
		one = parse_line(line, &other);
		if (one < 0)
			return fail_line(err, path, number);
		if (one || !execgate_revocation_same(&other, item)) {
			fprintf(out, "%s\n", line);
			continue;
		}
		left_out++;
		if (other.below > item->below)
			item->below = other.below;
	}
	return left_out;
}

static int edit_locked(const char *path, const struct execgate_revocation *item,
		       bool keep, struct execgate_error *err)
{
	struct execgate_revocation kept = *item;
	char *old, *new = NULL;
	size_t size;
	FILE *out;
	int ret = read_text(path, &old, err);

	if (ret)
		return ret;
	out = open_memstream(&new, &size);
	if (!out) {
		free(old);
		return execgate_error_errno(err, -ENOMEM, "%s", path);
	}
	if (!*old)
		fputs(head, out);
	ret = copy_others(path, old, &kept, out, err);
	if (keep)
		print_item(out, &kept);
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

static int edit(const char *path, const struct execgate_revocation *item,
		bool keep, struct execgate_error *err)
{
	int fd = execgate_io_lock_folder(path, err), ret;

	if (fd < 0)
		return fd;
	ret = edit_locked(path, item, keep, err);
	close(fd);
	return ret;
}

int execgate_revocations_keep(const char *path,
			      const struct execgate_revocation *item,
			      struct execgate_error *err)
{
	return edit(path, item, true, err);
}

int execgate_revocations_drop(const char *path,
			      const struct execgate_revocation *item,
			      struct execgate_error *err)
{
	return edit(path, item, false, err);
}
