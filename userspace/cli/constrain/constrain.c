// SPDX-License-Identifier: GPL-2.0
#include "cli/constrain/constrain.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/names.h"
#include "lib/netlink/netlink.h"

#define COMMON_OPTIONS                                                       \
	"  --no-persist        until the next boot only\n"                   \
	"  --constrained FILE  where it is kept (" EXECGATE_CONSTRAINED_FILE \
	")\n"

/**
 * struct constraining - one command line
 * @nl: NULL while the module is not loaded
 * @idle: a unit that does not run
 */
struct constraining {
	bool add;
	bool persist;
	bool idle;
	const char *file;
	struct execgate_netlink *nl;
	struct execgate_constrained item;
	struct execgate_constraint_item wanted;
};

json_t *constrain_json(const struct execgate_constrained *item)
{
	json_t *row = json_object();

	json_object_set_new(row, "kind",
			    json_string(execgate_constraint_name(item->kind)));
	if (item->kind == EXECGATE_CONSTRAINT_USER)
		json_object_set_new(row, "uid", json_integer(item->uid));
	if (*item->name)
		output_json_set_bytes(row, "name", item->name,
				      strlen(item->name));
	return row;
}

char *constrain_text(char *out, const struct execgate_constrained *item)
{
	char *name = output_escape(item->name, strlen(item->name));

	if (item->kind == EXECGATE_CONSTRAINT_UNIT)
		snprintf(out, CONSTRAIN_TEXT, "unit %s", name);
	else if (*item->name)
		snprintf(out, CONSTRAIN_TEXT, "user %s (%" PRIu32 ")", name,
			 item->uid);
	else
		snprintf(out, CONSTRAIN_TEXT, "user %" PRIu32, item->uid);
	free(name);
	return out;
}

static int parse(const struct command *self, int argc, char **argv,
		 struct constraining *run)
{
	static const struct option options[] = {
		{ "no-persist", no_argument, NULL, 'n' },
		{ "constrained", required_argument, NULL, 'c' },
		{ 0 },
	};
	struct execgate_error err;
	int answer;

	while ((answer = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (answer == 'n')
			run->persist = false;
		else if (answer == 'c')
			run->file = optarg;
		else
			return cmd_option_error(self, answer, argv);
	}
	if (optind + 1 != argc)
		return cmd_usage_error(self, "name exactly one user or unit");
	if (execgate_constrained_parse(argv[optind], &run->item, &err))
		return output_error(&err);
	if (run->add && run->item.kind == EXECGATE_CONSTRAINT_USER &&
	    !run->item.uid)
		return cmd_usage_error(self, "root repairs this machine, with "
					     "shells: constrain the units that "
					     "run as root instead");
	return 0;
}

/* Without the module there is still the file. */
static int connect_gate(struct constraining *run)
{
	struct execgate_error err;

	if (!execgate_netlink_open(&run->nl, &err))
		return 0;
	run->nl = NULL;
	return err.code == EXECGATE_EXIT_NOT_LOADED && run->persist ?
		       0 :
		       output_error(&err);
}

/* A unit that does not run has nothing to take effect on; not kept, that is an error. */
static int find_id(struct constraining *run, struct execgate_error *err)
{
	int ret = execgate_constrained_id(EXECGATE_CGROUP_DIR, &run->item,
					  &run->wanted.id, err);

	run->wanted.kind = run->item.kind;
	run->idle = ret == -ENOENT;
	return run->idle && run->persist ? 0 : ret;
}

static int change_kernel(const struct constraining *run, bool *found,
			 struct execgate_error *err)
{
	int ret;

	if (!run->nl || run->idle)
		return 0;
	if (run->add)
		return execgate_netlink_constrain(run->nl, &run->wanted, err);
	ret = execgate_netlink_unconstrain(run->nl, &run->wanted, err);
	*found |= !ret;
	return ret == -ENOENT ? 0 : ret;
}

static int change_file(const struct constraining *run, bool *found,
		       struct execgate_error *err)
{
	int ret;

