// SPDX-License-Identifier: GPL-2.0
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/catalog/catalog.h"
#include "cli/common/sign_options.h"
#include "lib/base/digits.h"

const char cmd_catalog_show_options[] =
	"  --entries        every digest too; with --json a line each\n"
	"\n"
	"CATALOG is a file, signed or not, or the name of an installed one.\n";

const char cmd_catalog_diff_options[] =
	"OLD and NEW are files, signed or not, or names of installed catalogs.\n"
	"Shows \"-\" for what only OLD trusts, \"+\" for what only NEW does and \"!\"\n"
	"for what both trust, but for other uses or by other rules.\n";

static const char *const kinds[] = { "content", "verity" };

static json_t *entry_json(const struct eg_manifest *m,
			  const struct eg_manifest_entry *entry)
{
	struct eg_manifest_identity identity;
	json_t *row = json_object();

	eg_manifest_identity_at(m, entry->identity, &identity);
	output_json_set_hex(row, "digest", entry->digest, EG_SHA256_SIZE);
	json_object_set_new(row, "kind", json_string(kinds[entry->kind]));
	json_object_set_new(row, "size", json_integer((json_int_t)entry->size));
	json_object_set_new(row, "classes",
			    sign_options_classes_json(entry->classes));
	output_json_set_bytes(row, "identity", identity.name.data,
			      identity.name.size);
	json_object_set_new(row, "identity_version",
			    json_integer((json_int_t)identity.version));
	json_object_set_new(row, "rules",
			    sign_options_rules_json(identity.rules));
	return row;
}

static void print_entry(const char *mark, const struct eg_manifest *m,
			const struct eg_manifest_entry *entry)
{
	char hex[2 * EG_SHA256_SIZE + 1], classes[EXECGATE_CLASSES_TEXT];
	struct eg_manifest_identity identity;
	char *name, text[EXECGATE_RULE_TEXT];
	struct eg_rule rule;

	eg_manifest_identity_at(m, entry->identity, &identity);
	name = output_escape(identity.name.data, identity.name.size);
	printf("%s%s  %-7s  %-15s  %s\n", mark,
	       execgate_hex_write(hex, entry->digest, EG_SHA256_SIZE),
	       kinds[entry->kind],
	       execgate_classify_text(entry->classes, classes), name);
	free(name);
	while (eg_rules_next(&identity.rules, &rule)) {
		execgate_rule_text(&rule, text);
		name = output_escape(text, strlen(text));
		printf("%s    rule %s\n", mark, name);
		free(name);
	}
}

/* Rules are equal when their bytes are. */
static bool same_rules(const struct eg_manifest *a, uint32_t i,
		       const struct eg_manifest *b, uint32_t j)
{
	struct eg_manifest_identity x, y;

	eg_manifest_identity_at(a, i, &x);
	eg_manifest_identity_at(b, j, &y);
	return x.rules.size == y.rules.size &&
	       !memcmp(x.rules.data, y.rules.data, x.rules.size);
}

static void show_entries(const struct eg_manifest *m)
{
	struct eg_manifest_entry entry;
	uint32_t i;

	for (i = 0; i < m->entry_count; i++) {
		eg_manifest_entry_at(m, i, &entry);
		if (output_is_json())
			output_json_line(entry_json(m, &entry));
		else
			print_entry("", m, &entry);
	}
}

static int load(const char *text, struct execgate_catalog_file *file)
{
	struct execgate_error err;
	char path[PATH_MAX];

	if (catalog_find(text, path, &err) ||
	    execgate_catalog_file_load(path, file, &err))
		return output_error(&err);
	return 0;
}

int cmd_catalog_show_run(const struct command *self, int argc, char **argv)
{
	static const struct option options[] = {
		{ "entries", no_argument, NULL, 'e' },
		{ 0 },
	};
	struct execgate_catalog_file file;
	bool entries = false;
	int answer, code;

	while ((answer = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (answer != 'e')
			return cmd_option_error(self, answer, argv);
		entries = true;
	}
	if (optind + 1 != argc)
		return cmd_usage_error(self, "which one catalog?");
	code = load(argv[optind], &file);
	if (code)
		return code;
	if (entries && output_is_json())
		output_json_line(catalog_json(&file));
	else if (output_is_json())
		output_json(catalog_json(&file));
	else
		catalog_print(&file);
	if (entries)
		show_entries(&file.manifest);
	execgate_catalog_file_free(&file);
	return EXECGATE_EXIT_OK;
}

/**
 * struct diff - two manifests side by side; the JSON arrays only with --json
 */
struct diff {
	const struct eg_manifest *old;
	const struct eg_manifest *new;
	json_t *removed;
	json_t *added;
	json_t *changed;
	size_t removed_count;
	size_t added_count;
	size_t changed_count;
};

static void note(const char *mark, const struct eg_manifest *m,
		 const struct eg_manifest_entry *entry, json_t *rows,
		 size_t *count)
{
	++*count;
	if (output_is_json())
		json_array_append_new(rows, entry_json(m, entry));
	else
		print_entry(mark, m, entry);
}

static int compare(const struct eg_manifest_entry *a,
		   const struct eg_manifest_entry *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return memcmp(a->digest, b->digest, EG_SHA256_SIZE);
}

/* Both are sorted: one pass. */
static void compare_entries(struct diff *diff)
{
	const struct eg_manifest *old = diff->old, *new = diff->new;
	struct eg_manifest_entry a, b;
	uint32_t i = 0, j = 0;
	int order;

	while (i < old->entry_count || j < new->entry_count) {
		if (i < old->entry_count)
			eg_manifest_entry_at(old, i, &a);
		if (j < new->entry_count)
			eg_manifest_entry_at(new, j, &b);
		order = i == old->entry_count ? 1 :
			j == new->entry_count ? -1 :
						compare(&a, &b);
		if (order < 0)
			note("- ", old, &a, diff->removed,
			     &diff->removed_count);
		else if (order > 0)
			note("+ ", new, &b, diff->added, &diff->added_count);
		else if (a.classes != b.classes ||
			 !same_rules(old, a.identity, new, b.identity))
			note("! ", new, &b, diff->changed,
			     &diff->changed_count);
		i += order <= 0;
		j += order >= 0;
	}
}

static void report(const struct diff *diff)
{
	uint32_t same = diff->new->entry_count - diff->added_count -
			diff->changed_count;

	if (output_is_json())
		output_json(json_pack("{s:o, s:o, s:o, s:I}", "removed",
				      diff->removed, "added", diff->added,
				      "changed", diff->changed, "same",
				      (json_int_t)same));
	else
		printf("%zu removed, %zu added, %zu changed, %u the same; "
		       "sequence %" PRIu64 " to %" PRIu64 "\n",
		       diff->removed_count, diff->added_count,
		       diff->changed_count, same, diff->old->sequence,
		       diff->new->sequence);
}

int cmd_catalog_diff_run(const struct command *self, int argc, char **argv)
{
	struct execgate_catalog_file old, new;
	struct diff diff = { .old = &old.manifest, .new = &new.manifest };
	int code;

	if (argc != 3)
		return cmd_usage_error(self, "which two catalogs?");
	code = load(argv[1], &old);
	if (code)
		return code;
	code = load(argv[2], &new);
	if (!code) {
		if (output_is_json()) {
			diff.removed = json_array();
			diff.added = json_array();
			diff.changed = json_array();
		}
		compare_entries(&diff);
		report(&diff);
		execgate_catalog_file_free(&new);
	}
	execgate_catalog_file_free(&old);
	return code;
}
