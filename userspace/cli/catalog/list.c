// SPDX-License-Identifier: GPL-2.0
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/catalog/catalog.h"
#include "cli/kept/list.h"
#include "lib/netlink/netlink.h"

const char cmd_catalog_list_options[] =
	"  --catalogs-dir DIR   where they are kept (" EXECGATE_CATALOG_DIR
	")\n"
	"\n"
	"Loaded catalogs are those the kernel trusts now; kept ones are loaded at\n"
	"boot, and so are those of " EXECGATE_CATALOG_SHIPPED_DIR
	",\nwhich packages bring. Exits with 6 when the module is not there to be\n"
	"asked.\n";

/*
 * One JSON object a catalog: {name, sequence, ..., loaded, persisted, problem}. Loaded is
 * null where the kernel was not asked.
 */
static json_t *find_row(json_t *rows, const char *name)
{
	json_t *row;
	size_t i;

	for (i = 0; i < json_array_size(rows); i++) {
		row = json_array_get(rows, i);
		if (strcmp(json_string_value(json_object_get(row, "name")),
			   name) == 0)
			return row;
	}
	return NULL;
}

static json_t *new_row(json_t *rows, const char *name)
{
	json_t *row = json_object();

	output_json_set_bytes(row, "name", name, strlen(name));
	json_object_set_new(row, "sequence", json_null());
	json_object_set_new(row, "created_at", json_null());
	json_object_set_new(row, "entries", json_null());
	json_object_set_new(row, "loaded", json_null());
	json_object_set_new(row, "persisted", json_null());
	json_object_set_new(row, "problem", json_null());
	json_array_append_new(rows, row);
	return row;
}

static void set_numbers(json_t *row, uint64_t sequence, uint64_t created_at,
			uint32_t entries)
{
	json_object_set_new(row, "sequence",
			    json_integer((json_int_t)sequence));
	json_object_set_new(row, "created_at",
			    json_integer((json_int_t)created_at));
	json_object_set_new(row, "entries", json_integer(entries));
}

static int add_loaded(const struct execgate_loaded_catalog *catalog, void *rows)
{
	json_t *row = new_row(rows, catalog->name);

	set_numbers(row, catalog->sequence, catalog->created_at,
		    catalog->entries);
	json_object_set_new(row, "loaded", json_true());
	output_json_set_hex(row, "signer", catalog->signer,
			    sizeof(catalog->signer));
	return 0;
}

static int add_kept(const char *path, void *rows)
{
	const struct eg_manifest *m;
	struct execgate_catalog_file file;
	struct execgate_error err;
	json_t *row;

	if (execgate_catalog_file_load(path, &file, &err)) {
		row = new_row(rows, strrchr(path, '/') + 1);
		output_json_set_bytes(row, "problem", err.message,
				      strlen(err.message));
		output_json_set_bytes(row, "persisted", path, strlen(path));
		return 0;
	}
	m = &file.manifest;
	row = find_row(rows, file.name);
	if (!row) {
		row = new_row(rows, file.name);
		set_numbers(row, m->sequence, m->created_at, m->entry_count);
	} else if (json_integer_value(json_object_get(row, "sequence")) !=
		   (json_int_t)m->sequence) {
		json_object_set_new(row, "problem",
				    json_string("the file is of another "
						"sequence than what is "
						"loaded"));
	}
	output_json_set_bytes(row, "persisted", path, strlen(path));
	execgate_catalog_file_free(&file);
	return 0;
}

static void print_row(const json_t *row)
{
	bool loaded = json_is_true(json_object_get(row, "loaded"));
	const char *kept, *problem, *name;
	char when[OUTPUT_TIME_SIZE];
	json_int_t entries;

	name = json_string_value(json_object_get(row, "name"));
	kept = json_string_value(json_object_get(row, "persisted"));
	problem = json_string_value(json_object_get(row, "problem"));
	entries = json_integer_value(json_object_get(row, "entries"));
	printf("%s  %s%s%s\n", name,
	       output_style(loaded ? OUTPUT_GOOD : OUTPUT_WARN),
	       output_loaded(json_object_get(row, "loaded"), kept),
	       output_style(OUTPUT_PLAIN));
	if (entries) {
		output_field("Sequence", "%" JSON_INTEGER_FORMAT,
			     json_integer_value(
				     json_object_get(row, "sequence")));
		output_field("Created", "%s",
			     output_time(when,
					 (uint64_t)json_integer_value(
						 json_object_get(
							 row, "created_at"))));
		output_field("Digests", "%" JSON_INTEGER_FORMAT, entries);
	}
	if (kept)
		output_field("Kept as", "%s", kept);
	if (problem)
		output_field("Problem", "%s", problem);
}

static void print_catalogs(json_t *rows, const char *dir, int code)
{
	size_t i;

	for (i = 0; i < json_array_size(rows); i++)
		print_row(json_array_get(rows, i));
	if (json_array_size(rows))
		return;
	/* The kernel may have some: it was not asked. */
	if (code)
		printf("No catalog is kept in %s.\n", dir);
	else
		printf("There is no catalog: only files that carry a signature "
		       "of their own are trusted.\n");
}

static int ask_kernel(struct execgate_netlink *nl, void *rows,
		      struct execgate_error *err)
{
	return execgate_netlink_catalog_list(nl, add_loaded, rows, err);
}

int cmd_catalog_list_run(const struct command *self, int argc, char **argv)
{
	static const struct option options[] = {
		{ "catalogs-dir", required_argument, NULL, 'd' },
		{ 0 },
	};
	const char *dir = EXECGATE_CATALOG_DIR;
	struct execgate_error err;
	json_t *rows;
	int answer, code, ret;

	while ((answer = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (answer != 'd')
			return cmd_option_error(self, answer, argv);
		dir = optarg;
	}
	if (optind < argc)
		return cmd_usage_error(self, "%s is one word too many",
				       argv[optind]);
	rows = json_array();
	code = kept_list_ask("only kept catalogs are shown", ask_kernel, rows);
	ret = execgate_catalog_file_list(EXECGATE_CATALOG_SHIPPED_DIR, add_kept,
					 rows, &err);
	if (!ret)
		ret = execgate_catalog_file_list(dir, add_kept, rows, &err);
	if (code != EXECGATE_EXIT_NO_PRIVILEGE)
		output_loaded_known(rows);
	if (ret)
		code = output_error(&err);
	else if (output_is_json())
		output_json(json_pack("{s:b, s:O}", "module_asked",
				      code == EXECGATE_EXIT_OK, "catalogs",
				      rows));
	else
		print_catalogs(rows, dir, code);
	json_decref(rows);
	return code;
}
