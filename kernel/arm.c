// SPDX-License-Identifier: GPL-2.0
#include "arm.h"

#include <linux/delay.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>

#include "compat/compat.h"
#include "core/cache.h"
#include "core/filesystem.h"
#include "core/policy.h"
#include "gate.h"
#include "hooks/hook.h"
#include "hooks/reading.h"
#include "rules/mark.h"
#include "rules/need.h"
#include "self_test.h"
#include "trust/floor.h"

/* Guards the links and state. Held while hooks fire: no hook may take it. */
static DEFINE_MUTEX(arm_lock);
static enum execgate_state state = EXECGATE_STATE_DETACHED;

/*
 * The signed policy in force; version 0: none. Nothing takes it away but a newer
 * one: not removing or revoking its key, which would make taking trust away a
 * way to loosen. Written under both locks, so either will do to read it:
 * whoever only asks must not wait for a mode that is being turned off.
 */
static struct eg_signed_policy in_force;
static struct eg_policy_content in_force_content;
static DEFINE_SPINLOCK(in_force_lock);

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
		if (!eg_compat_module_in_use() || fatal_signal_pending(current))
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
	eg_origin_want(false);
	eg_need_have_reads(false);
	/* Before the hooks that keep entries from outliving their task or inode go. */
	eg_mark_enable(false);
	eg_reading_enable(false);
	eg_cache_enable(false);
	eg_hook_detach_all();
	state = EXECGATE_STATE_DETACHED;
}

/* Those that run have no mark, whatever they are: it comes with exec and mapping. */
static void tell_unmarked(void)
{
	const struct task_struct *task;
	unsigned int count = 0;

	rcu_read_lock();
	for_each_process(task) count += !(task->flags & PF_KTHREAD);
	rcu_read_unlock();
	pr_notice(
		"the first rules of processes: they bind none of the %u that run already\n",
		count);
}

/*
 * arm_lock is held, and the gate is armed. The epoch last: verdicts from before have no
 * origin, and are void once origins are wanted.
 */
static int attach_for_marks(const char **why)
{
	int err;

	if (eg_origin_wanted())
		return 0;
	err = eg_hook_attach(EG_HOOKS_PROCESS, why) ?: eg_self_test_fork(why);
	if (err) {
		eg_hook_detach(EG_HOOKS_PROCESS);
		return err;
	}
	eg_mark_enable(true);
	eg_origin_want(true);
	eg_policy_advance_epoch();
	tell_unmarked();
	return 0;
}

/* The same; once they are there, they stay until the gate is disarmed. */
static int attach_for_reads(const char **why)
{
	int err;

	if (eg_need_has_reads())
		return 0;
	err = eg_hook_attach(EG_HOOKS_READ, why) ?: eg_self_test_open(why);
	if (err) {
		eg_hook_detach(EG_HOOKS_READ);
		return err;
	}
	eg_reading_enable(true);
	eg_need_have_reads(true);
	return 0;
}

/* In a worker, while the hook that met the first rules waits for it. */
static void attach_for_rules(bool reads)
{
	const char *why = "";
	int err = 0;

	mutex_lock(&arm_lock);
	if (state == EXECGATE_STATE_GATING)
		err = attach_for_marks(&why);
	if (state == EXECGATE_STATE_GATING && !err && reads)
		err = attach_for_reads(&why);
	if (err)
		pr_err("programs with rules are refused: %s (error %d)\n", why,
		       err);
	mutex_unlock(&arm_lock);
}

/* Without the hook that tells which layer's file is mapped, overlays are refused. */
static int attach_groups(const char **why)
{
	int err = eg_hook_attach(EG_HOOKS_BASE, why);

	if (err)
		return err;
	err = eg_hook_attach(EG_HOOKS_OVERLAY, why);
	eg_filesystem_judge_overlays(!err);
	return err == -ENOENT ? 0 : err;
}

