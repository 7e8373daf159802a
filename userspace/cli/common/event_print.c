// SPDX-License-Identifier: GPL-2.0
#include "cli/common/event_print.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/common/output.h"
#include "lib/base/escape.h"
#include "lib/base/names.h"
#include "lib/events/record.h"
#include "lib/netlink/event_field.h"

#define NSEC_PER_SEC 1000000000ull

static void set_text(json_t *object, const char *key, const char *text)
{
	if (*text)
		output_json_set_bytes(object, key, text, strlen(text));
}

static void set_event_field(json_t *object, const struct execgate_event *event,
			    const struct execgate_event_field *field)
{
	char value[EXECGATE_EVENT_VALUE_SIZE];
	uint64_t number;

	switch (execgate_event_form(field)) {
	case EXECGATE_FORM_TEXT:
		set_text(object, field->name,
			 execgate_event_value(event, field, value));
		break;
	case EXECGATE_FORM_NUMBER:
		number = execgate_event_number(event, field);
		json_object_set_new(object, field->name,
				    json_integer((json_int_t)number));
		break;
	case EXECGATE_FORM_BOOLEAN:
		number = execgate_event_number(event, field);
		json_object_set_new(object, field->name, json_boolean(number));
		break;
	}
}

/* A flag that only a check answers is there either way: no is an answer, too. */
static bool is_shown(const struct execgate_event *event,
		     const struct execgate_event_field *field)
{
	return execgate_event_has(event, field) ||
	       (execgate_event_form(field) == EXECGATE_FORM_BOOLEAN &&
		field->where == EXECGATE_WHERE_CHECK);
}

static void set_fields(json_t *object, const struct execgate_event *event,
		       enum execgate_event_where where)
{
	for (size_t i = 0; i <= EXECGATE_E_MAX; i++) {
		const struct execgate_event_field *field =
			&execgate_event_fields[i];

		if (field->where & where && is_shown(event, field))
			set_event_field(object, event, field);
	}
	set_text(object, "reason_text", execgate_reason_text(event->reason));
	set_text(object, "changed_since_package", event->changed);
}

json_t *event_to_json(const struct execgate_event *event)
{
	json_t *object = json_object();

	json_object_set_new(object, "denied",
			    json_boolean(execgate_event_denied(event)));
	set_fields(object, event, EXECGATE_WHERE_EVENT);
	return object;
}

void event_check_to_json(json_t *object, const struct execgate_event *event)
{
	set_fields(object, event, EXECGATE_WHERE_CHECK);
}

static void print_time(uint64_t nsec)
{
	time_t seconds = (time_t)(nsec / NSEC_PER_SEC);
	char text[32];
	struct tm tm;

	if (!localtime_r(&seconds, &tm) ||
	    !strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm))
		strcpy(text, "?");
	printf("%s.%03u", text, (unsigned int)(nsec % NSEC_PER_SEC / 1000000));
}

void event_print(const struct execgate_event *event, uint64_t count)
{
	bool denied = execgate_event_denied(event);
	char path[EXECGATE_ESCAPE_SIZE(EXECGATE_PATH_MAX)];
	char exe[EXECGATE_ESCAPE_SIZE(EXECGATE_PATH_MAX)];
	char comm[EXECGATE_ESCAPE_SIZE(EXECGATE_COMM_MAX)];
	char place[EXECGATE_PLACE_SIZE];

	/* As in the journal's MESSAGE: a name must not pass for our words. */
	execgate_escape(path, event->path, strlen(event->path));
	execgate_escape(exe, event->exe, strlen(event->exe));
	execgate_escape(comm, event->comm, strlen(event->comm));
	print_time(event->time_nsec);
	printf("  %s%s%s  %s of %s%s: %s%s%s",
	       output_style(denied ? OUTPUT_BAD : OUTPUT_WARN),
	       denied ? "denied" : "would deny", output_style(OUTPUT_PLAIN),
	       execgate_hook_name(event->hook), event->path_cut ? "..." : "",
	       *path ? path : execgate_event_place(event, place),
	       output_style(denied ? OUTPUT_BAD : OUTPUT_WARN),
	       execgate_reason_name(event->reason), output_style(OUTPUT_PLAIN));
	printf(" (%s%s%s%s)",
	       event->changed[0] ? "it was CHANGED since package " : "",
	       event->changed, event->changed[0] ? " installed it; " : "",
	       execgate_reason_text(event->reason));
	if (event->constrained)
		printf(" for a constrained user or unit");
	if (count)
		printf(" repeated %" PRIu64 " %s", count,
		       count == 1 ? "time" : "times");
	printf("\n%s    by uid %u, %s[%u]%s%s%s\n", output_style(OUTPUT_DIM),
	       event->uid, *comm ? comm : "?", event->pid,
	       *exe ? " running " : "", exe, output_style(OUTPUT_PLAIN));
}
