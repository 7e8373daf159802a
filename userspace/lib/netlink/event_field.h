/* SPDX-License-Identifier: GPL-2.0 */
/*
 * EXECGATE_EVENT_FIELDS as a table, for all who go through the fields of an event
 * one by one: the parser, the journal's fields and JSON.
 */
#ifndef EXECGATE_EVENT_FIELD_H
#define EXECGATE_EVENT_FIELD_H

#include <stddef.h>

#include "lib/netlink/event.h"

enum execgate_event_kind {
	EXECGATE_EVENT_NONE, /* no field has this number */
	EXECGATE_EVENT_U64,
	EXECGATE_EVENT_DEVICE,
	EXECGATE_EVENT_INODE,
	EXECGATE_EVENT_VERSION,
	EXECGATE_EVENT_U32,
	EXECGATE_EVENT_REASON,
	EXECGATE_EVENT_HOOK,
	EXECGATE_EVENT_MODE,
	EXECGATE_EVENT_CARRIER,
	EXECGATE_EVENT_REPORTED,
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

/**
 * struct execgate_event_field - a field of struct execgate_event
 * @name: of the member, which is also the key in JSON; in capitals and behind
 *	  EXECGATE_ it is the field of the journal
 * @size: most bytes of a TEXT
 * @offset: of the member
 * @known: offset of the bool that says whether a DIGEST is there
 */
struct execgate_event_field {
	const char *name;
	enum execgate_event_kind kind;
	enum execgate_event_where where;
	size_t size;
	size_t offset;
	size_t known;
};

/* By number of the attribute (enum execgate_event_attr), from 0 on. */
extern const struct execgate_event_field
	execgate_event_fields[EXECGATE_E_MAX + 1];

/* Any kind that is no TEXT or DIGEST; a FLAG is 0 or 1. */
uint64_t execgate_event_number(const struct execgate_event *event,
			       const struct execgate_event_field *field);
/* The text of a TEXT, the bytes of a DIGEST. */
static inline const void *
execgate_event_bytes(const struct execgate_event *event,
		     const struct execgate_event_field *field)
{
	return (const char *)event + field->offset;
}

/* Whether there is something to show: no empty text, no unknown digest. */
bool execgate_event_has(const struct execgate_event *event,
			const struct execgate_event_field *field);

/* The name of a number of REASON, HOOK, MODE, CARRIER, REPORTED; else NULL. */
const char *execgate_event_value_name(const struct execgate_event_field *field,
				      uint64_t value);
/* The number of a name of these; UINT32_MAX if they have no such name. */
uint32_t execgate_event_value_find(const struct execgate_event_field *field,
				   const char *name);

#endif /* EXECGATE_EVENT_FIELD_H */
