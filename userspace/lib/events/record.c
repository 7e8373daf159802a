// SPDX-License-Identifier: GPL-2.0
#include "lib/base/digits.h"
#include "lib/events/record.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "lib/base/escape.h"
#include "lib/base/names.h"
#include "lib/events/container.h"
#include "lib/events/message.h"
#include "lib/netlink/event_field.h"

#define PREFIX "EXECGATE_"
#define NAME_SIZE 64 /* of a field, with the terminator */

void execgate_record_start(struct execgate_record *record)
{
	record->count = 0;
	record->used = 0;
	record->cut = false;
}

void execgate_record_bytes(struct execgate_record *record, const char *name,
			   const void *value, size_t size)
{
	size_t name_size = strlen(name), left;
	char *to = record->text + record->used;

	left = sizeof(record->text) - record->used;
	if (record->count == EXECGATE_RECORD_FIELDS || size >= left ||
	    name_size + 1 > left - size) {
		record->cut = true;
		return;
	}
	memcpy(to, name, name_size);
	to[name_size] = '=';
	memcpy(to + name_size + 1, value, size);
	record->fields[record->count].iov_base = to;
	record->fields[record->count].iov_len = name_size + 1 + size;
	record->count++;
	record->used += name_size + 1 + size;
}

void execgate_record_format(struct execgate_record *record, const char *name,
			    const char *format, ...)
{
	char value[EXECGATE_SENTENCE_SIZE + 512];
	va_list args;
	int size;

	va_start(args, format);
	size = vsnprintf(value, sizeof(value), format, args);
	va_end(args);
	if (size < 0)
		return;
	if ((size_t)size >= sizeof(value)) {
		size = sizeof(value) - 1;
		record->cut = true;
	}
	execgate_record_bytes(record, name, value, (size_t)size);
}

bool execgate_event_denied(const struct execgate_event *event)
{
	return event->mode != EXECGATE_MODE_AUDIT &&
	       event->mode != EXECGATE_MODE_OFF;
}

char *execgate_event_place(const struct execgate_event *event, char *out)
{
	if (event->hook == EXECGATE_HOOK_POLICY && !event->ino)
		strcpy(out, "mode and gates");
	else if (event->ino)
		snprintf(out, EXECGATE_PLACE_SIZE,
			 "inode %" PRIu64 " of device %u:%u", event->ino,
			 execgate_event_major(event),
			 execgate_event_minor(event));
	else
		strcpy(out, "memory");
	return out;
}

char *execgate_event_sentence(const struct execgate_event *event, char *out)
{
	char path[EXECGATE_ESCAPE_SIZE(EXECGATE_PATH_MAX)];
	char comm[EXECGATE_ESCAPE_SIZE(EXECGATE_COMM_MAX)];
	char container[EXECGATE_CONTAINER_WORDS_SIZE];
	char place[EXECGATE_PLACE_SIZE];
	bool denied = execgate_event_denied(event);

	execgate_escape(path, event->path, strlen(event->path));
	execgate_escape(comm, event->comm, strlen(event->comm));
	execgate_container_words(event, container);
	snprintf(out, EXECGATE_SENTENCE_SIZE,
		 "execgate %s %s of %s%s by uid %u (%s[%u])%s%s: %s%s%s%s",
		 denied ? "denied" : "would deny",
		 execgate_hook_name(event->hook), event->path_cut ? "..." : "",
		 path[0] ? path : execgate_event_place(event, place),
		 event->uid, comm[0] ? comm : "?", event->pid,
		 container[0] ? " in container " : "", container,
		 event->changed[0] ? "it was CHANGED since package " : "",
		 event->changed, event->changed[0] ? " installed it; " : "",
		 execgate_reason_text(event->reason));
	return out;
}

static void record_text(struct execgate_record *record, const char *name,
			const char *value)
{
	if (*value)
		execgate_record_bytes(record, name, value, strlen(value));
}

