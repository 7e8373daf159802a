// SPDX-License-Identifier: GPL-2.0
#include "lib/events/record.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "lib/base/escape.h"
#include "lib/base/names.h"
#include "lib/events/message.h"

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
	char place[EXECGATE_PLACE_SIZE];
	bool denied = execgate_event_denied(event);

	execgate_escape(path, event->path, strlen(event->path));
	execgate_escape(comm, event->comm, strlen(event->comm));
	snprintf(out, EXECGATE_SENTENCE_SIZE,
		 "execgate %s %s of %s%s by uid %u (%s[%u]): %s%s%s%s",
		 denied ? "denied" : "would deny",
		 execgate_hook_name(event->hook), event->path_cut ? "..." : "",
		 path[0] ? path : execgate_event_place(event, place),
		 event->uid, comm[0] ? comm : "?", event->pid,
		 event->changed[0] ? "it was CHANGED since package " : "",
		 event->changed, event->changed[0] ? " installed it; " : "",
		 execgate_reason_text(event->reason));
	return out;
}

static void record_hex(struct execgate_record *record, const char *name,
		       const uint8_t *bytes)
{
	char hex[2 * EXECGATE_FINGERPRINT_SIZE + 1];

	for (size_t i = 0; i < EXECGATE_FINGERPRINT_SIZE; i++)
		snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
	execgate_record_bytes(record, name, hex, sizeof(hex) - 1);
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

void execgate_record_event(struct execgate_record *record,
			   const struct execgate_event *event, uint64_t count,
			   bool repeated)
{
	execgate_record_start(record);
	record_message(record, event, count, repeated);
	execgate_record_format(record, "EXECGATE_COUNT", "%" PRIu64, count);
	if (repeated)
		record_text(record, "EXECGATE_REPEATED", "1");
	execgate_record_format(record, "EXECGATE_SEQUENCE", "%" PRIu64,
			       event->sequence);
	execgate_record_format(record, "EXECGATE_TIME_NSEC", "%" PRIu64,
			       event->time_nsec);
	record_text(record, "EXECGATE_REASON",
		    execgate_reason_name(event->reason));
	record_text(record, "EXECGATE_HOOK", execgate_hook_name(event->hook));
	record_text(record, "EXECGATE_MODE", execgate_mode_name(event->mode));
	record_text(record, "EXECGATE_CARRIER",
		    execgate_carrier_name(event->carrier));
	execgate_record_format(record, "EXECGATE_PID", "%u", event->pid);
	execgate_record_format(record, "EXECGATE_TID", "%u", event->tid);
	execgate_record_format(record, "EXECGATE_UID", "%u", event->uid);
	record_text(record, "EXECGATE_COMM", event->comm);
	record_text(record, "EXECGATE_PATH", event->path);
	if (event->path_cut)
		record_text(record, "EXECGATE_PATH_CUT", "1");
	record_text(record, "EXECGATE_EXE", event->exe);
	if (event->dev || event->ino) {
		execgate_record_format(record, "EXECGATE_DEV", "%u:%u",
				       execgate_event_major(event),
				       execgate_event_minor(event));
		execgate_record_format(record, "EXECGATE_INO", "%" PRIu64,
				       event->ino);
	}
	if (event->has_signer)
		record_hex(record, "EXECGATE_SIGNER", event->signer);
	if (event->identity[0]) {
		record_text(record, "EXECGATE_IDENTITY", event->identity);
		execgate_record_format(record, "EXECGATE_IDENTITY_VERSION",
				       "%" PRIu64, event->identity_version);
	}
	if (event->has_digest)
		record_hex(record, "EXECGATE_DIGEST", event->digest);
	record_text(record, "EXECGATE_CHANGED", event->changed);
}

static bool read_number(const char *text, uint64_t max, uint64_t *out)
{
	unsigned long long value;
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	value = strtoull(text, &end, 10);
	if (errno || *end || value > max)
		return false;
	*out = value;
	return true;
}

static void read_u32(const char *text, uint32_t *out)
{
	uint64_t value;

	if (read_number(text, UINT32_MAX, &value))
		*out = (uint32_t)value;
}

static void read_name(int found, uint32_t *out)
{
	*out = found < 0 ? UINT32_MAX : (uint32_t)found;
}

static void read_dev(const char *text, uint64_t *out)
{
	unsigned int major, minor;

	if (sscanf(text, "%u:%u", &major, &minor) == 2)
		*out = (uint64_t)major << 20 | (minor & 0xfffff);
}

static bool read_hex(const char *text, uint8_t *out)
{
	if (strlen(text) != 2 * EXECGATE_FINGERPRINT_SIZE ||
	    strspn(text, "0123456789abcdef") != strlen(text))
		return false;
	for (size_t i = 0; i < EXECGATE_FINGERPRINT_SIZE; i++)
		sscanf(text + 2 * i, "%2hhx", &out[i]);
	return true;
}

static void read_value(struct execgate_event *event, uint64_t *count,
		       const char *name, const char *value)
{
	if (!strcmp(name, "COUNT"))
		read_number(value, UINT64_MAX, count);
	else if (!strcmp(name, "SEQUENCE"))
		read_number(value, UINT64_MAX, &event->sequence);
	else if (!strcmp(name, "TIME_NSEC"))
		read_number(value, UINT64_MAX, &event->time_nsec);
	else if (!strcmp(name, "REASON"))
		read_name(execgate_reason_find(value), &event->reason);
	else if (!strcmp(name, "HOOK"))
		read_name(execgate_hook_find(value), &event->hook);
	else if (!strcmp(name, "MODE"))
		read_name(execgate_mode_find(value), &event->mode);
	else if (!strcmp(name, "CARRIER"))
		read_name(execgate_carrier_find(value), &event->carrier);
	else if (!strcmp(name, "PID"))
		read_u32(value, &event->pid);
	else if (!strcmp(name, "TID"))
		read_u32(value, &event->tid);
	else if (!strcmp(name, "UID"))
		read_u32(value, &event->uid);
	else if (!strcmp(name, "COMM"))
		snprintf(event->comm, sizeof(event->comm), "%s", value);
	else if (!strcmp(name, "PATH"))
		snprintf(event->path, sizeof(event->path), "%s", value);
	else if (!strcmp(name, "PATH_CUT"))
		event->path_cut = true;
	else if (!strcmp(name, "EXE"))
		snprintf(event->exe, sizeof(event->exe), "%s", value);
	else if (!strcmp(name, "DEV"))
		read_dev(value, &event->dev);
	else if (!strcmp(name, "INO"))
		read_number(value, UINT64_MAX, &event->ino);
	else if (!strcmp(name, "SIGNER"))
		event->has_signer = read_hex(value, event->signer);
	else if (!strcmp(name, "IDENTITY"))
		snprintf(event->identity, sizeof(event->identity), "%s", value);
	else if (!strcmp(name, "IDENTITY_VERSION"))
		read_number(value, UINT64_MAX, &event->identity_version);
	else if (!strcmp(name, "CHANGED"))
		snprintf(event->changed, sizeof(event->changed), "%s", value);
	else if (!strcmp(name, "DIGEST"))
		event->has_digest = read_hex(value, event->digest);
}

void execgate_event_from_field(struct execgate_event *event, uint64_t *count,
			       const void *field, size_t size)
{
	static const char prefix[] = "EXECGATE_";
	char text[EXECGATE_PATH_MAX + 64];
	char *equals;

	if (size >= sizeof(text) || size < sizeof(prefix) ||
	    memcmp(field, prefix, sizeof(prefix) - 1))
		return;
	memcpy(text, field, size);
	text[size] = '\0';
	equals = strchr(text, '=');
	if (!equals)
		return;
	*equals = '\0';
	read_value(event, count, text + sizeof(prefix) - 1, equals + 1);
}
