/* SPDX-License-Identifier: GPL-2.0 */
/* The facts and the denials of some weeks as one page of HTML that needs nothing else. */
#ifndef EXECGATE_REPORT_H
#define EXECGATE_REPORT_H

#include <jansson.h>
#include <time.h>

#include "lib/fleet/facts.h"

/* Days of the plot, with today. */
#define EXECGATE_REPORT_DAYS 30

/**
 * struct execgate_report - what is told besides the facts
 * @host: name of the machine
 * @now: the end of the last day; seconds since 1970, as each day is one of UTC
 * @days: the oldest first; by reason, denied and only reported (in audit, or by a rule)
 */
struct execgate_report {
	const char *host;
	time_t now;
	struct execgate_report_day {
		uint64_t denied[EXECGATE_REASON_COUNT];
		uint64_t reported[EXECGATE_REASON_COUNT];
	} days[EXECGATE_REPORT_DAYS];
};

/* When the oldest day begins. */
time_t execgate_report_begin(const struct execgate_report *report);

/* @count denials like @event; one of another day is left out. */
void execgate_report_take(struct execgate_report *report,
			  const struct execgate_event *event, uint64_t count);

/* Sentences of what the machine leaves open. NULL without memory. */
json_t *execgate_report_limits(const struct execgate_facts *facts,
			       const struct execgate_report *report);

/* {host, time, days: [{day, denied: {}, reported: {}}], limits: []}. NULL without memory. */
json_t *execgate_report_json(const struct execgate_facts *facts,
			     const struct execgate_report *report);

/*
 * The page: HTML 5 in UTF-8, with styles and a plot (SVG) in it, without scripts and
 * without links to be followed. Names that others chose are escaped as on a screen. NULL
 * without memory; the caller frees.
 */
char *execgate_report_html(const struct execgate_facts *facts,
			   const struct execgate_report *report);

#endif /* EXECGATE_REPORT_H */
