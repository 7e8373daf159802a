// SPDX-License-Identifier: GPL-2.0
#include "daemon/stream.h"

#include <errno.h>
#include <inttypes.h>
#include <time.h>

#include "daemon/clock.h"
#include "daemon/daemon.h"
#include "daemon/journal.h"
#include "lib/base/cursor.h"
#include "lib/debian/dpkg.h"
#include "lib/events/changed.h"
#include "lib/events/container.h"
#include "lib/events/dedup.h"
#include "lib/events/host_path.h"
#include "lib/events/own.h"
#include "lib/events/terminal.h"

/* Then the loop gets its turn: timers, signals and the watchdog. */
#define MESSAGES_AT_ONCE 256

static uint64_t now_nsec(void)
{
	return clock_now_usec() * 1000;
}

/* The journal has it, so a user who cannot read it here is worth a line, not one each. */
static void keep_own(struct daemon *daemon, const struct execgate_event *event,
		     uint64_t count, bool repeated)
{
	struct execgate_error err;
	int ret;

	ret = execgate_own_keep(EXECGATE_OWN_DIR, "/run/systemd/users", event,
				count, repeated, &err);
	if (ret && ret != -ENOENT && clock_is_due(&daemon->own_said))
		journal_say(EXECGATE_MESSAGE_OWN_FAILED, LOG_WARNING,
			    "\"execgate denials --mine\" is not complete: %s",
			    err.message);
}

/*
 * Anybody can be denied often, and to look something up takes a while: a look takes a
 * twentieth of the time at most. Each kind has a time of its own, so that a slow one
 * (dpkg's database) does not keep a quick one from being asked.
 */
struct look {
	uint64_t began;
	uint64_t not_before;
};

static bool look_begins(struct look *look)
{
	look->began = clock_now_usec();
	return look->began >= look->not_before;
}

static void look_ends(struct look *look)
{
	uint64_t now = clock_now_usec();

	look->not_before = now + 20 * (now - look->began);
}

static void find_place(struct execgate_images *images,
		       struct execgate_event *event)
{
	struct libmnt_table *mounts =
		execgate_host_mounts_read(EXECGATE_MOUNTINFO);

	execgate_host_path_find(mounts, event);
	execgate_host_mounts_free(mounts);
	execgate_images_find(images, "", event);
}

/*
 * With what user space knows besides. An event that comes too soon for a look is told of
 * all the same, as what the kernel said.
 */
static const struct execgate_event *
with_findings(const struct execgate_event *event, bool repeated)
{
	static struct execgate_event copy;
	static struct execgate_images images;
	static struct look place, changes;

	copy = *event;
	execgate_container_find(&copy);
	execgate_images_recall(&images, &copy);
	if (!repeated && look_begins(&place)) {
		find_place(&images, &copy);
		look_ends(&place);
	}
	if (!repeated && look_begins(&changes)) {
		execgate_changed_find(EXECGATE_DPKG_ADMINDIR, &copy);
		look_ends(&changes);
	}
	return &copy;
}

static void show_event(const struct execgate_event *event, uint64_t count,
		       bool repeated, void *arg)
{
	struct daemon *daemon = arg;

	event = with_findings(event, repeated);
	journal_event(event, count, repeated, daemon->resume->instance);
	keep_own(daemon, event, count, repeated);
	if (!repeated)
		execgate_terminal_tell(event, &daemon->intent.config,
				       clock_now_usec());
}

static void arm_flush_timer(struct daemon *daemon)
{
	uint64_t next = execgate_dedup_next(&daemon->resume->dedup);

	if (next == UINT64_MAX) {
		sd_event_source_set_enabled(daemon->flush_timer, SD_EVENT_OFF);
		return;
	}
	sd_event_source_set_time(daemon->flush_timer, next / 1000 + 1);
	sd_event_source_set_enabled(daemon->flush_timer, SD_EVENT_ONESHOT);
}

static void say_lost(struct daemon *daemon, uint64_t lost, uint64_t first)
{
	struct execgate_record *record;

	record = journal_begin(EXECGATE_MESSAGE_LOST, LOG_ERR);
	execgate_record_format(record, "EXECGATE_COUNT", "%" PRIu64, lost);
	execgate_record_format(record, "EXECGATE_SEQUENCE", "%" PRIu64, first);
	execgate_record_format(record, "EXECGATE_INSTANCE", "%" PRIu64,
			       daemon->resume->instance);
	journal_finish(record,
		       "%" PRIu64 " denials, numbers %" PRIu64 " to %" PRIu64
		       ", were decided but never reached the journal: they "
		       "came faster than they could be read",
		       lost, first, first + lost - 1);
}

/*
 * The cursor moves only after the entry is written: a crash in between leaves
 * @sending, for the next daemon to find out.
 */
static int take_event(const struct execgate_event *event, void *arg)
{
	struct daemon *daemon = arg;
	struct execgate_resume *resume = daemon->resume;
	struct execgate_cursor cursor = resume->cursor;
	uint64_t lost;

	if (execgate_cursor_take(&cursor, event->sequence, &lost) ==
	    EXECGATE_CURSOR_SEEN)
		return 0;
	if (lost) {
		say_lost(daemon, lost, resume->cursor.next);
		resume->cursor.next = event->sequence;
	}
	resume->sending = event->sequence;
	execgate_dedup_add(&resume->dedup, event, now_nsec(), show_event,
			   daemon);
	resume->cursor = cursor;
	resume->sending = 0;
	return 0;
}