	if (!run->persist)
		return 0;
	if (run->add)
		return execgate_constrained_keep(run->file, &run->item, err);
	ret = execgate_constrained_drop(run->file, &run->item, err);
	*found |= !ret;
	return ret == -ENOENT ? 0 : ret;
}

/* The kernel first: it may refuse, and then the file must not say otherwise. */
static int change(struct constraining *run, struct execgate_error *err)
{
	bool found = run->add;
	int ret = find_id(run, err);

	if (!ret)
		ret = change_kernel(run, &found, err);
	if (!ret)
		ret = change_file(run, &found, err);
	if (ret || found)
		return ret;
	return execgate_error_set(err, -ENOENT, EXECGATE_EXIT_NOT_FOUND,
				  "it is not constrained; \"execgate constrain "
				  "list\" shows what is");
}

static void say(const struct constraining *run)
{
	char text[CONSTRAIN_TEXT];
	json_t *row;

	if (output_is_json()) {
		row = constrain_json(&run->item);
		json_object_set_new(row, "constrained", json_boolean(run->add));
		json_object_set_new(row, "loaded",
				    json_boolean(run->nl && !run->idle));
		json_object_set_new(row, "persisted",
				    json_boolean(run->persist));
		output_json(row);
		return;
	}
	printf("%s: %s%s\n",
	       run->add ? "Constrained" : "Not constrained any more",
	       constrain_text(text, &run->item),
	       !run->nl	     ? ", from the next boot on" :
	       run->idle     ? ", when it runs" :
	       !run->persist ? ", until the next boot" :
			       "");
	if (run->add && run->persist &&
	    run->item.kind == EXECGATE_CONSTRAINT_UNIT)
		printf("Each start of it needs this line in its [Service], as "
		       "\"systemctl edit\" adds it:\n"
		       "  ExecStartPre=+/usr/bin/execgate constrain add "
		       "--no-persist %%n\n");
}

static int run_change(const struct command *self, int argc, char **argv,
		      bool add)
{
	struct constraining run = { .add = add,
				    .persist = true,
				    .file = EXECGATE_CONSTRAINED_FILE };
	struct execgate_error err;
	int code = parse(self, argc, argv, &run);

	if (!code)
		code = connect_gate(&run);
	if (!code && change(&run, &err))
		code = output_error(&err);
	else if (!code)
		say(&run);
	execgate_netlink_close(run.nl);
	return code;
}

static int run_add(const struct command *self, int argc, char **argv)
{
	return run_change(self, argc, argv, true);
}

static int run_remove(const struct command *self, int argc, char **argv)
{
	return run_change(self, argc, argv, false);
}

static const struct command children[] = {
	{
		.name = "constrain add",
		.arguments = "[OPTION...] NAME | UID | UNIT",
		.summary =
			"let a user or a unit run no code that nobody signed",
		.options = COMMON_OPTIONS
		"\n"
		"Interpreters with rules run no code from command lines, "
		"pipes and\n"
		"terminals, and no program gets memory or other processes "
		"as profile\n"
		"strict would not let it. See execgate-constrain(1).\n",
		.run = run_add,
	},
	{
		.name = "constrain remove",
		.arguments = "[OPTION...] NAME | UID | UNIT",
		.summary = "constrain it no longer; not while locked",
		.options = COMMON_OPTIONS,
		.run = run_remove,
	},
	{
		.name = "constrain list",
		.arguments = "[--constrained FILE]",
		.summary = "show who is constrained, loaded and kept",
		.options = "  --constrained FILE  where it is kept "
			   "(" EXECGATE_CONSTRAINED_FILE ")\n",
		.run = cmd_constrain_list_run,
	},
	{ 0 },
};

const struct command cmd_constrain = {
	.name = "constrain",
	.summary = "hold users and units to signed scripts and memory",
	.children = children,
};
