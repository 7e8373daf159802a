// SPDX-License-Identifier: GPL-2.0
/* Loading and unloading; built in, the end of the kernel's own start. */
#include <linux/capability.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "arm.h"
#include "compat/compat.h"
#include "core/cache.h"
#include "core/digest.h"
#include "core/disk.h"
#include "core/event.h"
#include "core/policy.h"
#include "core/writers.h"
#include "hooks/ftrace_pin.h"
#include "hooks/hook.h"
#include "hooks/interpreter.h"
#include "hooks/reading.h"
#include "netlink/family.h"
#include "rules/constrained.h"
#include "self_test.h"
#include "trust/catalog.h"
#include "trust/floor.h"
#include "trust/keyring.h"
#include "trust/revocation.h"
#include "version.h"

static char *mode = "audit";
module_param(mode, charp, 0444);
MODULE_PARM_DESC(
	mode,
	"off, audit (default) or enforce; on the kernel command line execgate.mode=");

static enum execgate_mode first_mode;

/*
 * Guards live, and is held while the mode is set by file: the file is there
 * before init has run and after exit has. Nests outside the lock of arm.c, and
 * no hook takes it.
 */
static DEFINE_MUTEX(live_lock);
static bool live;

/*
 * The way out when no program runs any more: a shell that is open writes with a
 * builtin. It may what the command EXECGATE_CMD_MODE_SET may, and no more: a
 * lock and a signed policy refuse it there, with an event.
 */
static int set_mode_now(const char *text, const struct kernel_param *param)
{
	struct eg_policy_change change = { .has_mode = true };
	struct eg_refusal refusal = {};
	char word[16];
	int mode, err = -EINVAL;

	if (!capable(CAP_MAC_ADMIN) && !capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (strscpy(word, text, sizeof(word)) < 0)
		return -EINVAL;
	mode = eg_policy_mode_from_name(strim(word));
	if (mode < 0)
		return mode;
	change.mode = mode;
	mutex_lock(&live_lock);
	if (live)
		err = eg_arm_set_policy(&change, &refusal);
	mutex_unlock(&live_lock);
	return err;
}

static int get_mode_now(char *buffer, const struct kernel_param *param)
{
	return sysfs_emit(buffer, "%s\n",
			  eg_policy_mode_name(eg_policy_mode()));
}

static const struct kernel_param_ops mode_now_ops = {
	.set = set_mode_now,
	.get = get_mode_now,
};

module_param_cb(mode_now, &mode_now_ops, NULL, 0600);
MODULE_PARM_DESC(
	mode_now,
	"the mode in force, to be changed at /sys/module/execgate/parameters/mode_now");

static const char *const state_names[] = {
#define X(id, name, text) [EXECGATE_STATE_##id] = name,
	EXECGATE_STATES(X)
#undef X
};

/*
 * For everybody, who may not ask over netlink: whoever may run programs finds out anyway
 * what does not run. It reads two words and takes no lock that others wait for.
 */
static int get_gate_now(char *buffer, const struct kernel_param *param)
{
	return sysfs_emit(buffer, "%s %s\n", state_names[eg_arm_state()],
			  eg_policy_mode_name(eg_policy_mode()));
}

static int set_gate_now(const char *text, const struct kernel_param *param)
{
	return -EPERM;
}

static const struct kernel_param_ops gate_now_ops = {
	.set = set_gate_now,
	.get = get_gate_now,
};

module_param_cb(gate_now, &gate_now_ops, NULL, 0444);
MODULE_PARM_DESC(gate_now,
		 "whether it gates, and the mode in force; to be read only");

static void set_live(bool now)
{
	mutex_lock(&live_lock);
	live = now;
	mutex_unlock(&live_lock);
}

static void arm_first(void)
{
	eg_arm_first(first_mode);
	set_live(true);
}

#ifdef EG_BUILT_IN
/* Nothing has to come to life first. */
static int begin_arming(void)
{
	arm_first();
	return 0;
}

static void end_arming(void)
{
}
#else
/*
 * A module's kfuncs can be used only once it is live, which it is after init;
 * so the hooks are attached from this notifier, still inside finit_module(2).
 * It runs after the one that makes the module's BTF known (priority 0). It
 * cannot make loading fail: a failure is a state, and loud (arm.c).
 */
static int on_module_state(struct notifier_block *nb, unsigned long event,
			   void *module)
{
	if (module != THIS_MODULE || event != MODULE_STATE_LIVE)
		return NOTIFY_DONE;
	arm_first();
	return NOTIFY_OK;
}

static struct notifier_block module_notifier = {
	.notifier_call = on_module_state,
	.priority = -100,
};

static int begin_arming(void)
{
	return register_module_notifier(&module_notifier);
}

static void end_arming(void)
{
	unregister_module_notifier(&module_notifier);
}
#endif

static int __init check_parameters(void)
{
	int parsed = eg_policy_mode_from_name(mode);

	if (parsed < 0) {
		pr_err("mode=%s is none of off, audit, enforce\n", mode);
		return parsed;
	}
	first_mode = parsed;
	return 0;
}

static int __init execgate_init(void)
{
	int err;

	err = check_parameters();
	if (err)
		return err;
	err = eg_self_test_lsm();
	if (err)
		return err;
	err = eg_digest_init();
	if (err)
		return err;
	err = eg_self_test_known_answer();
	if (err)
		goto digest;
	err = eg_disk_init();
	if (err)
		goto digest;
	err = eg_cache_init();
	if (err)
		goto disk;
	err = eg_writers_init();
	if (err)
		goto cache;
	err = eg_reading_init();
	if (err)
		goto writers;
	err = eg_keyring_init();
	if (err)
		goto reading;
	err = eg_catalog_init();
	if (err)
		goto keyring;
	err = eg_ftrace_pin();
	if (err)
		goto catalog;
	err = eg_hook_register();
	if (err)
		goto ftrace;
	eg_event_init(eg_netlink_send_events);
	err = eg_netlink_init();
	if (err)
		goto ftrace;
	err = begin_arming();
	if (err)
		goto netlink;
	return 0;

netlink:
	eg_netlink_exit();
ftrace:
	eg_ftrace_unpin();
catalog:
	eg_catalog_exit();
keyring:
	eg_keyring_exit();
reading:
	eg_reading_exit();
writers:
	eg_writers_exit();
cache:
	eg_cache_exit();
disk:
	eg_disk_exit();
digest:
	eg_digest_exit();
	return err;
}

static void __exit execgate_exit(void)
{
	/* The file stays until this has returned, and must arm nothing. */
	set_live(false);
	/* Before all else: of a locked gate nothing may be taken apart. */
	eg_arm_exit();
	end_arming();
	/* The programs are gone: no hook runs. */
	eg_event_stop();
	eg_netlink_exit();
	eg_event_exit();
	eg_interpreter_exit();
	eg_writers_exit();
	eg_hook_exit();
	eg_reading_exit();
	eg_ftrace_unpin();
	eg_catalog_exit();
	eg_keyring_exit();
	eg_revocation_exit();
	eg_constrained_exit();
	eg_floor_exit();
	eg_cache_exit();
	eg_disk_exit();
	eg_digest_exit();
}

/* For a module the same as module_init(). Built in: after crypto and the types of keys. */
late_initcall_sync(execgate_init);
module_exit(execgate_exit);

MODULE_DESCRIPTION("Runs only code signed by a trusted key");
MODULE_AUTHOR("The execgate authors");
MODULE_LICENSE("GPL");
MODULE_VERSION(EXECGATE_VERSION);
MODULE_SOFTDEP("pre: sha256");
