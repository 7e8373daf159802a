// SPDX-License-Identifier: GPL-2.0
#include "lib/fleet/facts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/events/last.h"
#include "lib/events/resume.h"

static int add_catalog(const struct execgate_loaded_catalog *catalog, void *arg)
{
	struct execgate_facts *facts = arg;
	struct execgate_loaded_catalog *room =
		execgate_array_add(facts->catalogs, facts->catalog_count);

	if (!room)
		return -ENOMEM;
	*room = *catalog;
	facts->catalog_count++;
	return 0;
}

static int ask_kernel(struct execgate_netlink *nl, struct execgate_facts *out,
		      struct execgate_error *err)
{
	int ret;

	ret = execgate_netlink_status(nl, &out->status, err);
	if (!ret)
		ret = execgate_netlink_keys(nl, &out->keys, &out->key_count,
					    err);
	if (!ret)
		ret = execgate_netlink_catalog_list(nl, add_catalog, out, err);
	if (!ret)
		out->has_last =
			execgate_last_denial(nl, &out->status, &out->last);
	return ret;
}

int execgate_facts_read(struct execgate_facts *out, struct execgate_error *err)
{
	struct execgate_netlink *nl;
	int ret;

	memset(out, 0, sizeof(*out));
	ret = execgate_netlink_open(&nl, err);
	if (!ret)
		ret = ask_kernel(nl, out, err);
	execgate_netlink_close(nl);
	if (ret && err->code != EXECGATE_EXIT_NOT_LOADED) {
		execgate_facts_free(out);
		return ret;
	}
	out->loaded = !ret;
	execgate_intent_read(EXECGATE_CONFIG_DIR, EXECGATE_ENFORCED_FILE,
			     &out->intent);
	execgate_boots_load(EXECGATE_BOOTS_FILE, &out->boots);
	out->daemon = execgate_resume_owner(EXECGATE_RESUME_FILE);
	return 0;
}

void execgate_facts_free(struct execgate_facts *facts)
{
	free(facts->keys);
	free(facts->catalogs);
	memset(facts, 0, sizeof(*facts));
}
