// SPDX-License-Identifier: GPL-2.0
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/common/command.h"
#include "cli/common/login_notice.h"
#include "cli/common/policy_print.h"
#include "cli/common/policy_view.h"
#include "cli/gate/status.h"
#include "lib/base/names.h"
#include "lib/crypto/key_end.h"
#include "lib/config/gap.h"
#include "lib/events/last.h"
#include "lib/events/resume.h"
#include "lib/netlink/counter.h"
#include "lib/netlink/netlink.h"

static void alarm_if(struct alarms *alarms, bool condition, const char *text)
{
	if (condition && alarms->count < ALARMS_MAX)
		alarms->texts[alarms->count++] = text;
}

static void find_gap(const struct execgate_status *status,
		     struct alarms *alarms)
{
	struct execgate_intent *intent = &alarms->intent;
	enum execgate_gap gap;

	execgate_intent_read(EXECGATE_CONFIG_DIR, EXECGATE_ENFORCED_FILE,
			     intent);
	gap = execgate_resume_gap(intent, status);
	snprintf(alarms->wanted, sizeof(alarms->wanted),
		 "NOT ENFORCING, though %s says enforce: %s; next: %s",
		 intent->mode_file, execgate_gap_text(gap),
		 execgate_gap_next(gap));
	alarm_if(alarms, gap && gap != EXECGATE_GAP_UNREAD, alarms->wanted);
	alarm_if(alarms, intent->problem[0], intent->problem);
}

static void find_alarms(const struct execgate_status *status, pid_t daemon,
			struct alarms *alarms)
{
	const struct execgate_counters *c = &status->counters;

	find_gap(status, alarms);

	alarm_if(alarms, status->state == EXECGATE_STATE_NOT_GATING,
		 "NOT GATING: the module is loaded but its hooks do not fire, "
		 "so everything runs; see \"execgate doctor\"");
	alarm_if(alarms, status->state == EXECGATE_STATE_DETACHED,
		 "mode off: nothing is judged; \"execgate mode audit\" "
		 "attaches the hooks");
	alarm_if(alarms, status->mode == EXECGATE_MODE_ENFORCE && !c->keys,
		 "no key is enrolled, so no program may start: \"execgate key "
		 "enroll\", or \"execgate mode audit\"");
	alarm_if(alarms, daemon == 0,
		 "execgated is not running, so denials do not reach the "
		 "journal: \"systemctl start execgated\"; meanwhile "
		 "\"execgate denials --kernel\" shows them");
	alarm_if(alarms, c->events_dropped != 0,
		 "the kernel had no memory to keep some denials; they were "
		 "enforced and counted, but their details are lost");
	alarm_if(alarms, status->mode == EXECGATE_MODE_AUDIT,
		 "audit mode: nothing is denied, what would be is logged");
}

static int find_end(const struct execgate_key *key, void *arg)
{
	const struct execgate_key **soonest = arg;
	static struct execgate_key found;

	if (key->revoked ||
	    !execgate_key_end_stage(key, (uint64_t)time(NULL)) ||
	    (*soonest && (*soonest)->not_after <= key->not_after))
		return 0;
	found = *key;
	*soonest = &found;
	return 0;
}

static int find_first_end(const struct execgate_key *key, void *arg)
{
	uint64_t *first = arg;

	if (!key->revoked && key->not_after &&
	    (!*first || key->not_after < *first))
		*first = key->not_after;
	return 0;
}

/* The key that ends first; "execgate doctor" has them all. */
static const char *key_end_alarm(struct execgate_netlink *nl)
{
	static char text[EXECGATE_KEY_END_TEXT];
	const struct execgate_key *soonest = NULL;
	struct execgate_error err;

	if (execgate_netlink_key_list(nl, find_end, &soonest, &err) || !soonest)
		return NULL;
	return execgate_key_end_text(soonest, (uint64_t)time(NULL), text);
}

/* A fact that the kernel does not tell, or has let go, is left out of the screen. */
static void find_facts(struct execgate_netlink *nl,
		       const struct execgate_status *status,
		       struct status_facts *facts)
{
	struct execgate_error err;

	execgate_netlink_key_list(nl, find_first_end, &facts->key_end, &err);
	facts->has_last = execgate_last_denial(nl, status, &facts->last);
}

static json_t *counters_json(const struct execgate_counters *c)
{
	json_t *hooks = json_object(), *denies = json_object(), *all;

	for (unsigned int i = 0; i < EXECGATE_HOOK_COUNT; i++)
		json_object_set_new(hooks, execgate_hook_name(i),
				    json_integer((json_int_t)c->hook_calls[i]));
	for (unsigned int i = 1; i < EXECGATE_REASON_COUNT; i++)
		json_object_set_new(denies, execgate_reason_name(i),
				    json_integer((json_int_t)c->denies[i]));
	all = json_pack("{s:o, s:o}", "hook_calls", hooks, "denies", denies);
	for (size_t i = 0; i < EXECGATE_COUNTERS_MAX; i++) {
		const struct execgate_counter *counter =
			&execgate_counter_table[i];

		json_object_set_new(
			all, counter->name,
			json_integer((
				json_int_t)execgate_counter_value(c, counter)));
	}
	return all;
}

