/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EXECGATE_CLI_POLICY_GUARD_H
#define EXECGATE_CLI_POLICY_GUARD_H

#include "lib/base/profile.h"

/*
 * May this be judged from now on? 0 or what to exit with: then the reason has
 * been said. Nothing is asked while the gate does not enforce, nor of a change
 * that switches no gate on.
 */
int policy_guard(const struct execgate_policy_change *change);

#endif /* EXECGATE_CLI_POLICY_GUARD_H */
