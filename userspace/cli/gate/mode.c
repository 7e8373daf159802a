// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/common/command.h"
#include "cli/common/mode_deadline.h"
#include "cli/gate/mode.h"
#include "cli/preflight/ask.h"
#include "lib/base/names.h"
#include "lib/config/config.h"
#include "lib/config/deadline.h"
#include "lib/config/intent.h"
#include "lib/config/policy_file.h"
#include "lib/netlink/netlink.h"

enum action {
	SHOW,
	SET,
	CONFIRM,
	HEALTHY,
};

/**
 * struct request - the command line
 * @mode: what to set
 * @quiet: nothing is printed when it worked
 * @seconds: for so long, unless confirmed; 0 = for good
 */
struct request {
	enum action action;
	int mode;
	bool force;
	bool persist;
	bool quiet;
	uint64_t seconds;
};

static int read_word(const struct command *self, const char *word,
		     struct request *request)
{
	request->action = SET;
	request->mode = execgate_mode_find(word);
	if (!strcmp(word, "confirm"))
		request->action = CONFIRM;
	else if (!strcmp(word, "healthy"))
		request->action = HEALTHY;
	else if (request->mode < 0)
		return cmd_usage_error(
			self,
			"unknown mode \"%s\"; modes are off, audit, "
			"enforce",
			word);
	if (request->seconds &&
	    (request->action != SET || request->mode != EXECGATE_MODE_ENFORCE))
		return cmd_usage_error(self, "--for is of enforce only");
	if (request->seconds && request->persist)
		return cmd_usage_error(self,
				       "--for and --persist exclude each "
				       "other: \"mode confirm --persist\" "
				       "keeps it when it has proved good");
	if (request->force && request->action != SET)
		return cmd_usage_error(self, "there is nothing to be forced");
	return EXECGATE_EXIT_OK;
}

static int read_options(const struct command *self, int argc, char **argv,
			struct request *request)
{
	static const struct option options[] = {
		{ "force", no_argument, NULL, 'f' },
		{ "persist", no_argument, NULL, 'p' },
		{ "for", required_argument, NULL, 't' },
		{ 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (option == 'f')
			request->force = true;
		else if (option == 'p')
			request->persist = true;
		else if (option != 't')
			return cmd_option_error(self, option, argv);
		else if (execgate_deadline_parse(optarg, &request->seconds))
			return cmd_usage_error(
				self,
				"\"%s\" is not a time to wait: say "
				"for instance 60s, 5min or 1h "
				"(5s to 24h)",
				optarg);
	}
	if (argc - optind > 1)
		return cmd_usage_error(self, "mode takes one argument");
	if (argc > optind)
		return read_word(self, argv[optind], request);
	if (request->force || request->persist || request->seconds)
		return cmd_usage_error(self, "say which mode: off, audit or "
					     "enforce");
	return EXECGATE_EXIT_OK;
}

/* The configured mode's name; NULL if no file says one or they are broken. */
static const char *configured_mode(struct execgate_config *config)
{
	if (execgate_config_load(EXECGATE_CONFIG_DIR, config, NULL))
		return NULL;
	execgate_policy_file_raise_mode(config);
	if (config->mode == EXECGATE_CONFIG_NO_MODE)
		return NULL;
	return execgate_mode_name((unsigned int)config->mode);
}

static int show_mode(const struct execgate_status *status)
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
		"enroll CERTIFICATE\", let \"execgate setup\" make one, or "
		"insist with --force");
}

/* A mode that cannot be taken back cannot be tried. */
static int refuse_signed(const struct execgate_status *status,
			 struct execgate_error *err)
{
	if (!status->policy.version ||
	    status->policy.mode != EXECGATE_MODE_ENFORCE)
		return 0;
	return execgate_error_set(
		err, -EPERM, EXECGATE_EXIT_ERROR,
		"there is nothing to try: the signed policy %s, version %" PRIu64
		", says enforce, and only a newer one takes that back",
		status->policy.name, status->policy.version);
}