static int arm(const char **why)
{
	int err;

	err = eg_hook_learn(why) ?: attach_groups(why);
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

/* Hooks that matter to one gate only, so that nobody else pays for them. */
static const struct {
	enum execgate_gate gate;
	enum eg_hook_group group;
	int (*probe)(const char **why); /* do they fire? or NULL */
} gate_hooks[] = {
	{ EXECGATE_GATE_RAW_DISK, EG_HOOKS_DISK },
	{ EXECGATE_GATE_ANON_EXEC, EG_HOOKS_MEMORY, eg_self_test_mmap_addr },
};

/* No memory of constrained users and units may go unseen either. */
static bool is_needed(size_t i, struct eg_policy policy, bool constrained)
{
	return eg_policy_has(policy, gate_hooks[i].gate) ||
	       (constrained && gate_hooks[i].group == EG_HOOKS_MEMORY);
}

static int attach_for_gates(struct eg_policy policy, bool constrained,
			    const char **why)
{
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(gate_hooks); i++) {
		if (!is_needed(i, policy, constrained) ||
		    eg_hook_attached(gate_hooks[i].group))
			continue;
		err = eg_hook_attach(gate_hooks[i].group, why);
		if (!err && gate_hooks[i].probe)
			err = gate_hooks[i].probe(why);
		if (err) {
			eg_hook_detach(gate_hooks[i].group);
			return err;
		}
	}
	return 0;
}

static void detach_for_gates(struct eg_policy policy)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(gate_hooks); i++)
		if (!is_needed(i, policy, eg_constrained_any()))
			eg_hook_detach(gate_hooks[i].group);
}

/* The hooks first, then the policy that counts on them. */
static int arm_for(struct eg_policy policy, const char **why)
{
	bool armed = state == EXECGATE_STATE_GATING;
	int err = armed ? 0 : arm(why);

	if (err)
		return err;
	err = attach_for_gates(policy, eg_constrained_any(), why);
	if (err)
		pr_err("the policy stays as it was: %s (error %d)\n", *why,
		       err);
	if (err && !armed)
		disarm();
	return err;
}

/* arm_lock is held, so nobody else changes the policy. */
static int apply_change(struct eg_policy policy, bool has_mode,
			const char **why)
{
	int err = 0;

	if (policy.mode != EXECGATE_MODE_OFF)
		err = arm_for(policy, why);
	else if (has_mode)
		disarm();
	if (err)
		return err;
	eg_policy_set(policy);
	detach_for_gates(policy);
	return 0;
}

static enum execgate_reason refuse_change(enum execgate_reason reason,
					  const char *text,
					  struct eg_refusal *why)
{
	why->reason = reason;
	why->text = text;
	pr_warn_ratelimited("%s[%d] may not change the policy: %s\n",
			    current->comm, task_tgid_nr(current), text);
	return reason;
}

/*
 * A locked gate is compared with what is in force, and nothing loosens it. The
 * signed policy is compared with what it says itself: whoever may tighten that
 * by hand may also come back to it, or a trial of enforce could not end.
 */
static enum execgate_reason judge_policy(struct eg_policy policy,
					 bool is_signed, struct eg_refusal *why)
{
	if (eg_policy_locked() && eg_policy_loosens(eg_policy_get(), policy))
		return refuse_change(EXECGATE_REASON_LOCKED,
				     eg_policy_locked_text, why);
	if (!is_signed && in_force.version &&
	    eg_policy_loosens(in_force.says, policy))
		return refuse_change(
			EXECGATE_REASON_POLICY_SIGNED,
			"only a newer signed policy may loosen the signed one",
			why);
	return EXECGATE_REASON_ALLOWED;
}

/* arm_lock is held. While the mode is off, the hooks come with the next one. */
static int constrain(const struct eg_constraint *item, struct eg_refusal *why)
{
	int err = 0;

	if (state == EXECGATE_STATE_GATING)
		err = attach_for_gates(eg_policy_get(), true, &why->text);
	return err ?: eg_constrained_add(item);
}

static int set_free(const struct eg_constraint *item, struct eg_refusal *why)
{
	/* Whatever the mode is. */
	bool named = item->kind == EXECGATE_CONSTRAINT_USER &&
		     eg_policy_content_has_user(&in_force_content, item->id);

	if (!eg_policy_bound() && !named)
		return eg_constrained_remove(item);
	if (eg_policy_locked())
		refuse_change(EXECGATE_REASON_LOCKED, eg_policy_locked_text,
			      why);
	else if (named)
		refuse_change(EXECGATE_REASON_POLICY_SIGNED,
			      "the signed policy in force constrains this user",
			      why);
	else
		refuse_change(
			EXECGATE_REASON_POLICY_SIGNED,
			"a signed policy says enforce: users and units are only constrained",
			why);
	return -EPERM;
}

