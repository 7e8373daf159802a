// SPDX-License-Identifier: GPL-2.0
#include "lib/fleet/report.h"

#include <string.h>

#include "lib/base/names.h"

#define DAY 86400
#define NSEC_PER_SEC 1000000000ull
#define SOON (60 * DAY)

time_t execgate_report_begin(const struct execgate_report *report)
{
	return report->now - report->now % DAY -
	       (EXECGATE_REPORT_DAYS - 1) * DAY;
}

void execgate_report_take(struct execgate_report *report,
			  const struct execgate_event *event, uint64_t count)
{
	time_t at = (time_t)(event->time_nsec / NSEC_PER_SEC);
	time_t begin = execgate_report_begin(report);
	struct execgate_report_day *day;

	if (at < begin || at >= begin + EXECGATE_REPORT_DAYS * DAY ||
	    event->reason >= EXECGATE_REASON_COUNT)
		return;
	day = &report->days[(at - begin) / DAY];
	if (event->mode == EXECGATE_MODE_ENFORCE)
		day->denied[event->reason] += count;
	else
		day->reported[event->reason] += count;
}

static void add_limit(json_t *limits, const char *text)
{
	json_array_append_new(limits, json_string(text));
}

static void add_posture(json_t *limits, const struct execgate_status *status)
{
	if (status->state != EXECGATE_STATE_GATING)
		add_limit(limits, "The module does not gate: everything runs.");
	else if (status->mode != EXECGATE_MODE_ENFORCE)
		add_limit(limits, "The mode is not enforce: what would be "
				  "denied is reported, and runs.");
	if (!status->counters.keys)
		add_limit(limits, "No key is enrolled.");
	if (!status->policy.version)
		add_limit(limits, "No signed policy is in force: root sets "
				  "mode, profile and gates.");
	if (!status->locked)
		add_limit(limits, "The gate is not locked: root can enroll a "
				  "key.");
}

static void add_gates(json_t *limits, const struct execgate_status *status)
{
	for (unsigned int i = 0; i < EXECGATE_GATE_COUNT; i++)
		if (status->gates.known & ~status->gates.on & 1u << i)
			json_array_append_new(
				limits, json_sprintf("Gate %s is off: %s.",
						     execgate_gate_name(i),
						     execgate_gate_text(i)));
}

static void add_ends(json_t *limits, const struct execgate_facts *facts,
		     time_t now)
{
	size_t ended = 0, soon = 0;

	for (size_t i = 0; i < facts->key_count; i++) {
		const struct execgate_key *key = &facts->keys[i];

		if (!key->not_after || key->revoked)
			continue;
		ended += key->not_after <= (uint64_t)now;
		soon += key->not_after > (uint64_t)now &&
			key->not_after <= (uint64_t)now + SOON;
	}
	if (ended)
		json_array_append_new(
			limits, json_sprintf("%zu of the keys ended: what they "
					     "signed in their time runs, new "
					     "signatures are refused.",
					     ended));
	if (soon)
		json_array_append_new(limits,
				      json_sprintf("%zu of the keys end within "
						   "60 days.",
						   soon));
}

json_t *execgate_report_limits(const struct execgate_facts *facts,
			       const struct execgate_report *report)
{
	json_t *limits = json_array();

	if (!facts->loaded) {
		add_limit(limits, "The module is not loaded: everything runs.");
		return limits;
	}
	add_posture(limits, &facts->status);
	add_gates(limits, &facts->status);
	add_ends(limits, facts, report->now);
	if (!facts->daemon)
		add_limit(limits, "The daemon does not run: denials do not "
				  "reach the journal.");
	return limits;
}

static json_t *by_reason(const uint64_t counts[EXECGATE_REASON_COUNT])
{
	json_t *reasons = json_object();

	for (unsigned int i = 0; i < EXECGATE_REASON_COUNT; i++)
		if (counts[i])
			json_object_set_new(reasons, execgate_reason_name(i),
					    json_integer(
						    (json_int_t)counts[i]));
	return reasons;
}

json_t *execgate_report_json(const struct execgate_facts *facts,
			     const struct execgate_report *report)
{
	time_t at = execgate_report_begin(report);
	json_t *days = json_array();
	char name[16];
	struct tm tm;

	for (size_t i = 0; i < EXECGATE_REPORT_DAYS; i++, at += DAY) {
		const struct execgate_report_day *day = &report->days[i];

		strftime(name, sizeof(name), "%F", gmtime_r(&at, &tm));
		json_array_append_new(
			days, json_pack("{s:s, s:o, s:o}", "day", name,
					"denied", by_reason(day->denied),
					"reported", by_reason(day->reported)));
	}
	return json_pack("{s:s, s:I, s:o, s:o}", "host", report->host, "time",
			 (json_int_t)report->now, "days", days, "limits",
			 execgate_report_limits(facts, report));
}
