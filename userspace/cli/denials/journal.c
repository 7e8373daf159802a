// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-journal.h>

#include "cli/denials/denials.h"
#include "lib/events/message.h"
#include "lib/events/record.h"

#define USEC_PER_SEC 1000000ull

static int add_id(sd_journal *journal, const char *id)
{
	char match[sizeof("MESSAGE_ID=") + EXECGATE_MESSAGE_ID_SIZE];

	snprintf(match, sizeof(match), "MESSAGE_ID=%s", id);
	return sd_journal_add_match(journal, match, 0);
}

/* The journal cannot be asked for these: one name may be of several fields. */
static bool has_place(const struct denials_query *query)
{
	return query->container || query->unit;
}

/*
 * Anybody may write an entry with our fields into the journal, but not one that
 * the journal says root wrote.
 */
static int add_matches(sd_journal *journal, const struct denials_query *query)
{
	char id[EXECGATE_MESSAGE_ID_SIZE];
	int ret = sd_journal_add_match(journal, "_UID=0", 0);

	for (unsigned int i = 1; i < EXECGATE_REASON_COUNT && ret >= 0; i++) {
		if (denials_wanted(query, i))
			ret = add_id(journal,
				     execgate_message_denial_id(i, id));
	}
	if (ret >= 0 && !query->reasons && !has_place(query))
		ret = add_id(journal,
			     execgate_message_id(EXECGATE_MESSAGE_LOST, id));
	return ret < 0 ? ret : 0;
}

/**
 * struct entry - one of the journal's, as far as denials go
 * @count: how many denials it stands for, or, if @lost, how many are missing
 */
struct entry {
	struct execgate_event event;
	uint64_t count;
	bool lost;
	bool repeated;
};

static bool field_is(const void *field, size_t size, const char *text)
{
	return size == strlen(text) && !memcmp(field, text, size);
}

static void read_entry(sd_journal *journal, struct entry *entry)
{
	const void *field;
	size_t size;

	*entry = (struct entry){ .count = 1 };
	SD_JOURNAL_FOREACH_DATA(journal, field, size)
	{
		execgate_event_from_field(&entry->event, &entry->count, field,
					  size);
		if (field_is(field, size, "EXECGATE_EVENT=events-lost"))
			entry->lost = true;
		if (field_is(field, size, "EXECGATE_REPEATED=1"))
			entry->repeated = true;
	}
}

static bool is_wanted(const struct entry *entry,
		      const struct denials_query *query)
{
	return entry->lost || denials_wants(query, &entry->event);
}

/* Back over the last @query->lines that are wanted, and one more; 0: it is the head. */
static int step_back(sd_journal *journal, const struct denials_query *query)
{
	uint64_t left = query->lines;
	struct entry entry;
	int ret;

	while ((ret = sd_journal_previous(journal)) > 0 && left) {
		read_entry(journal, &entry);
		left -= is_wanted(&entry, query);
	}
	return ret;
}

/* So that the next sd_journal_next() yields the first that is wanted. */
static int seek_first(sd_journal *journal, const struct denials_query *query)
{
	int ret;

	if (query->after)
		return sd_journal_seek_cursor(journal, query->after);
	if (query->lines == DENIALS_ALL)
		return query->since ?
			       sd_journal_seek_realtime_usec(
				       journal, query->since * USEC_PER_SEC) :
			       sd_journal_seek_head(journal);
	if (query->until == UINT64_MAX)
		ret = sd_journal_seek_tail(journal);
	else
		ret = sd_journal_seek_realtime_usec(journal,
						    query->until *
							    USEC_PER_SEC);
	if (ret < 0)
		return ret;
	if (has_place(query)) {
		ret = step_back(journal, query);
		return ret ? ret : sd_journal_seek_head(journal);
	}
	/* One more than wanted, since next() steps off it; fewer: the head. */
	ret = sd_journal_previous_skip(journal, query->lines + 1);
	if (ret >= 0 && (uint64_t)ret <= query->lines)
		return sd_journal_seek_head(journal);
	return ret;
}

