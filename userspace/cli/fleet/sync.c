// SPDX-License-Identifier: GPL-2.0
/* "execgate sync": one sync with a server of Santa's protocol, stage by stage. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/fleet/sync.h"
#include "cli/gate/mode.h"
#include "lib/base/digits.h"
#include "lib/base/io.h"

enum {
	OPT_CONFIG = 300,
	OPT_STATE,
	OPT_DIRECTORY,
	OPT_WAIT,
	OPT_POLICY,
	OPT_VERSIONS,
};

static void tell(const char *sentence)
{
	output_message("%s", sentence);
}

static int take_wait(const struct command *self, const char *text,
		     unsigned int *out)
{
	uint64_t seconds;

	if (!execgate_number_read(text, &seconds) || seconds > 3600)
		return cmd_usage_error(self,
				       "\"%s\" is not a number of seconds from "
				       "0 to 3600",
				       text);
	*out = (unsigned int)seconds;
	return 0;
}

static int take_option(const struct command *self, int answer, char **argv,
		       struct sync_run *run)
{
	if (catalog_install_take(answer, &run->catalogs))
		return 0;
	switch (answer) {
	case OPT_CONFIG:
		run->config_file = optarg;
		return 0;
	case OPT_STATE:
		run->state_file = optarg;
		return 0;
	case OPT_DIRECTORY:
		run->directory = optarg;
		return 0;
	case OPT_WAIT:
		return take_wait(self, optarg, &run->session.wait);
	case OPT_POLICY:
		run->policy.policy = optarg;
		return 0;
	case OPT_VERSIONS:
		run->policy.versions = optarg;
		return 0;
	default:
		return cmd_option_error(self, answer, argv);
	}
}

static int parse_options(const struct command *self, int argc, char **argv,
			 struct sync_run *run)
{
	static const struct option options[] = {
		{ "config-file", required_argument, NULL, OPT_CONFIG },
		{ "state", required_argument, NULL, OPT_STATE },
		{ "directory", required_argument, NULL, OPT_DIRECTORY },
		{ "wait", required_argument, NULL, OPT_WAIT },
		CATALOG_INSTALL_OPTIONS,
		{ "policy", required_argument, NULL, OPT_POLICY },
		{ "versions", required_argument, NULL, OPT_VERSIONS },
		{ 0 },
	};
	int answer, code = 0;

	while (!code &&
	       (answer = getopt_long(argc, argv, ":", options, NULL)) != -1)
		code = take_option(self, answer, argv, run);
	run->policy.load = run->catalogs.load;
	run->policy.keys_dir = run->catalogs.keys_dir;
	if (!code && optind < argc)
		return cmd_usage_error(self, "\"%s\" is one argument too many",
				       argv[optind]);
	return code;
}

static int preflight(struct sync_run *run, struct execgate_error *err)
{
	json_t *request =
		execgate_sync_preflight(&run->config, &run->facts, &run->state);
	json_t *answer;
	long status;
	int ret;

	if (!request)
		return execgate_error_errno(err, -ENOMEM, "cannot sync");
	ret = execgate_sync_call(&run->session, EXECGATE_SYNC_PREFLIGHT,
				 request, &answer, &status, err);
	json_decref(request);
	if (ret)
		return ret;
	ret = execgate_sync_settings_read(answer, &run->settings, err);
	json_decref(answer);
	return ret;
}

static int postflight(struct sync_run *run, struct execgate_error *err)
{
	json_t *request =
		json_pack("{s:s, s:I, s:I}", "machine_id",
			  run->config.machine_id, "rules_received",
			  (json_int_t)run->received, "rules_processed",
			  (json_int_t)json_array_size(run->installed));
	long status;
	int ret;

	if (!request)
		return execgate_error_errno(err, -ENOMEM, "cannot sync");
	ret = execgate_sync_call(&run->session, EXECGATE_SYNC_POSTFLIGHT,
				 request, NULL, &status, err);
	json_decref(request);
	return ret;
}

/* Somebody is at work there, and the server does not know of it. */
static const char *rescue(const struct sync_run *run)
{
	if (run->facts.boots.fell_back)
		return "this boot was not let into enforce, because too many "
		       "before it failed";
	if (execgate_boots_parameter() >= 0)
		return "the kernel command line says another mode";
	return NULL;
}

/* MONITOR is never followed: the server's word loosens nothing. */
static int follow_mode(struct sync_run *run)
{
	const char *why;

	if (!run->settings.lockdown || !run->facts.loaded ||
	    !run->catalogs.load ||
	    run->facts.status.mode == EXECGATE_MODE_ENFORCE)
		return EXECGATE_EXIT_OK;
	why = run->config.lockdown ? rescue(run) :
				     "lockdown of sync.conf is not \"yes\"";
	if (!why)
		return mode_enforce_kept();
	output_message("the server says LOCKDOWN, and the mode stays as it is: "
		       "%s; \"execgate mode enforce\" sets it by hand",
		       why);
	return EXECGATE_EXIT_OK;
}

