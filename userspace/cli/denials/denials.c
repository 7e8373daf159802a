// SPDX-License-Identifier: GPL-2.0
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/common/command.h"
#include "cli/common/event_print.h"
#include "cli/common/pager.h"
#include "cli/denials/denials.h"
#include "cli/denials/group.h"
#include "cli/denials/notify.h"
#include "lib/base/digits.h"
#include "lib/base/names.h"
#include "lib/base/when.h"
#include "lib/events/container.h"

_Static_assert(EXECGATE_REASON_COUNT <= 64, "reasons are a set of 64 bits");

#define FOLLOW_LINES 10

enum source { SOURCE_JOURNAL, SOURCE_KERNEL, SOURCE_MINE };

/* The rest of the command line: not which denials are wanted, but how they are shown. */
struct request {
	enum source source;
	bool group;
	bool no_pager;
	bool notify;
};

bool denials_wanted(const struct denials_query *query, unsigned int reason)
{
	if (!query->reasons)
		return true;
	return reason < 64 && query->reasons & (1ull << reason);
}

bool denials_wants(const struct denials_query *query,
		   const struct execgate_event *event)
{
	return denials_wanted(query, event->reason) &&
	       (!query->container ||
		execgate_container_is(event, query->container)) &&
	       (!query->unit || execgate_unit_is(event, query->unit));
}

void denials_show(const struct denials_query *query,
		  const struct execgate_event *event, uint64_t count,
		  bool repeated, const char *host)
{
	json_t *object;

	if (query->take) {
		query->take(event, count, repeated, query->arg);
		return;
	}
	if (query->exported) {
		denials_export(query, event, count, repeated, host);
		return;
	}
	if (!output_is_json()) {
		event_print(event, repeated ? count : 0);
		fflush(stdout);
		return;
	}
	object = event_to_json(event);
	json_object_set_new(object, "count", json_integer((json_int_t)count));
	json_object_set_new(object, "repeated", json_boolean(repeated));
	if (host && query->directory)
		output_json_set_bytes(object, "host", host, strlen(host));
	output_json_line(object);
}

void denials_show_lost(const struct denials_query *query, uint64_t lost,
		       uint64_t first)
{
	if (query->take)
		return;
	if (query->exported) {
		output_warning("%" PRIu64
			       " denials are missing (numbers %" PRIu64
			       " to %" PRIu64 "): enforced and counted, but "
			       "not kept",
			       lost, first, first + lost - 1);
		return;
	}
	if (output_is_json()) {
		output_json_line(json_pack("{s:I, s:I}", "lost",
					   (json_int_t)lost, "sequence",
					   (json_int_t)first));
		return;
	}
	printf("%s%" PRIu64 " denials are missing here (numbers %" PRIu64
	       " to %" PRIu64 "): enforced and counted, but not kept%s\n",
	       output_style(OUTPUT_BAD), lost, first, first + lost - 1,
	       output_style(OUTPUT_PLAIN));
	fflush(stdout);
}

static int read_schema(const struct command *self, struct denials_query *query)
{
	int schema = execgate_schema_find(optarg);

	if (schema < 0)
		return cmd_usage_error(
			self, "unknown format \"%s\"; formats are ecs, ocsf",
			optarg);
	query->exported = true;
	query->schema = (enum execgate_schema)schema;
	return 0;
}

static int read_value(const struct command *self, int option,
		      struct denials_query *query)
{
	int reason;

	switch (option) {
	case 'n':
		if (!execgate_number_read(optarg, &query->lines))
			return cmd_usage_error(self, "\"%s\" is not a number",
					       optarg);
		return 0;
	case 'r':
		reason = execgate_reason_find(optarg);
		if (reason <= 0)
			return cmd_usage_error(self,
					       "unknown reason \"%s\"; "
					       "\"execgate help why\" lists "
					       "them",
					       optarg);
		query->reasons |= 1ull << reason;
		return 0;
	case 'd':
		query->directory = optarg;
		return 0;
	case 'c':
		query->container = optarg;
		return 0;
	case 'U':
		query->unit = optarg;
		return 0;
	case 'x':
		return read_schema(self, query);
	}
	if (execgate_when_parse(optarg, time(NULL),
				option == 's' ? &query->since : &query->until))
		return cmd_usage_error(
			self,
			"\"%s\" is not a time; write for instance "
			"\"2026-11-24 02:45\", \"today\" or "
			"\"-5min\"",
			optarg);
	return 0;
}

/* Options of which each makes sense alone; @others: than --notify, --mine and --follow. */
static int check_together(const struct command *self,
			  const struct denials_query *query,
			  const struct request *request, bool others)
{
	if (query->follow && request->group)
		return cmd_usage_error(self,
				       "--group does not go with --follow");
	if (request->notify && (others || output_is_json()))
		return cmd_usage_error(self, "--notify goes only with --mine "
					     "and --follow, which it means");
	if (query->exported && request->group)
		return cmd_usage_error(self,
				       "--group does not go with --format");
	if (query->directory && request->source != SOURCE_JOURNAL)
		return cmd_usage_error(self, "%s does not go with --directory",
				       request->source == SOURCE_MINE ?
					       "--mine" :
					       "--kernel");
	return 0;
}