int eg_arm_constrain(const struct eg_constraint *item, bool add,
		     struct eg_refusal *why)
{
	struct eg_verdict verdict = {};
	int err;

	mutex_lock(&arm_lock);
	err = add ? constrain(item, why) : set_free(item, why);
	if (state == EXECGATE_STATE_GATING)
		detach_for_gates(eg_policy_get());
	mutex_unlock(&arm_lock);
	verdict.reason = why->reason;
	if (verdict.reason != EXECGATE_REASON_ALLOWED)
		eg_gate_refuse_policy(NULL, &verdict);
	return err;
}

static void tell_change(struct eg_policy before, struct eg_policy after)
{
	char text[EG_POLICY_TEXT];

	if (before.mode != after.mode)
		pr_info("mode %s\n", eg_policy_mode_name(after.mode));
	if (before.profile != after.profile || before.gates != after.gates)
		pr_info("profile %s\n", eg_policy_describe(after, text));
}

int eg_arm_set_policy(const struct eg_policy_change *wanted,
		      struct eg_refusal *why)
{
	struct eg_verdict verdict = {};
	struct eg_policy before, after;
	int err = -EPERM;

	mutex_lock(&arm_lock);
	before = eg_policy_get();
	after = before;
	eg_policy_apply(&after, wanted);
	verdict.reason = judge_policy(after, false, why);
	if (verdict.reason == EXECGATE_REASON_ALLOWED)
		err = apply_change(after, wanted->has_mode, &why->text);
	if (!err && wanted->has_mode && wanted->mode == EXECGATE_MODE_OFF)
		wait_until_unloadable();
	mutex_unlock(&arm_lock);
	if (verdict.reason != EXECGATE_REASON_ALLOWED)
		eg_gate_refuse_policy(NULL, &verdict);
	else if (!err)
		tell_change(before, after);
	return err;
}

/* arm_lock is held. True: it is in force already. */
static bool is_same(const struct eg_policy_content *content)
{
	return content->size == in_force_content.size &&
	       !memcmp(content->bytes, in_force_content.bytes, content->size);
}

static enum execgate_reason judge_signed(const struct eg_signed_policy *policy,
					 struct eg_refusal *why)
{
	if (policy->version < in_force.version)
		return refuse_change(
			EXECGATE_REASON_POLICY_VERSION,
			"a newer signed policy is in force in this boot", why);
	if (policy->version == in_force.version)
		return refuse_change(
			EXECGATE_REASON_POLICY_VERSION,
			"another signed policy of this version is in force",
			why);
	return judge_policy(policy->says, true, why);
}

/* The users come before the policy that needs hooks for them, and go if it fails. */
static int apply_with_users(const struct eg_signed_policy *policy,
			    struct eg_bytes users, struct eg_refusal *why)
{
	struct eg_constrained_step step;
	int err = eg_constrained_begin(users, &step);

	if (err) {
		why->text =
			"its users do not fit among those that are constrained";
		return err;
	}
	err = apply_change(policy->says, true, &why->text);
	eg_constrained_end(&step, !err);
	/* Those that were attached for them alone. */
	if (err && state == EXECGATE_STATE_GATING)
		detach_for_gates(eg_policy_get());
	return err;
}

/*
 * The list of floors is held from before the policy is applied until after it, so that
 * both come or neither. Hooks only read it, and none of them waits for its lock.
 */
static int apply_signed(const struct eg_signed_policy *policy,
			const struct eg_policy_content *content,
			struct eg_refusal *why)
{
	struct eg_sorted *floors;
	int err;

	floors = eg_floor_prepare_policy(eg_policy_content_floors(content));
	if (IS_ERR(floors)) {
		why->text = "its floors do not fit in the list of versions";
		return PTR_ERR(floors);
	}
	err = apply_with_users(policy, eg_policy_content_users(content), why);
	if (err)
		eg_floor_give_up(floors);
	else
		eg_floor_commit(floors);
	return err;
}

static int load_policy(const struct eg_signed_policy *policy,
		       const struct eg_policy_content *content,
		       struct eg_refusal *why)
{
	int err = apply_signed(policy, content, why);

