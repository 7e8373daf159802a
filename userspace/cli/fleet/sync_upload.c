// SPDX-License-Identifier: GPL-2.0
/*
 * Events on their way from the journal to the server. The cursor is written after each
 * answer and never before: what is lost on the way is sent again, with the same id.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/denials/denials.h"
#include "cli/fleet/sync.h"

/* A sync sends so many; the next goes on. */
#define EVENTS_MAX 50000

/**
 * struct batch - the events of one request
 * @events: a list; @cursors: of each, in the same order
 * @is_stuck: the server takes none of these
 * @err: of what ended the upload
 */
struct batch {
	struct sync_run *run;
	json_t *events;
	json_t *cursors;
	uint64_t read;
	bool is_stuck;
	struct execgate_error *err;
};

static int keep_cursor(struct batch *batch, size_t index)
{
	struct sync_run *run = batch->run;
	const char *cursor =
		json_string_value(json_array_get(batch->cursors, index));

	strcpy(run->state.cursor, cursor);
	return execgate_sync_state_save(run->state_file, &run->state,
					batch->err);
}

static int send_events(struct batch *batch, json_t *events, long *status)
{
	json_t *request = json_pack("{s:s, s:O}", "machine_id",
				    batch->run->config.machine_id, "events",
				    events);
	int ret;

	if (!request)
		return execgate_error_errno(batch->err, -ENOMEM,
					    "cannot send events");
	ret = execgate_sync_call(&batch->run->session,
				 EXECGATE_SYNC_EVENTUPLOAD, request, NULL,
				 status, batch->err);
	json_decref(request);
	return ret;
}

/* Statuses that may be about one event of many. */
static bool is_about_content(long status)
{
	return status == 400 || status == 413 || status == 422 || status == 500;
}

static void tell_set_aside(const json_t *event)
{
	output_warning("the server refuses event %s, which stays in the "
		       "journal alone; see \"execgate denials\" and the "
		       "server's log",
		       json_string_value(
			       json_object_get(event, "execgate_id")));
}

/* All up to @index are the server's or refused by it: the cursor moves behind them. */
static int settle(struct batch *batch, size_t *settled, size_t index)
{
	for (; *settled < index; (*settled)++) {
		tell_set_aside(json_array_get(batch->events, *settled));
		batch->run->set_aside++;
	}
	*settled = index + 1;
	return keep_cursor(batch, index);
}

/*
 * One event that the server cannot take must not keep all others from it for ever: a user
 * chooses the names in events. But a server that takes none at all is out of order, and
 * then none is passed over: an event is set aside only when a later one was taken. One
 * attempt each, as all together had theirs.
 */
static int send_singly(struct batch *batch, size_t *settled)
{
	size_t count = json_array_size(batch->events);
	long status;
	int ret = 0;

	batch->run->session.attempts = 1;
	for (size_t i = 0; i < count && !ret; i++) {
		json_t *one =
			json_pack("[O]", json_array_get(batch->events, i));

		ret = send_events(batch, one, &status);
		json_decref(one);
		if (!ret) {
			batch->run->sent++;
			ret = settle(batch, settled, i);
		} else if (is_about_content(status)) {
			ret = 0;
		}
	}
	batch->run->session.attempts = EXECGATE_SYNC_ATTEMPTS;
	return ret;
}

/* Those that were refused and not settled are the first of the next request. */
static int flush_batch(struct batch *batch)
{
	size_t count = json_array_size(batch->events), settled = 0;
	long status;
	int ret;

	if (!count || batch->is_stuck)
		return 0;
	ret = send_events(batch, batch->events, &status);
	if (!ret) {
		batch->run->sent += count;
		settled = count;
		ret = keep_cursor(batch, count - 1);
	} else if (is_about_content(status)) {
		ret = send_singly(batch, &settled);
		batch->is_stuck = !settled;
	}
	for (; settled; settled--) {
		json_array_remove(batch->events, 0);
		json_array_remove(batch->cursors, 0);
	}
	return ret;
}

static int take_entry(const struct denials_entry *entry, void *arg)
{
	struct batch *batch = arg;
	json_t *event;
	int ret = 0;

	if (entry->lost)
		return 0;
	if (strlen(entry->cursor) > EXECGATE_SYNC_CURSOR_MAX)
		return execgate_error_set(batch->err, -EBADMSG,
					  EXECGATE_EXIT_ERROR,
					  "the journal's cursor is longer than "
					  "any that is known; report it");
	event = execgate_sync_event(entry->event, entry->count);
	if (!event || json_array_append_new(batch->events, event) ||
	    json_array_append_new(batch->cursors, json_string(entry->cursor)))
		return execgate_error_errno(batch->err, -ENOMEM,
					    "cannot send events");
	if (json_array_size(batch->events) >= batch->run->settings.batch)
		ret = flush_batch(batch);
	return ret ? ret : batch->is_stuck || ++batch->read >= EVENTS_MAX;
}

/* Rules are taken all the same: a user must not be able to keep those away, too. */
static void tell_waiting(struct sync_run *run, size_t waiting,
			 const struct execgate_error *why)
{
	if (!waiting)
		return;
	output_message("the server refuses %zu events, which wait until it "
		       "takes one that came later: %s",
		       waiting, why->message);
	run->code = cmd_worse(run->code, EXECGATE_EXIT_ERROR);
}

int sync_upload(struct sync_run *run, struct execgate_error *err)
{
	struct batch batch = { .run = run, .err = err };
	/* The state's own text is written over while the journal is read. */
	char after[EXECGATE_SYNC_CURSOR_MAX + 1];
	struct denials_query query = {
		.lines = DENIALS_ALL,
		.until = UINT64_MAX,
		.directory = run->directory,
		.after = run->state.cursor[0] ? after : NULL,
		.each = take_entry,
		.arg = &batch,
	};
	struct execgate_error cause;
	uint64_t shown = 0;
	int ret;

	strcpy(after, run->state.cursor);
	batch.events = json_array();
	batch.cursors = json_array();
	err->message[0] = '\0';
	ret = denials_from_journal(&query, &shown, &cause);
	/* If both failed, the upload did so first. */
	if (ret && !err->message[0])
		*err = cause;
	if (!ret)
		ret = flush_batch(&batch);
	if (!ret)
		tell_waiting(run, json_array_size(batch.events), err);
	json_decref(batch.events);
	json_decref(batch.cursors);
	return ret;
}
