// SPDX-License-Identifier: GPL-2.0
#include "lib/catalog/write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/execgate.h>

static int no_memory(struct execgate_error *err)
{
	return execgate_error_errno(err, -ENOMEM, "cannot make the catalog");
}

int execgate_catalog_check_name(const char *name, size_t size,
				struct execgate_error *err)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789._+-";
	size_t i;

	for (i = 0; i < size && name[i] && strchr(allowed, name[i]); i++)
		;
	if (size && size <= EXECGATE_CATALOG_NAME_FILE_MAX && i == size &&
	    name[0] != '.' && name[0] != '-')
		return 0;
	return execgate_error_set(
		err, -EINVAL, EXECGATE_EXIT_USAGE,
		"\"%.*s\" cannot be the name of a catalog: it takes 1 to %d "
		"letters, digits and any of ._+-, the first no dot or dash",
		size < 255 ? (int)size : 255, name,
		EXECGATE_CATALOG_NAME_FILE_MAX);
}

int execgate_catalog_identity(struct execgate_catalog *catalog,
			      const char *name, uint64_t version,
			      uint32_t *index, struct execgate_error *err)
{
	struct execgate_catalog_identity *all = catalog->identities;
	size_t i = catalog->identity_count;

	if (!*name || strlen(name) > EG_MANIFEST_NAME_MAX)
		return execgate_error_set(
			err, -EINVAL, EXECGATE_EXIT_USAGE,
			"the identity \"%.255s\" must have 1 to %u bytes", name,
			EG_MANIFEST_NAME_MAX);
	/* The files of one package come one after the other. */
	while (i--)
		if (all[i].version == version &&
		    strcmp(all[i].name, name) == 0) {
			*index = (uint32_t)i;
			return 0;
		}
	all = realloc(all, (catalog->identity_count + 1) * sizeof(*all));
	if (!all)
		return no_memory(err);
	catalog->identities = all;
	all += catalog->identity_count;
	all->name = strdup(name);
	all->version = version;
	if (!all->name)
		return no_memory(err);
	*index = (uint32_t)catalog->identity_count++;
	return 0;
}

int execgate_catalog_add(struct execgate_catalog *catalog,
			 const struct execgate_catalog_entry *entry,
			 struct execgate_error *err)
{
	size_t room = catalog->room ? 2 * catalog->room : 1024;
	struct execgate_catalog_entry *entries = catalog->entries;

	if (catalog->count == catalog->room) {
		entries = realloc(entries, room * sizeof(*entries));
		if (!entries)
			return no_memory(err);
		catalog->entries = entries;
		catalog->room = room;
	}
	entries[catalog->count++] = *entry;
	return 0;
}

static int compare_digests(const struct execgate_catalog_entry *a,
			   const struct execgate_catalog_entry *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return memcmp(a->digest, b->digest, sizeof(a->digest));
}

static int compare_entries(const void *left, const void *right)
{
	const struct execgate_catalog_entry *a = left, *b = right;
	int order = compare_digests(a, b);

	if (order)
		return order;
	return (a->identity > b->identity) - (a->identity < b->identity);
}

static int compare_identities(const void *left, const void *right)
{
	const struct execgate_catalog_identity *const *a = left, *const *b =
									 right;
	int order = strcmp((*a)->name, (*b)->name);

	if (order)
		return order;
	return ((*a)->version > (*b)->version) -
	       ((*a)->version < (*b)->version);
}

/* Numbers of identities by the order of their names, whoever came first. */
static int rank_identities(struct execgate_catalog *catalog)
{
	size_t i, count = catalog->identity_count;
	struct execgate_catalog_identity **order, *sorted;
	uint32_t *rank;

	order = calloc(count + 1, sizeof(struct execgate_catalog_identity *));
	sorted = calloc(count + 1, sizeof(*sorted));
	rank = calloc(count + 1, sizeof(*rank));
	if (!order || !sorted || !rank) {
		free(order);
		free(sorted);
		free(rank);
		return -ENOMEM;
	}
	for (i = 0; i < count; i++)
		order[i] = &catalog->identities[i];
	qsort(order, count, sizeof(*order), compare_identities);
	for (i = 0; i < count; i++) {
		rank[order[i] - catalog->identities] = (uint32_t)i;
		sorted[i] = *order[i];
	}
	for (i = 0; i < catalog->count; i++)
		catalog->entries[i].identity =
			rank[catalog->entries[i].identity];
	free(catalog->identities);
	catalog->identities = sorted;
	free(order);
	free(rank);
	return 0;
}

static void merge_entries(struct execgate_catalog *catalog)
{
	struct execgate_catalog_entry *entries = catalog->entries;
	size_t from, to = 0;

	if (catalog->count)
		qsort(entries, catalog->count, sizeof(*entries),
		      compare_entries);
	for (from = 0; from < catalog->count; from++) {
		if (to && !compare_digests(&entries[to - 1], &entries[from]))
			entries[to - 1].classes |= entries[from].classes;
		else
			entries[to++] = entries[from];
	}
	catalog->count = to;
}

