/* SPDX-License-Identifier: GPL-2.0 */
/*
 * EXECGATE_EVENT_FIELDS and EXECGATE_FOUND_FIELDS as a table, for all who go through the fields of an event
 * one by one: the journal's fields, both ways, and JSON. A kind of field has one row,
 * in event_field.c; its value as text is the same everywhere.
 */
#ifndef EXECGATE_EVENT_FIELD_H
#define EXECGATE_EVENT_FIELD_H

#include <stddef.h>

#include "lib/base/digits.h"
#include "lib/netlink/event.h"

enum execgate_event_kind {
	EXECGATE_EVENT_NONE, /* no field has this number */
	EXECGATE_EVENT_U64,
	EXECGATE_EVENT_DEVICE,
	EXECGATE_EVENT_INODE,
	EXECGATE_EVENT_VERSION,
	EXECGATE_EVENT_ID,
	EXECGATE_EVENT_U32,
	EXECGATE_EVENT_REASON,
	EXECGATE_EVENT_HOOK,
	EXECGATE_EVENT_MODE,
	EXECGATE_EVENT_CARRIER,
	EXECGATE_EVENT_REPORTED,
	EXECGATE_EVENT_LOGIN,
	EXECGATE_EVENT_FLAG,
	EXECGATE_EVENT_DIGEST,
	EXECGATE_EVENT_TEXT,
};

/* Where a field is to be found; the numbers are bits. */
enum execgate_event_where {
	EXECGATE_WHERE_EVENT = 1,
	EXECGATE_WHERE_CHECK = 2,
	EXECGATE_WHERE_BOTH = EXECGATE_WHERE_EVENT | EXECGATE_WHERE_CHECK,
};

/* How JSON has the value of a field. */
enum execgate_event_form {
	EXECGATE_FORM_TEXT,
	EXECGATE_FORM_NUMBER,
	EXECGATE_FORM_BOOLEAN,
};

/**
 * struct execgate_event_field - a field of struct execgate_event
 * @name: of the member, which is also the key in JSON; in capitals and behind
 *	  EXECGATE_ it is the field of the journal
 * @size: most bytes of a TEXT
 * @offset: of the member
 * @width: of the member, in bytes
 * @known: offset of the bool that says whether a DIGEST or a LOGIN is there
 */
struct execgate_event_field {
	const char *name;
	enum execgate_event_kind kind;
	enum execgate_event_where where;
	size_t size;
	size_t offset;
	size_t width;
	size_t known;
};

/*
 * By number of the attribute (enum execgate_event_attr), from 0 on, and behind those by
 * enum execgate_event_found.
 */
extern const struct execgate_event_field
	execgate_event_fields[EXECGATE_EVENT_FIELD_COUNT];

enum execgate_event_form
execgate_event_form(const struct execgate_event_field *field);

/* Any kind that is no TEXT or DIGEST; a FLAG is 0 or 1. */
uint64_t execgate_event_number(const struct execgate_event *event,
			       const struct execgate_event_field *field);

/* Whether there is something to show: no empty text, no unknown digest. */
bool execgate_event_has(const struct execgate_event *event,
			const struct execgate_event_field *field);

/*
 * The value as text: a number in decimal, a name, "8:1" of a DEVICE, a digest in
 * hexadecimal, a TEXT as it is, whatever bytes it holds. Returns @out, or the member.
 */
#define EXECGATE_EVENT_VALUE_SIZE EXECGATE_HEX_SIZE(EXECGATE_FINGERPRINT_SIZE)
const char *execgate_event_value(const struct execgate_event *event,
				 const struct execgate_event_field *field,
				 char out[EXECGATE_EVENT_VALUE_SIZE]);
/* The other way. A value that cannot be leaves the field alone. */
void execgate_event_set(struct execgate_event *event,
			const struct execgate_event_field *field,
			const char *value);

#endif /* EXECGATE_EVENT_FIELD_H */
