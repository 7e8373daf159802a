// SPDX-License-Identifier: GPL-2.0
/* The files that would be denied: grouped by what mends them, essential ones first. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/common/output.h"
#include "cli/preflight/ask.h"
#include "lib/base/names.h"
#include "lib/debian/dpkg.h"
#include "lib/debian/packages.h"
#include "lib/events/advice.h"

#define SHOWN_FILES 5
/* The key that DKMS signs with; the kernel knows it only if the firmware does. */
#define DKMS_KEY "/var/lib/dkms/mok.pub"

/**
 * struct row - one denial to come
 * @path: canonical; owned
 * @mend: the command that mends the group that begins here, or NULL; owned
 * @package: "" if no package owns it
 */
struct row {
	const struct execgate_preflight_item *item;
	char *path;
	char *mend;
	const char *package;
	uint32_t reason;
	int use;
};

/**
 * struct report - the rows in the order in which they are shown
 * @queries: @count of them; the packages of the rows are in here
 */
struct report {
	struct row *rows;
	struct execgate_package_query *queries;
	size_t count;
};

static bool is_module(const struct row *row)
{
	return row->use == EXECGATE_PREFLIGHT_MODULE;
}

static int by_group(const void *a, const void *b)
{
	const struct row *left = a, *right = b;
	int order = !left->item->role - !right->item->role;

	if (!order)
		order = is_module(left) - is_module(right);
	/* Files of no package come last: they are mended one by one. */
	if (!order)
		order = !*left->package - !*right->package;
	if (!order)
		order = strcmp(left->package, right->package);
	if (!order)
		order = (left->reason > right->reason) -
			(left->reason < right->reason);
	return order ? order : strcmp(left->path, right->path);
}

static bool same_group(const struct row *a, const struct row *b)
{
	return !a->item->role == !b->item->role && a->reason == b->reason &&
	       is_module(a) == is_module(b) && !strcmp(a->package, b->package);
}

static void add_row(struct report *report,
		    const struct execgate_preflight_item *item, int use)
{
	struct row *row = &report->rows[report->count];
	char real[PATH_MAX];

	row->item = item;
	row->use = use;
	row->reason = item->reason[use];
	row->package = "";
	row->mend = NULL;
	/* Through a link of /proc it has no path here that could be resolved. */
	row->path = strdup(
		!item->open && realpath(item->path, real) ? real : item->path);
	if (!row->path)
		return;
	report->queries[report->count].path = row->path;
	report->count++;
}

static char *find_remedy(const struct row *rows, size_t count);

/* The end of the group that begins with @from. */
static size_t group_end(const struct report *report, size_t from)
{
	size_t to = from + 1;

	while (to < report->count &&
	       same_group(&report->rows[from], &report->rows[to]))
		to++;
	return to;
}

static bool collect_denied(const struct execgate_preflight *set,
			   struct report *report)
{
	memset(report, 0, sizeof(*report));
	report->rows = calloc(set->count + 1, sizeof(*report->rows));
	report->queries = calloc(set->count + 1, sizeof(*report->queries));
	if (!report->rows || !report->queries)
		return false;
	for (size_t i = 0; i < set->count; i++)
		for (int use = 0; use < EXECGATE_PREFLIGHT_USES; use++)
			if (set->items[i].use[use] &&
			    set->items[i].reason[use] !=
				    EXECGATE_REASON_ALLOWED) {
				add_row(report, &set->items[i], use);
				break;
			}
	if (execgate_packages_find(EXECGATE_DPKG_ADMINDIR, report->queries,
				   report->count))
		return false;
	for (size_t i = 0; i < report->count; i++)
		report->rows[i].package = report->queries[i].package;
	if (report->count)
		qsort(report->rows, report->count, sizeof(*report->rows),
		      by_group);
	for (size_t from = 0, to; from < report->count; from = to) {
		to = group_end(report, from);
		report->rows[from].mend =
			find_remedy(&report->rows[from], to - from);
	}
	return true;
}

static void release_groups(struct report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		free(report->rows[i].path);
		free(report->rows[i].mend);
	}
	free(report->rows);
	free(report->queries);
}

/* @start, then the quoted paths of the rows, then @end. */
static char *name_all(const char *start, const struct row *rows, size_t count,
		      const char *end)
{
	char word[EXECGATE_ADVICE_COMMAND];
	size_t size = strlen(start) + strlen(end) + 1, used;
	char *out;

	for (size_t i = 0; i < count; i++)
		size += 4 * strlen(rows[i].path) + 4;
	out = malloc(size);
	if (!out)
		return NULL;
	used = (size_t)snprintf(out, size, "%s", start);
	for (size_t i = 0; i < count; i++) {
		execgate_advice_quote(rows[i].path, word, sizeof(word));
		if (*word)
			used += (size_t)snprintf(out + used, size - used, " %s",
						 word);
	}
	snprintf(out + used, size - used, "%s", end);
	return out;
}

