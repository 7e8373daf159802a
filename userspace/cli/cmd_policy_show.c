// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cmd_policy.h"
#include "keystore.h"
#include "policy_print.h"

const char cmd_policy_show_options[] =
	"  --cert CERT      trust this certificate; may be repeated\n"
	"  --keys-dir DIR   trust the certificates of this folder\n"
	"                   (" EXECGATE_KEYSTORE_DIR ")\n"
	"\n"
	"Of a FILE it tells too whether the kernel would believe its signature, and\n"
	"exits with 3 not signed, 4 altered or malformed, 5 key not trusted.\n"
	"Without FILE it exits with 7 if no signed policy is in force.\n";

enum { OPT_CERT = 300, OPT_KEYS_DIR };

static int show_in_force(void)
{
	struct execgate_status status;
	struct execgate_error err;
	struct policy_view view;
	json_t *object;
	int ret = policy_status(&status);
	char text[CMD_POLICY_TEXT];

	if (ret)
		return ret;
	if (!status.policy.version) {
		execgate_error_set(&err, -ENOENT, EXECGATE_EXIT_NOT_FOUND,
				   "no signed policy is in force; \"execgate "
				   "policy load FILE\" puts one in force");
		return output_error(&err);
	}
	view = cmd_policy_of_kernel(&status.policy);
	if (output_is_json()) {
		object = cmd_policy_json(&view);
		json_object_set_new(object, "in_force", json_true());
		output_json(object);
		return EXECGATE_EXIT_OK;
	}
	cmd_policy_print(&view);
	if (status.mode != view.mode || status.gates.on != view.gates)
		output_field("Tightened", "to %s",
			     cmd_policy_text(status.mode, status.profile,
					     status.gates.on, text));
	return EXECGATE_EXIT_OK;
}

static int show_file(const char *path, const struct execgate_trust *trust)
{
	const struct execgate_certificate *signer = NULL;
	struct execgate_policy_file file;
	struct execgate_error err;
	struct policy_view view;
	json_t *object;
	int ret = execgate_policy_file_load(path, &file, &err);

	if (ret)
		return output_error(&err);
	ret = execgate_policy_file_verify(path, &file, trust,
					  (uint64_t)time(NULL), &signer, &err);
	view = cmd_policy_of_file(&file);
	if (signer)
		view.signer = signer->key.fingerprint;
	if (output_is_json()) {
		object = cmd_policy_json(&view);
		json_object_set_new(object, "signed",
				    json_boolean(file.is_signed));
		json_object_set_new(object, "good", json_boolean(!ret));
		output_json_set_bytes(object, "file", path, strlen(path));
		output_json(object);
	} else {
		cmd_policy_print(&view);
		output_field("Signature", "%s",
			     !ret	    ? "good" :
			     file.is_signed ? "NOT good" :
					      "not signed yet");
	}
	if (ret)
		output_message("%s", err.message);
	execgate_policy_file_free(&file);
	return ret ? (int)err.code : EXECGATE_EXIT_OK;
}

int cmd_policy_show_run(const struct command *self, int argc, char **argv)
{
	static const struct option options[] = {
		{ "cert", required_argument, NULL, OPT_CERT },
		{ "keys-dir", required_argument, NULL, OPT_KEYS_DIR },
		{ 0 },
	};
	struct execgate_trust trust = { 0 };
	const char *dir = NULL;
	struct execgate_error err;
	int answer, code, ret = 0;

	while (!ret &&
	       (answer = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (answer == OPT_CERT) {
			ret = execgate_trust_add_file(&trust, optarg, &err);
		} else if (answer == OPT_KEYS_DIR) {
			dir = optarg;
		} else {
			execgate_trust_free(&trust);
			return cmd_option_error(self, answer, argv);
		}
	}
	if (!ret && (dir || !trust.count))
		ret = execgate_trust_add_dir(&trust,
					     dir ? dir : EXECGATE_KEYSTORE_DIR,
					     (uint64_t)time(NULL), &err);
	if (ret)
		code = output_error(&err);
	else if (argc - optind > 1)
		code = cmd_usage_error(self, "which one policy?");
	else if (optind == argc)
		code = show_in_force();
	else
		code = show_file(argv[optind], &trust);
	execgate_trust_free(&trust);
	return code;
}
