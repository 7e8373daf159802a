// SPDX-License-Identifier: GPL-2.0
/* The page of lib/fleet/report.h. */
#include "lib/fleet/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/digits.h"
#include "lib/base/escape.h"
#include "lib/base/names.h"

#define DAY 86400

/* Reasons that have a color of their own in the plot; the others share one. */
#define SERIES 6

/* The plot's sizes, in its own units. */
#define PLOT_WIDTH 720
#define PLOT_HEIGHT 200
#define LEFT 48
#define BAR (PLOT_WIDTH / EXECGATE_REPORT_DAYS)

/* Told apart by people who do not see all colors, too (Okabe and Ito, 2008). */
static const char *const colors[SERIES + 1] = {
	"#d55e00", "#0072b2", "#e69f00", "#009e73",
	"#cc79a7", "#56b4e9", "#999999",
};

static const char head[] =
	"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	"<meta http-equiv=\"Content-Security-Policy\" "
	"content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	"<style>\n"
	":root { color-scheme: light dark; }\n"
	"body { font: 15px/1.5 system-ui, sans-serif; max-width: 54rem; margin: 2rem auto; padding: 0 1rem; }\n"
	"h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }\n"
	"table { border-collapse: collapse; width: 100%; }\n"
	"th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #8884; vertical-align: top; }\n"
	"td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }\n"
	"td { overflow-wrap: anywhere; } td.d { white-space: nowrap; }\n"
	".badge { color: #fff; border-radius: .3rem; padding: .15rem .6rem; }\n"
	".good { background: #00704a; } .warn { background: #9a5b00; } .bad { background: #b00020; }\n"
	"svg { width: 100%; height: auto; } svg text { font-size: 11px; fill: currentColor; }\n"
	"svg line { stroke: #8886; }\n"
	".key { display: inline-block; width: .8em; height: .8em; margin-right: .4em; }\n"
	"</style>\n";

/* Escaped as on a screen, and for HTML. */
static void put_text(FILE *out, const char *text)
{
	char *safe = malloc(EXECGATE_ESCAPE_SIZE(strlen(text)));

	if (!safe)
		return;
	execgate_escape_text(safe, text, strlen(text));
	for (const char *at = safe; *at; at++) {
		switch (*at) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		case '\'':
			fputs("&#39;", out);
			break;
		default:
			putc(*at, out);
		}
	}
	free(safe);
}

static void put_time(FILE *out, uint64_t seconds, const char *format)
{
	time_t at = (time_t)seconds;
	char text[32];
	struct tm tm;

	if (gmtime_r(&at, &tm) && strftime(text, sizeof(text), format, &tm))
		fputs(text, out);
}

static void put_day(FILE *out, uint64_t seconds)
{
	put_time(out, seconds, "%F");
}

/* A row of two; the second is text. */
static void put_fact(FILE *out, const char *name, const char *text)
{
	fprintf(out, "<tr><th>%s</th><td>", name);
	put_text(out, text);
	fputs("</td></tr>\n", out);
}

static void put_badge(FILE *out, const struct execgate_facts *facts)
{
	const struct execgate_status *status = &facts->status;
	const char *look = "bad", *text = "not loaded";

	if (facts->loaded && status->state == EXECGATE_STATE_GATING) {
		look = status->mode == EXECGATE_MODE_ENFORCE ? "good" : "warn";
		text = execgate_mode_name(status->mode);
	} else if (facts->loaded) {
		text = "not gating";
	}
	fprintf(out, "<p><span class=\"badge %s\">%s</span></p>\n", look, text);
}

static void put_gates(FILE *out, const struct execgate_gates *gates)
{
	const char *between = "";

	fputs("<tr><th>Gates that are on</th><td>", out);
	for (unsigned int i = 0; i < EXECGATE_GATE_COUNT; i++) {
		if (!(gates->known & gates->on & 1u << i))
			continue;
		fprintf(out, "%s%s", between, execgate_gate_name(i));
		between = ", ";
	}
	fputs("</td></tr>\n", out);
}

static void put_policy(FILE *out, const struct execgate_loaded_policy *policy)
{
	fputs("<tr><th>Signed policy</th><td>", out);
	if (policy->version) {
		put_text(out, policy->name);
		fprintf(out, ", version %" PRIu64 ", of ", policy->version);
		put_day(out, policy->created_at);
	} else {
		fputs("none", out);
	}
	fputs("</td></tr>\n", out);
}

