/* SPDX-License-Identifier: GPL-2.0 */
/* The mode in force, and the epoch that says which verdicts are still current. */
#ifndef EG_POLICY_H
#define EG_POLICY_H

#include <linux/execgate.h>

enum execgate_mode eg_policy_mode(void);

/* Only arm.c sets it, together with the hooks. */
void eg_policy_set_mode(enum execgate_mode mode);

/* Parse a name of EXECGATE_MODES. Return: the mode or -EINVAL. */
int eg_policy_mode_from_name(const char *name);
const char *eg_policy_mode_name(enum execgate_mode mode);

/*
 * A verdict is worth something only in the epoch in which its judgement
 * *began*: whatever takes trust away advances the epoch after it has done so,
 * so a judgement under way at that moment never outlives it in the cache.
 */
u64 eg_policy_epoch(void);
void eg_policy_advance_epoch(void);

#endif /* EG_POLICY_H */