static void drop_identities(struct execgate_catalog *catalog, uint32_t *number)
{
	struct execgate_catalog_identity *all = catalog->identities;
	size_t i, to = 0;

	for (i = 0; i < catalog->count; i++)
		number[catalog->entries[i].identity] = 1;
	for (i = 0; i < catalog->identity_count; i++) {
		if (!number[i]) {
			free(all[i].name);
			continue;
		}
		number[i] = (uint32_t)to;
		all[to++] = all[i];
	}
	catalog->identity_count = to;
	for (i = 0; i < catalog->count; i++)
		catalog->entries[i].identity =
			number[catalog->entries[i].identity];
}

static int settle(struct execgate_catalog *catalog)
{
	uint32_t *number;
	int ret = rank_identities(catalog);

	if (ret)
		return ret;
	merge_entries(catalog);
	number = calloc(catalog->identity_count + 1, sizeof(*number));
	if (!number)
		return -ENOMEM;
	drop_identities(catalog, number);
	free(number);
	return 0;
}

static void put(uint8_t *to, uint64_t value, size_t bytes)
{
	size_t i;

	for (i = 0; i < bytes; i++)
		to[i] = (uint8_t)(value >> (8 * i));
}

static void write_header(const struct execgate_catalog *catalog, uint8_t *out,
			 size_t size, size_t strings, size_t name_at)
{
	memcpy(out, EG_MANIFEST_MAGIC, 8);
	put(out + 8, EG_MANIFEST_VERSION, 2);
	put(out + 10, EG_MANIFEST_HEADER_SIZE, 2);
	put(out + 12, size, 4);
	put(out + 16, catalog->identity_count, 4);
	put(out + 20, catalog->count, 4);
	put(out + 24, strings, 4);
	put(out + 28, EG_MANIFEST_DIGEST_SHA256, 4);
	put(out + 32, catalog->created_at, 8);
	put(out + 40, catalog->sequence, 8);
	put(out + 48, name_at, 4);
	put(out + 52, strlen(catalog->name), 4);
}

static void write_records(const struct execgate_catalog *catalog, uint8_t *out,
			  uint8_t *strings)
{
	const struct execgate_catalog_entry *entry = catalog->entries;
	size_t i, length, at = 0;
	uint8_t *to = out + EG_MANIFEST_HEADER_SIZE;

	for (i = 0; i < catalog->identity_count; i++) {
		length = strlen(catalog->identities[i].name);
		put(to, at, 4);
		put(to + 4, length, 4);
		put(to + 16, catalog->identities[i].version, 8);
		memcpy(strings + at, catalog->identities[i].name, length);
		at += length;
		to += EG_MANIFEST_IDENTITY_SIZE;
	}
	memcpy(strings + at, catalog->name, strlen(catalog->name));
	for (i = 0; i < catalog->count; i++, entry++) {
		memcpy(to, entry->digest, EG_SHA256_SIZE);
		put(to + 32, entry->size, 8);
		put(to + 40, entry->identity, 4);
		put(to + 44, entry->classes, 2);
		put(to + 46, entry->kind, 1);
		to += EG_MANIFEST_ENTRY_SIZE;
	}
}

static int check_bounds(const struct execgate_catalog *catalog, size_t size,
			struct execgate_error *err)
{
	if (!catalog->count)
		return execgate_error_set(
			err, -ENODATA, EXECGATE_EXIT_NOT_FOUND,
			"nothing that runs was found, and a catalog of nothing "
			"says nothing; name other files");
	/* The message around it takes less than 16 KiB. */
	if (catalog->count > EG_MANIFEST_ENTRIES_MAX ||
	    size > EXECGATE_CATALOG_SIZE_MAX - 16384)
		return execgate_error_set(
			err, -EFBIG, EXECGATE_EXIT_ERROR,
			"%zu entries do not fit into one catalog; make several "
			"with different names",
			catalog->count);
	return 0;
}

int execgate_catalog_write(struct execgate_catalog *catalog, uint8_t **out,
			   size_t *size, struct execgate_error *err)
{
	size_t i, at, strings = 0, records;
	struct eg_manifest check;
	int ret = settle(catalog);

	if (ret)
		return no_memory(err);
	for (i = 0; i < catalog->identity_count; i++)
		strings += strlen(catalog->identities[i].name);
	at = strings;
	strings += strlen(catalog->name);
	records = EG_MANIFEST_HEADER_SIZE +
		  catalog->identity_count * EG_MANIFEST_IDENTITY_SIZE +
		  catalog->count * EG_MANIFEST_ENTRY_SIZE;
	*size = records + strings;
	ret = check_bounds(catalog, *size, err);
	if (ret)
		return ret;
	*out = calloc(1, *size);
	if (!*out)
		return no_memory(err);
	write_header(catalog, *out, *size, strings, at);
	write_records(catalog, *out, *out + records);
	if (!eg_manifest_parse((struct eg_bytes){ *out, *size }, &check))
		return 0;
	free(*out);
	return execgate_error_set(
		err, -EINVAL, EXECGATE_EXIT_ERROR,
		"the manifest of catalog \"%s\" does not parse; this is a "
		"defect of execgate, please report it",
		catalog->name);
}

void execgate_catalog_free(struct execgate_catalog *catalog)
{
	size_t i;

	for (i = 0; i < catalog->identity_count; i++)
		free(catalog->identities[i].name);
	free(catalog->identities);
	free(catalog->entries);
	memset(catalog, 0, sizeof(*catalog));
}