	/* Only now: what could not be put in force binds nobody. */
	if (err)
		return err;
	spin_lock(&in_force_lock);
	in_force = *policy;
	in_force_content = *content;
	spin_unlock(&in_force_lock);
	eg_policy_bind(policy->says.mode == EXECGATE_MODE_ENFORCE);
	pr_notice("signed policy %s, version %llu, is in force\n", policy->name,
		  policy->version);
	if (policy->says.mode == EXECGATE_MODE_OFF)
		wait_until_unloadable();
	return 0;
}

int eg_arm_load_policy(const struct eg_signed_policy *policy,
		       const struct eg_policy_content *content,
		       struct file *file, struct eg_verdict *verdict,
		       struct eg_refusal *why)
{
	struct eg_policy before;
	int err = -EPERM;

	mutex_lock(&arm_lock);
	if (is_same(content)) {
		mutex_unlock(&arm_lock);
		return 0;
	}
	before = eg_policy_get();
	verdict->reason = judge_signed(policy, why);
	if (verdict->reason == EXECGATE_REASON_ALLOWED)
		err = load_policy(policy, content, why);
	mutex_unlock(&arm_lock);
	if (verdict->reason != EXECGATE_REASON_ALLOWED)
		eg_gate_refuse_policy(file, verdict);
	else if (!err)
		tell_change(before, policy->says);
	return err;
}

bool eg_arm_signed_policy(struct eg_signed_policy *out)
{
	spin_lock(&in_force_lock);
	*out = in_force;
	spin_unlock(&in_force_lock);
	return out->version;
}

void eg_arm_policy_content(struct eg_policy_content *out)
{
	spin_lock(&in_force_lock);
	*out = in_force_content;
	spin_unlock(&in_force_lock);
}

/* Under the lock, so that no policy with such a floor comes meanwhile. */
int eg_arm_remove_floor(struct eg_bytes name, struct eg_refusal *why)
{
	int err;

	mutex_lock(&arm_lock);
	err = eg_floor_remove(name,
			      eg_policy_content_floor(&in_force_content, name));
	mutex_unlock(&arm_lock);
	if (err == -EPERM)
		refuse_change(
			EXECGATE_REASON_POLICY_SIGNED,
			"the signed policy in force says below which version it counts no longer",
			why);
	return err;
}

void eg_arm_first(enum execgate_mode mode)
{
	struct eg_policy policy = eg_policy_get();
	const char *why = "";
	int err;

	eg_need_init(attach_for_rules);
	mutex_lock(&arm_lock);
	/* Armed even for off: whether the gate works shows now, not on the day. */
	policy.mode = EXECGATE_MODE_AUDIT;
	err = apply_change(policy, true, &why);
	policy.mode = mode;
	if (!err && mode != EXECGATE_MODE_AUDIT)
		apply_change(policy, true, &why);
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
		err = eg_hook_attach(EG_HOOKS_LOCK, why);
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
 * or where a signed policy says enforce, an exit function cannot say no, but
 * nothing is taken apart before it returns: while it does not, the hooks stay
 * attached and the gate enforces. The caller who forced it waits for ever,
 * idle, in its own delete_module(2).
 */
static void stay_if_bound(void)
{
	struct eg_signed_policy policy;

	if (!eg_policy_locked() && !(eg_arm_signed_policy(&policy) &&
				     policy.says.mode == EXECGATE_MODE_ENFORCE))
		return;
	pr_crit("%s[%d] unloads a gate that must enforce by force: it stays\n",
		current->comm, task_tgid_nr(current));
	for (;;) {
		set_current_state(TASK_IDLE | TASK_FREEZABLE);
		schedule();
	}
}

void eg_arm_exit(void)
{
	stay_if_bound();
	mutex_lock(&arm_lock);
	if (state == EXECGATE_STATE_GATING) {
		pr_warn("unloaded by force: nothing is gated any more\n");
		disarm();
	}
	/* No time limit: a program that outlives its kfuncs is an oops. */
	while (eg_compat_module_in_use())
		msleep(UNLOADABLE_STEP_MS);
	mutex_unlock(&arm_lock);
	eg_need_exit();
}

enum execgate_state eg_arm_state(void)
{
	return READ_ONCE(state);
}
