/* SPDX-License-Identifier: GPL-2.0 */
/* Policy and hooks change together: off is detached, audit and enforce are armed. */
#ifndef EG_ARM_H
#define EG_ARM_H

#include <linux/execgate.h>

#include "policy.h"

/**
 * eg_arm_set_policy() - change mode, profile and gates, all at once
 * @why: set to a sentence on failure
 *
 * A mode attaches or detaches the hooks as it needs. Attaching ends with a
 * self-probe: each hook that the kernel itself can set off must be seen to
 * fire, or the state is NOT_GATING and the mode stays off.
 * Turning off waits, up to half a minute, until the module could be unloaded.
 *
 * Process context. Return: 0; -EIO when the hooks do not fire; -errno.
 */
int eg_arm_set_policy(const struct eg_policy_change *wanted, const char **why);

/*
 * The mode to begin with, from inside finit_module(2): the loading itself holds
 * the module, so turning off does not wait. A failure is logged and is a state.
 */
void eg_arm_first(enum execgate_mode mode);

/*
 * The module goes. Normally the hooks are off, or it would be in use; after
 * "rmmod -f" they are not, and it must not go before its programs have gone.
 */
void eg_arm_exit(void);

enum execgate_state eg_arm_state(void);

#endif /* EG_ARM_H */
