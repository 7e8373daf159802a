// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/common/command.h"
#include "cli/denials/denials.h"
#include "lib/fleet/report.h"

static int take_entry(const struct denials_entry *entry, void *arg)
{
	if (!entry->lost)
		execgate_report_take(arg, entry->event, entry->count);
	return 0;
}

/* Without a journal the page has no denials, and says that there are none. */
static void read_denials(struct execgate_report *report)
{
	const struct denials_query query = {
		.lines = DENIALS_ALL,
		.since = (uint64_t)execgate_report_begin(report),
		.until = UINT64_MAX,
		.each = take_entry,
		.arg = report,
	};
	struct execgate_error err;
	uint64_t shown = 0;

	if (denials_from_journal(&query, &shown, &err))
		output_warning("%s; the report has no denials", err.message);
}

static int no_memory(void)
{
	struct execgate_error err;

	execgate_error_errno(&err, -ENOMEM, "report");
	return output_error(&err);
}

static int write_page(const char *path, const char *page)
{
	struct execgate_error err;

	if (!path) {
		fputs(page, stdout);
		return EXECGATE_EXIT_OK;
	}
	if (output_file(path, page, strlen(page), &err))
		return output_error(&err);
	return EXECGATE_EXIT_OK;
}

static int write_html(const struct execgate_facts *facts,
		      const struct execgate_report *report, const char *path)
{
	char *page = execgate_report_html(facts, report);
	int code = page ? write_page(path, page) : no_memory();

	free(page);
	return code;
}

static int write_json(const struct execgate_facts *facts,
		      const struct execgate_report *report)
{
	json_t *json = execgate_report_json(facts, report);

	if (!json)
		return no_memory();
	output_json(json);
	return EXECGATE_EXIT_OK;
}

/* With -o the page is written also where the answer is JSON. */
static int write_report(const struct execgate_facts *facts,
			const struct execgate_report *report, const char *path)
{
	int code = EXECGATE_EXIT_OK;

	if (path || !output_is_json())
		code = write_html(facts, report, path);
	return code || !output_is_json() ? code : write_json(facts, report);
}

static int run_report(const struct command *self, int argc, char **argv)
{
	static const struct option options[] = {
		{ "html", no_argument, NULL, 'h' },
		{ "output", required_argument, NULL, 'o' },
		{ 0 },
	};
	static struct execgate_report report;
	static struct execgate_facts facts;
	static char host[HOST_NAME_MAX + 1];
	const char *path = NULL;
	struct execgate_error err;
	int option, code;

	while ((option = getopt_long(argc, argv, ":o:", options, NULL)) != -1) {
		if (option == 'o')
			path = optarg;
		else if (option != 'h')
			return cmd_option_error(self, option, argv);
	}
	if (optind < argc)
		return cmd_usage_error(self, "\"%s\" is one argument too many",
				       argv[optind]);
	if (execgate_facts_read(&facts, &err))
		return output_error(&err);
	gethostname(host, sizeof(host) - 1);
	report.host = host;
	report.now = (time_t)output_date();
	read_denials(&report);
	code = write_report(&facts, &report, path);
	execgate_facts_free(&facts);
	return code;
}

const struct command cmd_report = {
	.name = "report",
	.arguments = "[--html] [-o FILE]",
	.summary = "write a page about the machine: posture, trust, denials, "
		   "limits",
	.options = "  --html             as a page of HTML, which it is unless "
		   "--json is said\n"
		   "  -o, --output FILE  the file is replaced at once\n\n"
		   "The page needs nothing else: it can be mailed, or kept.\n",
	.run = run_report,
};
