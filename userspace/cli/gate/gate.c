// SPDX-License-Identifier: GPL-2.0
#include "cli/common/command.h"

#include <getopt.h>
#include <stdio.h>

#include "cli/common/policy_print.h"
#include "cli/preflight/guard.h"
#include "lib/base/names.h"

static void print_gate(const struct execgate_status *status, unsigned int gate)
{
	uint32_t bit = EXECGATE_GATE_BIT(gate);
	bool on = status->gates.on & bit;
	bool differs =
		(status->gates.on ^ execgate_profile_gates(status->profile)) &
		bit;

	printf("  %-10s %-3s  %s%s%s%s\n", execgate_gate_name(gate),
	       on ? "on" : "off", execgate_gate_text(gate),
	       differs ? " (profile " : "",
	       differs ? execgate_profile_name(status->profile) : "",
	       !differs ? "" :
	       on	? " has it off)" :
			  " has it on)");
}

static int show_all(void)
{
	struct execgate_status status;
	int ret = policy_status(&status);

	if (ret)
		return ret;
	if (output_is_json()) {
		policy_print_json(&status);
		return EXECGATE_EXIT_OK;
	}
	for (unsigned int i = 0; i < EXECGATE_GATE_COUNT; i++)
		print_gate(&status, i);
	return EXECGATE_EXIT_OK;
}

static int show_one(unsigned int gate)
{
	struct execgate_status status;
	int ret = policy_status(&status);
	bool on;

	if (ret)
		return ret;
	on = status.gates.on & EXECGATE_GATE_BIT(gate);
	if (output_is_json())
		output_json(json_pack("{s:s, s:b, s:s}", "gate",
				      execgate_gate_name(gate), "on", on,
				      "profile",
				      execgate_profile_name(status.profile)));
	else
		printf("%s\n", on ? "on" : "off");
	return EXECGATE_EXIT_OK;
}

static int act_on_gate(const struct command *self, int count, char **words,
		       bool persist, bool force)
{
	struct execgate_policy_change change = { .select = 0 };
	int gate, on, ret;

	if (count > 2)
		return cmd_usage_error(self, "gate takes a name and on or off");
	if (count < 2 && (persist || force))
		return cmd_usage_error(self, "say which gate, and on or off");
	if (!count)
		return show_all();
	gate = execgate_gate_find(words[0]);
	if (gate < 0)
		return cmd_usage_error(self,
				       "unknown gate \"%s\"; \"execgate gate\" "
				       "lists them",
				       words[0]);
	if (count == 1)
		return show_one((unsigned int)gate);
	on = execgate_profile_switch(words[1]);
	if (on < 0)
		return cmd_usage_error(self, "\"%s\" is neither on nor off",
				       words[1]);
	change.select = EXECGATE_GATE_BIT(gate);
	change.gates = on ? change.select : 0;
	ret = force ? EXECGATE_EXIT_OK : policy_guard(&change);
	return ret ? ret : policy_change(&change, persist);
}

static int run_gate(const struct command *self, int argc, char **argv)
{
	static const struct option options[] = {
		{ "persist", no_argument, NULL, 'p' },
		{ "force", no_argument, NULL, 'f' },
		{ 0 },
	};
	bool persist = false, force = false;
	int option;

	while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (option == 'p')
			persist = true;
		else if (option == 'f')
			force = true;
		else
			return cmd_option_error(self, option, argv);
	}
	return act_on_gate(self, argc - optind, argv + optind, persist, force);
}

const struct command cmd_gate = {
	.name = "gate",
	.arguments = "[--persist] [--force] [NAME [on|off]]",
	.summary = "show or switch single gates of the profile",
	.options =
		"  --persist   keep it for the next boot, too\n"
		"  --force     although the machine could not boot, be logged into\n"
		"              or be repaired\n\n"
		"Without a name, lists all gates, and where they differ from "
		"the profile.\n",
	.run = run_gate,
};
