/* SPDX-License-Identifier: GPL-2.0 */
/* Policy and hooks change together: off is detached, audit and enforce are armed. */
#ifndef EG_ARM_H
#define EG_ARM_H

#include <linux/execgate.h>

#include "core/policy.h"
#include "rules/constrained.h"
#include "trust/refusal.h"
#include "trust/signed_policy.h"

/**
 * eg_arm_set_policy() - change mode, profile and gates, all at once
 * @why: its text is empty; says on failure what it was
 *
 * Refused with -EPERM and one event if it would loosen a locked gate, or be
 * looser than the signed policy in force.
 * A mode attaches or detaches the hooks as it needs. Attaching ends with a
 * self-probe: each hook that the kernel itself can set off must be seen to
 * fire, or the state is NOT_GATING and the mode stays off.
 * Turning off waits, up to half a minute, until the module could be unloaded.
 *
 * Process context. Return: 0; -EIO when the hooks do not fire; -errno.
 */
int eg_arm_set_policy(const struct eg_policy_change *wanted,
		      struct eg_refusal *why);

/**
 * eg_arm_load_policy() - put a signed policy in force
 * @file: that it came in, for the event if it is refused
 * @verdict: of eg_signed_policy_read(); ALLOWED
 * @why: its text is empty; says on failure what it was
 *
 * The policy takes the place of all that was set before, tighter or looser,
 * and from then on eg_arm_set_policy() sets nothing looser. Its floors are raised
 * and its users constrained, and both stay when the next one has none. The same once
 * more changes nothing, also of what was tightened since.
 *
 * Process context. Return: 0; -EPERM, and one event, for a lower version or
 * another policy of the same one, and in a locked gate for a looser one; as
 * eg_arm_set_policy().
 */
int eg_arm_load_policy(const struct eg_signed_policy *policy,
		       const struct eg_policy_content *content,
		       struct file *file, struct eg_verdict *verdict,
		       struct eg_refusal *why);

/**
 * eg_arm_constrain() - one more user or unit is constrained, or one less
 * @why: its text is empty; says on failure what it was
 *
 * Process context. Return: 0; -EPERM to take one out while the gate is locked, or a
 * signed policy says enforce; -EIO when hooks that it needs do not fire; as
 * eg_constrained_add() and eg_constrained_remove().
 */
int eg_arm_constrain(const struct eg_constraint *item, bool add,
		     struct eg_refusal *why);

/* The signed policy in force. Return: false if there is none. */
bool eg_arm_signed_policy(struct eg_signed_policy *out);

/* The object itself, with its floors and users; size 0 without any. */
void eg_arm_policy_content(struct eg_policy_content *out);

/**
 * eg_arm_remove_floor() - take a floor away, or down to what the policy in force says
 * @why: filled when it says that already
 *
 * Process context. Return: as eg_floor_remove().
 */
int eg_arm_remove_floor(struct eg_bytes name, struct eg_refusal *why);

/*
 * The mode to begin with, from inside finit_module(2): the loading itself holds
 * the module, so turning off does not wait. A failure is logged and is a state.
 */
void eg_arm_first(enum execgate_mode mode);

/**
 * eg_arm_lock() - until the next boot, nothing is loosened
 * @why: set to a sentence on failure
 *
 * Return: 0, also when it is locked already; -EINVAL unless it enforces.
 */
int eg_arm_lock(const char **why);

/*
 * The module goes, unless it is locked or a signed policy says enforce: then
 * this does not return. Normally the hooks are off, or it would be in use; after
 * "rmmod -f" they are not, and it must not go before its programs have gone.
 */
void eg_arm_exit(void);

enum execgate_state eg_arm_state(void);

#endif /* EG_ARM_H */
