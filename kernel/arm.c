// SPDX-License-Identifier: GPL-2.0
#include "arm.h"

#include <linux/delay.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>

#include "cache.h"
#include "hook.h"
#include "policy.h"
#include "self_test.h"

/* Guards the links and state. Held while hooks fire: no hook may take it. */
static DEFINE_MUTEX(arm_lock);
static enum execgate_state state = EXECGATE_STATE_DETACHED;

#define UNLOADABLE_WAIT_MS 30000
#define UNLOADABLE_STEP_MS 20

/*
 * The programs, and with them their hold on the module, go only after an RCU
 * Tasks Trace grace period and then from a worker.
 */
static void wait_until_unloadable(void)
{
	int waited;

	for (waited = 0; waited < UNLOADABLE_WAIT_MS;
	     waited += UNLOADABLE_STEP_MS) {
		if (module_refcount(THIS_MODULE) <= 0 ||
		    fatal_signal_pending(current))
			return;
		msleep(UNLOADABLE_STEP_MS);
	}
	pr_warn("still in use half a minute after it was turned off\n");
}

/* The gates stay: what is said about them while the mode is off is kept. */
static void disarm(void)
{
	struct eg_policy policy = eg_policy_get();

	policy.mode = EXECGATE_MODE_OFF;
	eg_policy_set(policy);
	/* Before the hook that keeps entries from outliving their inode goes. */
	eg_cache_enable(false);
	eg_hook_detach();
	state = EXECGATE_STATE_DETACHED;
}

static int arm(const char **why)
{
	int err;

	err = eg_hook_learn(why) ?: eg_hook_attach(why);
	if (!err) {
		eg_cache_enable(true);
		err = eg_self_test_probe(why);
	}
	if (err) {
		disarm();
		state = EXECGATE_STATE_NOT_GATING;
		pr_crit("NOT GATING: %s (error %d); nothing is checked\n", *why,
			err);
		return err;
	}
	state = EXECGATE_STATE_GATING;
	return 0;
}

/* arm_lock is held, so nobody else changes the policy. */
static int change(const struct eg_policy_change *wanted, const char **why)
{
	struct eg_policy policy = eg_policy_get();
	int err = 0;

	eg_policy_apply(&policy, wanted);
	if (eg_policy_locked() && eg_policy_loosens(eg_policy_get(), policy)) {
		*why = eg_policy_locked_text;
		pr_warn_ratelimited(
			"%s[%d] wanted to loosen the policy, which is locked\n",
			current->comm, task_tgid_nr(current));
		return -EPERM;
	}
	if (policy.mode == EXECGATE_MODE_OFF) {
		if (wanted->has_mode)
			disarm();
	} else if (state != EXECGATE_STATE_GATING) {
		err = arm(why);
	}
	if (!err)
		eg_policy_set(policy);
	return err;
}

static void tell(struct eg_policy before, struct eg_policy after)
{
	char text[EG_POLICY_TEXT];

	if (before.mode != after.mode)
		pr_info("mode %s\n", eg_policy_mode_name(after.mode));
	if (before.profile != after.profile || before.gates != after.gates)
		pr_info("profile %s\n", eg_policy_describe(after, text));
}

int eg_arm_set_policy(const struct eg_policy_change *wanted, const char **why)
{
	struct eg_policy before, after;
	int err;

	mutex_lock(&arm_lock);
	before = eg_policy_get();
	err = change(wanted, why);
	after = eg_policy_get();
	if (!err && wanted->has_mode && wanted->mode == EXECGATE_MODE_OFF)
		wait_until_unloadable();
	mutex_unlock(&arm_lock);
	if (!err)
		tell(before, after);
	return err;
}

void eg_arm_first(enum execgate_mode mode)
{
	struct eg_policy_change wanted = {
		.has_mode = true,
		.mode = EXECGATE_MODE_AUDIT,
	};
	const char *why = "";
	int err;

	mutex_lock(&arm_lock);
	/* Armed even for off: whether the gate works shows now, not on the day. */
	err = change(&wanted, &why);
	wanted.mode = mode;
	if (!err && mode != EXECGATE_MODE_AUDIT)
		change(&wanted, &why);
	mutex_unlock(&arm_lock);
	if (!err)
		pr_info("mode %s\n", eg_policy_mode_name(mode));
}

int eg_arm_lock(const char **why)
{
	int err = 0;

	mutex_lock(&arm_lock);
	if (state != EXECGATE_STATE_GATING ||
	    eg_policy_mode() != EXECGATE_MODE_ENFORCE) {
		*why = "only a gate that enforces can be locked";
		err = -EINVAL;
	} else if (!eg_policy_locked()) {
		err = eg_hook_attach_lock(why);
		if (err)
			goto out;
		/* Never given back: rmmod says that it is in use. */
		__module_get(THIS_MODULE);
		eg_policy_lock();
		pr_notice("locked until the next boot\n");
	}
out:
	mutex_unlock(&arm_lock);
	return err;
}

/*
 * Forced unloading does not ask for references. Locked, the hook on its
 * capability refuses it (eg_hook_capable()); should it come here all the same,
 * an exit function cannot say no, but nothing is taken apart before it returns:
 * while it does not, the hooks stay attached and the gate enforces. Whoever
 * forced it waits for ever, idle, in its own delete_module(2).
 */
static void stay_if_locked(void)
{
	if (!eg_policy_locked())
		return;
	pr_crit("%s[%d] unloads the locked gate by force: it stays\n",
		current->comm, task_tgid_nr(current));
	for (;;) {
		set_current_state(TASK_IDLE | TASK_FREEZABLE);
		schedule();
	}
}

void eg_arm_exit(void)
{
	stay_if_locked();
	mutex_lock(&arm_lock);
	if (state == EXECGATE_STATE_GATING) {
		pr_warn("unloaded by force: nothing is gated any more\n");
		disarm();
	}
	/* No time limit: a program that outlives its kfuncs is an oops. */
	while (module_refcount(THIS_MODULE) > 0)
		msleep(UNLOADABLE_STEP_MS);
	mutex_unlock(&arm_lock);
}

enum execgate_state eg_arm_state(void)
{
	return READ_ONCE(state);
}
