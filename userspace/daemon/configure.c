// SPDX-License-Identifier: GPL-2.0
#include "configure.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "boots.h"
#include "catalogs.h"
#include "config.h"
#include "daemon.h"
#include "escape.h"
#include "journal.h"
#include "key_ends.h"
#include "keystore.h"
#include "names.h"
#include "policies.h"
#include "rescue.h"
#include "revocations.h"

struct key_loading {
	struct daemon *daemon;
	unsigned int loaded;
};

static void say_rejected(const struct execgate_keystore_entry *entry,
			 const struct execgate_error *problem)
{
	struct execgate_record *record;

	record = journal_begin(EXECGATE_MESSAGE_KEY_REJECTED, LOG_ERR);
	execgate_record_bytes(record, "EXECGATE_FILE", entry->path,
			      strlen(entry->path));
	/* The problem names the file. */
	journal_finish(record, "a key was not enrolled: %s", problem->message);
}

static void say_loaded(const struct execgate_keystore_entry *entry,
		       const struct execgate_key *key)
{
	char hex[2 * EXECGATE_FINGERPRINT_SIZE + 1];
	char subject[EXECGATE_ESCAPE_SIZE(sizeof(key->description))];
	struct execgate_record *record;

	for (size_t i = 0; i < EXECGATE_FINGERPRINT_SIZE; i++)
		snprintf(hex + 2 * i, 3, "%02x", key->fingerprint[i]);
	execgate_escape_text(subject, key->description,
			     strlen(key->description));
	record = journal_begin(EXECGATE_MESSAGE_KEY_LOADED, LOG_INFO);
	execgate_record_bytes(record, "EXECGATE_FILE", entry->path,
			      strlen(entry->path));
	execgate_record_format(record, "EXECGATE_SIGNER", "%s", hex);
	journal_finish(record, "key %.16s is trusted to sign %s: %s", hex,
		       execgate_purposes_text(entry->purposes), subject);
}

/* One key that the kernel does not take must not keep out the others. */
static int load_key(const struct execgate_keystore_entry *entry, void *arg)
{
	struct key_loading *loading = arg;
	const struct execgate_certificate *cert = entry->certificate;
	struct execgate_error err;
	uint64_t expiry;
	int ret;

	if (entry->problem) {
		say_rejected(entry, entry->problem);
		return 0;
	}
	expiry = execgate_certificate_expiry(cert, entry->allow_expired);
	ret = execgate_netlink_key_add(loading->daemon->control, cert->der,
				       cert->size, expiry, entry->purposes,
				       NULL, &err);
	if (ret && ret != -EEXIST) {
		say_rejected(entry, &err);
		return 0;
	}
	/* Already there: this daemon was restarted, the kernel was not. */
	if (!ret)
		say_loaded(entry, &cert->key);
	loading->loaded++;
	return 0;
}

static void load_keys(struct daemon *daemon)
{
	struct key_loading loading = { .daemon = daemon };
	struct execgate_error err;

	if (execgate_keystore_list(daemon->keys_dir, load_key, &loading, &err))
		journal_say(EXECGATE_MESSAGE_KEY_REJECTED, LOG_ERR,
			    "the keys were not read: %s", err.message);
	key_ends_look(daemon);
}

/* What is pending of the policy goes with the mode, so that both change at once. */
static void set_mode(struct daemon *daemon, int mode, const char *why)
{
	struct execgate_policy_change *change = &daemon->pending;
	struct execgate_error err;
	struct execgate_record *record;
	int ret;

	change->has_mode = true;
	change->mode = (enum execgate_mode)mode;
	ret = execgate_netlink_policy_set(daemon->control, change, &err);
	change->has_mode = false;
	if (!ret) {
		*change = (struct execgate_policy_change){ 0 };
		return;
	}
	record = journal_begin(EXECGATE_MESSAGE_MODE_FAILED, LOG_CRIT);
	execgate_record_format(record, "EXECGATE_MODE", "%s",
			       execgate_mode_name((unsigned int)mode));
	journal_finish(record, "mode %s of %s was not set: %s",
		       execgate_mode_name((unsigned int)mode), why,
		       err.message);
}

