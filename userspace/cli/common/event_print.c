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

#define NSEC_PER_SEC 1000000000ull

static void set_text(json_t *object, const char *key, const char *text)
{
	if (*text)
		output_json_set_bytes(object, key, text, strlen(text));
}

static void set_number(json_t *object, const char *key, uint64_t value)
{
	json_object_set_new(object, key, json_integer((json_int_t)value));
}

static void set_subject(json_t *object, const struct execgate_event *event)
{
	char dev[32];

	set_text(object, "path", event->path);
	if (event->path_cut)
		json_object_set_new(object, "path_cut", json_true());
	if (event->dev || event->ino) {
		snprintf(dev, sizeof(dev), "%u:%u", execgate_event_major(event),
			 execgate_event_minor(event));
		set_text(object, "dev", dev);
		set_number(object, "ino", event->ino);
	}
	if (event->has_digest)
		output_json_set_hex(object, "digest", event->digest,
				    sizeof(event->digest));
	if (event->has_signer)
		output_json_set_hex(object, "signer", event->signer,
				    sizeof(event->signer));
	if (event->identity[0]) {
		set_text(object, "identity", event->identity);
		set_number(object, "identity_version", event->identity_version);
	}
}

json_t *event_to_json(const struct execgate_event *event)
{
	json_t *object = json_object();

	set_number(object, "sequence", event->sequence);
	set_number(object, "time_nsec", event->time_nsec);
	json_object_set_new(object, "denied",
			    json_boolean(execgate_event_denied(event)));
	set_text(object, "reason", execgate_reason_name(event->reason));
	set_text(object, "reason_text", execgate_reason_text(event->reason));
	set_text(object, "hook", execgate_hook_name(event->hook));
	set_text(object, "mode", execgate_mode_name(event->mode));
	set_text(object, "carrier", execgate_carrier_name(event->carrier));
	set_number(object, "pid", event->pid);
	set_number(object, "tid", event->tid);
	set_number(object, "uid", event->uid);
	set_text(object, "comm", event->comm);
	set_text(object, "exe", event->exe);
	set_text(object, "changed_since_package", event->changed);
	set_subject(object, event);
	return object;
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
	if (count)
		printf(" repeated %" PRIu64 " %s", count,
		       count == 1 ? "time" : "times");
	printf("\n%s    by uid %u, %s[%u]%s%s%s\n", output_style(OUTPUT_DIM),
	       event->uid, *comm ? comm : "?", event->pid,
	       *exe ? " running " : "", exe, output_style(OUTPUT_PLAIN));
}
