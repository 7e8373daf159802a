// SPDX-License-Identifier: GPL-2.0
#include "daemon/configure.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "daemon/catalogs.h"
#include "daemon/clock.h"
#include "daemon/daemon.h"
#include "daemon/journal.h"
#include "daemon/keys.h"
#include "daemon/policies.h"
#include "daemon/boot/ready.h"
#include "daemon/rescue.h"
#include "daemon/revocations.h"
#include "lib/base/names.h"
#include "lib/config/boots.h"

#define TRIES 3

/* Locked, or under a signed policy, the kernel refuses to loosen: that is its last word. */
static bool is_final(const struct daemon *daemon, int ret)
{
	return ret == -EPERM &&
	       (daemon->status.locked || daemon->status.policy.version);
}

/*
 * A request that the kernel could not fulfil is repeated at each look
 * (watch.c), because the gate may be open meanwhile, and said once an hour.
 */
static void say_failed(struct daemon *daemon, int ret, const char *mode,
		       const char *format, const char *who, const char *why)
{
	struct execgate_record *record;
	char text[PATH_MAX + 1200];

	if (!is_final(daemon, ret)) {
		daemon->unsettled = true;
		if (!clock_is_due(&daemon->unsettled_said))
			return;
	}
	snprintf(text, sizeof(text), format, who, why);
	record = journal_begin(EXECGATE_MESSAGE_MODE_FAILED, LOG_CRIT);
	if (mode)
		execgate_record_format(record, "EXECGATE_MODE", "%s", mode);
	journal_finish(record, "%s", text);
}

/*
 * A pending part of the policy goes with the mode, so that both change at once. If the
 * kernel takes them only apart, the mode is what counts.
 */
static bool set_mode(struct daemon *daemon, int mode, const char *why)
{
	struct execgate_policy_change *change = &daemon->pending;
	const char *name = execgate_mode_name((unsigned int)mode);
	struct execgate_error err;
	int ret, tries = 0;

	change->has_mode = true;
	change->mode = (enum execgate_mode)mode;
	do
		ret = execgate_netlink_policy_set(daemon->control, change,
						  &err);
	while (execgate_error_may_pass(ret) && ++tries < TRIES);
	change->has_mode = false;
	if (!ret) {
		*change = (struct execgate_policy_change){ 0 };
		return true;
	}
	if (!is_final(daemon, ret))
		daemon->resume->configured_policy = 0;
	say_failed(daemon, ret, name, "the mode of %s was not set: %s", why,
		   err.message);
	if (is_final(daemon, ret))
		return true;
	return change->has_profile &&
	       !execgate_netlink_mode_set(daemon->control,
					  (enum execgate_mode)mode, NULL);
}

/*
 * Enforce is asked for the first time, or by hand, and with no key it would deny every
 * program, those too that would enroll one. A mode that the kernel already has was
 * somebody's decision and is not loosened.
 */
static void refuse_enforce(struct daemon *daemon, const char *why)
{
	if (daemon->status.mode == EXECGATE_MODE_OFF)
		set_mode(daemon, EXECGATE_MODE_AUDIT, why);
	journal_say(EXECGATE_MESSAGE_ENFORCE_REFUSED, LOG_CRIT,
		    "%s says enforce, but no key is enrolled and nothing "
		    "could run: the mode is not set. Enroll a key with "
		    "\"execgate key enroll\", then \"systemctl reload "
		    "execgated\"",
		    why);
}

/*
 * This machine enforced before, so it has had keys, and that none of them can be read
 * is not a decision to open the gate. Nothing new runs until it is rescued.
 */
static void say_no_keys(const char *why)
{
	journal_say(EXECGATE_MESSAGE_NO_KEYS, LOG_EMERG,
		    "NOTHING RUNS: %s says enforce, and no key can be read. "
		    "Boot with execgate.mode=audit, or after some failed boots "
		    "in audit by itself, and mend /etc/execgate/keys",
		    why);
}

/* @asked: by a signal, on a machine that runs */
static void apply_mode(struct daemon *daemon, int mode, const char *why,
		       bool asked)
{
	bool no_key = mode == EXECGATE_MODE_ENFORCE &&
		      !daemon->status.counters.keys &&
		      daemon->status.mode != EXECGATE_MODE_ENFORCE;

	if (no_key &&
	    (asked || daemon->intent.before == EXECGATE_ENFORCED_NO)) {
		refuse_enforce(daemon, why);
		return;
	}
	if (no_key)
		say_no_keys(why);
	if (daemon->status.mode == (uint32_t)mode ||
	    set_mode(daemon, mode, why))
		daemon->resume->configured_mode = mode;
}

static void apply_boot_mode(struct daemon *daemon, int mode)
{
	if (mode < 0)
		journal_say(EXECGATE_MESSAGE_RESCUED, LOG_WARNING,
			    "the kernel command line has execgate.mode= with "
			    "no mode in it (off, audit, enforce): the "
			    "configured mode is not applied");
	else
		journal_say(EXECGATE_MESSAGE_RESCUED, LOG_WARNING,
			    "the kernel command line says execgate.mode=%s: "
			    "the configured mode is not applied in this boot",
			    execgate_mode_name((unsigned int)mode));
	/* Once: what is set by hand later stays. */
	if (daemon->resume->configured_mode < 0)
		apply_mode(daemon, mode < 0 ? EXECGATE_MODE_AUDIT : mode,
			   "the kernel command line", false);
}

