// SPDX-License-Identifier: GPL-2.0
#include <getopt.h>
#include <stdio.h>

#include "cli/common/command.h"
#include "cli/common/policy_print.h"
#include "cli/gate/profile_preflight.h"
#include "cli/preflight/guard.h"
#include "lib/base/names.h"

static int show_profile(void)
{
	struct execgate_status status;
	char text[EXECGATE_PROFILE_TEXT];
	int ret = policy_status(&status);

	if (ret)
		return ret;
	if (output_is_json()) {
		policy_print_json(&status);
		return EXECGATE_EXIT_OK;
	}
	printf("%s\n", policy_text(&status, text));
	return EXECGATE_EXIT_OK;
}

static int run_profile(const struct command *self, int argc, char **argv)
{
	static const struct option options[] = {
		{ "persist", no_argument, NULL, 'p' },
		{ "check", no_argument, NULL, 'c' },
		{ "force", no_argument, NULL, 'f' },
		{ 0 },
	};
	struct execgate_policy_change change = { .has_profile = true };
	bool persist = false, check = false, force = false;
	int option, profile, ret;

	while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (option == 'p')
			persist = true;
		else if (option == 'c')
			check = true;
		else if (option == 'f')
			force = true;
		else
			return cmd_option_error(self, option, argv);
	}
	if (argc - optind > 1)
		return cmd_usage_error(self, "profile takes one argument");
	if (argc == optind && (persist || check || force))
		return cmd_usage_error(self, "say which profile: basic, "
					     "standard or strict");
	if (argc == optind)
		return show_profile();
	profile = execgate_profile_find(argv[optind]);
	if (profile < 0)
		return cmd_usage_error(
			self,
			"unknown profile \"%s\"; profiles are basic, "
			"standard, strict",
			argv[optind]);
	change.profile = (enum execgate_profile)profile;
	if (check)
		return profile_preflight(change.profile);
	ret = force ? EXECGATE_EXIT_OK : policy_guard(&change);
	if (ret)
		return ret;
	profile_preflight_warn(change.profile);
	return policy_change(&change, persist);
}

const struct command cmd_profile = {
	.name = "profile",
	.arguments = "[--check] [--persist] [--force] [basic|standard|strict]",
	.summary = "show or set what is judged: a named set of gates",
	.options =
		"  --persist   keep it for the next boot, too\n"
		"  --force     although the machine could not boot, be logged into\n"
		"              or be repaired\n"
		"  --check     change nothing: which programs would lose what they\n"
		"              need, and what gives it to them\n\n"
		"basic     programs, scripts and mappings of files\n"
		"standard  also what becomes executable later, sealing of what\n"
		"          runs, kernel modules, kexec (the default)\n"
		"strict    also executable memory without a file, changing other\n"
		"          processes, writing to disks below a file system\n\n"
		"Single gates are switched with \"execgate gate\".\n",
	.run = run_profile,
};
