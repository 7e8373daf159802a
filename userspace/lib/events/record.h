/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A journal entry in the making, and the way from an event to its fields and
 * back. Values are kept raw, whatever bytes they hold: the journal's protocol
 * carries them with their length. Only MESSAGE is for eyes and is escaped.
 */
#ifndef EXECGATE_RECORD_H
#define EXECGATE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "lib/netlink/event.h"

#define EXECGATE_RECORD_FIELDS 64
#define EXECGATE_RECORD_SIZE 24576

/**
 * struct execgate_record - the fields "NAME=value" of one entry
 * @fields: point into @text
 *
 * A field that does not fit is left out: the bounds of struct execgate_event
 * are such that all of an event's fit, which a unit test proves.
 */
struct execgate_record {
	struct iovec fields[EXECGATE_RECORD_FIELDS];
	size_t count;
	size_t used;
	bool cut;
	char text[EXECGATE_RECORD_SIZE];
};

void execgate_record_start(struct execgate_record *record);
void execgate_record_bytes(struct execgate_record *record, const char *name,
			   const void *value, size_t size);
__attribute__((format(printf, 3, 4))) void
execgate_record_format(struct execgate_record *record, const char *name,
		       const char *format, ...);

/**
 * execgate_record_event() - the whole entry of a denial
 * @count: how many denials it stands for
 * @repeated: it was shown before, these came after it
 */
void execgate_record_event(struct execgate_record *record,
			   const struct execgate_event *event, uint64_t count,
			   bool repeated);

/*
 * "execgate denied exec of /tmp/x by uid 1000 (bash[123]): it carries no
 * signature"; with "in container web (nginx:latest)" behind the process, of one in a
 * container. One line, escaped. @out has EXECGATE_SENTENCE_SIZE bytes.
 */
#define EXECGATE_SENTENCE_SIZE 8192
char *execgate_event_sentence(const struct execgate_event *event, char *out);

/*
 * The name for the subject of an event that has no path: the kernel leaves one
 * out that is too long to be told, and executable memory has none.
 */
#define EXECGATE_PLACE_SIZE 80
char *execgate_event_place(const struct execgate_event *event, char *out);

/* Whether the mode was such that the event stopped it. */
bool execgate_event_denied(const struct execgate_event *event);

/*
 * The other way: set what the field "NAME=value" of a journal entry says.
 * Unknown fields and values that cannot be are left alone.
 */
void execgate_event_from_field(struct execgate_event *event, uint64_t *count,
			       const void *field, size_t size);

#endif /* EXECGATE_RECORD_H */
