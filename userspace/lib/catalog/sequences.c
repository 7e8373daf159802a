// SPDX-License-Identifier: GPL-2.0
#include "lib/catalog/sequences.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/array.h"
#include "lib/base/io.h"
#include "lib/catalog/write.h"

#define TEXT_MAX (1u << 20)

static int no_memory(struct execgate_error *err)
{
	return execgate_error_errno(err, -ENOMEM,
				    "cannot read what was loaded before");
}

static int set_sequence(struct execgate_sequences *all, const char *name,
			uint64_t sequence)
{
	struct execgate_sequences_item *place;
	char *copy;
	size_t i;

	for (i = 0; i < all->count; i++)
		if (strcmp(all->items[i].name, name) == 0) {
			all->items[i].sequence = sequence;
			return 0;
		}
	place = execgate_array_add(all->items, all->count);
	copy = strdup(name);
	if (!place || !copy) {
		free(copy);
		return -ENOMEM;
	}
	place->sequence = sequence;
	place->name = copy;
	all->count++;
	return 0;
}

/* "17 local" */
static int parse_line(struct execgate_sequences *all, const char *line)
{
	uint64_t sequence;
	char *end;

	if (line[0] < '0' || line[0] > '9')
		return -EBADMSG;
	errno = 0;
	sequence = strtoull(line, &end, 10);
	if (errno || *end != ' ' ||
	    execgate_catalog_check_name(end + 1, strlen(end + 1), NULL))
		return -EBADMSG;
	return set_sequence(all, end + 1, sequence);
}

static int parse(struct execgate_sequences *all, char *text)
{
	char *line, *save;
	int ret = 0;

	for (line = strtok_r(text, "\n", &save); line && !ret;
	     line = strtok_r(NULL, "\n", &save))
		ret = parse_line(all, line);
	return ret;
}

int execgate_sequences_load(const char *path, struct execgate_sequences *out,
			    struct execgate_error *err)
{
	uint8_t *text;
	size_t size;
	int ret;

	memset(out, 0, sizeof(*out));
	ret = execgate_io_read_file(path, TEXT_MAX, &text, &size, err);
	if (ret == -ENOENT)
		return 0;
	if (ret)
		return ret;
	ret = parse(out, (char *)text);
	free(text);
	if (!ret)
		return 0;
	execgate_sequences_free(out);
	if (ret == -ENOMEM)
		return no_memory(err);
	return execgate_error_set(
		err, ret, EXECGATE_EXIT_ERROR,
		"%s is damaged, so it is not known what is too old: restore "
		"it, or remove it if you trust what is installed",
		path);
}

uint64_t execgate_sequences_get(const struct execgate_sequences *sequences,
				const char *name)
{
	size_t i;

	for (i = 0; i < sequences->count; i++)
		if (strcmp(sequences->items[i].name, name) == 0)
			return sequences->items[i].sequence;
	return 0;
}

static int write_file(const char *path, const struct execgate_sequences *all,
		      struct execgate_error *err)
{
	size_t i, size;
	char *text;
	FILE *out = open_memstream(&text, &size);
	int ret;

	if (!out)
		return no_memory(err);
	for (i = 0; i < all->count; i++)
		fprintf(out, "%" PRIu64 " %s\n", all->items[i].sequence,
			all->items[i].name);
	if (fclose(out))
		return no_memory(err);
	ret = execgate_io_create_file(path, 0644, true, text, size, err);
	free(text);
	return ret;
}

static int raise_locked(const char *path, const char *name, uint64_t sequence,
			struct execgate_error *err)
{
	struct execgate_sequences all;
	int ret = execgate_sequences_load(path, &all, err);

	if (ret)
		return ret;
	if (sequence > execgate_sequences_get(&all, name)) {
		ret = set_sequence(&all, name, sequence);
		ret = ret ? no_memory(err) : write_file(path, &all, err);
	}
	execgate_sequences_free(&all);
	return ret;
}

int execgate_sequences_raise(const char *path, const char *name,
			     uint64_t sequence, struct execgate_error *err)
{
	int fd = execgate_io_lock_folder(path, err), ret;

	if (fd < 0)
		return fd;
	ret = raise_locked(path, name, sequence, err);
	close(fd);
	return ret;
}

void execgate_sequences_free(struct execgate_sequences *sequences)
{
	size_t i;

	for (i = 0; i < sequences->count; i++)
		free(sequences->items[i].name);
	free(sequences->items);
	memset(sequences, 0, sizeof(*sequences));
}
