// SPDX-License-Identifier: GPL-2.0
#include "lib/catalog/revoked.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/digits.h"
#include "lib/base/names.h"
#include "lib/catalog/kept.h"
#include "lib/catalog/write.h"

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

static int parse_line(char *line, void *item)
{
	struct execgate_revocation *out = item;
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

static int take_item(const void *item, void *list)
{
	struct execgate_revocations *all = list;
	struct execgate_revocation *place =
		execgate_array_add(all->items, all->count);

	if (!place)
		return -ENOMEM;
	memcpy(place, item, sizeof(*place));
	all->count++;
	return 0;
}

static bool is_same(const void *a, const void *b)
{
	return execgate_revocation_same(a, b);
}

/* Where the file says a higher version, so does the item. */
static void keep_higher(void *item, const void *old)
{
	struct execgate_revocation *kept = item;
	const struct execgate_revocation *other = old;

	if (other->below > kept->below)
		kept->below = other->below;
}

static void print_item(FILE *out, const void *printed)
{
	const struct execgate_revocation *item = printed;
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

static const struct execgate_kept revocations = {
	.text_max = 4u << 20,
	.item_size = sizeof(struct execgate_revocation),
	.head = "# What is trusted no longer. Written by \"execgate revoke\", loaded by\n"
		"# execgated before anything is trusted.\n",
	.malformed = "this revokes nothing: it is none of \"key HEX\", "
		     "\"digest HEX\", \"catalog SEQUENCE NAME\", "
		     "\"version N NAME\"",
	.parse = parse_line,
	.take = take_item,
	.same = is_same,
	.merge = keep_higher,
	.print = print_item,
};

int execgate_revocations_load(const char *path,
			      struct execgate_revocations *out,
			      struct execgate_error *err)
{
	memset(out, 0, sizeof(*out));
	return execgate_kept_load(&revocations, path, out, err);
}

void execgate_revocations_free(struct execgate_revocations *all)
{
	free(all->items);
	memset(all, 0, sizeof(*all));
}

int execgate_revocations_keep(const char *path,
			      const struct execgate_revocation *item,
			      struct execgate_error *err)
{
	return execgate_kept_put(&revocations, path, item, err);
}

int execgate_revocations_drop(const char *path,
			      const struct execgate_revocation *item,
			      struct execgate_error *err)
{
	return execgate_kept_remove(&revocations, path, item, err);
}