/* It remembers the machine's own configuration, of which an initramfs has a copy. */
static const char *enforced_file(const struct daemon *daemon)
{
	return daemon->root ? "" : EXECGATE_ENFORCED_FILE;
}

static void read_intent(struct daemon *daemon)
{
	struct execgate_intent *intent = &daemon->intent;
	int tries = 0;

	do
		execgate_intent_read(daemon->config_dir, enforced_file(daemon),
				     intent);
	while (intent->unread && ++tries < TRIES);
	if (intent->unread)
		journal_say(EXECGATE_MESSAGE_CONFIG_REJECTED, LOG_ERR,
			    "the configuration is not applied, %s: %s",
			    intent->held ? "what was in force before is" :
					   "mode and profile stay as they are",
			    intent->problem);
	else if (intent->problem[0])
		journal_say(EXECGATE_MESSAGE_HELD, LOG_ALERT, "%s",
			    intent->problem);
}

/*
 * A signed policy was in force before, and the kernel has none now: it is damaged, too
 * old, of a key that cannot be read. Its settings stay, as if it were lost.
 */
static void hold_refused_policy(struct daemon *daemon)
{
	struct execgate_intent *intent = &daemon->intent;
	struct execgate_config *config = &intent->config;
	struct execgate_enforced then;
	char path[PATH_MAX];

	if (daemon->status.policy.version ||
	    snprintf(path, sizeof(path), "%s/policy", daemon->config_dir) >=
		    (int)sizeof(path) ||
	    execgate_enforced_load(enforced_file(daemon), &then) !=
		    EXECGATE_ENFORCED_YES ||
	    strcmp(then.policy_file, path) != 0)
		return;
	config->profile = then.profile;
	config->gates = then.gates;
	config->select = then.select;
	strcpy(config->policy_file, path);
	/* Otherwise the configuration says it, or another mode has been said since. */
	if (!strcmp(then.mode_file, path)) {
		config->mode = EXECGATE_MODE_ENFORCE;
		strcpy(config->mode_file, path);
		intent->mode = EXECGATE_MODE_ENFORCE;
		strcpy(intent->mode_file, path);
	}
	if (intent->problem[0])
		return;
	snprintf(intent->problem, sizeof(intent->problem),
		 "the signed policy %s is not in force any more, but what it "
		 "said is. Put a good one there, or take it away and say "
		 "\"execgate mode --persist\" with the mode that you want",
		 path);
	journal_say(EXECGATE_MESSAGE_HELD, LOG_ALERT, "%s", intent->problem);
}

/*
 * As with the mode: what was set by hand since stays, until the configuration
 * changes or is to be applied again.
 */
static void prepare_policy(struct daemon *daemon,
			   const struct execgate_config *config, bool again)
{
	struct execgate_resume *resume = daemon->resume;

	daemon->pending = (struct execgate_policy_change){ 0 };
	if (!again && resume->configured_policy &&
	    resume->configured_profile == config->profile &&
	    resume->configured_gates == config->gates &&
	    resume->configured_select == config->select)
		return;
	daemon->pending.has_profile = true;
	daemon->pending.profile =
		config->profile < 0 ? EXECGATE_PROFILE_DEFAULT :
				      (enum execgate_profile)config->profile;
	daemon->pending.gates = config->gates;
	daemon->pending.select = config->select;
	policies_tighten(daemon, config);
	resume->configured_profile = config->profile;
	resume->configured_gates = config->gates;
	resume->configured_select = config->select;
	resume->configured_policy = 1;
}

/* No mode took the policy along. */
static void apply_policy(struct daemon *daemon,
			 const struct execgate_config *config)
{
	struct execgate_error err;
	int ret, tries = 0;

	if (!daemon->pending.has_profile)
		return;
	do
		ret = execgate_netlink_policy_set(daemon->control,
						  &daemon->pending, &err);
	while (execgate_error_may_pass(ret) && ++tries < TRIES);
	if (ret) {
		if (!is_final(daemon, ret))
			daemon->resume->configured_policy = 0;
		say_failed(daemon, ret, NULL,
			   "the profile of %s was not set: %s",
			   config->policy_file[0] ? config->policy_file :
						    "the default",
			   err.message);
	}
	daemon->pending = (struct execgate_policy_change){ 0 };
}