static void record_message(struct execgate_record *record,
			   const struct execgate_event *event, uint64_t count,
			   bool repeated)
{
	char sentence[EXECGATE_SENTENCE_SIZE], id[EXECGATE_MESSAGE_ID_SIZE];

	execgate_event_sentence(event, sentence);
	if (repeated)
		execgate_record_format(record, "MESSAGE",
				       "%s (repeated %" PRIu64 " %s)", sentence,
				       count, count == 1 ? "time" : "times");
	else
		record_text(record, "MESSAGE", sentence);
	record_text(record, "MESSAGE_ID",
		    execgate_message_denial_id(event->reason, id));
	execgate_record_format(record, "PRIORITY", "%d",
			       execgate_event_denied(event) ? LOG_WARNING :
							      LOG_NOTICE);
	record_text(record, "SYSLOG_IDENTIFIER", "execgated");
	record_text(record, "EXECGATE_EVENT", EXECGATE_MESSAGE_DENIAL_NAME);
	record_text(record, "EXECGATE_VERDICT",
		    execgate_event_denied(event) ? "denied" : "would-deny");
}

/* "EXECGATE_PATH_CUT" for member path_cut. */
static void journal_name(char out[NAME_SIZE], const char *member)
{
	size_t i;

	strcpy(out, PREFIX);
	for (i = sizeof(PREFIX) - 1; *member && i < NAME_SIZE - 1; i++)
		out[i] = (char)toupper((unsigned char)*member++);
	out[i] = '\0';
}

static void record_event_field(struct execgate_record *record,
			       const struct execgate_event *event,
			       const struct execgate_event_field *field)
{
	char value[EXECGATE_EVENT_VALUE_SIZE], name[NAME_SIZE];

	journal_name(name, field->name);
	record_text(record, name, execgate_event_value(event, field, value));
}

void execgate_record_event(struct execgate_record *record,
			   const struct execgate_event *event, uint64_t count,
			   bool repeated)
{
	execgate_record_start(record);
	record_message(record, event, count, repeated);
	execgate_record_format(record, "EXECGATE_COUNT", "%" PRIu64, count);
	if (repeated)
		record_text(record, "EXECGATE_REPEATED", "1");
	for (size_t i = 0; i < EXECGATE_EVENT_FIELD_COUNT; i++) {
		const struct execgate_event_field *field =
			&execgate_event_fields[i];

		if (field->where & EXECGATE_WHERE_EVENT &&
		    execgate_event_has(event, field))
			record_event_field(record, event, field);
	}
	record_text(record, "EXECGATE_CHANGED", event->changed);
}

static void read_value(struct execgate_event *event, uint64_t *count,
		       const char *name, const char *value)
{
	char wanted[NAME_SIZE];

	if (!strcmp(name, PREFIX "COUNT"))
		execgate_number_read(value, count);
	else if (!strcmp(name, PREFIX "CHANGED"))
		snprintf(event->changed, sizeof(event->changed), "%s", value);
	for (size_t i = 0; i < EXECGATE_EVENT_FIELD_COUNT; i++) {
		const struct execgate_event_field *field =
			&execgate_event_fields[i];

		if (!(field->where & EXECGATE_WHERE_EVENT))
			continue;
		journal_name(wanted, field->name);
		if (!strcmp(name, wanted)) {
			execgate_event_set(event, field, value);
			break;
		}
	}
}

void execgate_event_from_field(struct execgate_event *event, uint64_t *count,
			       const void *field, size_t size)
{
	char text[EXECGATE_PATH_MAX + 64];
	char *equals;

	if (size >= sizeof(text) || size < sizeof(PREFIX) ||
	    memcmp(field, PREFIX, sizeof(PREFIX) - 1))
		return;
	memcpy(text, field, size);
	text[size] = '\0';
	equals = strchr(text, '=');
	if (!equals)
		return;
	*equals = '\0';
	read_value(event, count, text, equals + 1);
}
