// SPDX-License-Identifier: GPL-2.0
/*
 * The way from an installed package to a machine that may enforce, as one command. Each
 * step leaves what it finds done, so a run that was interrupted, or stopped at files that
 * were changed, goes on when it is run again.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/common/command.h"
#include "cli/setup/run.h"
#include "lib/base/names.h"
#include "lib/config/config.h"
#include "lib/netlink/netlink.h"

#define HOOK "/usr/libexec/execgate-apt"
#define LOCAL EXECGATE_CONFIG_DIR "/local/"
#define SELF "/proc/self/exe"
#define STEPS 4
#define WORDS_MAX 12

/**
 * struct request - the command line
 * @passphrase_file, @token, @cert: as execgate-apt has them, or NULL
 * @changed: "--skip-changed", "--accept-changed" or NULL
 */
struct request {
	bool passphrase;
	const char *passphrase_file;
	const char *token;
	const char *cert;
	const char *changed;
};

static int check_options(const struct command *self,
			 const struct request *request)
{
	if (request->passphrase + !!request->passphrase_file +
		    !!request->token >
	    1)
		return cmd_usage_error(self,
				       "--passphrase, --passphrase-file and "
				       "--token exclude each other");
	if (!request->token != !request->cert)
		return cmd_usage_error(self, "--token and --cert go together");
	return EXECGATE_EXIT_OK;
}

