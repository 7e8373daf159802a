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

static void disarm(void)
{
	eg_policy_set_mode(EXECGATE_MODE_OFF);
	/* Before the hook that keeps entries from outliving their inode goes. */
	eg_cache_enable(false);
	eg_hook_detach();
	state = EXECGATE_STATE_DETACHED;
}

static int arm(const char **why)
{
	int err;

	err = eg_hook_attach(why);
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

static int change(enum execgate_mode mode, const char **why)
{
	int err = 0;

	if (mode == EXECGATE_MODE_OFF) {
		disarm();
	} else if (state != EXECGATE_STATE_GATING) {
		err = arm(why);
	}
	if (!err)
		eg_policy_set_mode(mode);
	return err;
}

int eg_arm_set_mode(enum execgate_mode mode, const char **why)
{
	enum execgate_mode old;
	int err;

	mutex_lock(&arm_lock);
	old = eg_policy_mode();
	err = change(mode, why);
	if (!err && mode == EXECGATE_MODE_OFF)
		wait_until_unloadable();
	mutex_unlock(&arm_lock);
	if (!err && mode != old)
		pr_info("mode %s\n", eg_policy_mode_name(mode));
	return err;
}

void eg_arm_first(enum execgate_mode mode)
{
	const char *why = "";
	int err;

	mutex_lock(&arm_lock);
	/* Armed even for off: whether the gate works shows now, not on the day. */
	err = change(EXECGATE_MODE_AUDIT, &why);
	if (!err && mode != EXECGATE_MODE_AUDIT)
		change(mode, &why);
	mutex_unlock(&arm_lock);
	if (!err)
		pr_info("mode %s\n", eg_policy_mode_name(mode));
}

void eg_arm_exit(void)
{
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
