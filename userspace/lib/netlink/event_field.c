// SPDX-License-Identifier: GPL-2.0
#include "lib/netlink/event_field.h"

#include "lib/base/names.h"

/* Only a DIGEST has a member that says whether it is known. */
#define KNOWN_DIGEST(member) offsetof(struct execgate_event, has_##member)
#define KNOWN_U64(member) 0
#define KNOWN_DEVICE(member) 0
#define KNOWN_INODE(member) 0
#define KNOWN_VERSION(member) 0
#define KNOWN_U32(member) 0
#define KNOWN_REASON(member) 0
#define KNOWN_HOOK(member) 0
#define KNOWN_MODE(member) 0
#define KNOWN_CARRIER(member) 0
#define KNOWN_REPORTED(member) 0
#define KNOWN_FLAG(member) 0
#define KNOWN_TEXT(member) 0

#define FIELD(field_kind, member, max, place)                \
	{ .name = #member,                                   \
	  .kind = EXECGATE_EVENT_##field_kind,               \
	  .where = EXECGATE_WHERE_##place,                   \
	  .size = (max),                                     \
	  .offset = offsetof(struct execgate_event, member), \
	  .known = KNOWN_##field_kind(member) }

const struct execgate_event_field execgate_event_fields[EXECGATE_E_MAX + 1] = {
#define X(id, kind, member, size, where, text) \
	[EXECGATE_E_##id] = FIELD(kind, member, size, where),
	EXECGATE_EVENT_FIELDS(X)
#undef X
};

/* The type of each kind's number, and the names of its values. */
static const struct {
	size_t width;
	const char *(*name)(unsigned int value);
	int (*find)(const char *name);
} kinds[] = {
	[EXECGATE_EVENT_U64] = { .width = sizeof(uint64_t) },
	[EXECGATE_EVENT_DEVICE] = { .width = sizeof(uint64_t) },
	[EXECGATE_EVENT_INODE] = { .width = sizeof(uint64_t) },
	[EXECGATE_EVENT_VERSION] = { .width = sizeof(uint64_t) },
	[EXECGATE_EVENT_U32] = { .width = sizeof(uint32_t) },
	[EXECGATE_EVENT_REASON] = { sizeof(uint32_t), execgate_reason_name,
				    execgate_reason_find },
	[EXECGATE_EVENT_HOOK] = { sizeof(uint32_t), execgate_hook_name,
				  execgate_hook_find },
	[EXECGATE_EVENT_MODE] = { sizeof(uint32_t), execgate_mode_name,
				  execgate_mode_find },
	[EXECGATE_EVENT_CARRIER] = { sizeof(uint32_t), execgate_carrier_name,
				     execgate_carrier_find },
	[EXECGATE_EVENT_REPORTED] = { sizeof(uint32_t), execgate_reason_name,
				      execgate_reason_find },
	[EXECGATE_EVENT_FLAG] = { .width = sizeof(bool) },
	[EXECGATE_EVENT_TEXT] = { .width = 0 },
};

uint64_t execgate_event_number(const struct execgate_event *event,
			       const struct execgate_event_field *field)
{
	const char *member = (const char *)event + field->offset;

	switch (kinds[field->kind].width) {
	case sizeof(uint64_t):
		return *(const uint64_t *)member;
	case sizeof(uint32_t):
		return *(const uint32_t *)member;
	case sizeof(bool):
		return *(const bool *)member;
	}
	return 0;
}

bool execgate_event_has(const struct execgate_event *event,
			const struct execgate_event_field *field)
{
	switch (field->kind) {
	case EXECGATE_EVENT_NONE:
		return false;
	case EXECGATE_EVENT_DEVICE:
	case EXECGATE_EVENT_INODE:
		return event->dev || event->ino;
	case EXECGATE_EVENT_VERSION:
		return event->identity[0];
	case EXECGATE_EVENT_REPORTED:
	case EXECGATE_EVENT_FLAG:
		return execgate_event_number(event, field);
	case EXECGATE_EVENT_DIGEST:
		return *(const bool *)((const char *)event + field->known);
	case EXECGATE_EVENT_TEXT:
		return *((const char *)event + field->offset);
	case EXECGATE_EVENT_U64:
	case EXECGATE_EVENT_U32:
	case EXECGATE_EVENT_REASON:
	case EXECGATE_EVENT_HOOK:
	case EXECGATE_EVENT_MODE:
	case EXECGATE_EVENT_CARRIER:
		break;
	}
	return true;
}

const char *execgate_event_value_name(const struct execgate_event_field *field,
				      uint64_t value)
{
	if (!kinds[field->kind].name)
		return NULL;
	return kinds[field->kind].name(
		value > UINT32_MAX ? UINT32_MAX : (unsigned int)value);
}

uint32_t execgate_event_value_find(const struct execgate_event_field *field,
				   const char *name)
{
	int found = -1;

	if (kinds[field->kind].find)
		found = kinds[field->kind].find(name);
	return found < 0 ? UINT32_MAX : (uint32_t)found;
}