static int read_options(const struct command *self, int argc, char **argv,
			struct request *request)
{
	static const struct option options[] = {
		{ "passphrase", no_argument, NULL, 'p' },
		{ "passphrase-file", required_argument, NULL, 'f' },
		{ "token", required_argument, NULL, 't' },
		{ "cert", required_argument, NULL, 'c' },
		{ "skip-changed", no_argument, NULL, 's' },
		{ "accept-changed", no_argument, NULL, 'a' },
		{ 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		switch (option) {
		case 'p':
			request->passphrase = true;
			break;
		case 'f':
			request->passphrase_file = optarg;
			break;
		case 't':
			request->token = optarg;
			break;
		case 'c':
			request->cert = optarg;
			break;
		case 's':
		case 'a':
			if (request->changed)
				return cmd_usage_error(
					self, "changed files are skipped or "
					      "accepted, not both");
			request->changed = option == 's' ? "--skip-changed" :
							   "--accept-changed";
			break;
		default:
			return cmd_option_error(self, option, argv);
		}
	}
	if (optind < argc)
		return cmd_usage_error(self, "setup takes no argument");
	return check_options(self, request);
}

static void say_step(unsigned int number, const char *text)
{
	output_message("[%u/%u] %s", number, STEPS, text);
}

static int read_status(struct execgate_status *status)
{
	struct execgate_netlink *nl;
	struct execgate_error err;
	int ret = execgate_netlink_open(&nl, &err);

	if (!ret)
		ret = execgate_netlink_status(nl, status, &err);
	execgate_netlink_close(nl);
	return ret ? output_error(&err) : EXECGATE_EXIT_OK;
}

static int check_gate(struct execgate_status *status)
{
	struct execgate_error err;
	int ret;

	say_step(1, "is the gate there?");
	if (geteuid()) {
		execgate_error_set(&err, -1, EXECGATE_EXIT_NO_PRIVILEGE,
				   "this needs root: it makes a key that the "
				   "machine trusts");
		return output_error(&err);
	}
	ret = read_status(status);
	if (ret || status->state != EXECGATE_STATE_NOT_GATING)
		return ret;
	execgate_error_set(&err, -1, EXECGATE_EXIT_NOT_GATING,
			   "the module is loaded and does not gate: see "
			   "\"execgate doctor\"");
	return output_error(&err);
}

/* The key's file says so in its first line. */
static bool key_is_encrypted(void)
{
	char line[64] = "";
	FILE *file = fopen(LOCAL "key.pem", "re");

	if (file && !fgets(line, sizeof(line), file))
		line[0] = '\0';
	if (file)
		fclose(file);
	return strstr(line, "ENCRYPTED");
}

/* As execgate-apt sees it: a key that was made, or one that hook.conf names. */
static bool has_key(void)
{
	return !access(LOCAL "hook.conf", F_OK) ||
	       (!access(LOCAL "key.pem", F_OK) &&
		!access(LOCAL "cert.pem", F_OK));
}

static int list_packages(const struct request *request)
{
	const char *argv[WORDS_MAX] = { "execgate-apt", "setup" };
	bool kept = has_key();
	size_t count = 2;

	say_step(2, kept ? "the key in " LOCAL " is kept; a catalog of what "
			   "is installed" :
			   "a key, and a catalog of what is installed");
	/* It would refuse to make one where one is: here that is a step done. */
	if (kept && (request->passphrase || request->passphrase_file))
		output_message("there is a key already, and its passphrase "
			       "stays as it is");
	else if (request->passphrase)
		argv[count++] = "--passphrase";
	else if (request->passphrase_file) {
		argv[count++] = "--passphrase-file";
		argv[count++] = request->passphrase_file;
	}
	if (request->token) {
		argv[count++] = "--token";
		argv[count++] = request->token;
		argv[count++] = "--cert";
		argv[count++] = request->cert;
	}
	if (request->changed)
		argv[count++] = request->changed;
	return setup_run(HOOK, argv,
			 !request->passphrase && !request->token &&
				 !key_is_encrypted() &&
				 access(LOCAL "hook.conf", F_OK));
}

/* Off would log nothing, and the lists would be made for nothing. Enforce stays. */
static int set_audit(const struct execgate_status *status)
{
	static const char *const argv[] = { "execgate", "mode", "--persist",
					    "audit", NULL };

	if (status->mode == EXECGATE_MODE_OFF) {
		say_step(3, "mode audit: what enforce would deny is logged");
		return setup_run(SELF, argv, false);
	}
	say_step(3,
		 status->mode == EXECGATE_MODE_AUDIT ?
			 "the mode is audit: what enforce would deny is logged" :
			 "the mode is enforce, as it was");
	return EXECGATE_EXIT_OK;
}

static int look_ahead(void)
{
	static const char *const argv[] = { "execgate", "preflight", NULL };

	say_step(4, "what would enforce break?");
	return setup_run(SELF, argv, false);
}

static void print_next(uint32_t mode, int broken)
{
	struct execgate_config config;
	bool kept = !execgate_config_load(EXECGATE_CONFIG_DIR, &config, NULL) &&
		    config.mode == EXECGATE_MODE_ENFORCE;

	if (output_is_json()) {
		output_json(json_pack("{s:b, s:s, s:b, s:b}", "done", true,
				      "mode", execgate_mode_name(mode),
				      "would_break", broken != 0,
				      "enforce_kept", kept));
		return;
	}
	printf("\nEvery program of every installed package is trusted, and apt "
	       "keeps it so.\n");
	if (broken)
		printf("Enforce would break what is named above: each has a "
		       "command that mends it.\n");
	if (mode != EXECGATE_MODE_ENFORCE)
		printf("%s enforce on trial, and say that all is well:\n"
		       "    execgate mode enforce --for 10min\n"
		       "    execgate mode confirm\n",
		       broken ? "Then" : "Next,");
	if (kept)
		printf("Enforce is kept: the next boot enforces, too.\n");
	else
		printf("Enforce ends with a reboot, unless you keep it:\n"
		       "    execgate mode enforce --persist\n");
}

static int stopped(unsigned int step, int code)
{
	output_message("setup stopped at step %u of %u; when that is mended, "
		       "\"execgate setup\" goes on",
		       step, STEPS);
	return code;
}

static int run_setup(const struct command *self, int argc, char **argv)
{
	struct execgate_status status;
	struct request request = { 0 };
	int ret;

	ret = read_options(self, argc, argv, &request);
	if (ret)
		return ret;
	ret = check_gate(&status);
	if (ret)
		return ret;
	ret = list_packages(&request);
	if (ret)
		return stopped(2, ret);
	ret = set_audit(&status);
	if (ret)
		return stopped(3, ret);
	ret = look_ahead();
	if (ret && ret != EXECGATE_EXIT_WOULD_BREAK)
		return stopped(4, ret);
	if (read_status(&status))
		return EXECGATE_EXIT_ERROR;
	print_next(status.mode, ret);
	return ret;
}

const struct command cmd_setup = {
	.name = "setup",
	.arguments =
		"[--passphrase | --passphrase-file FILE | --token URI "
		"--cert FILE]\n"
		"                      [--skip-changed | --accept-changed]",
	.summary = "make this machine ready to enforce: key, catalog, audit",
	.options =
		"Makes a local key and enrolls it, lists and signs the programs of\n"
		"all installed packages, sets mode audit if the gate is off, and\n"
		"says what enforce would break. A step that is done stays done.\n\n"
		"  --passphrase            protect the key by one, asked for each time\n"
		"  --passphrase-file FILE  read it from there each time\n"
		"  --token URI             sign with this key of a PKCS#11 token,\n"
		"  --cert FILE             which has this certificate\n"
		"  --skip-changed          do not trust files that are not what their\n"
		"                          package installed\n"
		"  --accept-changed        trust them as they are\n\n"
		"Exit code: 0 ready, 12 ready but enforce would break something.\n",
	.run = run_setup,
};