static void put_posture(FILE *out, const struct execgate_facts *facts)
{
	const struct execgate_status *status = &facts->status;
	unsigned int next = facts->intent.mode < 0 ?
				    EXECGATE_MODE_AUDIT :
				    (unsigned int)facts->intent.mode;

	fputs("<h2>Posture</h2>\n<table>\n", out);
	if (facts->loaded) {
		put_fact(out, "Mode", execgate_mode_name(status->mode));
		put_fact(out, "Hooks", execgate_state_name(status->state));
		put_fact(out, "Profile",
			 execgate_profile_name(status->profile));
		put_gates(out, &status->gates);
		put_policy(out, &status->policy);
		put_fact(out, "Locked",
			 status->locked ? "until the next boot" : "no");
		put_fact(out, "Module", status->version);
	}
	put_fact(out, "Next boot",
		 facts->intent.unread ? "unknown" : execgate_mode_name(next));
	put_fact(out, "Daemon",
		 facts->daemon > 0 ? "running" :
		 facts->daemon < 0 ? "not asked: that needs root" :
				     "does not run");
	if (facts->boots.fell_back)
		put_fact(
			out, "Failed boots",
			"too many in a row: this boot was not let into enforce");
	fputs("</table>\n", out);
}

static void put_keys(FILE *out, const struct execgate_facts *facts, time_t now)
{
	char purposes[EXECGATE_PURPOSES_TEXT];
	char hex[EXECGATE_HEX_SIZE(EXECGATE_FINGERPRINT_SIZE)];

	fputs("<table>\n<tr><th>Key</th><th>Fingerprint</th><th>For</th><th>Ends</th></tr>\n",
	      out);
	for (size_t i = 0; i < facts->key_count; i++) {
		const struct execgate_key *key = &facts->keys[i];

		execgate_hex_write(hex, key->fingerprint,
				   EXECGATE_FINGERPRINT_SIZE);
		fputs("<tr><td>", out);
		put_text(out, key->description);
		fprintf(out,
			"</td><td class=\"d\">%.16s…</td><td>%s</td>"
			"<td class=\"d\">",
			hex,
			execgate_purposes_text(key->purposes, ", ", purposes));
		if (key->revoked)
			fputs("revoked", out);
		else if (key->not_after)
			put_day(out, key->not_after);
		if (!key->revoked && key->not_after &&
		    key->not_after <= (uint64_t)now)
			fputs(" (ended)", out);
		fputs("</td></tr>\n", out);
	}
	fputs("</table>\n", out);
}

static void put_catalogs(FILE *out, const struct execgate_facts *facts)
{
	fputs("<table>\n<tr><th>Catalog</th><th class=\"n\">Sequence</th><th>Made</th>"
	      "<th class=\"n\">Digests</th></tr>\n",
	      out);
	for (size_t i = 0; i < facts->catalog_count; i++) {
		const struct execgate_loaded_catalog *catalog =
			&facts->catalogs[i];

		fputs("<tr><td>", out);
		put_text(out, catalog->name);
		fprintf(out,
			"</td><td class=\"n\">%" PRIu64 "</td><td class=\"d\">",
			(uint64_t)catalog->sequence);
		put_day(out, catalog->created_at);
		fprintf(out, "</td><td class=\"n\">%" PRIu64 "</td></tr>\n",
			(uint64_t)catalog->entries);
	}
	fputs("</table>\n", out);
}

/* By reason, over all days; and the reasons in order of it. */
struct totals {
	struct execgate_report_day all;
	unsigned int order[EXECGATE_REASON_COUNT];
	unsigned int count; /* of reasons that were given at all */
	uint64_t most;	    /* of a day */
};

static uint64_t of_day(const struct execgate_report_day *day,
		       unsigned int reason)
{
	return day->denied[reason] + day->reported[reason];
}

static void put_in_order(struct totals *totals, unsigned int reason)
{
	uint64_t count = of_day(&totals->all, reason);
	unsigned int at = totals->count++;

	for (; at && of_day(&totals->all, totals->order[at - 1]) < count; at--)
		totals->order[at] = totals->order[at - 1];
	totals->order[at] = reason;
}

static void count_totals(const struct execgate_report *report,
			 struct totals *totals)
{
	for (size_t i = 0; i < EXECGATE_REPORT_DAYS; i++) {
		uint64_t all = 0;

		for (unsigned int r = 0; r < EXECGATE_REASON_COUNT; r++) {
			totals->all.denied[r] += report->days[i].denied[r];
			totals->all.reported[r] += report->days[i].reported[r];
			all += of_day(&report->days[i], r);
		}
		totals->most = all > totals->most ? all : totals->most;
	}
	for (unsigned int r = 0; r < EXECGATE_REASON_COUNT; r++)
		if (of_day(&totals->all, r))
			put_in_order(totals, r);
}

/* One denial beside a flood is seen, too. */
static double height_of(uint64_t count, uint64_t most)
{
	double height = (double)count * PLOT_HEIGHT / (double)most;

	return height < 1 ? 1 : height;
}

static void put_bar(FILE *out, const struct execgate_report_day *day,
		    const struct totals *totals, size_t nth, time_t at)
{
	double top = PLOT_HEIGHT;

	for (unsigned int i = 0; i < totals->count; i++) {
		uint64_t count = of_day(day, totals->order[i]);
		double height = height_of(count, totals->most);

		if (!count)
			continue;
		top -= height;
		fprintf(out,
			"<rect x=\"%zu\" y=\"%.2f\" width=\"%d\" height=\"%.2f\" fill=\"%s\"><title>",
			LEFT + nth * BAR + 2, top, BAR - 4, height,
			colors[i < SERIES ? i : SERIES]);
		put_day(out, (uint64_t)at);
		fprintf(out, ": %" PRIu64 " %s</title></rect>\n", count,
			execgate_reason_name(totals->order[i]));
	}
}