static void apply_configured_mode(struct daemon *daemon, bool again, bool asked)
{
	const struct execgate_config *config = &daemon->intent.config;

	if (!policies_leave_mode(daemon, config))
		return;
	if (config->mode == EXECGATE_CONFIG_NO_MODE) {
		/* Loaded in off by this daemon: watch, at least. */
		if (daemon->resume->configured_mode < 0 &&
		    daemon->status.mode == EXECGATE_MODE_OFF)
			apply_mode(daemon, EXECGATE_MODE_AUDIT, "the default",
				   asked);
		return;
	}
	if (!again && daemon->resume->configured_mode == config->mode)
		return;
	if (config->mode != EXECGATE_MODE_ENFORCE ||
	    rescue_may_enforce(daemon, config->boot_attempts,
			       config->mode_file)) {
		apply_mode(daemon, config->mode, config->mode_file, asked);
		return;
	}
	if (daemon->status.mode != EXECGATE_MODE_OFF ||
	    set_mode(daemon, EXECGATE_MODE_AUDIT, "too many failed boots"))
		daemon->resume->configured_mode = config->mode;
}

/* Last, when all of the configuration is in force. Not in a boot that rescues. */
static void lock_gate(struct daemon *daemon)
{
	struct execgate_error err;
	int ret, tries = 0;

	if (daemon->status.locked ||
	    daemon->status.mode != EXECGATE_MODE_ENFORCE)
		return;
	do
		ret = execgate_netlink_lock(daemon->control, &err);
	while (execgate_error_may_pass(ret) && ++tries < TRIES);
	if (ret)
		say_failed(daemon, ret, NULL,
			   "%s, but the gate is NOT locked: %s", "lock = yes",
			   err.message);
	else
		journal_say(EXECGATE_MESSAGE_LOCKED, LOG_NOTICE,
			    "the gate is locked until the next boot");
}

/* That enforce is in force outlives whatever happens to the files that say so. */
static void keep_revocations(struct daemon *daemon)
{
	const struct execgate_intent *intent = &daemon->intent;
	struct execgate_error err;
	int ret, tries = 0;

	if (daemon->root)
		return;
	if (intent->mode == EXECGATE_MODE_ENFORCE &&
	    (daemon->status.mode != EXECGATE_MODE_ENFORCE ||
	     !daemon->status.counters.keys))
		return;
	do
		ret = execgate_intent_keep(intent, EXECGATE_ENFORCED_FILE,
					   &err);
	while (execgate_error_may_pass(ret) && ++tries < TRIES);
	if (ret)
		journal_say(EXECGATE_MESSAGE_NOT_KEPT, LOG_ERR,
			    "a configuration that is lost or damaged would "
			    "not be noticed at the next boot: %s",
			    err.message);
}

static bool take_status(struct daemon *daemon)
{
	struct execgate_error err;
	int ret, tries = 0;

	do
		ret = execgate_netlink_status(daemon->control, &daemon->status,
					      &err);
	while (ret && ++tries < TRIES);
	if (!ret)
		return true;
	daemon->unsettled = true;
	if (clock_is_due(&daemon->unsettled_said))
		journal_say(EXECGATE_MESSAGE_CONNECTION, LOG_ERR, "%s",
			    err.message);
	return false;
}

/* Profile, mode and lock. @again: though they were applied before */
static void apply(struct daemon *daemon, int boot, bool again, bool asked)
{
	struct execgate_intent *intent = &daemon->intent;
	bool known = !intent->unread || intent->held;
	uint32_t before;

	if (known)
		prepare_policy(daemon, &intent->config, again);
	if (boot == -ENOENT)
		apply_configured_mode(daemon, again, asked);
	else
		apply_boot_mode(daemon, boot);
	if (known)
		apply_policy(daemon, &intent->config);
	before = daemon->status.mode;
	if (!take_status(daemon))
		return;
	journal_mode(before, daemon->status.mode);
	if (known && intent->config.lock)
		lock_gate(daemon);
	keep_revocations(daemon);
}

/*
 * Before the root switch the gate enforces only if the machine comes up all the same. The
 * kernel is asked while the hooks are attached, which tell it of writers.
 */
static bool stays_in_audit(struct daemon *daemon, int boot)
{
	if (!daemon->root)
		return false;
	ready_follow(daemon);
	if (!ready_is_wanted(daemon, boot))
		return false;
	if (daemon->status.mode == EXECGATE_MODE_OFF)
		set_mode(daemon, EXECGATE_MODE_AUDIT, "the initramfs");
	return !take_status(daemon) || !ready_to_enforce(daemon);
}

void configure_gate(struct daemon *daemon, bool asked)
{
	const struct execgate_config *config = &daemon->intent.config;
	int boot = execgate_boots_parameter();
	bool newer;

	daemon->unsettled = false;
	daemon->unread = true;
	revocations_load(daemon);
	constrained_load(daemon);
	keys_load(daemon);
	catalogs_load(daemon);
	read_intent(daemon);
	/* How many keys the kernel has now, whoever enrolled them. */
	if (!take_status(daemon))
		return;
	daemon->unread = false;
	if (stays_in_audit(daemon, boot))
		return;
	/* The policy is the least; the configuration can only add to it. */
	newer = policies_load(daemon, boot, config->boot_attempts);
	hold_refused_policy(daemon);
	apply(daemon, boot, asked || newer, asked);
}

void configure_retry(struct daemon *daemon)
{
	if (!daemon->unsettled)
		return;
	if (daemon->unread) {
		configure_gate(daemon, false);
		return;
	}
	daemon->unsettled = false;
	if (take_status(daemon))
		apply(daemon, execgate_boots_parameter(), false, false);
}