/* The machine that wrote the entry, as its journal says; NULL: it does not. */
static const char *entry_host(sd_journal *journal, char host[HOST_NAME_MAX + 1])
{
	static const char name[] = "_HOSTNAME=";
	const size_t skip = sizeof(name) - 1;
	const void *field;
	size_t size;

	if (sd_journal_get_data(journal, "_HOSTNAME", &field, &size) < 0 ||
	    size <= skip || size - skip > HOST_NAME_MAX)
		return NULL;
	memcpy(host, (const char *)field + skip, size - skip);
	host[size - skip] = '\0';
	return host;
}

static int give_entry(sd_journal *journal, const struct denials_query *query,
		      const struct entry *entry)
{
	struct denials_entry given = { &entry->event, entry->count,
				       entry->repeated, entry->lost, NULL };
	char *cursor;
	int ret = sd_journal_get_cursor(journal, &cursor);

	if (ret < 0)
		return ret;
	given.cursor = cursor;
	ret = query->each(&given, query->arg);
	free(cursor);
	return ret > 0 ? -ERANGE : ret < 0 ? ret : 1;
}

/* 1: shown; 0: not wanted; else what ends it. */
static int show_entry(sd_journal *journal, const struct denials_query *query)
{
	char host[HOST_NAME_MAX + 1];
	struct entry entry;

	read_entry(journal, &entry);
	if (query->each)
		return give_entry(journal, query, &entry);
	if (!is_wanted(&entry, query))
		return 0;
	if (entry.lost)
		denials_show_lost(query, entry.count, entry.event.sequence);
	else
		denials_show(query, &entry.event, entry.count, entry.repeated,
			     entry_host(journal, host));
	return 1;
}

/*
 * 1: shown; 0: not wanted, or too old; -ERANGE: nor are it and all after; else what
 * show_entry() says.
 */
static int show_if_in_time(sd_journal *journal,
			   const struct denials_query *query)
{
	uint64_t usec;
	int ret = sd_journal_get_realtime_usec(journal, &usec);

	if (ret < 0)
		return ret;
	if (usec / USEC_PER_SEC >= query->until)
		return -ERANGE;
	if (usec / USEC_PER_SEC < query->since)
		return 0;
	return show_entry(journal, query);
}

static int show_all(sd_journal *journal, const struct denials_query *query,
		    uint64_t *shown)
{
	bool seen = query->after;
	int ret;

	for (;;) {
		ret = sd_journal_next(journal);
		/* A cursor finds its own entry first, if that is still there. */
		if (ret > 0 && seen) {
			seen = false;
			if (sd_journal_test_cursor(journal, query->after) > 0)
				continue;
		}
		if (ret == 0 && query->follow)
			ret = sd_journal_wait(journal, (uint64_t)-1);
		else if (ret > 0)
			ret = show_if_in_time(journal, query);
		else
			return ret;
		if (ret == -ERANGE)
			return 0;
		if (ret < 0)
			return ret;
		if (ret == 1)
			(*shown)++;
	}
}

int denials_from_journal(const struct denials_query *query, uint64_t *shown,
			 struct execgate_error *err)
{
	const char *where = query->directory ? query->directory : "";
	sd_journal *journal;
	int ret;

	if (query->directory)
		ret = sd_journal_open_directory(&journal, query->directory, 0);
	else
		ret = sd_journal_open(&journal, SD_JOURNAL_LOCAL_ONLY);
	if (ret < 0)
		return execgate_error_errno(err, ret,
					    "the journal %s%scannot be opened",
					    where, *where ? " " : "");
	/* A path has up to 1024 bytes; a MESSAGE is not looked at. */
	sd_journal_set_data_threshold(journal, 8192);
	ret = add_matches(journal, query);
	if (ret >= 0 && query->lines)
		ret = seek_first(journal, query);
	else if (ret >= 0)
		ret = sd_journal_seek_tail(journal);
	if (ret >= 0)
		ret = show_all(journal, query, shown);
	sd_journal_close(journal);
	if (ret < 0)
		return execgate_error_errno(err, ret,
					    "the journal cannot be read");
	return 0;
}
