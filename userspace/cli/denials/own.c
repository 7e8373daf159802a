// SPDX-License-Identifier: GPL-2.0
/* "--mine": what the daemon keeps of each user's denials for that user. */
#include "lib/events/own.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/denials/denials.h"
#include "lib/base/array.h"
#include "lib/events/own_watch.h"

#define NSEC_PER_SEC 1000000000ull

struct own_denial {
	struct execgate_event event;
	uint64_t count;
	bool repeated;
};

struct own_list {
	const struct denials_query *query;
	struct own_denial *items;
	size_t count;
	bool no_memory;
};

static void keep_wanted(const struct execgate_event *event, uint64_t count,
			bool repeated, void *arg)
{
	uint64_t seconds = event->time_nsec / NSEC_PER_SEC;
	struct own_list *list = arg;
	struct own_denial *item;

	if (!denials_wants(list->query, event) ||
	    seconds < list->query->since || seconds >= list->query->until)
		return;
	item = execgate_array_add(list->items, list->count);
	if (!item) {
		list->no_memory = true;
		return;
	}
	*item = (struct own_denial){ *event, count, repeated };
	list->count++;
}

/* The last @lines of those behind @place. */
static int show_new(const struct denials_query *query,
		    struct execgate_own_place *place, uint64_t lines,
		    uint64_t *shown, struct execgate_error *err)
{
	struct own_list list = { .query = query };
	size_t first;
	int ret;

	ret = execgate_own_read(EXECGATE_OWN_DIR, getuid(), place, keep_wanted,
				&list, err);
	if (!ret && list.no_memory)
		ret = execgate_error_errno(err, -ENOMEM, "denials");
	first = list.count > lines ? list.count - lines : 0;
	for (size_t i = first; i < list.count && !ret; i++, (*shown)++)
		denials_show(query, &list.items[i].event, list.items[i].count,
			     list.items[i].repeated, NULL);
	free(list.items);
	return ret;
}

int denials_from_own(const struct denials_query *query, uint64_t *shown,
		     struct execgate_error *err)
{
	struct execgate_own_place place = { 0 };
	struct execgate_own_watch watch;
	int ret;

	ret = show_new(query, &place, query->lines, shown, err);
	if (ret || !query->follow)
		return ret;
	ret = execgate_own_watch_open(&watch, EXECGATE_OWN_DIR, getuid());
	while (!ret) {
		ret = execgate_own_watch_wait(&watch, -1);
		if (!ret && show_new(query, &place, DENIALS_ALL, shown, err))
			return -EIO;
	}
	return execgate_error_errno(err, ret, "cannot wait for denials");
}
