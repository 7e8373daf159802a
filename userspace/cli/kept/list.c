// SPDX-License-Identifier: GPL-2.0
#include "cli/kept/list.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"

/* One row an item: where it was found. */
struct kept_list {
	const struct kept_list_kind *kind;
	struct row {
		void *item;
		bool loaded;
		bool kept;
	} *rows;
	size_t count;
};

static struct row *find_or_make(struct kept_list *list, const void *item)
{
	struct row *row;
	void *copy;

	for (size_t i = 0; i < list->count; i++)
		if (list->kind->same(list->rows[i].item, item))
			return &list->rows[i];
	copy = malloc(list->kind->item_size);
	row = copy ? execgate_array_add(list->rows, list->count) : NULL;
	if (!row) {
		free(copy);
		return NULL;
	}
	memcpy(copy, item, list->kind->item_size);
	*row = (struct row){ .item = copy };
	list->count++;
	return row;
}

void kept_list_loaded(struct kept_list *list, const void *item)
{
	struct row *row = find_or_make(list, item);

	if (row)
		row->loaded = true;
}

void kept_list_kept(struct kept_list *list, const void *item)
{
	struct row *row = find_or_make(list, item);

	if (row)
		row->kept = true;
}

int kept_list_ask(const char *unasked,
		  int (*ask)(struct execgate_netlink *nl, void *arg,
			     struct execgate_error *err),
		  void *arg)
{
	struct execgate_netlink *nl;
	struct execgate_error err;
	int ret = execgate_netlink_open(&nl, &err);

	if (!ret) {
		ret = ask(nl, arg, &err);
		execgate_netlink_close(nl);
	}
	if (!ret)
		return EXECGATE_EXIT_OK;
	output_message("%s: %s", unasked, err.message);
	return err.code;
}

static int ask_kernel(struct execgate_netlink *nl, void *arg,
		      struct execgate_error *err)
{
	struct kept_list *list = arg;

	return list->kind->ask(nl, list, err);
}

static int read_file(struct kept_list *list, const char *path)
{
	struct execgate_error err;

	return list->kind->load(path, list, &err) ? output_error(&err) :
						    EXECGATE_EXIT_OK;
}

/* As key list has it: null where whoever may not ask does not know. */
static json_t *loaded_json(const struct row *row, int code)
{
	return code == EXECGATE_EXIT_NO_PRIVILEGE ? json_null() :
						    json_boolean(row->loaded);
}

static void print(const struct kept_list *list, int code)
{
	char text[KEPT_LIST_TEXT];

	for (size_t i = 0; i < list->count; i++) {
		const struct row *row = &list->rows[i];
		json_t *loaded = loaded_json(row, code);

		printf("%s  %s%s%s\n", list->kind->text(text, row->item),
		       output_style(row->loaded ? OUTPUT_GOOD : OUTPUT_WARN),
		       output_loaded(loaded, row->kept ? "" : NULL),
		       output_style(OUTPUT_PLAIN));
		json_decref(loaded);
	}
	if (!list->count && !code)
		printf("%s\n", list->kind->none);
}

static void print_json(const struct kept_list *list, int code)
{
	json_t *array = json_array(), *object;

	for (size_t i = 0; i < list->count; i++) {
		const struct row *row = &list->rows[i];

		object = list->kind->json(row->item);
		json_object_set_new(object, "loaded", loaded_json(row, code));
		json_object_set_new(object, "persisted",
				    json_boolean(row->kept));
		json_array_append_new(array, object);
	}
	output_json(json_pack("{s:b, s:o}", "module_asked", !code,
			      list->kind->name, array));
}

static void free_rows(struct kept_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->rows[i].item);
	free(list->rows);
}

int kept_list_run(const struct kept_list_kind *kind, const struct command *self,
		  int argc, char **argv)
{
	const struct option options[] = {
		{ kind->option, required_argument, NULL, 'f' },
		{ 0 },
	};
	struct kept_list list = { .kind = kind };
	const char *path = kind->path;
	int answer, code, kept;

	while ((answer = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (answer != 'f')
			return cmd_option_error(self, answer, argv);
		path = optarg;
	}
	if (optind < argc)
		return cmd_usage_error(self, "%s is one word too many",
				       argv[optind]);
	code = kept_list_ask(kind->unasked, ask_kernel, &list);
	kept = read_file(&list, path);
	if (output_is_json() && !kept)
		print_json(&list, code);
	else if (!output_is_json())
		print(&list, code);
	free_rows(&list);
	return code ? code : kept;
}
