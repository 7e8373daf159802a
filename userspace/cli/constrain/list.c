// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>

#include "cli/constrain/constrain.h"
#include "cli/kept/list.h"

_Static_assert(CONSTRAIN_TEXT <= KEPT_LIST_TEXT, "a row's text");

static int add_loaded(const struct execgate_constraint_item *loaded, void *arg)
{
	struct execgate_constrained item = { .kind = loaded->kind };
	const struct passwd *user;

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
	kept_list_loaded(arg, &item);
	return 0;
}

static int ask(struct execgate_netlink *nl, struct kept_list *list,
	       struct execgate_error *err)
{
	return execgate_netlink_constrain_list(nl, add_loaded, list, err);
}

static int load(const char *path, struct kept_list *list,
		struct execgate_error *err)
{
	struct execgate_constrained_list kept;
	int ret = execgate_constrained_load(path, &kept, err);

	for (size_t i = 0; i < kept.count; i++)
		kept_list_kept(list, &kept.items[i]);
	execgate_constrained_free(&kept);
	return ret;
}

static bool is_same(const void *a, const void *b)
{
	return execgate_constrained_same(a, b);
}

static char *text_of(char *out, const void *item)
{
	return constrain_text(out, item);
}

static json_t *json_of(const void *item)
{
	return constrain_json(item);
}

static const struct kept_list_kind constraints = {
	.item_size = sizeof(struct execgate_constrained),
	.option = "constrained",
	.path = EXECGATE_CONSTRAINED_FILE,
	.name = "constrained",
	.unasked = "only what is kept is shown",
	.none = "Nobody is constrained.",
	.ask = ask,
	.load = load,
	.same = is_same,
	.text = text_of,
	.json = json_of,
};

int cmd_constrain_list_run(const struct command *self, int argc, char **argv)
{
	return kept_list_run(&constraints, self, argc, argv);
}
