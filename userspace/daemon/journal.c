// SPDX-License-Identifier: GPL-2.0
#include "daemon/journal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-id128.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include "lib/base/names.h"
#include "lib/config/early.h"

#define JOURNAL_SOCKET "/run/systemd/journal/socket"

/* Where nothing runs, or nothing is gated, the console is told too: stderr is both. */
static bool is_for_console;

/**
 * kept - where entries go before the root switch
 * @file: NULL = to the journal
 * @message, @priority: of the entry that was begun last
 */
static struct {
	FILE *file;
	enum execgate_message message;
	int priority;
} kept;

/* Too large for the stack, and the daemon has one thread. */
static struct execgate_record the_record;

/*
 * Without the journal's socket sd_journal_sendv() throws the entry away and
 * reports success, so look first.
 */
static void send_record(const struct execgate_record *record)
{
	static const char key[] = "MESSAGE=";

	if (!access(JOURNAL_SOCKET, F_OK) &&
	    sd_journal_sendv(record->fields, (int)record->count) >= 0 &&
	    !is_for_console)
		return;
	for (size_t i = 0; i < record->count; i++) {
		const struct iovec *field = &record->fields[i];
		size_t skip = sizeof(key) - 1;

		if (field->iov_len >= skip &&
		    !memcmp(field->iov_base, key, skip))
			fprintf(stderr, "%.*s\n", (int)(field->iov_len - skip),
				(const char *)field->iov_base + skip);
	}
}

struct execgate_record *journal_begin(enum execgate_message message,
				      int priority)
{
	char id[EXECGATE_MESSAGE_ID_SIZE];

	is_for_console = priority == LOG_EMERG;
	kept.message = message;
	kept.priority = priority;
	execgate_record_start(&the_record);
	execgate_record_format(&the_record, "MESSAGE_ID", "%s",
			       execgate_message_id(message, id));
	execgate_record_format(&the_record, "PRIORITY", "%d", priority);
	execgate_record_format(&the_record, "SYSLOG_IDENTIFIER", "execgated");
	execgate_record_format(&the_record, "EXECGATE_EVENT", "%s",
			       execgate_message_name(message));
	return &the_record;
}

static void finish_record(struct execgate_record *record, const char *format,
			  va_list args)
{
	char text[EXECGATE_SENTENCE_SIZE];

	vsnprintf(text, sizeof(text), format, args);
	if (kept.file) {
		execgate_early_write(kept.file, kept.priority, kept.message,
				     text);
		if (kept.priority <= LOG_WARNING)
			fprintf(stderr, "execgated: %s\n", text);
		return;
	}
	execgate_record_bytes(record, "MESSAGE", text, strlen(text));
	send_record(record);
}

void journal_finish(struct execgate_record *record, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	finish_record(record, format, args);
	va_end(args);
}

void journal_say(enum execgate_message message, int priority,
		 const char *format, ...)
{
	struct execgate_record *record = journal_begin(message, priority);
	va_list args;

	va_start(args, format);
	finish_record(record, format, args);
	va_end(args);
}

void journal_event(const struct execgate_event *event, uint64_t count,
		   bool repeated, uint64_t instance)
{
	is_for_console = false;
	execgate_record_event(&the_record, event, count, repeated);
	execgate_record_format(&the_record, "EXECGATE_INSTANCE", "%" PRIu64,
			       instance);
	send_record(&the_record);
}

void journal_keep(FILE *file)
{
	kept.file = file;
}

/* A number that this version does not know is the initramfs's of another one. */
static void tell_kept(int priority, unsigned int number, const char *text,
		      void *arg)
{
	(void)arg;
	journal_say((enum execgate_message)number, priority,
		    "before the root switch: %s", text);
}

void journal_tell_kept(void)
{
	if (execgate_early_read(EXECGATE_EARLY_FILE, tell_kept, NULL))
		rename(EXECGATE_EARLY_FILE, EXECGATE_EARLY_TOLD_FILE);
}

/* The instance of an earlier boot may have had the same number. */
static int add_this_boot(sd_journal *journal)
{
	char match[sizeof("_BOOT_ID=") + SD_ID128_STRING_MAX] = "_BOOT_ID=";
	sd_id128_t boot;
	int ret = sd_id128_get_boot(&boot);

	if (ret < 0)
		return ret;
	sd_id128_to_string(boot, match + strlen(match));
	return sd_journal_add_match(journal, match, 0);
}

bool journal_has_event(uint64_t sequence, uint64_t instance)
{
	char match[64];
	sd_journal *journal;
	bool found = false;

	if (sd_journal_open(&journal,
			    SD_JOURNAL_LOCAL_ONLY | SD_JOURNAL_SYSTEM) < 0)
		return false;
	if (sd_journal_add_match(journal, "_UID=0", 0) >= 0 &&
	    snprintf(match, sizeof(match), "EXECGATE_SEQUENCE=%" PRIu64,
		     sequence) > 0 &&
	    sd_journal_add_match(journal, match, 0) >= 0 &&
	    snprintf(match, sizeof(match), "EXECGATE_INSTANCE=%" PRIu64,
		     instance) > 0 &&
	    sd_journal_add_match(journal, match, 0) >= 0 &&
	    add_this_boot(journal) >= 0 && sd_journal_seek_tail(journal) >= 0)
		found = sd_journal_previous(journal) > 0;
	sd_journal_close(journal);
	return found;
}

void journal_mode(uint32_t before, uint32_t mode)
{
	struct execgate_record *record;

	if (before == mode)
		return;
	record = journal_begin(EXECGATE_MESSAGE_MODE_CHANGED,
			       mode < before ? LOG_WARNING : LOG_NOTICE);
	execgate_record_format(record, "EXECGATE_MODE", "%s",
			       execgate_mode_name(mode));
	execgate_record_format(record, "EXECGATE_MODE_BEFORE", "%s",
			       execgate_mode_name(before));
	journal_finish(record, "the mode is now %s, it was %s: %s",
		       execgate_mode_name(mode), execgate_mode_name(before),
		       execgate_mode_text(mode));
}