static bool is_packed(const struct row *row)
{
	size_t length = strlen(row->path);

	return length < 3 || strcmp(row->path + length - 3, ".ko") != 0;
}

/*
 * Signed at its end a compressed module could no longer be unpacked: a catalog
 * lists it. The modules of all kernels, for a catalog of this name replaces the one
 * before.
 */
static char *mend_modules(const struct row *rows, size_t count)
{
	static const char build[] = "execgate catalog build --name modules "
				    "--sign";
	static const char install[] = " && execgate catalog install "
				      "modules.cat";
	bool packed = false, updates = true, dkms = true;

	for (size_t i = 0; i < count; i++) {
		packed |= is_packed(&rows[i]);
		updates &= strstr(rows[i].path, "/updates/") != NULL;
		dkms &= strstr(rows[i].path, "/updates/dkms/") != NULL;
	}
	if (!packed && dkms && rows->reason == EXECGATE_REASON_UNKNOWN_SIGNER &&
	    !access(DKMS_KEY, F_OK))
		return strdup("execgate key enroll --modules " DKMS_KEY);
	if (!packed)
		return name_all(execgate_advice_sign(), rows, count, "");
	if (!updates)
		return name_all(build, rows, count, install);
	return strdup("execgate catalog build --name modules --sign "
		      "/lib/modules/*/updates && execgate catalog install "
		      "modules.cat");
}

/*
 * The command that mends a whole group: where it names the file it is made to
 * name all of them.
 */
static char *find_remedy(const struct row *rows, size_t count)
{
	const char *sign = execgate_advice_sign();
	struct execgate_advice advice;

	if (is_module(rows) && !*rows->package)
		return mend_modules(rows, count);
	execgate_advice_get(rows->reason, rows->path, rows->package, &advice);
	if (!advice.count)
		return NULL;
	if (count == 1 || *rows->package ||
	    strncmp(advice.ways[0].command, sign, strlen(sign)) != 0)
		return strdup(advice.ways[0].command);
	return name_all(advice.ways[0].command, rows + 1, count - 1, "");
}

static void print_file(const struct row *row)
{
	char *path = output_escape(row->path, strlen(row->path));

	printf("    %s", path ? path : "?");
	if (row->item->role)
		printf("%s  (%s)%s", output_style(OUTPUT_DIM), row->item->role,
		       output_style(OUTPUT_PLAIN));
	printf("\n");
	free(path);
}

static bool has_mend(const struct row *row)
{
	return row->mend && *row->mend;
}

/* How many groups before @row, or (@all) of all, the same command mends. */
static size_t same_mend(const struct report *report, const struct row *row,
			bool all)
{
	size_t end = all ? report->count : (size_t)(row - report->rows);
	size_t count = 0;

	for (size_t i = 0; i < end; i++)
		count += has_mend(&report->rows[i]) &&
			 !strcmp(report->rows[i].mend, row->mend);
	return count;
}

/* A command that mends several groups is told once, behind all of them. */
static void print_shared(const struct report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		const struct row *row = &report->rows[i];
		size_t groups = has_mend(row) ? same_mend(report, row, true) :
						0;

		if (groups < 2 || same_mend(report, row, false))
			continue;
		printf("\nFor %zu groups of these, once:\n", groups);
		printf("    -> %s\n", row->mend);
	}
}

static void print_group(const struct report *report, size_t from, size_t count,
			bool all)
{
	size_t shown = all || count <= SHOWN_FILES ? count : SHOWN_FILES;
	const struct row *rows = &report->rows[from];
	const char *what = is_module(rows) ? "kernel module" : "file";

	printf("  %s%s%s: %s%s%s (%s), %zu %s%s\n", output_style(OUTPUT_WARN),
	       *rows->package ? rows->package : "of no package",
	       output_style(OUTPUT_PLAIN), output_style(OUTPUT_BAD),
	       execgate_reason_name(rows->reason), output_style(OUTPUT_PLAIN),
	       execgate_reason_text(rows->reason), count, what,
	       count == 1 ? "" : "s");
	for (size_t i = 0; i < shown; i++)
		print_file(&rows[i]);
	if (shown < count)
		printf("    and %zu more (--all shows them)\n", count - shown);
	if (has_mend(rows) && same_mend(report, rows, true) == 1)
		printf("    -> %s\n", rows->mend);
}

