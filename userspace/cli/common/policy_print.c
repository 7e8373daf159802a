// SPDX-License-Identifier: GPL-2.0
#include "cli/common/policy_print.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/names.h"
#include "lib/config/config.h"
#include "lib/config/intent.h"

char *policy_text(const struct execgate_status *status,
		  char out[EXECGATE_PROFILE_TEXT])
{
	return execgate_profile_describe(status->profile, status->gates.on,
					 out);
}

void policy_json(json_t *object, const struct execgate_status *status)
{
	uint32_t differs = status->gates.on ^
			   execgate_profile_gates(status->profile);
	json_t *deviations = json_array(), *gates = json_object();
	char text[64];

	for (unsigned int i = 0; i < EXECGATE_GATE_COUNT; i++) {
		bool on = status->gates.on & EXECGATE_GATE_BIT(i);

		json_object_set_new(gates, execgate_gate_name(i),
				    json_boolean(on));
		snprintf(text, sizeof(text), "%c%s", on ? '+' : '-',
			 execgate_gate_name(i));
		if (differs & EXECGATE_GATE_BIT(i))
			json_array_append_new(deviations, json_string(text));
	}
	json_object_set_new(object, "profile",
			    json_string(
				    execgate_profile_name(status->profile)));
	json_object_set_new(object, "deviations", deviations);
	json_object_set_new(object, "gates", gates);
}

void policy_print_json(const struct execgate_status *status)
{
	json_t *object = json_object();

	policy_json(object, status);
	output_json(object);
}

int policy_status(struct execgate_status *status)
{
	struct execgate_netlink *nl;
	struct execgate_error err;
	int ret;

	ret = execgate_netlink_open(&nl, &err);
	if (!ret)
		ret = execgate_netlink_status(nl, status, &err);
	execgate_netlink_close(nl);
	return ret ? output_error(&err) : EXECGATE_EXIT_OK;
}

static void print_change(const struct execgate_status *before,
			 const struct execgate_status *after,
			 const char *persisted)
{
	char was[EXECGATE_PROFILE_TEXT], is[EXECGATE_PROFILE_TEXT];
	json_t *object;

	policy_text(before, was);
	policy_text(after, is);
	if (output_is_json()) {
		object = json_pack("{s:s, s:s?}", "profile_before", was,
				   "persisted", persisted);
		policy_json(object, after);
		output_json(object);
		return;
	}
	if (strcmp(was, is))
		printf("profile %s -> %s\n", was, is);
	else
		printf("profile is %s, as it was\n", is);
	if (persisted)
		printf("kept for the next boot in %s\n", persisted);
	if (after->mode == EXECGATE_MODE_OFF)
		output_message("the mode is off: nothing is judged yet");
}

static void warn_not_kept(const struct execgate_status *after)
{
	struct execgate_config config;
	char text[EXECGATE_PROFILE_TEXT];
	unsigned int profile;

	if (execgate_config_load(EXECGATE_CONFIG_DIR, &config, NULL))
		return;
	profile = config.profile < 0 ? EXECGATE_PROFILE_DEFAULT :
				       (unsigned int)config.profile;
	if (profile == after->profile &&
	    execgate_config_gates(&config) == after->gates.on)
		return;
	output_message("this lasts until the next boot, which begins in "
		       "profile %s; --persist keeps the new one",
		       execgate_profile_describe(profile,
						 execgate_config_gates(&config),
						 text));
}

static int set_names(const struct execgate_policy_change *change,
		     struct execgate_status *before,
		     struct execgate_status *after)
{
	struct execgate_netlink *nl;
	struct execgate_error err;
	int ret;

	ret = execgate_netlink_open(&nl, &err);
	if (!ret)
		ret = execgate_netlink_status(nl, before, &err);
	if (!ret)
		ret = execgate_netlink_policy_set(nl, change, &err);
	if (!ret)
		ret = execgate_netlink_status(nl, after, &err);
	execgate_netlink_close(nl);
	return ret ? output_error(&err) : EXECGATE_EXIT_OK;
}

int policy_change(const struct execgate_policy_change *change, bool persist)
{
	struct execgate_status before, after;
	struct execgate_error err;
	char path[PATH_MAX];
	int ret;

	ret = set_names(change, &before, &after);
	if (ret)
		return ret;
	if (persist)
		ret = execgate_config_persist_policy(
			EXECGATE_CONFIG_DIR,
			change->has_profile ? (int)change->profile :
					      EXECGATE_CONFIG_NO_PROFILE,
			change->gates, change->select, path, &err);
	if (persist && !ret)
		ret = execgate_intent_decided(EXECGATE_CONFIG_DIR,
					      EXECGATE_ENFORCED_FILE, false,
					      &err);
	if (ret) {
		output_message("it is set, but not for the next boot:");
		return output_error(&err);
	}
	print_change(&before, &after, persist ? path : NULL);
	if (!persist)
		warn_not_kept(&after);
	return EXECGATE_EXIT_OK;
}
