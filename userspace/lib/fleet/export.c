// SPDX-License-Identifier: GPL-2.0
#include "lib/fleet/export.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/base/escape.h"
#include "lib/base/names.h"
#include "lib/events/record.h"
#include "lib/netlink/event_field.h"

#define NSEC_PER_SEC UINT64_C(1000000000)
#define NSEC_PER_MSEC 1000000ull

enum form { FORM_VALUE, FORM_TEXT, FORM_TIME, FORM_HASH, FORM_FILE };

/* The number of each field, from either of the two lists. */
enum number {
#define X(id, kind, member, size, where, text) NUMBER_##id = EXECGATE_E_##id,
	EXECGATE_EVENT_FIELDS(X)
#undef X
#define X(id, member, size, text) NUMBER_##id = EXECGATE_FOUND_##id,
		EXECGATE_FOUND_FIELDS(X)
#undef X
};

static const struct mapping {
	unsigned int field; /* its number in execgate_event_fields */
	struct {
		enum form form;
		const char *path;
	} as[EXECGATE_SCHEMA_COUNT];
} field_map[] = {
#define X(id, ecs_form, ecs, ocsf_form, ocsf)                 \
	{ NUMBER_##id,                                        \
	  { [EXECGATE_SCHEMA_ECS] = { FORM_##ecs_form, ecs }, \
	    [EXECGATE_SCHEMA_OCSF] = { FORM_##ocsf_form, ocsf } } },
	EXECGATE_FIELD_MAP(X)
#undef X
};

static const char *const versions[EXECGATE_SCHEMA_COUNT] = {
#define X(id, name, version) [EXECGATE_SCHEMA_##id] = version,
	EXECGATE_SCHEMAS(X)
#undef X
};

int execgate_schema_find(const char *name)
{
	static const char *const names[EXECGATE_SCHEMA_COUNT] = {
#define X(id, name, version) [EXECGATE_SCHEMA_##id] = name,
		EXECGATE_SCHEMAS(X)
#undef X
	};

	for (int i = 0; i < EXECGATE_SCHEMA_COUNT; i++)
		if (!strcmp(names[i], name))
			return i;
	return -EINVAL;
}

/* Set what @path names below @root, making the objects on the way; takes over @value. */
static void set_path(json_t *root, const char *path, json_t *value)
{
	const char *dot;
	char name[40];

	for (; (dot = strchr(path, '.')); path = dot + 1) {
		json_t *next;

		snprintf(name, sizeof(name), "%.*s", (int)(dot - path), path);
		next = json_object_get(root, name);
		if (!next) {
			next = json_object();
			json_object_set_new(root, name, next);
		}
		root = next;
	}
	json_object_set_new(root, path, value);
}

json_t *execgate_export_text(const char *text)
{
	json_t *out = json_string(text);
	char *safe;

	if (out)
		return out;
	safe = malloc(EXECGATE_ESCAPE_SIZE(strlen(text)));
	if (!safe)
		return NULL;
	execgate_escape_text(safe, text, strlen(text));
	out = json_string(safe);
	free(safe);
	return out;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static json_t *value_json(const struct execgate_event *event,
			  const struct execgate_event_field *field)
{
	char value[EXECGATE_EVENT_VALUE_SIZE];
	uint64_t number;

	switch (execgate_event_form(field)) {
	case EXECGATE_FORM_NUMBER:
		number = execgate_event_number(event, field);
		return json_integer((json_int_t)number);
	case EXECGATE_FORM_BOOLEAN:
		return json_boolean(execgate_event_number(event, field));
	case EXECGATE_FORM_TEXT:
		break;
	}
	return execgate_export_text(execgate_event_value(event, field, value));
}

/* Elastic wants a text, OCSF milliseconds. */
static json_t *time_json(enum execgate_schema schema, uint64_t nsec)
{
	time_t seconds = (time_t)(nsec / NSEC_PER_SEC);
	char date[32], text[64];
	struct tm tm;

	if (schema == EXECGATE_SCHEMA_OCSF)
		return json_integer((json_int_t)(nsec / NSEC_PER_MSEC));
	if (!gmtime_r(&seconds, &tm) ||
	    !strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm))
		return json_null();
	snprintf(text, sizeof(text), "%s.%09" PRIu64 "Z", date,
		 nsec % NSEC_PER_SEC);
	return json_string(text);
}

/* A file has a name, too, and in OCSF a kind, which the event does not tell. */
static void set_file(json_t *root, enum execgate_schema schema,
		     const char *path, const char *file)
{
	size_t folder = (size_t)(strrchr(path, '.') - path);
	char name[64];

	set_path(root, path, execgate_export_text(file));
	snprintf(name, sizeof(name), "%.*s.name", (int)folder, path);
	set_path(root, name, execgate_export_text(base_name(file)));
	if (schema != EXECGATE_SCHEMA_OCSF)
		return;
	snprintf(name, sizeof(name), "%.*s.type_id", (int)folder, path);
	set_path(root, name, json_integer(0));
}

/* In OCSF a file has a name; one that was not told has that of its place. */
static void name_file(json_t *evidence, const struct execgate_event *event)
{
	json_t *file = json_object_get(evidence, "file");
	char place[EXECGATE_PLACE_SIZE];

	if (!file || json_object_get(file, "name"))
		return;
	json_object_set_new(file, "name",
			    json_string(execgate_event_place(event, place)));
	json_object_set_new(file, "type_id", json_integer(0));
}

static void set_field(json_t *root, enum execgate_schema schema,
		      const struct execgate_event *event,
		      const struct mapping *mapping)
{
	const struct execgate_event_field *field =
		&execgate_event_fields[mapping->field];
	const char *path = mapping->as[schema].path, *text;
	char value[EXECGATE_EVENT_VALUE_SIZE];

	if (!execgate_event_has(event, field))
		return;
	text = execgate_event_value(event, field, value);
	switch (mapping->as[schema].form) {
	case FORM_VALUE:
		set_path(root, path, value_json(event, field));
		return;
	case FORM_TEXT:
		set_path(root, path, execgate_export_text(text));
		return;
	case FORM_TIME:
		set_path(root, path, time_json(schema, event->time_nsec));
		return;
	case FORM_HASH:
		set_path(root, path,
			 json_pack("[{s:i, s:s, s:s}]", "algorithm_id", 3,
				   "algorithm", "SHA-256", "value", text));
		return;
	case FORM_FILE:
		set_file(root, schema, path, text);
		return;
	}
}

json_t *execgate_export_id(const struct execgate_event *event)
{
	char id[64];

	snprintf(id, sizeof(id), "%" PRIu64 "-%" PRIu64, event->time_nsec,
		 event->sequence);
	return json_string(id);
}

static void add_ecs(json_t *root, const struct execgate_event *event,
		    const struct execgate_export_about *about)
{
	bool denied = execgate_event_denied(event);

	json_object_update_new(
		json_object_get(root, "event"),
		json_pack("{s:s, s:[s], s:[s], s:s, s:s, s:s, s:s, s:s, s:o}",
			  "kind", "alert", "category", "intrusion_detection",
			  "type", denied ? "denied" : "allowed", "outcome",
			  denied ? "failure" : "success", "module", "execgate",
			  "dataset", "execgate.denials", "provider",
			  "execgated", "reason",
			  execgate_reason_text(event->reason), "id",
			  execgate_export_id(event)));
	set_path(root, "ecs.version",
		 json_string(versions[EXECGATE_SCHEMA_ECS]));
	set_path(root, "log.level", json_string(denied ? "warning" : "notice"));
	set_path(root, "observer.product", json_string("execgate"));
	set_path(root, "observer.version", json_string(EXECGATE_VERSION));
	set_path(root, "host.hostname", execgate_export_text(about->host));
	set_path(root, "execgate.count",
		 json_integer((json_int_t)about->count));
	set_path(root, "execgate.repeated", json_boolean(about->repeated));
	if (event->changed[0])
		set_path(root, "execgate.changed_since_package",
			 execgate_export_text(event->changed));
}

/* A denial is a finding that a control made: class Detection Finding. */
static void add_class(json_t *root, bool denied)
{
	json_object_update_new(root,
			       json_pack("{s:i, s:i, s:i, s:i, s:s, s:s, s:s}",
					 "category_uid", 2, "class_uid", 2004,
					 "activity_id", 1, "type_uid", 200401,
					 "category_name", "Findings",
					 "class_name", "Detection Finding",
					 "activity_name", "Create"));
	json_object_update_new(
		root,
		json_pack("{s:i, s:s, s:i, s:s, s:i, s:s, s:i, s:s, s:b}",
			  "severity_id", denied ? 3 : 2, "severity",
			  denied ? "Medium" : "Low", "status_id", 1, "status",
			  "New", "action_id", denied ? 2 : 1, "action",
			  denied ? "Denied" : "Allowed", "disposition_id",
			  denied ? 2 : 17, "disposition",
			  denied ? "Blocked" : "Logged", "is_alert", denied));
}

static void add_ocsf(json_t *root, const struct execgate_event *event,
		     const struct execgate_export_about *about)
{
	bool denied = execgate_event_denied(event);
	json_t *evidence = json_object_get(root, "evidences");
	char title[128];

	add_class(root, denied);
	snprintf(title, sizeof(title), "%s %s: %s",
		 denied ? "Denied" : "Would deny",
		 execgate_hook_name(event->hook),
		 execgate_reason_name(event->reason));
	set_path(root, "finding_info.uid", execgate_export_id(event));
	set_path(root, "finding_info.title", json_string(title));
	set_path(root, "finding_info.desc",
		 json_string(execgate_reason_text(event->reason)));
	set_path(root, "finding_info.created_time",
		 time_json(EXECGATE_SCHEMA_OCSF, event->time_nsec));
	set_path(root, "finding_info.analytic.type_id", json_integer(1));
	set_path(root, "finding_info.analytic.type", json_string("Rule"));
	json_object_update_new(
		json_object_get(root, "metadata"),
		json_pack("{s:s, s:[s, s], s:{s:s, s:s, s:s}, s:s, s:o}",
			  "version", versions[EXECGATE_SCHEMA_OCSF], "profiles",
			  "host", "security_control", "product", "name",
			  "execgate", "vendor_name", "execgate", "version",
			  EXECGATE_VERSION, "event_code",
			  execgate_reason_name(event->reason), "uid",
			  execgate_export_id(event)));
	set_path(root, "device.hostname", execgate_export_text(about->host));
	set_path(root, "device.type_id", json_integer(0));
	set_path(root, "count", json_integer((json_int_t)about->count));
	set_path(root, "unmapped.repeated", json_boolean(about->repeated));
	if (event->changed[0])
		set_path(root, "unmapped.changed_since_package",
			 execgate_export_text(event->changed));
	name_file(evidence, event);
	json_object_set_new(root, "evidences", json_pack("[O]", evidence));
}

json_t *execgate_export(enum execgate_schema schema,
			const struct execgate_event *event,
			const struct execgate_export_about *about)
{
	char sentence[EXECGATE_SENTENCE_SIZE];
	json_t *root = json_object();

	if (!root)
		return NULL;
	for (size_t i = 0; i < sizeof(field_map) / sizeof(field_map[0]); i++)
		set_field(root, schema, event, &field_map[i]);
	execgate_event_sentence(event, sentence);
	json_object_set_new(root, "message", json_string(sentence));
	switch (schema) {
	case EXECGATE_SCHEMA_ECS:
		add_ecs(root, event, about);
		break;
	case EXECGATE_SCHEMA_OCSF:
		add_ocsf(root, event, about);
		break;
	case EXECGATE_SCHEMA_COUNT:
		break;
	}
	return root;
}