static void put_plot(FILE *out, const struct execgate_report *report,
		     const struct totals *totals)
{
	time_t begin = execgate_report_begin(report);

	fprintf(out,
		"<svg viewBox=\"0 -12 %d %d\" role=\"img\" aria-label=\"Denials of each day, by reason\">\n",
		LEFT + PLOT_WIDTH + 12, PLOT_HEIGHT + 36);
	fprintf(out,
		"<text x=\"%d\" y=\"4\" text-anchor=\"end\">%" PRIu64
		"</text>\n",
		LEFT - 6, totals->most);
	fprintf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">0</text>\n",
		LEFT - 6, PLOT_HEIGHT);
	for (int i = 0; i < 2; i++)
		fprintf(out,
			"<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n",
			LEFT, i * PLOT_HEIGHT, LEFT + PLOT_WIDTH,
			i * PLOT_HEIGHT);
	for (size_t i = 0; i < EXECGATE_REPORT_DAYS; i++) {
		time_t at = begin + (time_t)i * DAY;

		put_bar(out, &report->days[i], totals, i, at);
		if (i % 7)
			continue;
		fprintf(out, "<text x=\"%zu\" y=\"%d\" text-anchor=\"middle\">",
			LEFT + i * BAR + BAR / 2, PLOT_HEIGHT + 16);
		put_day(out, (uint64_t)at);
		fputs("</text>\n", out);
	}
	fputs("</svg>\n", out);
}

static void put_reasons(FILE *out, const struct totals *totals)
{
	fputs("<table>\n<tr><th>Reason</th><th>Meaning</th><th class=\"n\">Denied</th>"
	      "<th class=\"n\">Reported only</th></tr>\n",
	      out);
	for (unsigned int i = 0; i < totals->count; i++) {
		unsigned int reason = totals->order[i];

		fprintf(out,
			"<tr><td><span class=\"key\" style=\"background:%s\"></span>%s</td><td>%s</td>"
			"<td class=\"n\">%" PRIu64
			"</td><td class=\"n\">%" PRIu64 "</td></tr>\n",
			colors[i < SERIES ? i : SERIES],
			execgate_reason_name(reason),
			execgate_reason_text(reason),
			totals->all.denied[reason],
			totals->all.reported[reason]);
	}
	fputs("</table>\n", out);
}

static void put_denials(FILE *out, const struct execgate_report *report)
{
	struct totals totals = { .count = 0 };

	count_totals(report, &totals);
	fprintf(out, "<h2>Denials of the last %d days</h2>\n",
		EXECGATE_REPORT_DAYS);
	if (!totals.count) {
		fputs("<p>The journal has none.</p>\n", out);
		return;
	}
	put_plot(out, report, &totals);
	put_reasons(out, &totals);
}

static void put_limits(FILE *out, const json_t *limits)
{
	const json_t *limit;
	size_t i;

	fputs("<h2>Open limits</h2>\n<ul>\n", out);
	json_array_foreach(limits, i, limit) {
		fputs("<li>", out);
		put_text(out, json_string_value(limit));
		fputs("</li>\n", out);
	}
	fputs("</ul>\n<p>On every machine: root while the gate is not locked, the kernel below it, and signed "
	      "programs with holes. limits.md of the documentation has the list.</p>\n",
	      out);
}

static void put_page(FILE *out, const struct execgate_facts *facts,
		     const struct execgate_report *report, const json_t *limits)
{
	fputs(head, out);
	fputs("<title>execgate on ", out);
	put_text(out, report->host);
	fputs("</title>\n</head>\n<body>\n<h1>execgate on ", out);
	put_text(out, report->host);
	fputs("</h1>\n<p>", out);
	put_time(out, (uint64_t)report->now, "%F %T UTC");
	fputs("</p>\n", out);
	put_badge(out, facts);
	put_posture(out, facts);
	if (facts->loaded) {
		fputs("<h2>Trust</h2>\n", out);
		put_keys(out, facts, report->now);
		put_catalogs(out, facts);
	}
	put_denials(out, report);
	put_limits(out, limits);
	fputs("</body>\n</html>\n", out);
}

char *execgate_report_html(const struct execgate_facts *facts,
			   const struct execgate_report *report)
{
	json_t *limits = execgate_report_limits(facts, report);
	char *text = NULL;
	size_t size;
	FILE *out;

	out = limits ? open_memstream(&text, &size) : NULL;
	if (out) {
		put_page(out, facts, report, limits);
		if (fclose(out)) {
			free(text);
			text = NULL;
		}
	}
	json_decref(limits);
	return text;
}