/* Reading the ring while it fills could go on for ever: stop at @end. */
struct catch_up {
	struct daemon *daemon;
	uint64_t end;
};

static int take_until(const struct execgate_event *event, void *arg)
{
	struct catch_up *catch_up = arg;

	if (event->sequence >= catch_up->end)
		return 1;
	return take_event(event, catch_up->daemon);
}

void stream_catch_up(struct daemon *daemon)
{
	struct catch_up catch_up = { .daemon = daemon };
	struct execgate_status status;
	struct execgate_error err;
	uint64_t first, lost;
	int ret;

	/* Before the ring, so that everything numbered below it is in there. */
	ret = execgate_netlink_status(daemon->control, &status, &err);
	catch_up.end = status.counters.event_next;
	if (!ret && catch_up.end > daemon->resume->cursor.next)
		ret = execgate_netlink_event_list(daemon->control,
						  daemon->resume->cursor.next,
						  take_until, &catch_up, &err);
	if (ret < 0) {
		journal_say(EXECGATE_MESSAGE_CONNECTION, LOG_ERR, "%s",
			    err.message);
		return;
	}
	first = daemon->resume->cursor.next;
	lost = execgate_cursor_end(&daemon->resume->cursor, catch_up.end);
	if (lost)
		say_lost(daemon, lost, first);
	arm_flush_timer(daemon);
}

struct live {
	struct daemon *daemon;
	bool missing;
};

static int take_live(const struct execgate_event *event, void *arg)
{
	struct live *live = arg;

	switch (execgate_cursor_live(&live->daemon->resume->cursor,
				     event->sequence)) {
	case EXECGATE_CURSOR_NEW:
		return take_event(event, live->daemon);
	case EXECGATE_CURSOR_SEEN:
		return 0;
	case EXECGATE_CURSOR_MISSING:
		live->missing = true;
		return 0;
	}
	return 0;
}

static int on_events(sd_event_source *source, int fd, uint32_t revents,
		     void *arg)
{
	struct live live = { .daemon = arg };
	struct execgate_error err;
	int ret = 0;

	(void)source;
	(void)fd;
	(void)revents;
	for (unsigned int i = 0; i < MESSAGES_AT_ONCE && !ret; i++) {
		ret = execgate_netlink_event_receive(live.daemon->events,
						     take_live, &live, &err);
		/* We were slow; the ring still has what the socket dropped. */
		if (ret == -ENOBUFS) {
			live.missing = true;
			ret = 0;
		}
	}
	if (ret && ret != -EAGAIN) {
		journal_say(EXECGATE_MESSAGE_CONNECTION, LOG_ERR, "%s",
			    err.message);
		live.missing = true;
	}
	if (live.missing)
		stream_catch_up(live.daemon);
	arm_flush_timer(live.daemon);
	return 0;
}

static int on_flush_timer(sd_event_source *source, uint64_t usec, void *arg)
{
	struct daemon *daemon = arg;

	(void)source;
	(void)usec;
	execgate_dedup_expire(&daemon->resume->dedup, now_nsec(), show_event,
			      daemon);
	arm_flush_timer(daemon);
	return 0;
}

void stream_flush(struct daemon *daemon)
{
	execgate_dedup_flush(&daemon->resume->dedup, show_event, daemon);
}

int stream_init(struct daemon *daemon)
{
	int ret = sd_event_add_time(daemon->loop, &daemon->flush_timer,
				    CLOCK_MONOTONIC, UINT64_MAX, 0,
				    on_flush_timer, daemon);

	return ret < 0 ? ret : 0;
}

/*
 * Killed while sending: did it arrive? A slot that has the event proves it, or
 * else the journal tells; it had the time of our restart to write it.
 */
static void settle_sending(struct execgate_resume *resume)
{
	uint64_t sending = resume->sending;
	bool sent = false;

	resume->sending = 0;
	if (!sending || sending != resume->cursor.next)
		return;
	for (unsigned int i = 0; i < EXECGATE_DEDUP_SLOTS; i++) {
		const struct execgate_dedup_slot *slot =
			&resume->dedup.slots[i];

		sent |= slot->used && slot->event.sequence == sending;
	}
	if (sent || journal_has_event(sending, resume->instance))
		resume->cursor.next = sending + 1;
}

int stream_start(struct daemon *daemon)
{
	int ret;

	settle_sending(daemon->resume);
	ret = sd_event_add_io(daemon->loop, &daemon->events_source,
			      execgate_netlink_fd(daemon->events), EPOLLIN,
			      on_events, daemon);
	if (ret < 0)
		return ret;
	/* Already subscribed: nothing falls between the ring and the live. */
	stream_catch_up(daemon);
	return 0;
}

void stream_stop(struct daemon *daemon)
{
	daemon->events_source =
		sd_event_source_disable_unref(daemon->events_source);
}
