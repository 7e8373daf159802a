// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "cli/denials/denials.h"
#include "lib/base/cursor.h"
#include "lib/events/container.h"
#include "lib/events/host_path.h"
#include "lib/netlink/netlink.h"

#define NSEC_PER_SEC 1000000000ull

/**
 * struct reading - one reading of the kernel's events
 * @cursor: what was seen, wanted or not
 * @kept: circle of @size events, the last @used of those wanted; NULL: each is
 *	  shown when it comes
 * @missed: the subscription is behind the kernel
 * @mounts: the host's; NULL: unknown
 */
struct reading {
	const struct denials_query *query;
	struct execgate_cursor cursor;
	struct execgate_event *kept;
	uint64_t size;
	uint64_t used;
	uint64_t shown;
	bool missed;
	bool first;
	struct libmnt_table *mounts;
	struct execgate_images images;
};

static bool wanted_event(const struct denials_query *query,
			 const struct execgate_event *event)
{
	uint64_t seconds = event->time_nsec / NSEC_PER_SEC;

	return denials_wants(query, event) && seconds >= query->since &&
	       seconds < query->until;
}

/* The daemon's part, without the daemon. */
static void find_place(struct reading *reading, struct execgate_event *event)
{
	execgate_container_find(event);
	execgate_images_find(&reading->images, "", event);
	execgate_host_path_find(reading->mounts, event);
}

static int take(const struct execgate_event *reported, void *arg)
{
	struct reading *reading = arg;
	uint64_t first = reading->cursor.next, lost;
	struct execgate_event found = *reported;
	const struct execgate_event *event = &found;

	if (execgate_cursor_take(&reading->cursor, event->sequence, &lost) ==
	    EXECGATE_CURSOR_SEEN)
		return 0;
	/* Events from before we came are not lost to us. */
	if (lost && !reading->first && !reading->kept)
		denials_show_lost(reading->query, lost, first);
	reading->first = false;
	find_place(reading, &found);
	if (!wanted_event(reading->query, event))
		return 0;
	if (reading->kept) {
		reading->kept[reading->used++ % reading->size] = *event;
	} else {
		denials_show(reading->query, event, 1, false, NULL);
		reading->shown++;
	}
	return 0;
}

static void show_kept(struct reading *reading)
{
	uint64_t from = reading->used > reading->size ?
				reading->used - reading->size :
				0;

	for (uint64_t i = from; i < reading->used; i++) {
		denials_show(reading->query, &reading->kept[i % reading->size],
			     1, false, NULL);
		reading->shown++;
	}
	free(reading->kept);
	reading->kept = NULL;
}

/* The events that the kernel holds now, at most query->lines of it. */
static int read_ring(struct execgate_netlink *nl, struct reading *reading,
		     struct execgate_error *err)
{
	uint64_t lines = reading->query->lines;
	int ret;

	if (lines != DENIALS_ALL) {
		/* One spare, so that "-n 0" needs no case of its own. */
		reading->size = lines < EXECGATE_RING_MAX ? lines :
							    EXECGATE_RING_MAX;
		reading->kept =
			calloc(reading->size + 1, sizeof(*reading->kept));
		if (!reading->kept)
			return execgate_error_errno(err, -ENOMEM, "denials");
		reading->size += !reading->size;
	}
	ret = execgate_netlink_event_list(nl, 1, take, reading, err);
	if (ret) {
		free(reading->kept);
		reading->kept = NULL;
		return ret;
	}
	if (reading->kept && lines)
		show_kept(reading);
	free(reading->kept);
	reading->kept = NULL;
	return 0;
}

static int take_live(const struct execgate_event *event, void *arg)
{
	struct reading *reading = arg;

	switch (execgate_cursor_live(&reading->cursor, event->sequence)) {
	case EXECGATE_CURSOR_NEW:
		return take(event, reading);
	case EXECGATE_CURSOR_SEEN:
		return 0;
	case EXECGATE_CURSOR_MISSING:
		reading->missed = true;
		return 0;
	}
	return 0;
}

static int follow_events(struct execgate_netlink *nl,
			 struct execgate_netlink *live, struct reading *reading,
			 struct execgate_error *err)
{
	struct pollfd poll_fd = { .fd = execgate_netlink_fd(live),
				  .events = POLLIN };
	int ret;

	for (;;) {
		ret = execgate_netlink_event_receive(live, take_live, reading,
						     err);
		if (ret == -ENOBUFS)
			reading->missed = true;
		else if (ret && ret != -EAGAIN)
			return ret;
		if (reading->missed) {
			reading->missed = false;
			ret = execgate_netlink_event_list(nl,
							  reading->cursor.next,
							  take, reading, err);
			if (ret)
				return ret;
			continue;
		}
		if (ret == -EAGAIN && poll(&poll_fd, 1, -1) < 0 &&
		    errno != EINTR)
			return execgate_error_errno(err, -errno, "poll");
	}
}

int denials_from_kernel(const struct denials_query *query, uint64_t *shown,
			struct execgate_error *err)
{
	struct reading reading = { .query = query,
				   .cursor = { .next = 1 },
				   .first = true,
				   .mounts = execgate_host_mounts_read(
					   EXECGATE_MOUNTINFO) };
	struct execgate_netlink *nl, *live = NULL;
	int ret;

	ret = execgate_netlink_open(&nl, err);
	if (ret) {
		execgate_host_mounts_free(reading.mounts);
		return ret;
	}
	/* Subscribed first, so that nothing falls in between. */
	if (query->follow)
		ret = execgate_netlink_subscribe(&live, err);
	if (!ret)
		ret = read_ring(nl, &reading, err);
	if (!ret && query->follow) {
		reading.first = false;
		ret = follow_events(nl, live, &reading, err);
	}
	execgate_netlink_close(live);
	execgate_netlink_close(nl);
	execgate_host_mounts_free(reading.mounts);
	*shown = reading.shown;
	return ret;
}
