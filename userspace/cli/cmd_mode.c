// SPDX-License-Identifier: GPL-2.0
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmd_gate.h"
#include "config.h"
#include "names.h"
#include "netlink.h"

struct request {
	int mode; /* -1: show it */
	bool force;
	bool persist;
};

static int read_options(const struct command *self, int argc, char **argv,
			struct request *request)
{
	static const struct option options[] = {
		{ "force", no_argument, NULL, 'f' },
		{ "persist", no_argument, NULL, 'p' },
		{ 0 },
	};
	int option;

	request->mode = -1;
	while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (option == 'f')
			request->force = true;
		else if (option == 'p')
			request->persist = true;
		else
			return cmd_option_error(self, option, argv);
	}
	if (argc - optind > 1)
		return cmd_usage_error(self, "mode takes one argument");
	if (argc == optind) {
		if (request->force || request->persist)
			return cmd_usage_error(self, "say which mode: off, "
						     "audit or enforce");
		return EXECGATE_EXIT_OK;
	}
	request->mode = execgate_mode_find(argv[optind]);
	if (request->mode < 0)
		return cmd_usage_error(self,
				       "\"%s\" is no mode; say off, audit or "
				       "enforce",
				       argv[optind]);
	return EXECGATE_EXIT_OK;
}

/* The configured mode's name; NULL if no file says one or they are broken. */
static const char *configured_mode(struct execgate_config *config)
{
	if (execgate_config_load(EXECGATE_CONFIG_DIR, config, NULL) ||
	    config->mode == EXECGATE_CONFIG_NO_MODE)
		return NULL;
	return execgate_mode_name((unsigned int)config->mode);
}

static int show(const struct execgate_status *status)
{
	struct execgate_config config;
	const char *configured = configured_mode(&config);

	if (output_is_json()) {
		output_json(json_pack("{s:s, s:s, s:s?}", "mode",
				      execgate_mode_name(status->mode), "state",
				      execgate_state_name(status->state),
				      "configured", configured));
		return EXECGATE_EXIT_OK;
	}
	printf("%s\n", execgate_mode_name(status->mode));
	if (status->state == EXECGATE_STATE_NOT_GATING)
		output_warning("the module does not gate, whatever the mode: "
			       "see \"execgate doctor\"");
	if (configured && (uint32_t)config.mode != status->mode)
		output_message("%s says mode = %s", config.mode_file,
			       configured);
	return EXECGATE_EXIT_OK;
}

static int refuse_without_keys(const struct execgate_status *status,
			       const struct request *request,
			       struct execgate_error *err)
{
	if (request->mode != EXECGATE_MODE_ENFORCE || request->force ||
	    status->counters.keys)
		return 0;
	return execgate_error_set(
		err, -1, EXECGATE_EXIT_ERROR,
		"no key is enrolled: in mode enforce nothing could run, not "
		"even what would undo it. Enroll one with \"execgate key "
		"enroll CERTIFICATE\", or insist with --force");
}

static void print_change(const struct execgate_status *before,
			 const struct execgate_status *after,
			 const char *persisted)
{
	if (output_is_json()) {
		output_json(json_pack("{s:s, s:s, s:s, s:s?}", "mode_before",
				      execgate_mode_name(before->mode), "mode",
				      execgate_mode_name(after->mode), "state",
				      execgate_state_name(after->state),
				      "persisted", persisted));
		return;
	}
	if (before->mode == after->mode)
		printf("mode is %s, as it was\n",
		       execgate_mode_name(after->mode));
	else
		printf("mode %s -> %s: %s\n", execgate_mode_name(before->mode),
		       execgate_mode_name(after->mode),
		       execgate_mode_text(after->mode));
	if (persisted)
		printf("kept for the next boot in %s\n", persisted);
}

static void warn_not_kept(const struct request *request)
{
	struct execgate_config config;
	const char *configured = configured_mode(&config);

	if (configured && config.mode != request->mode)
		output_message("this lasts until the next boot: %s says mode = "
			       "%s; --persist keeps the new one",
			       config.mode_file, configured);
}

static int change(struct execgate_netlink *nl,
		  const struct execgate_status *before,
		  const struct request *request)
{
	struct execgate_status after;
	struct execgate_error err;
	char path[PATH_MAX];
	int ret;

	ret = refuse_without_keys(before, request, &err);
	if (!ret)
		ret = execgate_netlink_mode_set(nl, request->mode, &err);
	if (!ret)
		ret = execgate_netlink_status(nl, &after, &err);
	if (ret)
		return output_error(&err);
	if (request->persist)
		ret = execgate_config_persist(EXECGATE_CONFIG_DIR,
					      request->mode, path, &err);
	print_change(before, &after, request->persist && !ret ? path : NULL);
	if (ret) {
		output_message("the mode is set, but not for the next boot:");
		return output_error(&err);
	}
	if (!request->persist)
		warn_not_kept(request);
	if (after.state == EXECGATE_STATE_NOT_GATING) {
		output_warning("the module does NOT gate: see \"execgate "
			       "doctor\"");
		return EXECGATE_EXIT_NOT_GATING;
	}
	return EXECGATE_EXIT_OK;
}

static int run_mode(const struct command *self, int argc, char **argv)
{
	struct request request = { .mode = -1 };
	struct execgate_netlink *nl;
	struct execgate_status status;
	struct execgate_error err;
	int ret;

	ret = read_options(self, argc, argv, &request);
	if (ret)
		return ret;
	ret = execgate_netlink_open(&nl, &err);
	if (!ret)
		ret = execgate_netlink_status(nl, &status, &err);
	if (ret)
		ret = output_error(&err);
	else if (request.mode < 0)
		ret = show(&status);
	else
		ret = change(nl, &status, &request);
	execgate_netlink_close(nl);
	return ret;
}

const struct command cmd_mode = {
	.name = "mode",
	.arguments = "[--persist] [--force] [off|audit|enforce]",
	.summary = "show or set the mode of the gate",
	.options = "  --persist  keep it for the next boot, too\n"
		   "  --force    enforce although no key is enrolled\n\n"
		   "off      detach the hooks: nothing is judged\n"
		   "audit    everything runs, what would be denied is logged\n"
		   "enforce  only trusted code runs\n",
	.run = run_mode,
};
