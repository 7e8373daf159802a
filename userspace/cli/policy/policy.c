// SPDX-License-Identifier: GPL-2.0
#include "cli/policy/policy.h"

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
	.summary = "mode, profile, gates and floors under a signature",
	.children = children,
};