static int read_options(const struct command *self, int argc, char **argv,
			struct denials_query *query, struct request *request)
{
	static const struct option options[] = {
		{ "follow", no_argument, NULL, 'f' },
		{ "lines", required_argument, NULL, 'n' },
		{ "since", required_argument, NULL, 's' },
		{ "until", required_argument, NULL, 'u' },
		{ "reason", required_argument, NULL, 'r' },
		{ "container", required_argument, NULL, 'c' },
		{ "unit", required_argument, NULL, 'U' },
		{ "directory", required_argument, NULL, 'd' },
		{ "format", required_argument, NULL, 'x' },
		{ "kernel", no_argument, NULL, 'k' },
		{ "mine", no_argument, NULL, 'm' },
		{ "group", no_argument, NULL, 'g' },
		{ "no-pager", no_argument, NULL, 'p' },
		{ "notify", no_argument, NULL, 'N' },
		{ 0 },
	};
	bool lines = false, others = false;
	int option, ret;

	while ((option = getopt_long(argc, argv, ":fn:", options, NULL)) !=
	       -1) {
		if (option == '?' || option == ':')
			return cmd_option_error(self, option, argv);
		request->notify |= option == 'N';
		others |= option != 'N' && option != 'm' && option != 'f';
		if (option == 'N')
			continue;
		if (option == 'f') {
			query->follow = true;
			continue;
		}
		if (option == 'k' || option == 'm') {
			request->source = option == 'k' ? SOURCE_KERNEL :
							  SOURCE_MINE;
			continue;
		}
		if (option == 'g' || option == 'p') {
			request->group |= option == 'g';
			request->no_pager |= option == 'p';
			continue;
		}
		lines |= option == 'n';
		ret = read_value(self, option, query);
		if (ret)
			return ret;
	}
	if (optind < argc)
		return cmd_usage_error(self, "\"%s\" is one argument too many",
				       argv[optind]);
	if (query->follow && !lines && !query->since)
		query->lines = FOLLOW_LINES;
	return check_together(self, query, request, others);
}

static int nothing_found(enum source source, const char *directory)
{
	if (directory)
		output_message("no such denial in the journal %s", directory);
	else if (source == SOURCE_KERNEL)
		output_message("the kernel holds no such denial");
	else if (source == SOURCE_MINE)
		output_message("no such denial of yours is kept; the daemon "
			       "keeps them while you are logged in");
	else if (access("/run/systemd/journal/socket", F_OK))
		output_message("there is no journal on this machine: %s",
			       geteuid() ?
				       "\"execgate denials --mine\" shows your "
				       "own" :
				       "\"execgate denials --kernel\" asks the "
				       "kernel");
	else if (geteuid())
		output_message("no such denial in the part of the journal that "
			       "you may read: \"execgate denials --mine\" "
			       "shows your own, root sees all");
	else
		output_message("no such denial in the journal");
	return EXECGATE_EXIT_NOT_FOUND;
}

static int read_denials(const struct denials_query *query, enum source source,
			uint64_t *shown, struct execgate_error *err)
{
	switch (source) {
	case SOURCE_KERNEL:
		return denials_from_kernel(query, shown, err);
	case SOURCE_MINE:
		return denials_from_own(query, shown, err);
	case SOURCE_JOURNAL:
		break;
	}
	return denials_from_journal(query, shown, err);
}

static int run_denials(const struct command *self, int argc, char **argv)
{
	struct denials_query query = { .lines = DENIALS_ALL,
				       .until = UINT64_MAX };
	struct request request = { .source = SOURCE_JOURNAL };
	struct denial_groups groups = { 0 };
	struct execgate_error err;
	uint64_t shown = 0;
	int ret;

	ret = read_options(self, argc, argv, &query, &request);
	if (ret)
		return ret;
	if (request.notify)
		return denials_notify(&err) ? output_error(&err) :
					      EXECGATE_EXIT_OK;
	if (request.group) {
		query.take = denial_groups_take;
		query.arg = &groups;
	}
	if (!query.follow && !request.no_pager)
		pager_open();
	ret = read_denials(&query, request.source, &shown, &err);
	if (!ret && groups.count)
		ret = denial_groups_print(&groups, &err);
	denial_groups_free(&groups);
	pager_close();
	if (ret)
		return output_error(&err);
	return shown ? EXECGATE_EXIT_OK :
		       nothing_found(request.source, query.directory);
}

const struct command cmd_denials = {
	.name = "denials",
	.arguments = "[-f] [-n N] [--since T] [--until T] [--reason R]... "
		     "[--container C] [--unit U] "
		     "[--kernel|--mine|--directory DIR] [--format F] "
		     "[--group] [--no-pager] [--notify]",
	.summary = "show what was denied, or would be in audit mode, and why",
	.options =
		"  -f, --follow   go on showing new ones\n"
		"  -n, --lines N  the last N; 10 with -f\n"
		"  --since T      T as for journalctl: \"2026-11-24 02:45\",\n"
		"  --until T      \"today\", \"-5min\", ...\n"
		"  --reason R     only these; may be given more than once\n"
		"  --container C  only in the container of this name or id, or of the\n"
		"                 one id that begins so\n"
		"  --unit U       only in this unit, a service if U has no ending;\n"
		"                 \"*\" stands for any part\n"
		"  --kernel       ask the kernel, which holds up to 4096, instead\n"
		"                 of the journal\n"
		"  --mine         your own, which needs no privilege\n"
		"  --directory D  the journal's files in D, as those that\n"
		"                 systemd-journal-remote has collected\n"
		"  --format F     for other programs: ecs (Elastic Common Schema)\n"
		"                 or ocsf, a line of JSON for each\n"
		"  --group        how many of which file, by package\n"
		"  --no-pager     on a terminal, do not stop at each screen\n"
		"  --notify       tell of your own new ones on the desktop\n\n"
		"With --json there is one line for each. Exit code 7: none.\n",
	.run = run_denials,
};
