// SPDX-License-Identifier: GPL-2.0
#include "lib/catalog/write.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <linux/execgate.h>

#include "lib/base/array.h"
#include "lib/sign/rules.h"

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

static int compare_rules(const struct execgate_catalog_identity *identity,
			 struct eg_bytes rules)
{
	size_t size = identity->rules_size;

	if (size != rules.size)
		return size < rules.size ? -1 : 1;
	return size ? memcmp(identity->rules, rules.data, size) : 0;
}

int execgate_catalog_identity(struct execgate_catalog *catalog,
			      const char *name, uint64_t version,
			      struct eg_bytes rules, uint32_t *index,
			      struct execgate_error *err)
{
	struct execgate_catalog_identity *all = catalog->identities;
	size_t i = catalog->identity_count, name_size = strlen(name) + 1;

	if (!*name || name_size > EG_MANIFEST_NAME_MAX + 1)
		return execgate_error_set(
			err, -EINVAL, EXECGATE_EXIT_USAGE,
			"the identity \"%.255s\" must have 1 to %u bytes", name,
			EG_MANIFEST_NAME_MAX);
	if (!eg_rules_check(rules, version))
		return execgate_error_set(
			err, -EINVAL, EXECGATE_EXIT_USAGE,
			"the rules of \"%.255s\" name a version above its own, "
			"%" PRIu64,
			name, version);
	/* The files of one package come one after the other. */
	while (i--)
		if (all[i].version == version &&
		    !compare_rules(&all[i], rules) &&
		    strcmp(all[i].name, name) == 0) {
			*index = (uint32_t)i;
			return 0;
		}
	all = execgate_array_add(catalog->identities, catalog->identity_count);
	if (!all)
		return no_memory(err);
	all->name = malloc(name_size + rules.size);
	if (!all->name)
		return no_memory(err);
	memcpy(all->name, name, name_size);
	all->version = version;
	all->rules = (uint8_t *)all->name + name_size;
	all->rules_size = rules.size;
	if (rules.size)
		memcpy(all->rules, rules.data, rules.size);
	*index = (uint32_t)catalog->identity_count++;
	return 0;
}

int execgate_catalog_add(struct execgate_catalog *catalog,
			 const struct execgate_catalog_entry *entry,
			 struct execgate_error *err)
{
	struct execgate_catalog_entry *place =
		execgate_array_add(catalog->entries, catalog->count);

	if (!place)
		return no_memory(err);
	*place = *entry;
	catalog->count++;
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
	if ((*a)->version != (*b)->version)
		return (*a)->version > (*b)->version ? -1 : 1;
	return compare_rules(*a, (struct eg_bytes){ (*b)->rules,
						    (*b)->rules_size });
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
	if (count)
		memcpy(catalog->identities, sorted, count * sizeof(*sorted));
	free(sorted);
	free(order);
	free(rank);
	return 0;
}

static struct eg_bytes rules_of(const struct execgate_catalog *catalog,
				uint32_t identity)
{
	const struct execgate_catalog_identity *of =
		&catalog->identities[identity];

	return (struct eg_bytes){ of->rules, of->rules_size };
}

/* But those of versions, which are about the name and not about a content. */
static int join_rules(struct execgate_rules *out, struct eg_bytes rules,
		      struct execgate_error *err)
{
	struct eg_bytes rest = rules;
	struct eg_rule rule;

	while (eg_rules_next(&rest, &rule) && rule.kind == EG_RULE_VERSION)
		rules = rest;
	return execgate_rules_join(out, rules, err);
}

/* Whatever any of its names forbids the content: paths are alternatives. */
static int join_identities(struct execgate_catalog *catalog, uint32_t *first,
			   uint32_t second, struct execgate_error *err)
{
	struct execgate_rules both = { .size = 0 };
	const struct execgate_catalog_identity *of;
	struct eg_bytes other = rules_of(catalog, second);
	int ret;

	if (*first == second || !other.size ||
	    !compare_rules(&catalog->identities[*first], other))
		return 0;
	ret = join_rules(&both, rules_of(catalog, *first), err);
	if (!ret)
		ret = join_rules(&both, other, err);
	if (ret)
		return ret;
	of = &catalog->identities[*first];
	return execgate_catalog_identity(catalog, of->name, of->version,
					 execgate_rules_bytes(&both), first,
					 err);
}

static int merge_entries(struct execgate_catalog *catalog,
			 struct execgate_error *err)
{
	struct execgate_catalog_entry *entries = catalog->entries;
	size_t from, to = 0;
	int ret;

	if (catalog->count)
		qsort(entries, catalog->count, sizeof(*entries),
		      compare_entries);
	for (from = 0; from < catalog->count; from++) {
		if (!to || compare_digests(&entries[to - 1], &entries[from])) {
			entries[to++] = entries[from];
			continue;
		}
		entries[to - 1].classes |= entries[from].classes;
		ret = join_identities(catalog, &entries[to - 1].identity,
				      entries[from].identity, err);
		if (ret)
			return ret;
	}
	catalog->count = to;
	return 0;
}

/* It speaks of older versions, whoever lists those. */
static bool has_floor(const struct execgate_catalog_identity *identity)
{
	struct eg_bytes rules = { identity->rules, identity->rules_size };
	struct eg_rule rule;

	while (eg_rules_next(&rules, &rule))
		if (rule.kind == EG_RULE_VERSION)
			return true;
	return false;
}

static void drop_identities(struct execgate_catalog *catalog, uint32_t *number)
{
	struct execgate_catalog_identity *all = catalog->identities;
	size_t i, to = 0;

	for (i = 0; i < catalog->count; i++)
		number[catalog->entries[i].identity] = 1;
	for (i = 0; i < catalog->identity_count; i++) {
		if (!number[i] && !has_floor(&all[i])) {
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

static int settle(struct execgate_catalog *catalog, struct execgate_error *err)
{
	uint32_t *number;
	int ret;

	if (rank_identities(catalog))
		return no_memory(err);
	ret = merge_entries(catalog, err);
	if (ret)
		return ret;
	/* Merging may have made some more. */
	number = calloc(catalog->identity_count + 1, sizeof(*number));
	if (!number || rank_identities(catalog)) {
		free(number);
		return no_memory(err);
	}
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
		const struct execgate_catalog_identity *identity =
			&catalog->identities[i];

		length = strlen(identity->name);
		put(to, at, 4);
		put(to + 4, length, 4);
		put(to + 16, identity->version, 8);
		memcpy(strings + at, identity->name, length);
		at += length;
		length = identity->rules_size;
		put(to + 8, length ? at : 0, 4);
		put(to + 12, length, 4);
		memcpy(strings + at, identity->rules, length);
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
	int ret = settle(catalog, err);

	if (ret)
		return ret;
	for (i = 0; i < catalog->identity_count; i++)
		strings += strlen(catalog->identities[i].name) +
			   catalog->identities[i].rules_size;
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