static int run_stages(struct sync_run *run, struct execgate_error *err)
{
	int ret = preflight(run, err);

	if (!ret)
		ret = sync_upload(run, err);
	if (!ret)
		ret = sync_rules(run, err);
	if (!ret)
		ret = postflight(run, err);
	if (!ret)
		run->code = cmd_worse(run->code, follow_mode(run));
	return ret;
}

static json_t *ignored_json(const struct sync_run *run)
{
	json_t *list = json_array();

	for (int i = 0; i < EXECGATE_SYNC_RULE_COUNT; i++)
		if (run->ignored[i])
			json_array_append_new(
				list,
				json_pack("{s:I, s:s}", "rules",
					  (json_int_t)run->ignored[i], "why",
					  execgate_sync_rule_text(i)));
	return list;
}

static void print_result(const struct sync_run *run)
{
	if (output_is_json()) {
		output_json(json_pack("{s:s, s:s, s:I, s:I, s:I, s:O, s:o}",
				      "server", run->config.url, "machine_id",
				      run->config.machine_id, "events_sent",
				      (json_int_t)run->sent, "events_set_aside",
				      (json_int_t)run->set_aside,
				      "rules_received",
				      (json_int_t)run->received, "installed",
				      run->installed, "ignored",
				      ignored_json(run)));
		return;
	}
	printf("%s: %" PRIu64 " events sent, %zu files installed of %" PRIu64
	       " rules\n",
	       run->config.url, run->sent, json_array_size(run->installed),
	       run->received);
	for (int i = 0; i < EXECGATE_SYNC_RULE_COUNT; i++)
		if (run->ignored[i])
			printf("ignored: %" PRIu64 " rules: %s\n",
			       run->ignored[i], execgate_sync_rule_text(i));
}

static int sync_once(struct sync_run *run)
{
	struct execgate_error err;
	int ret;

	ret = execgate_sync_state_load(run->state_file, &run->state, &err);
	if (!ret)
		ret = execgate_facts_read(&run->facts, &err);
	if (!ret)
		ret = execgate_sync_session_begin(&run->session, &run->config,
						  &err);
	if (ret)
		return output_error(&err);
	if (run_stages(run, &err))
		ret = output_error(&err);
	else
		print_result(run);
	execgate_sync_session_end(&run->session);
	execgate_facts_free(&run->facts);
	return ret ? ret : run->code;
}

static int run_sync(const struct command *self, int argc, char **argv)
{
	static struct sync_run run = {
		.config_file = EXECGATE_SYNC_CONFIG_FILE,
		.state_file = EXECGATE_SYNC_STATE_FILE,
		.session = { .wait = EXECGATE_SYNC_WAIT, .tell = tell },
		.catalogs = CATALOG_INSTALLING,
		.policy = POLICY_LOADING,
	};
	struct execgate_error err;
	int code, lock;

	run.policy.persist = run.policy.quiet = true;
	code = parse_options(self, argc, argv, &run);
	if (code)
		return code;
	if (execgate_sync_config_load(run.config_file, &run.config, &err))
		return output_error(&err);
	/* Two at once would send the same events, and write one state. */
	lock = execgate_io_lock_folder(run.state_file, &err);
	if (lock < 0)
		return output_error(&err);
	run.installed = json_array();
	code = sync_once(&run);
	json_decref(run.installed);
	catalog_install_close(&run.catalogs);
	close(lock);
	return code;
}

const struct command cmd_sync = {
	.name = "sync",
	.arguments = "[OPTION...]",
	.summary = "send denials to a server of Santa's protocol, and take "
		   "signed files from it",
	.options =
		"  --config-file FILE  which server, and how much its word counts\n"
		"                      (" EXECGATE_SYNC_CONFIG_FILE ")\n"
		"  --state FILE        how far the server is; its folder is this\n"
		"                      program's alone\n"
		"                      (" EXECGATE_SYNC_STATE_FILE ")\n"
		"  --directory DIR     send the journal in this folder\n"
		"  --wait SECONDS      before the second of five attempts (4); twice\n"
		"                      as long before each other\n"
		"  --no-load           what is installed counts from the next boot\n"
		"                      on; works without the module\n"
		"  --keys-dir DIR      trust the certificates of this folder\n"
		"                      (" EXECGATE_KEYSTORE_DIR ")\n"
		"  --catalogs-dir DIR  where catalogs are kept\n"
		"                      (" EXECGATE_CATALOG_DIR ")\n"
		"  --sequences FILE    which catalogs are too old\n"
		"                      (" EXECGATE_SEQUENCES_FILE ")\n"
		"  --policy FILE       where the policy is kept\n"
		"                      (" EXECGATE_POLICY_FILE ")\n"
		"  --versions FILE     the highest version that was in force\n"
		"                      (" EXECGATE_POLICY_VERSION_FILE ")\n"
		"\n"
		"The server's word loosens nothing: only what is signed by an enrolled key is\n"
		"installed. execgate-sync.timer does this, when it is on:\n"
		"systemctl enable --now execgate-sync.timer\n",
	.run = run_sync,
};
