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
	for (size_t i = 0; i < EXECGATE_EVENT_FIELD_COUNT; i++) {
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

/* A scope that is there for a container tells nothing more than its id. */
static bool tells_unit(const struct execgate_event *event)
{
	return event->unit[0] &&
	       !(event->container[0] && strstr(event->unit, event->container));
}

bool event_place_words(const struct execgate_event *event,
		       char out[EVENT_PLACE_WORDS_SIZE])
{
	char container[EXECGATE_CONTAINER_WORDS_SIZE];
	char unit[EXECGATE_ESCAPE_SIZE(EXECGATE_UNIT_MAX)] = "";
	char user_unit[EXECGATE_ESCAPE_SIZE(EXECGATE_UNIT_MAX)] = "";

	execgate_container_words(event, container);
	if (tells_unit(event)) {
		execgate_escape(unit, event->unit, strlen(event->unit));
		execgate_escape(user_unit, event->user_unit,
				strlen(event->user_unit));
	}
	snprintf(out, EVENT_PLACE_WORDS_SIZE, "%s%s%s%s%s%s%s",
		 *container ? "in container " : "", container,
		 *container && *unit ? ", " : "", *unit ? "in unit " : "", unit,
		 *user_unit ? ", there " : "", user_unit);
	return *out;
}

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The file's name says it already, mostly; the shell of a login has a dash in front. */
static bool tells_argv0(const struct execgate_event *event)
{
	const char *path = event->hook == EXECGATE_HOOK_BPRM_CHECK ?
				   event->path :
				   event->exe;
	const char *argv0 = event->argv0 + (event->argv0[0] == '-');

	return *argv0 && strcmp(base_of(argv0), base_of(path)) != 0;
}

static void print_who(const struct execgate_event *event)
{
	char exe[EXECGATE_ESCAPE_SIZE(EXECGATE_PATH_MAX)];
	char comm[EXECGATE_ESCAPE_SIZE(EXECGATE_COMM_MAX)];
	char argv0[EXECGATE_ESCAPE_SIZE(EXECGATE_ARGV0_MAX)];

	execgate_escape(exe, event->exe, strlen(event->exe));
	execgate_escape(comm, event->comm, strlen(event->comm));
	execgate_escape(argv0, event->argv0, strlen(event->argv0));
	printf("    by uid %u", event->uid);
	if (event->has_login_uid && event->login_uid != event->uid)
		printf(" (logged in as %u)", event->login_uid);
	printf(", %s[%u]", *comm ? comm : "?", event->pid);
	if (event->ppid)
		printf(" of %" PRIu64, event->ppid);
	printf("%s%s", *exe ? " running " : "", exe);
	if (tells_argv0(event))
		printf(", argv[0] %s", argv0);
	putchar('\n');
}

static void print_place(const struct execgate_event *event)
{
	char host_path[EXECGATE_ESCAPE_SIZE(EXECGATE_PATH_MAX)];
	char words[EVENT_PLACE_WORDS_SIZE];

	if (event_place_words(event, words))
		printf("    %s\n", words);
	execgate_escape(host_path, event->host_path, strlen(event->host_path));
	if (*host_path)
		printf("    on the host %s\n", host_path);
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
	char place[EXECGATE_PLACE_SIZE];

	/* As in the journal's MESSAGE: a name must not pass for our words. */
	execgate_escape(path, event->path, strlen(event->path));
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
	printf("\n%s", output_style(OUTPUT_DIM));
	print_who(event);
	print_place(event);
	printf("%s", output_style(OUTPUT_PLAIN));
}
