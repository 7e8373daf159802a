// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/common/command.h"
#include "lib/fleet/metrics.h"

static int print_metrics(const json_t *metrics)
{
	struct execgate_error err;
	char *text;

	if (output_is_json()) {
		output_json(json_pack("{s:O}", "metrics", metrics));
		return EXECGATE_EXIT_OK;
	}
	text = execgate_metrics_text(metrics);
	if (!text) {
		execgate_error_errno(&err, -ENOMEM, "metrics");
		return output_error(&err);
	}
	fputs(text, stdout);
	free(text);
	return EXECGATE_EXIT_OK;
}

static int write_metrics(const char *path, const json_t *metrics)
{
	char *text = execgate_metrics_text(metrics);
	struct execgate_error err;
	json_t *answer;
	int ret;

	ret = text ? output_file(path, text, strlen(text), &err) :
		     execgate_error_errno(&err, -ENOMEM, "metrics");
	free(text);
	if (ret)
		return output_error(&err);
	if (output_is_json()) {
		answer = json_object();
		output_json_set_bytes(answer, "file", path, strlen(path));
		output_json(answer);
	}
	return EXECGATE_EXIT_OK;
}

static int run_metrics(const struct command *self, int argc, char **argv)
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ 0 },
	};
	static struct execgate_facts facts;
	struct execgate_error err;
	const char *path = NULL;
	json_t *metrics;
	int option, code;

	while ((option = getopt_long(argc, argv, ":o:", options, NULL)) != -1) {
		if (option != 'o')
			return cmd_option_error(self, option, argv);
		path = optarg;
	}
	if (optind < argc)
		return cmd_usage_error(self, "\"%s\" is one argument too many",
				       argv[optind]);
	if (execgate_facts_read(&facts, &err))
		return output_error(&err);
	metrics = execgate_metrics(&facts);
	execgate_facts_free(&facts);
	if (!metrics) {
		execgate_error_errno(&err, -ENOMEM, "metrics");
		return output_error(&err);
	}
	code = path ? write_metrics(path, metrics) : print_metrics(metrics);
	json_decref(metrics);
	return code;
}

const struct command cmd_metrics = {
	.name = "metrics",
	.arguments = "[-o FILE]",
	.summary = "write what the gate is and has done as metrics of "
		   "Prometheus",
	.options =
		"  -o, --output FILE  for node_exporter's textfile collector;\n"
		"                     the file is replaced at once\n\n"
		"execgate-metrics.timer does so each minute, when it is on:\n"
		"systemctl enable --now execgate-metrics.timer\n\n"
		"That the module is not loaded is a metric, too, and no failure.\n",
	.run = run_metrics,
};
