// SPDX-License-Identifier: GPL-2.0
#include "cli/kept/list.h"
#include "cli/revoke/revoke.h"

_Static_assert(REVOKE_TEXT <= KEPT_LIST_TEXT, "a row's text");

static int add_loaded(const struct execgate_revocation *item, void *arg)
{
	kept_list_loaded(arg, item);
	return 0;
}

static int ask(struct execgate_netlink *nl, struct kept_list *list,
	       struct execgate_error *err)
{
	return execgate_netlink_revoke_list(nl, add_loaded, list, err);
}

static int load(const char *path, struct kept_list *list,
		struct execgate_error *err)
{
	struct execgate_revocations kept;
	int ret = execgate_revocations_load(path, &kept, err);

	for (size_t i = 0; i < kept.count; i++)
		kept_list_kept(list, &kept.items[i]);
	execgate_revocations_free(&kept);
	return ret;
}

static bool is_same(const void *a, const void *b)
{
	return execgate_revocation_same(a, b);
}

static char *text_of(char *out, const void *item)
{
	return cmd_revoke_text(out, item);
}

static json_t *json_of(const void *item)
{
	return cmd_revoke_json(item);
}

static const struct kept_list_kind revocations = {
	.item_size = sizeof(struct execgate_revocation),
	.option = "revoked",
	.path = EXECGATE_REVOKED_FILE,
	.name = "revocations",
	.unasked = "only kept revocations are shown",
	.none = "Nothing is revoked.",
	.ask = ask,
	.load = load,
	.same = is_same,
	.text = text_of,
	.json = json_of,
};

int cmd_revoke_list_run(const struct command *self, int argc, char **argv)
{
	return kept_list_run(&revocations, self, argc, argv);
}
