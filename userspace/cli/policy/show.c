// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/common/policy_print.h"
#include "cli/common/trust_options.h"
#include "cli/policy/policy.h"

const char cmd_policy_show_options[] = TRUST_OPTIONS_HELP
	"\n"
	"For a FILE it also says whether the kernel would believe its signature, and\n"
	"exits with 3 not signed, 4 altered or malformed, 5 key not trusted.\n"
	"Without FILE it exits with 7 if no signed policy is in force.\n";

static int show_in_force(void)
{
	struct execgate_status status;
	struct execgate_error err;
	struct policy_view view;
	json_t *object;
	int ret = policy_status(&status);
	char text[POLICY_VIEW_TEXT];

	if (ret)
		return ret;
	if (!status.policy.version) {
		execgate_error_set(&err, -ENOENT, EXECGATE_EXIT_NOT_FOUND,
				   "no signed policy is in force; \"execgate "
				   "policy load FILE\" puts one in force");
		return output_error(&err);
	}
	view = policy_view_of_kernel(&status.policy);
	if (output_is_json()) {
		object = policy_view_json(&view);
		json_object_set_new(object, "in_force", json_true());
		output_json(object);
		return EXECGATE_EXIT_OK;
	}
	policy_view_print(&view);
	if (status.mode != view.mode || status.gates.on != view.gates)
		output_field("Tightened", "to %s",
			     policy_view_text(status.mode, status.profile,
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
	ret = execgate_policy_file_verify(path, &file, trust, &signer, &err);
	view = policy_view_of_file(&file);
	if (signer)
		view.signer = signer->key.fingerprint;
	if (output_is_json()) {
		object = policy_view_json(&view);
		json_object_set_new(object, "signed",
				    json_boolean(file.is_signed));
		json_object_set_new(object, "good", json_boolean(!ret));
		output_json_set_bytes(object, "file", path, strlen(path));
		output_json(object);
	} else {
		policy_view_print(&view);
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
	struct execgate_trust trust = { 0 };
	int code = trust_options_take(self, argc, argv, &trust);

	if (!code)
		code = argc - optind > 1 ?
			       cmd_usage_error(self, "which one policy?") :
		       optind == argc ? show_in_force() :
					show_file(argv[optind], &trust);
	execgate_trust_free(&trust);
	return code;
}