static void print_change(const struct execgate_status *before,
			 const struct execgate_status *after,
			 const struct request *request, const char *persisted)
{
	if (output_is_json()) {
		output_json(json_pack("{s:s, s:s, s:s, s:s?, s:I}",
				      "mode_before",
				      execgate_mode_name(before->mode), "mode",
				      execgate_mode_name(after->mode), "state",
				      execgate_state_name(after->state),
				      "persisted", persisted, "seconds",
				      (json_int_t)request->seconds));
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
	if (request->seconds)
		printf("in %" PRIu64 " seconds it is audit again, unless you "
		       "type: execgate mode confirm\n",
		       request->seconds);
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

static int persist_mode(const struct request *request, char path[PATH_MAX])
{
	bool enforce = request->mode == EXECGATE_MODE_ENFORCE;
	struct execgate_error err;

	if (!execgate_config_persist(EXECGATE_CONFIG_DIR, request->mode, path,
				     &err) &&
	    !execgate_intent_decided(EXECGATE_CONFIG_DIR,
				     EXECGATE_ENFORCED_FILE, enforce, &err))
		return EXECGATE_EXIT_OK;
	output_message("the mode is set, but not for the next boot:");
	return output_error(&err);
}

/* The conditions before enforce is set; else the mode stays as it is. */
static int prepare_mode(const struct execgate_status *before,
			const struct request *request)
{
	struct execgate_error err;
	int ret;

	if (request->mode != EXECGATE_MODE_ENFORCE)
		return EXECGATE_EXIT_OK;
	if (refuse_without_keys(before, request, &err))
		return output_error(&err);
	/* A gate that enforces already breaks nothing more. */
	if (!request->force && before->mode != EXECGATE_MODE_ENFORCE) {
		ret = preflight_guard(0);
		if (ret)
			return ret;
	}
	if (request->seconds && refuse_signed(before, &err))
		return output_error(&err);
	if (request->seconds && mode_deadline_hold(request->seconds, &err))
		return output_error(&err);
	return EXECGATE_EXIT_OK;
}

static int set_mode(struct execgate_netlink *nl, const struct request *request,
		    struct execgate_status *after, struct execgate_error *err)
{
	int ret = execgate_netlink_mode_set(nl, request->mode, err);

	/* A deadline that is held now is that of an older command, or ours. */
	if (ret ? request->seconds : !request->seconds)
		mode_deadline_cancel();
	if (!ret && request->mode == EXECGATE_MODE_ENFORCE && !request->seconds)
		mode_boots_reset();
	return ret ? ret : execgate_netlink_status(nl, after, err);
}

static int change_mode(struct execgate_netlink *nl,
		       const struct execgate_status *before,
		       const struct request *request)
{
	struct execgate_status after;
	struct execgate_error err;
	char path[PATH_MAX];
	int ret;

	ret = prepare_mode(before, request);
	if (ret)
		return ret;
	if (set_mode(nl, request, &after, &err))
		return output_error(&err);
	if (request->persist)
		ret = persist_mode(request, path);
	if (!request->quiet)
		print_change(before, &after, request,
			     request->persist && !ret ? path : NULL);
	if (ret)
		return ret;
	if (!request->persist && !request->seconds)
		warn_not_kept(request);
	if (after.state == EXECGATE_STATE_NOT_GATING) {
		output_warning("the module does NOT gate: see \"execgate "
			       "doctor\"");
		return EXECGATE_EXIT_NOT_GATING;
	}
	return EXECGATE_EXIT_OK;
}

static int confirm_trial(struct execgate_netlink *nl,
			 const struct request *request)
{
	struct request kept = { .mode = EXECGATE_MODE_ENFORCE };
	struct execgate_status status;
	struct execgate_error err;
	char path[PATH_MAX];
	int ret;

	ret = mode_deadline_confirm(&err);
	if (!ret)
		ret = execgate_netlink_status(nl, &status, &err);
	if (ret)
		return output_error(&err);
	mode_boots_reset();
	if (request->persist)
		ret = persist_mode(&kept, path);
	print_change(&status, &status, &kept,
		     request->persist && !ret ? path : NULL);
	if (!ret && !request->persist)
		warn_not_kept(&kept);
	return ret;
}

/* A boot in audit proves nothing: it says nothing about enforce. */
static int healthy(const struct execgate_status *status)
{
	if (status->mode != EXECGATE_MODE_ENFORCE ||
	    status->state != EXECGATE_STATE_GATING)
		return EXECGATE_EXIT_OK;
	return mode_boots_healthy();
}

static int act_on_mode(struct execgate_netlink *nl,
		       const struct execgate_status *status,
		       const struct request *request)
{
	switch (request->action) {
	case SHOW:
		return show_mode(status);
	case SET:
		return change_mode(nl, status, request);
	case CONFIRM:
		return confirm_trial(nl, request);
	case HEALTHY:
		return healthy(status);
	}
	return EXECGATE_EXIT_ERROR;
}

static int run_mode(const struct command *self, int argc, char **argv)
{
	struct request request = { .action = SHOW };
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
	ret = ret ? output_error(&err) : act_on_mode(nl, &status, &request);
	execgate_netlink_close(nl);
	return ret;
}

int mode_enforce_kept(void)
{
	const struct request request = { .action = SET,
					 .mode = EXECGATE_MODE_ENFORCE,
					 .persist = true,
					 .quiet = true };
	struct execgate_netlink *nl;
	struct execgate_status status;
	struct execgate_error err;
	int ret = execgate_netlink_open(&nl, &err);

	if (!ret)
		ret = execgate_netlink_status(nl, &status, &err);
	if (ret) {
		output_message("%s", err.message);
		ret = err.code;
	} else {
		ret = change_mode(nl, &status, &request);
	}
	execgate_netlink_close(nl);
	return ret;
}

const struct command cmd_mode = {
	.name = "mode",
	.arguments = "[--persist] [--force] [--for TIME] [off|audit|enforce]\n"
		     "       execgate mode confirm [--persist]",
	.summary = "show or set the mode of the gate",
	.options =
		"  --persist   keep it for the next boot, too\n"
		"  --for TIME  enforce for so long (60s, 5min), then be audit\n"
		"              again, unless \"mode confirm\" comes before\n"
		"  --force     enforce although no key is enrolled, or although\n"
		"              the machine could not boot, be logged into or be\n"
		"              repaired\n\n"
		"off      detach the hooks: nothing is judged\n"
		"audit    everything runs, what would be denied is logged\n"
		"enforce  only trusted code runs\n"
		"confirm  stay in enforce: --for is over\n"
		"healthy  this boot has come to a good end (a service says so)\n",
	.run = run_mode,
};
