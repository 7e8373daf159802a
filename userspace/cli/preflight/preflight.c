// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/common/batch.h"
#include "cli/common/command.h"
#include "cli/preflight/ask.h"

struct request {
	bool all;
	bool critical;
};

static int read_options(const struct command *self, int argc, char **argv,
			struct request *request)
{
	static const struct option options[] = {
		{ "all", no_argument, NULL, 'a' },
		{ "critical", no_argument, NULL, 'c' },
		{ 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, ":a", options, NULL)) != -1) {
		if (option == 'a')
			request->all = true;
		else if (option == 'c')
			request->critical = true;
		else
			return cmd_option_error(self, option, argv);
	}
	if (request->critical && optind < argc)
		return cmd_usage_error(self, "--critical takes no PATH");
	return EXECGATE_EXIT_OK;
}

static int find_named(struct execgate_preflight *set, int argc, char **argv,
		      struct execgate_error *err)
{
	int ret;

	for (int i = 0; i < argc; i++) {
		ret = execgate_preflight_tree(set, argv[i],
					      EXECGATE_PREFLIGHT_ARGUMENT);
		if (ret == -EINVAL)
			return execgate_error_set(
				err, ret, EXECGATE_EXIT_ERROR,
				"%s is neither a file nor a folder", argv[i]);
		if (ret)
			return execgate_error_errno(err, ret, "cannot read %s",
						    argv[i]);
	}
	return 0;
}

static int find_all(struct execgate_preflight *set, bool critical,
		    struct execgate_error *err)
{
	const char *path = getenv("PATH");

	execgate_preflight_libraries(set);
	execgate_preflight_critical(set);
	execgate_preflight_modules(set, critical);
	if (critical)
		return preflight_add_read(set, critical, err);
	execgate_preflight_processes(set);
	execgate_preflight_configured(set);
	execgate_preflight_search_path(set, EXECGATE_PREFLIGHT_SEARCH);
	if (path)
		execgate_preflight_search_path(set, path);
	execgate_preflight_library_folders(set);
	return preflight_add_read(set, critical, err);
}

static int exit_of(const struct preflight_result *result)
{
	if (result->denied)
		return EXECGATE_EXIT_WOULD_BREAK;
	return result->failed ? EXECGATE_EXIT_ERROR : EXECGATE_EXIT_OK;
}

static int run_preflight(const struct command *self, int argc, char **argv)
{
	struct execgate_preflight set = { 0 };
	struct request request = { 0 };
	struct preflight_result result;
	struct execgate_error err;
	bool named;
	int ret;

	ret = read_options(self, argc, argv, &request);
	if (ret)
		return ret;
	batch_catch_signals();
	named = optind < argc;
	if (named)
		ret = find_named(&set, argc - optind, argv + optind, &err);
	else
		ret = find_all(&set, request.critical, &err);
	if (!ret) {
		execgate_preflight_interpreters(&set);
		ret = preflight_ask(&set, request.critical,
				    !named && !request.critical, "checking",
				    &result, &err);
	}
	if (ret) {
		ret = output_error(&err);
	} else {
		if (output_is_json())
			preflight_report_json(&set, &result);
		else
			preflight_report(&set, &result, request.all);
		ret = exit_of(&result);
	}
	execgate_preflight_free(&set);
	return ret;
}

/* "preflight" asks with the gates that are on, so it may find nothing of @gates. */
static const char *where_named(uint32_t gates)
{
	if (!output_is_json())
		return "Above is which, and what mends them";
	return gates ? "Without --json it names them, and what mends them" :
		       "\"execgate preflight --critical\" names them, and what "
		       "mends them";
}

int preflight_guard(uint32_t gates)
{
	struct execgate_preflight set = { .gates = gates };
	struct preflight_result result;
	struct execgate_error err;
	int ret;

	ret = find_all(&set, true, &err);
	/* Asked anew each time: what is at stake is the machine. */
	if (!ret)
		ret = preflight_ask(&set, true, false, NULL, &result, &err);
	if (ret) {
		ret = output_error(&err);
	} else if (result.critical) {
		if (!output_is_json())
			preflight_report(&set, &result, true);
		execgate_error_set(
			&err, -1, EXECGATE_EXIT_WOULD_BREAK,
			"%zu %s needed to boot, to log in or to repair would "
			"be denied: nothing is changed. %s; --force insists",
			result.critical,
			result.critical == 1 ? "file that is" :
					       "files that are",
			where_named(gates));
		ret = output_error(&err);
	}
	execgate_preflight_free(&set);
	return ret;
}

const struct command cmd_preflight = {
	.name = "preflight",
	.arguments = "[--all | --critical] [PATH...]",
	.summary = "tell what would break if the gate enforced now",
	.options =
		"  -a, --all   show every file, not five of each group\n"
		"  --critical  only what is needed to boot, to log in and to\n"
		"              repair, as \"mode enforce\" asks first\n\n"
		"Without PATH it looks at all processes, at what logins, boot,\n"
		"network, apt, services, timers, cron, udev, D-Bus and desktops\n"
		"are configured to start, at $PATH, the library folders and the\n"
		"modules that the kernel does not vouch for, and asks the kernel\n"
		"about each file.\n"
		"With PATH, at these files and folders.\n"
		"Exit code: 0 nothing would break, 12 something would.\n",
	.run = run_preflight,
};
