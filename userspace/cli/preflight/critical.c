// SPDX-License-Identifier: GPL-2.0
/* A revocation, or the floor of a policy, may take what the machine itself needs. */
#include "cli/preflight/critical.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/preflight/preflight.h"

/* The signer that a catalog's revocation takes trust from, if it is loaded. */
struct catalog_signer {
	const struct execgate_revocation *item;
	uint8_t signer[EXECGATE_FINGERPRINT_SIZE];
	bool found;
};

static int find_signer(const struct execgate_loaded_catalog *catalog, void *arg)
{
	struct catalog_signer *search = arg;

	if (strcmp(catalog->name, search->item->name) != 0 ||
	    catalog->sequence > search->item->sequence)
		return 0;
	memcpy(search->signer, catalog->signer, sizeof(search->signer));
	search->found = true;
	return 0;
}

/* Catalogs are told by their signer only: better one question too many. */
static bool rests_on(const struct execgate_event *event,
		     const struct execgate_revocation *item,
		     const struct catalog_signer *catalog)
{
	switch ((enum execgate_revocation_kind)item->kind) {
	case EXECGATE_REVOCATION_KEY:
		return event->has_signer &&
		       !memcmp(event->signer, item->value, sizeof(item->value));
	case EXECGATE_REVOCATION_DIGEST:
		return event->has_digest &&
		       !memcmp(event->digest, item->value, sizeof(item->value));
	case EXECGATE_REVOCATION_CATALOG:
		return catalog->found && event->has_signer &&
		       event->carrier == EXECGATE_CARRIER_CATALOG &&
		       !memcmp(event->signer, catalog->signer,
			       sizeof(catalog->signer));
	case EXECGATE_REVOCATION_VERSION:
		return !strcmp(event->identity, item->name) &&
		       event->identity_version < item->below;
	case EXECGATE_REVOCATION_COUNT:
		break;
	}
	return true;
}

static bool item_rests_on(struct execgate_netlink *nl,
			  const struct execgate_preflight_item *file,
			  const struct execgate_revocation *items, size_t count,
			  const struct catalog_signer *catalog)
{
	enum execgate_hook hook = file->use[EXECGATE_PREFLIGHT_EXEC] ?
					  EXECGATE_HOOK_BPRM_CHECK :
					  EXECGATE_HOOK_MMAP_FILE;
	struct execgate_event event;
	bool rests = false;
	int fd;

	fd = open(file->open ? file->open : file->path,
		  O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return false;
	if (!execgate_netlink_check(nl, fd, hook, &event, NULL) &&
	    event.reason == EXECGATE_REASON_ALLOWED)
		for (size_t i = 0; i < count && !rests; i++)
			rests = rests_on(&event, &items[i], catalog);
	close(fd);
	return rests;
}

int preflight_count_critical(struct execgate_netlink *nl,
			     const struct execgate_revocation *items,
			     size_t count, size_t *critical,
			     char example[PATH_MAX], struct execgate_error *err)
{
	struct catalog_signer catalog = { .item = &items[0] };
	struct execgate_preflight set = { 0 };
	int ret = 0;

	*critical = 0;
	if (items[0].kind == EXECGATE_REVOCATION_CATALOG)
		ret = execgate_netlink_catalog_list(nl, find_signer, &catalog,
						    err);
	if (ret)
		return ret;
	execgate_preflight_libraries(&set);
	execgate_preflight_critical(&set);
	for (size_t i = 0; i < set.count; i++) {
		if (!set.items[i].role ||
		    !item_rests_on(nl, &set.items[i], items, count, &catalog))
			continue;
		if (!(*critical)++)
			snprintf(example, PATH_MAX, "%s", set.items[i].path);
	}
	execgate_preflight_free(&set);
	return 0;
}