/*
 * With no key, enforce would deny every program, the repair tools too. A mode
 * that the kernel already has was somebody's decision and is not loosened.
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

static void apply_mode(struct daemon *daemon, int mode, const char *why)
{
	if (mode == EXECGATE_MODE_ENFORCE && !daemon->status.counters.keys) {
		refuse_enforce(daemon, why);
		return;
	}
	if (daemon->status.mode != (uint32_t)mode)
		set_mode(daemon, mode, why);
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
			   "the kernel command line");
}

static bool load_config(struct daemon *daemon, struct execgate_config *config)
{
	struct execgate_error err;

	if (!execgate_config_load(daemon->config_dir, config, &err))
		return true;
	journal_say(EXECGATE_MESSAGE_CONFIG_REJECTED, LOG_ERR,
		    "the configuration is not applied, mode and profile stay "
		    "as they are: %s",
		    err.message);
	return false;
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

	if (!daemon->pending.has_profile)
		return;
	if (execgate_netlink_policy_set(daemon->control, &daemon->pending,
					&err))
		journal_say(EXECGATE_MESSAGE_MODE_FAILED, LOG_CRIT,
			    "the profile of %s was not set: %s",
			    config->policy_file[0] ? config->policy_file :
						     "the default",
			    err.message);
	daemon->pending = (struct execgate_policy_change){ 0 };
}

static void apply_configured_mode(struct daemon *daemon,
				  const struct execgate_config *config,
				  bool again)
{
	if (!policies_leave_mode(daemon, config))
		return;
	if (config->mode == EXECGATE_CONFIG_NO_MODE) {
		/* Loaded in off by this daemon: watch, at least. */
		if (daemon->resume->configured_mode < 0 &&
		    daemon->status.mode == EXECGATE_MODE_OFF)
			apply_mode(daemon, EXECGATE_MODE_AUDIT, "the default");
		return;
	}
	if (!again && daemon->resume->configured_mode == config->mode)
		return;
	if (config->mode != EXECGATE_MODE_ENFORCE ||
	    rescue_may_enforce(daemon, config->boot_attempts,
			       config->mode_file)) {
		apply_mode(daemon, config->mode, config->mode_file);
		return;
	}
	if (daemon->status.mode == EXECGATE_MODE_OFF)
		set_mode(daemon, EXECGATE_MODE_AUDIT, "too many failed boots");
	daemon->resume->configured_mode = config->mode;
}

/* Last, when all of the configuration is in force. Not in a boot that rescues. */
static void lock(struct daemon *daemon)
{
	struct execgate_status now;
	struct execgate_error err;

	if (execgate_netlink_status(daemon->control, &now, &err) ||
	    now.locked || now.mode != EXECGATE_MODE_ENFORCE)
		return;
	if (execgate_netlink_lock(daemon->control, &err))
		journal_say(EXECGATE_MESSAGE_MODE_FAILED, LOG_CRIT,
			    "lock = yes, but the gate is NOT locked: %s",
			    err.message);
	else
		journal_say(EXECGATE_MESSAGE_LOCKED, LOG_NOTICE,
			    "the gate is locked until the next boot");
}

void configure_gate(struct daemon *daemon, bool again)
{
	int boot = rescue_boot_mode();
	struct execgate_config config;
	struct execgate_error err;
	bool known;

	revocations_load(daemon);
	load_keys(daemon);
	catalogs_load(daemon);
	/* How many the kernel has now, whoever enrolled them. */
	if (execgate_netlink_status(daemon->control, &daemon->status, &err)) {
		journal_say(EXECGATE_MESSAGE_CONNECTION, LOG_ERR, "%s",
			    err.message);
		return;
	}
	known = load_config(daemon, &config);
	/* What it says is the least; the configuration can only add to it. */
	if (policies_load(daemon, boot,
			  known ? config.boot_attempts :
				  EXECGATE_BOOT_ATTEMPTS))
		again = true;
	if (known)
		prepare_policy(daemon, &config, again);
	else
		config.mode = EXECGATE_CONFIG_NO_MODE;
	if (boot == -ENOENT)
		apply_configured_mode(daemon, &config, again);
	else
		apply_boot_mode(daemon, boot);
	if (known)
		apply_policy(daemon, &config);
	if (known && config.lock)
		lock(daemon);
}
