// SPDX-License-Identifier: GPL-2.0
#include <getopt.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/constrain/constrain.h"
#include "lib/base/array.h"
#include "lib/netlink/netlink.h"

/* One row a user or unit: where it was found. */
struct rows {
	struct row {
		struct execgate_constrained item;
		bool loaded;
		bool kept;
	} *items;
	size_t count;
};

static struct row *find_or_make(struct rows *rows,
				const struct execgate_constrained *item)
{
	struct row *row;

	for (size_t i = 0; i < rows->count; i++)
		if (execgate_constrained_same(&rows->items[i].item, item))
			return &rows->items[i];
	row = execgate_array_add(rows->items, rows->count);
	if (!row)
		return NULL;
	*row = (struct row){ .item = *item };
	rows->count++;
	return row;
}

static int add_loaded(const struct execgate_constraint_item *loaded, void *arg)
{
	struct execgate_constrained item = { .kind = loaded->kind };
	const struct passwd *user;
	struct row *row;

	if (loaded->kind == EXECGATE_CONSTRAINT_USER) {
		item.uid = (uint32_t)loaded->id;
		user = getpwuid(item.uid);
		if (user)
			snprintf(item.name, sizeof(item.name), "%s",
				 user->pw_name);
	} else if (!execgate_constrained_unit(EXECGATE_CGROUP_DIR, loaded->id,
					      item.name)) {
		/* The kernel lets go of it at the next change. */
		snprintf(item.name, sizeof(item.name), "cgroup %" PRIu64,
			 loaded->id);
	}
	row = find_or_make(arg, &item);
	if (row)
		row->loaded = true;
	return 0;
}

/* Those that the kernel holds; the exit code when it cannot be asked. */
static int list_loaded(struct rows *rows)
{
	struct execgate_netlink *nl;
	struct execgate_error err;
	int ret = execgate_netlink_open(&nl, &err);

	if (!ret) {
		ret = execgate_netlink_constrain_list(nl, add_loaded, rows,
						      &err);
		execgate_netlink_close(nl);
	}
	if (!ret)
		return EXECGATE_EXIT_OK;
	output_message("only what is kept is shown: %s", err.message);
	return err.code;
}

static int list_kept(struct rows *rows, const char *path)
{
	struct execgate_constrained_list kept;
	struct execgate_error err;
	int ret = execgate_constrained_load(path, &kept, &err);

	for (size_t i = 0; i < kept.count; i++) {
		struct row *row = find_or_make(rows, &kept.items[i]);

		if (row)
			row->kept = true;
	}
	execgate_constrained_free(&kept);
	return ret ? output_error(&err) : EXECGATE_EXIT_OK;
}

/* As revoke list has it: null where whoever may not ask does not know. */
static json_t *loaded_json(const struct row *row, int code)
{
	return code == EXECGATE_EXIT_NO_PRIVILEGE ? json_null() :
						    json_boolean(row->loaded);
}

static void print(const struct rows *rows, int code)
{
	char text[CONSTRAIN_TEXT];

	for (size_t i = 0; i < rows->count; i++) {
		const struct row *row = &rows->items[i];
		json_t *loaded = loaded_json(row, code);

		printf("%s  %s%s%s\n", constrain_text(text, &row->item),
		       output_style(row->loaded ? OUTPUT_GOOD : OUTPUT_WARN),
		       output_loaded(loaded, row->kept ? "" : NULL),
		       output_style(OUTPUT_PLAIN));
		json_decref(loaded);
	}
	if (!rows->count && !code)
		printf("Nobody is constrained.\n");
}

static void print_json(const struct rows *rows, int code)
{
	json_t *array = json_array(), *row;

	for (size_t i = 0; i < rows->count; i++) {
		row = constrain_json(&rows->items[i].item);
		json_object_set_new(row, "loaded",
				    loaded_json(&rows->items[i], code));
		json_object_set_new(row, "persisted",
				    json_boolean(rows->items[i].kept));
		json_array_append_new(array, row);
	}
	output_json(json_pack("{s:b, s:o}", "module_asked", !code,
			      "constrained", array));
}

int cmd_constrain_list_run(const struct command *self, int argc, char **argv)
{
	static const struct option options[] = {
		{ "constrained", required_argument, NULL, 'c' },
		{ 0 },
	};
	const char *path = EXECGATE_CONSTRAINED_FILE;
	struct rows rows = { .count = 0 };
	int answer, code, kept;

	while ((answer = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (answer != 'c')
			return cmd_option_error(self, answer, argv);
		path = optarg;
	}
	if (optind < argc)
		return cmd_usage_error(self, "%s is one word too many",
				       argv[optind]);
	code = list_loaded(&rows);
	kept = list_kept(&rows, path);
	if (output_is_json() && !kept)
		print_json(&rows, code);
	else if (!output_is_json())
		print(&rows, code);
	free(rows.items);
	return code ? code : kept;
}
