// SPDX-License-Identifier: GPL-2.0
#include "cmd_policy.h"

#include <inttypes.h>
#include <stdio.h>

#include "names.h"
#include "policy_print.h"
#include "profile.h"

struct policy_view cmd_policy_of_file(const struct execgate_policy_file *file)
{
	const struct eg_policy_object *object = &file->object;

	return (struct policy_view){
		.name = file->name,
		.version = object->version,
		.created_at = object->created_at,
		.mode = object->mode,
		.profile = object->profile,
		.gates = file->gates,
	};
}

struct policy_view
cmd_policy_of_kernel(const struct execgate_loaded_policy *policy)
{
	return (struct policy_view){
		.name = policy->name,
		.version = policy->version,
		.created_at = policy->created_at,
		.mode = policy->mode,
		.profile = policy->profile,
		.gates = policy->gates.on,
		.signer = policy->signer,
	};
}

json_t *cmd_policy_json(const struct policy_view *view)
{
	struct execgate_status status = {
		.profile = view->profile,
		.gates = { .on = view->gates },
	};
	json_t *object = json_object();

	json_object_set_new(object, "name", json_string(view->name));
	json_object_set_new(object, "version",
			    json_integer((json_int_t)view->version));
	json_object_set_new(object, "created_at",
			    json_integer((json_int_t)view->created_at));
	json_object_set_new(object, "mode",
			    json_string(execgate_mode_name(view->mode)));
	policy_json(object, &status);
	if (view->signer)
		output_json_set_hex(object, "signer", view->signer,
				    EXECGATE_FINGERPRINT_SIZE);
	return object;
}

char *cmd_policy_text(uint32_t mode, uint32_t profile, uint32_t gates,
		      char out[CMD_POLICY_TEXT])
{
	char text[EXECGATE_PROFILE_TEXT];

	snprintf(out, CMD_POLICY_TEXT, "mode %s, profile %s",
		 execgate_mode_name(mode),
		 execgate_profile_describe(profile, gates, text));
	return out;
}

void cmd_policy_print(const struct policy_view *view)
{
	char when[OUTPUT_TIME_SIZE], text[EXECGATE_PROFILE_TEXT];
	char hex[2 * EXECGATE_FINGERPRINT_SIZE + 1];

	output_field("Name", "%s", view->name);
	output_field("Version", "%" PRIu64, view->version);
	output_field("Created", "%s", output_time(when, view->created_at));
	output_field("Mode", "%s (%s)", execgate_mode_name(view->mode),
		     execgate_mode_text(view->mode));
	output_field("Profile", "%s",
		     execgate_profile_describe(view->profile, view->gates,
					       text));
	if (view->signer)
		output_field("Signer", "%s",
			     output_hex(hex, view->signer,
					EXECGATE_FINGERPRINT_SIZE));
}

static const struct command children[] = {
	{
		.name = "policy make",
		.arguments = "[OPTION...] [-o OUT]",
		.summary = "write a policy, of options or the configuration",
		.options = cmd_policy_make_options,
		.run = cmd_policy_make_run,
	},
	{
		.name = "policy sign",
		.arguments = "[OPTION...] -o OUT OBJECT",
		.summary = "sign what make wrote",
		.options = cmd_policy_sign_options,
		.run = cmd_policy_sign_run,
	},
	{
		.name = "policy show",
		.arguments = "[--cert CERT | --keys-dir DIR] [FILE]",
		.summary = "show the signed policy in force, or one in a file",
		.options = cmd_policy_show_options,
		.run = cmd_policy_show_run,
	},
	{
		.name = "policy load",
		.arguments = "[--persist | --no-load] [--force] FILE",
		.summary = "put a signed policy in force",
		.options = cmd_policy_load_options,
		.run = cmd_policy_load_run,
	},
	{ 0 },
};

const struct command cmd_policy = {
	.name = "policy",
	.summary = "mode, profile and gates under a signature",
	.children = children,
};
