// SPDX-License-Identifier: GPL-2.0
#include "lib/netlink/event_field.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/names.h"

/* Only a DIGEST and a LOGIN have a member that says whether it is known. */
#define KNOWN_U64(member, size) 0
#define KNOWN_U32(member, size) 0
#define KNOWN_FLAG(member, size) 0
#define KNOWN_TEXT(member, size) 0
#define KNOWN_LOGIN(member, size) offsetof(struct execgate_event, has_##member)
#define KNOWN_DIGEST(member, size) offsetof(struct execgate_event, has_##member)

#define FIELD(field_kind, member, max, place)                          \
	{ .name = #member,                                             \
	  .kind = EXECGATE_EVENT_##field_kind,                         \
	  .where = EXECGATE_WHERE_##place,                             \
	  .size = (max),                                               \
	  .offset = offsetof(struct execgate_event, member),           \
	  .width = sizeof(((const struct execgate_event *)0)->member), \
	  .known = EXECGATE_AS_##field_kind(KNOWN, member, max) }

const struct execgate_event_field
	execgate_event_fields[EXECGATE_EVENT_FIELD_COUNT] = {
#define X(id, kind, member, size, where, text) \
	[EXECGATE_E_##id] = FIELD(kind, member, size, where),
		EXECGATE_EVENT_FIELDS(X)
#undef X
#define X(id, member, size, text) \
	[EXECGATE_FOUND_##id] = FIELD(TEXT, member, size, EVENT),
			EXECGATE_FOUND_FIELDS(X)
#undef X
	};

static const void *member_of(const struct execgate_event *event,
			     const struct execgate_event_field *field)
{
	return (const char *)event + field->offset;
}

uint64_t execgate_event_number(const struct execgate_event *event,
			       const struct execgate_event_field *field)
{
	const void *member = member_of(event, field);

	switch (field->width) {
	case sizeof(uint64_t):
		return *(const uint64_t *)member;
	case sizeof(uint32_t):
		return *(const uint32_t *)member;
	case sizeof(bool):
		return *(const bool *)member;
	}
	return 0;
}

static void set_number(struct execgate_event *event,
		       const struct execgate_event_field *field, uint64_t value)
{
	void *member = (char *)event + field->offset;

	switch (field->width) {
	case sizeof(uint64_t):
		*(uint64_t *)member = value;
		break;
	case sizeof(uint32_t):
		*(uint32_t *)member = (uint32_t)value;
		break;
	case sizeof(bool):
		*(bool *)member = value;
		break;
	}
}

/* When a kind is shown. */

static bool has_always(const struct execgate_event *event,
		       const struct execgate_event_field *field)
{
	(void)event;
	(void)field;
	return true;
}

static bool has_inode(const struct execgate_event *event,
		      const struct execgate_event_field *field)
{
	(void)field;
	return event->dev || event->ino;
}

static bool has_identity(const struct execgate_event *event,
			 const struct execgate_event_field *field)
{
	(void)field;
	return event->identity[0];
}

static bool has_known(const struct execgate_event *event,
		      const struct execgate_event_field *field)
{
	return *(const bool *)((const char *)event + field->known);
}

static bool has_text(const struct execgate_event *event,
		     const struct execgate_event_field *field)
{
	return *(const char *)member_of(event, field);
}

static bool has_number(const struct execgate_event *event,
		       const struct execgate_event_field *field)
{
	return execgate_event_number(event, field);
}

/* A kind's value as text, and back. */

static void write_number(uint64_t value, char out[EXECGATE_EVENT_VALUE_SIZE])
{
	snprintf(out, EXECGATE_EVENT_VALUE_SIZE, "%" PRIu64, value);
}

static void write_device(uint64_t value, char out[EXECGATE_EVENT_VALUE_SIZE])
{
	const struct execgate_event event = { .dev = value };

	snprintf(out, EXECGATE_EVENT_VALUE_SIZE, "%u:%u",
		 execgate_event_major(&event), execgate_event_minor(&event));
}

static bool read_device(const char *text, uint64_t *out)
{
	unsigned int major, minor;

	if (sscanf(text, "%u:%u", &major, &minor) != 2)
		return false;
	*out = (uint64_t)major << 20 | (minor & 0xfffff);
	return true;
}

/* A flag has no other value: it is there, or not. */
static bool read_flag(const char *text, uint64_t *out)
{
	(void)text;
	*out = true;
	return true;
}

/*
 * struct kind - all that a kind of field is
 * @has: whether a field of the kind has something to show
 * @write, @read: its number as text; NULL: it has none, or a name
 * @name, @find: the name of a number that has one
 */
static const struct kind {
	enum execgate_event_form form;
	bool (*has)(const struct execgate_event *event,
		    const struct execgate_event_field *field);
	void (*write)(uint64_t value, char out[EXECGATE_EVENT_VALUE_SIZE]);
	bool (*read)(const char *text, uint64_t *out);
	const char *(*name)(unsigned int value);
	int (*find)(const char *name);
} kinds[] = {
#define NUMBER(has_it)                                \
	{ EXECGATE_FORM_NUMBER, has_it, write_number, \
	  execgate_number_read, NULL,	NULL }
#define NAMED(has_it, names)                                                   \
	{ EXECGATE_FORM_TEXT,	  has_it, NULL, NULL, execgate_##names##_name, \
	  execgate_##names##_find }
	[EXECGATE_EVENT_U64] = NUMBER(has_always),
	[EXECGATE_EVENT_U32] = NUMBER(has_always),
	[EXECGATE_EVENT_INODE] = NUMBER(has_inode),
	[EXECGATE_EVENT_VERSION] = NUMBER(has_identity),
	[EXECGATE_EVENT_ID] = NUMBER(has_number),
	[EXECGATE_EVENT_LOGIN] = NUMBER(has_known),
	[EXECGATE_EVENT_DEVICE] = { EXECGATE_FORM_TEXT, has_number,
				    write_device, read_device, NULL, NULL },
	[EXECGATE_EVENT_REASON] = NAMED(has_always, reason),
	[EXECGATE_EVENT_REPORTED] = NAMED(has_number, reason),
	[EXECGATE_EVENT_HOOK] = NAMED(has_always, hook),
	[EXECGATE_EVENT_MODE] = NAMED(has_always, mode),
	[EXECGATE_EVENT_CARRIER] = NAMED(has_always, carrier),
	[EXECGATE_EVENT_FLAG] = { EXECGATE_FORM_BOOLEAN, has_number,
				  write_number, read_flag, NULL, NULL },
	[EXECGATE_EVENT_DIGEST] = { .has = has_known },
	[EXECGATE_EVENT_TEXT] = { .has = has_text },
#undef NUMBER
#undef NAMED
};

enum execgate_event_form
execgate_event_form(const struct execgate_event_field *field)
{
	return kinds[field->kind].form;
}

bool execgate_event_has(const struct execgate_event *event,
			const struct execgate_event_field *field)
{
	const struct kind *kind = &kinds[field->kind];

	return kind->has && kind->has(event, field);
}

const char *execgate_event_value(const struct execgate_event *event,
				 const struct execgate_event_field *field,
				 char out[EXECGATE_EVENT_VALUE_SIZE])
{
	const struct kind *kind = &kinds[field->kind];

	if (field->kind == EXECGATE_EVENT_TEXT)
		return member_of(event, field);
	if (field->kind == EXECGATE_EVENT_DIGEST)
		return execgate_hex_write(out, member_of(event, field),
					  field->width);
	if (kind->name)
		return kind->name(
			(unsigned int)execgate_event_number(event, field));
	*out = '\0';
	if (kind->write)
		kind->write(execgate_event_number(event, field), out);
	return out;
}

/* As it is written, and nothing else: lower case. */
static bool read_digest(const char *text, uint8_t *out)
{
	return strlen(text) == 2 * EXECGATE_FINGERPRINT_SIZE &&
	       strspn(text, "0123456789abcdef") == strlen(text) &&
	       execgate_hex_read(text, out, EXECGATE_FINGERPRINT_SIZE);
}

static void set_named(struct execgate_event *event,
		      const struct execgate_event_field *field,
		      int (*find)(const char *name), const char *value)
{
	int found = find(value);

	set_number(event, field, found < 0 ? UINT32_MAX : (uint32_t)found);
}

void execgate_event_set(struct execgate_event *event,
			const struct execgate_event_field *field,
			const char *value)
{
	const struct kind *kind = &kinds[field->kind];
	void *member = (char *)event + field->offset;
	uint64_t number;

	if (field->kind == EXECGATE_EVENT_TEXT)
		snprintf(member, field->width, "%s", value);
	else if (field->kind == EXECGATE_EVENT_DIGEST)
		*(bool *)((char *)event + field->known) =
			read_digest(value, member);
	else if (kind->find)
		set_named(event, field, kind->find, value);
	else if (kind->read && kind->read(value, &number) &&
		 (field->width == sizeof(number) || number <= UINT32_MAX)) {
		set_number(event, field, number);
		if (field->known)
			*(bool *)((char *)event + field->known) = true;
	}
}
