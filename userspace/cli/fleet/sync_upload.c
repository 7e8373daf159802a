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

/* Of one sync; the next goes on. */
#define EVENTS_MAX 50000

/**
 * struct batch - the events of one request
 * @events: a list; @cursors: of each, in the same order
 * @err: of what ended the upload
 */
struct batch {
	struct sync_run *run;
	json_t *events;
	json_t *cursors;
	uint64_t read;
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
		       json_string_value(json_object_get(event,
							 "execgate_id")));
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
 * then none is passed over: an event is set aside only when a later one was taken.
 */
static int send_singly(struct batch *batch)
{
	size_t count = json_array_size(batch->events), settled = 0;
	struct execgate_error why = *batch->err;
	long status;
	int ret;

	for (size_t i = 0; i < count; i++) {
		json_t *one =
			json_pack("[O]", json_array_get(batch->events, i));

		ret = send_events(batch, one, &status);
		json_decref(one);
		if (ret && !is_about_content(status))
			return ret;
		if (ret) {
			why = *batch->err;
			continue;
		}
		batch->run->sent++;
		ret = settle(batch, &settled, i);
		if (ret)
			return ret;
	}
	if (settled == count)
		return 0;
	*batch->err = why;
	return -EACCES;
}

static int flush_batch(struct batch *batch)
{
	size_t count = json_array_size(batch->events);
	long status;
	int ret;

	if (!count)
		return 0;
	ret = send_events(batch, batch->events, &status);
	if (!ret) {
		batch->run->sent += count;
		ret = keep_cursor(batch, count - 1);
	} else if (is_about_content(status)) {
		ret = send_singly(batch);
	}
	json_array_clear(batch->events);
	json_array_clear(batch->cursors);
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
	return ret ? ret : ++batch->read >= EVENTS_MAX;
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
	/* Of two causes, that of the upload came first. */
	if (ret && !err->message[0])
		*err = cause;
	if (!ret)
		ret = flush_batch(&batch);
	json_decref(batch.events);
	json_decref(batch.cursors);
	return ret;
}
