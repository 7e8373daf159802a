// SPDX-License-Identifier: GPL-2.0
#include "lib/config/intent.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/names.h"
#include "lib/config/policy_file.h"

#define ALL_GATES ((UINT32_C(1) << EXECGATE_GATE_COUNT) - 1)
#define UNDO "\"execgate mode --persist audit\" says otherwise"
#define ACCEPT "\"execgate mode --persist enforce\" takes the files as they are"

/*
 * Did @then, in @dir, have more to say than @now? Files come in the order of their
 * bytes: "" first, execgate.conf, what is in execgate.conf.d, policy.
 */
static bool is_lost(const char *dir, const char *then, const char *now)
{
	size_t length = strlen(dir);

	return !strncmp(then, dir, length) && then[length] == '/' &&
	       strcmp(now, then) < 0;
}

static void add_problem(struct execgate_intent *out, const char *what,
			const char *file, const char *stays, const char *undo)
{
	size_t used = strlen(out->problem);

	snprintf(out->problem + used, sizeof(out->problem) - used,
		 "%s%s is gone, or says nothing of the %s any more: %s stays. "
		 "Put it back, or: %s",
		 used ? "; " : "", file, what, stays, undo);
}

/* The signed policy counts as far as it is stricter. */
static void add_policy(struct execgate_intent *out, const char *path)
{
	struct execgate_policy_file file;

	if (execgate_policy_file_load(path, &file, NULL))
		return;
	if (file.is_signed) {
		bool says = out->config.profile >= 0 || out->config.select;
		uint32_t gates = says ? execgate_config_gates(&out->config) : 0;

		if ((int)file.object.mode > out->mode) {
			out->mode = (int)file.object.mode;
			strcpy(out->mode_file, path);
		}
		out->profile = (int)file.object.profile;
		out->gates = file.gates | gates;
		out->select = ALL_GATES;
		strcpy(out->policy_file, path);
	}
	execgate_policy_file_free(&file);
}

static void read_files(const char *dir, struct execgate_intent *out)
{
	const struct execgate_config *config = &out->config;
	struct execgate_error err;
	char path[PATH_MAX];

	memset(out, 0, sizeof(*out));
	if (execgate_config_load(dir, &out->config, &err)) {
		out->unread = true;
		snprintf(out->problem, sizeof(out->problem), "%s", err.message);
		execgate_config_clear(&out->config);
	}
	out->mode = config->mode;
	out->profile = config->profile;
	out->gates = config->gates;
	out->select = config->select;
	strcpy(out->mode_file, config->mode_file);
	strcpy(out->policy_file, config->policy_file);
	if (snprintf(path, sizeof(path), "%s/policy", dir) < (int)sizeof(path))
		add_policy(out, path);
}

static void hold_mode(struct execgate_intent *out,
		      const struct execgate_enforced *then)
{
	out->config.mode = EXECGATE_MODE_ENFORCE;
	strcpy(out->config.mode_file,
	       then->mode_file[0] ? then->mode_file : EXECGATE_ENFORCED_FILE);
	out->mode = EXECGATE_MODE_ENFORCE;
	strcpy(out->mode_file, out->config.mode_file);
	out->held = true;
}

static void hold_gates(struct execgate_intent *out,
		       const struct execgate_enforced *then)
{
	out->config.profile = out->profile = then->profile;
	out->config.gates = out->gates = then->gates;
	out->config.select = out->select = then->select;
	strcpy(out->config.policy_file, then->policy_file);
	strcpy(out->policy_file, then->policy_file);
}

static void hold_lock(struct execgate_intent *out,
		      const struct execgate_enforced *then)
{
	out->config.lock = then->lock;
	strcpy(out->config.lock_file, then->lock_file);
}

/* All of it is what it was, if that is known. */
static void hold_all(struct execgate_intent *out,
		     const struct execgate_enforced *then)
{
	if (out->mode < EXECGATE_MODE_ENFORCE)
		hold_mode(out, then);
	if (out->before != EXECGATE_ENFORCED_YES)
		return;
	hold_gates(out, then);
	hold_lock(out, then);
}

static void hold_lost(struct execgate_intent *out, const char *dir,
		      const struct execgate_enforced *then)
{
	if (out->before == EXECGATE_ENFORCED_DAMAGED &&
	    out->mode == EXECGATE_CONFIG_NO_MODE) {
		hold_mode(out, then);
		snprintf(
			out->problem, sizeof(out->problem),
			EXECGATE_ENFORCED_FILE
			" is damaged, and no file says a mode: enforce stays. " UNDO);
	} else if (out->mode != EXECGATE_MODE_ENFORCE &&
		   is_lost(dir, then->mode_file, out->mode_file)) {
		hold_mode(out, then);
		add_problem(out, "mode", out->mode_file, "enforce", UNDO);
	}
	/* In another mode profile and gates open nothing. */
	if (out->mode != EXECGATE_MODE_ENFORCE)
		return;
	if (is_lost(dir, then->policy_file, out->policy_file)) {
		hold_gates(out, then);
		add_problem(out, "gates", then->policy_file, "what it said",
			    ACCEPT);
	}
	if (then->lock &&
	    is_lost(dir, then->lock_file, out->config.lock_file)) {
		hold_lock(out, then);
		add_problem(out, "lock", then->lock_file, "lock = yes", ACCEPT);
	}
}

void execgate_intent_read(const char *dir, const char *enforced,
			  struct execgate_intent *out)
{
	enum execgate_enforced_state before;
	struct execgate_enforced then;

	read_files(dir, out);
	before = execgate_enforced_load(enforced, &then);
	out->before = before;
	if (before == EXECGATE_ENFORCED_NO)
		return;
	if (out->unread)
		hold_all(out, &then);
	else
		hold_lost(out, dir, &then);
}

int execgate_intent_keep(const struct execgate_intent *intent,
			 const char *enforced, struct execgate_error *err)
{
	struct execgate_enforced now;

	if (intent->problem[0])
		return 0;
	if (intent->mode != EXECGATE_MODE_ENFORCE)
		return execgate_enforced_forget(enforced, err);
	/* Compared as memory. */
	memset(&now, 0, sizeof(now));
	strcpy(now.mode_file, intent->mode_file);
	strcpy(now.policy_file, intent->policy_file);
	strcpy(now.lock_file, intent->config.lock_file);
	now.profile = intent->profile;
	now.gates = intent->gates;
	now.select = intent->select;
	now.lock = intent->config.lock;
	return execgate_enforced_store(enforced, &now, err);
}

int execgate_intent_decided(const char *dir, const char *enforced, bool begins,
			    struct execgate_error *err)
{
	struct execgate_intent now;
	struct execgate_enforced then;

	if (!begins &&
	    execgate_enforced_load(enforced, &then) == EXECGATE_ENFORCED_NO)
		return 0;
	read_files(dir, &now);
	return execgate_intent_keep(&now, enforced, err);
}