static void print_verdict(const struct preflight_result *result)
{
	if (!result->denied && !result->failed) {
		printf("%sNothing would break:%s all %zu files that were found "
		       "would be allowed.\n",
		       output_style(OUTPUT_GOOD), output_style(OUTPUT_PLAIN),
		       result->asked);
		return;
	}
	printf("\n%zu of %zu files would be denied", result->denied,
	       result->asked);
	if (result->critical)
		printf("; %s%zu of them %s needed to boot, to log in or to "
		       "repair%s",
		       output_style(OUTPUT_BAD), result->critical,
		       result->critical == 1 ? "is" : "are",
		       output_style(OUTPUT_PLAIN));
	if (result->failed)
		printf("; %zu could not be judged", result->failed);
	printf(".\n");
}

static void warn_failed(const struct execgate_preflight *set)
{
	for (size_t i = 0; i < set->count; i++) {
		const struct execgate_preflight_item *item = &set->items[i];
		char *path;

		if (!item->error)
			continue;
		path = output_escape(item->path, strlen(item->path));
		output_warning("%s could not be judged: %s", path ? path : "?",
			       strerror(-item->error));
		free(path);
	}
}

void preflight_report(const struct execgate_preflight *set,
		      const struct preflight_result *result, bool all)
{
	struct report report;
	size_t from, to;
	bool first = true;

	warn_failed(set);
	if (!collect_denied(set, &report)) {
		output_warning("no memory for the report");
		release_groups(&report);
		return;
	}
	for (from = 0; from < report.count; from = to) {
		const struct row *row = &report.rows[from];

		to = group_end(&report, from);
		if (first)
			printf("%s\n",
			       row->item->role ?
				       "Needed to boot, to log in or "
				       "to repair:" :
				       "Other programs, libraries and modules:");
		else if (row->item->role == NULL && row[-1].item->role)
			printf("\nOther programs, libraries and "
			       "modules:\n");
		first = false;
		print_group(&report, from, to - from, all || row->item->role);
	}
	print_shared(&report);
	release_groups(&report);
	print_verdict(result);
}

static json_t *sources_json(unsigned int sources)
{
	json_t *list = json_array();

#define X(id, bit, name)                       \
	if (sources & EXECGATE_PREFLIGHT_##id) \
		json_array_append_new(list, json_string(name));
	EXECGATE_PREFLIGHT_SOURCES(X)
#undef X
	return list;
}

static json_t *file_json(const struct row *row)
{
	json_t *object = json_object();

	output_json_set_bytes(object, "path", row->path, strlen(row->path));
	json_object_set_new(object, "hook",
			    json_string(execgate_hook_name(
				    execgate_preflight_hook(row->use))));
	if (row->item->role)
		json_object_set_new(object, "role",
				    json_string(row->item->role));
	json_object_set_new(object, "sources",
			    sources_json(row->item->sources));
	return object;
}

static json_t *group_json(const struct row *rows, size_t count)
{
	json_t *object = json_object(), *files = json_array();

	json_object_set_new(object, "critical",
			    json_boolean(rows->item->role != NULL));
	if (*rows->package)
		json_object_set_new(object, "package",
				    json_string(rows->package));
	json_object_set_new(object, "reason",
			    json_string(execgate_reason_name(rows->reason)));
	json_object_set_new(object, "reason_text",
			    json_string(execgate_reason_text(rows->reason)));
	if (has_mend(rows))
		json_object_set_new(object, "mend", json_string(rows->mend));
	for (size_t i = 0; i < count; i++)
		json_array_append_new(files, file_json(&rows[i]));
	json_object_set_new(object, "files", files);
	return object;
}

static json_t *failed_json(const struct execgate_preflight *set)
{
	json_t *list = json_array();

	for (size_t i = 0; i < set->count; i++) {
		const struct execgate_preflight_item *item = &set->items[i];
		json_t *object;

		if (!item->error)
			continue;
		object = json_object();
		output_json_set_bytes(object, "path", item->path,
				      strlen(item->path));
		json_object_set_new(object, "error",
				    json_string(strerror(-item->error)));
		json_array_append_new(list, object);
	}
	return list;
}

void preflight_report_json(const struct execgate_preflight *set,
			   const struct preflight_result *result)
{
	json_t *object = json_object(), *groups = json_array();
	struct report report;
	size_t from, to;

	if (!collect_denied(set, &report))
		output_warning("no memory for the report");
	for (from = 0; from < report.count; from = to) {
		to = group_end(&report, from);
		json_array_append_new(groups, group_json(&report.rows[from],
							 to - from));
	}
	release_groups(&report);
	json_object_set_new(object, "files",
			    json_integer((json_int_t)result->asked));
	json_object_set_new(object, "denied",
			    json_integer((json_int_t)result->denied));
	json_object_set_new(object, "critical",
			    json_integer((json_int_t)result->critical));
	json_object_set_new(object, "groups", groups);
	json_object_set_new(object, "not_judged", failed_json(set));
	output_json(object);
}
