// SPDX-License-Identifier: GPL-2.0
#include "cli/denials/group.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/common/output.h"
#include "lib/base/array.h"
#include "lib/base/names.h"
#include "lib/debian/packages.h"
#include "lib/events/record.h"

/**
 * struct denial_row - one file
 * @path: as the kernel named it; "" is memory without a file
 * @real: where links lead, for dpkg; NULL if it is gone
 * @package: "" if no package owns it
 * @count: how often
 * @of_package: the same of all files of the package
 * @reasons: bit set of enum execgate_reason
 * @denied: at least once in mode enforce
 */
struct denial_row {
	char *path;
	char *real;
	char package[128];
	uint32_t hash;
	uint64_t count;
	uint64_t of_package;
	uint64_t reasons;
	bool denied;
};

/* FNV-1a: rows are compared by it first, for a flood names many files. */
static uint32_t hash_path(const char *path)
{
	uint32_t hash = 2166136261u;

	while (*path)
		hash = (hash ^ (uint8_t)*path++) * 16777619u;
	return hash;
}

static struct denial_row *find_row(struct denial_groups *groups,
				   const char *path)
{
	uint32_t hash = hash_path(path);
	struct denial_row *row;

	/* Repetitions come in a row. */
	for (size_t i = groups->count; i-- > 0;)
		if (groups->rows[i].hash == hash &&
		    !strcmp(groups->rows[i].path, path))
			return &groups->rows[i];
	row = execgate_array_add(groups->rows, groups->count);
	if (!row)
		return NULL;
	memset(row, 0, sizeof(*row));
	row->hash = hash;
	row->path = strdup(path);
	if (!row->path)
		return NULL;
	groups->count++;
	return row;
}

void denial_groups_take(const struct execgate_event *event, uint64_t count,
			bool repeated, void *arg)
{
	struct denial_groups *groups = arg;
	struct denial_row *row = find_row(groups, event->path);

	(void)repeated;
	if (!row) {
		groups->no_memory = true;
		return;
	}
	row->count += count;
	row->denied |= execgate_event_denied(event);
	if (event->reason < 64)
		row->reasons |= 1ull << event->reason;
}

/* All at once: dpkg's lists are read a single time. */
static int find_packages(struct denial_groups *groups)
{
	struct execgate_package_query *queries;
	int ret;

	queries = calloc(groups->count + 1, sizeof(*queries));
	if (!queries)
		return -ENOMEM;
	for (size_t i = 0; i < groups->count; i++) {
		struct denial_row *row = &groups->rows[i];

		row->real = *row->path ? realpath(row->path, NULL) : NULL;
		queries[i].path = row->real ? row->real : row->path;
	}
	ret = execgate_packages_find(EXECGATE_DPKG_ADMINDIR, queries,
				     groups->count);
	for (size_t i = 0; !ret && i < groups->count; i++)
		snprintf(groups->rows[i].package,
			 sizeof(groups->rows[i].package), "%s",
			 queries[i].package);
	free(queries);
	return ret;
}

static int by_package(const void *a, const void *b)
{
	const struct denial_row *left = a, *right = b;

	return strcmp(left->package, right->package);
}

static int by_count(const void *a, const void *b)
{
	const struct denial_row *left = a, *right = b;
	int order = (left->of_package < right->of_package) -
		    (left->of_package > right->of_package);

	if (!order)
		order = strcmp(left->package, right->package);
	if (!order)
		order = (left->count < right->count) -
			(left->count > right->count);
	return order ? order : strcmp(left->path, right->path);
}

/* How many of @rows from @first on are of one package. */
static size_t rows_of_package(const struct denial_groups *groups, size_t first)
{
	size_t end = first;

	while (end < groups->count &&
	       !strcmp(groups->rows[end].package, groups->rows[first].package))
		end++;
	return end - first;
}

static void sort_rows(struct denial_groups *groups)
{
	size_t step;

	qsort(groups->rows, groups->count, sizeof(*groups->rows), by_package);
	for (size_t i = 0; i < groups->count; i += step) {
		uint64_t sum = 0;

		step = rows_of_package(groups, i);
		for (size_t j = i; j < i + step; j++)
			sum += groups->rows[j].count;
		for (size_t j = i; j < i + step; j++)
			groups->rows[j].of_package = sum;
	}
	qsort(groups->rows, groups->count, sizeof(*groups->rows), by_count);
}

static void print_row(const struct denial_row *row)
{
	char *path = output_escape(row->path, strlen(row->path));
	const char *before = "";

	printf("%8" PRIu64 "  %s  %s", row->count,
	       path && *path ? path : "memory without a file",
	       output_style(row->denied ? OUTPUT_BAD : OUTPUT_WARN));
	for (unsigned int i = 0; i < 64; i++) {
		if (!(row->reasons >> i & 1))
			continue;
		printf("%s%s", before, execgate_reason_name(i));
		before = ", ";
	}
	printf("%s%s\n", output_style(OUTPUT_PLAIN),
	       row->denied ? "" : " (would be denied)");
	free(path);
}

static void print_text(const struct denial_groups *groups)
{
	size_t step;

	for (size_t i = 0; i < groups->count; i += step) {
		const struct denial_row *first = &groups->rows[i];

		step = rows_of_package(groups, i);
		printf("%s%s: %" PRIu64 " %s of %zu %s\n", i ? "\n" : "",
		       *first->package ? first->package : "no package",
		       first->of_package,
		       first->of_package == 1 ? "denial" : "denials", step,
		       step == 1 ? "file" : "files");
		for (size_t j = i; j < i + step; j++)
			print_row(&groups->rows[j]);
	}
}

static json_t *row_to_json(const struct denial_row *row)
{
	json_t *reasons = json_array(), *object;

	for (unsigned int i = 0; i < 64; i++)
		if (row->reasons >> i & 1)
			json_array_append_new(reasons,
					      json_string(
						      execgate_reason_name(i)));
	object = json_pack("{s:I, s:b, s:o}", "count", (json_int_t)row->count,
			   "denied", row->denied, "reasons", reasons);
	output_json_set_bytes(object, "path", row->path, strlen(row->path));
	return object;
}

static void print_json(const struct denial_groups *groups)
{
	json_t *list = json_array();
	size_t step;

	for (size_t i = 0; i < groups->count; i += step) {
		const struct denial_row *first = &groups->rows[i];
		json_t *files = json_array();

		step = rows_of_package(groups, i);
		for (size_t j = i; j < i + step; j++)
			json_array_append_new(files,
					      row_to_json(&groups->rows[j]));
		json_array_append_new(
			list, json_pack("{s:s?, s:I, s:o}", "package",
					*first->package ? first->package : NULL,
					"count", (json_int_t)first->of_package,
					"files", files));
	}
	output_json(json_pack("{s:o}", "groups", list));
}

int denial_groups_print(struct denial_groups *groups,
			struct execgate_error *err)
{
	int ret = groups->no_memory ? -ENOMEM : 0;

	if (!ret && groups->count)
		ret = find_packages(groups);
	if (ret)
		return execgate_error_errno(err, ret, "cannot group denials");
	if (groups->count)
		sort_rows(groups);
	if (output_is_json())
		print_json(groups);
	else
		print_text(groups);
	return 0;
}

void denial_groups_free(struct denial_groups *groups)
{
	for (size_t i = 0; i < groups->count; i++) {
		free(groups->rows[i].path);
		free(groups->rows[i].real);
	}
	free(groups->rows);
	memset(groups, 0, sizeof(*groups));
}