static void print_json(const struct execgate_status *status, pid_t daemon,
		       const struct alarms *alarms)
{
	json_t *texts = json_array(), *object;
	struct policy_view view;

	for (size_t i = 0; i < alarms->count; i++)
		json_array_append_new(texts, json_string(alarms->texts[i]));
	object = json_pack("{s:b, s:s, s:s, s:s, s:I, s:i, s:o, s:o}",
			   "enforcing",
			   status_exit(status->state, status->mode) ==
				   EXECGATE_EXIT_OK,
			   "state", execgate_state_name(status->state), "mode",
			   execgate_mode_name(status->mode), "version",
			   status->version, "keys",
			   (json_int_t)status->counters.keys, "daemon_pid",
			   (int)(daemon > 0 ? daemon : 0), "alarms", texts,
			   "counters", counters_json(&status->counters));
	json_object_set_new(object, "locked", json_boolean(status->locked));
	if (status->policy.version) {
		view = policy_view_of_kernel(&status->policy);
		json_object_set_new(object, "signed_policy",
				    policy_view_json(&view));
		json_object_set_new(
			object, "tpm_version",
			json_integer((json_int_t)execgate_policy_known_bound(
				EXECGATE_POLICY_VERSION_FILE)));
	}
	policy_json(object, status);
	output_json(object);
}

/* The output for a login. A user who may not ask is not told so. */
static int run_login(const struct execgate_status *status,
		     const struct execgate_error *err)
{
	bool said;

	if (!status && err->code == EXECGATE_EXIT_NO_PRIVILEGE)
		return err->code;
	said = login_notice(status);
	if (status)
		return said ? status_exit(status->state, status->mode) ?:
			      EXECGATE_EXIT_ERROR :
			      EXECGATE_EXIT_OK;
	return said ? err->code : EXECGATE_EXIT_OK;
}

static int say_absent(struct execgate_error *err)
{
	static struct alarms alarms;

	find_gap(NULL, &alarms);
	for (size_t i = 0; i < alarms.count; i++)
		output_message("%s", alarms.texts[i]);
	return output_error(err);
}

static int show_all(const struct execgate_status *status,
		    struct status_facts *facts, const char *key_end,
		    bool verbose)
{
	static struct alarms alarms;

	facts->daemon = execgate_resume_owner(EXECGATE_RESUME_FILE);
	find_alarms(status, facts->daemon, &alarms);
	alarm_if(&alarms, key_end != NULL, key_end);
	if (output_is_json())
		print_json(status, facts->daemon, &alarms);
	else
		status_print(status, facts, &alarms, verbose);
	return status_exit(status->state, status->mode);
}

static int say_why_not(struct execgate_error *err)
{
	switch (err->code) {
	case EXECGATE_EXIT_NOT_LOADED:
		return say_absent(err);
	case EXECGATE_EXIT_NO_PRIVILEGE:
		return status_public(false);
	default:
		return output_error(err);
	}
}

static int run_status(const struct command *self, int argc, char **argv)
{
	static struct status_facts facts;
	bool login = argc == 2 && !strcmp(argv[1], "--login");
	bool verbose = argc == 2 && (!strcmp(argv[1], "--verbose") ||
				     !strcmp(argv[1], "-v"));
	const char *key_end = NULL;
	struct execgate_netlink *nl;
	struct execgate_status status;
	struct execgate_error err;
	int ret;

	if (argc > 1 && !login && !verbose)
		return cmd_usage_error(self, "status takes no argument");
	ret = execgate_netlink_open(&nl, &err);
	if (!ret)
		ret = execgate_netlink_status(nl, &status, &err);
	if (!ret && !login) {
		key_end = key_end_alarm(nl);
		find_facts(nl, &status, &facts);
	}
	execgate_netlink_close(nl);
	if (login)
		return run_login(ret ? NULL : &status, &err);
	return ret ? say_why_not(&err) :
		     show_all(&status, &facts, key_end, verbose);
}

const struct command cmd_status = {
	.name = "status",
	.arguments = "[--verbose|--login]",
	.summary = "tell whether the gate enforces, and what it has done",
	.options =
		"  -v, --verbose  the counters, too\n"
		"  --login        only what somebody who logs in must know: that\n"
		"                 the machine is not what it is configured to be,\n"
		"                 or will not be after the next boot\n\n"
		"Without root: the mode, and whether it gates.\n\n"
		"Exit code: 0 enforcing, 10 audit, 11 loaded but not "
		"gating, 6 not loaded.\n",
	.run = run_status,
};
