/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Mode, profile and gates in force, and the epoch that says which verdicts are
 * still current.
 */
#ifndef EG_POLICY_H
#define EG_POLICY_H

#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/execgate.h>
#include <linux/types.h>

/* One word, so that it is swapped and read as a whole. */
struct eg_policy {
	u32 gates;   /* bits by enum execgate_gate */
	u16 mode;    /* enum execgate_mode */
	u16 profile; /* enum execgate_profile: what gates began as */
};

/**
 * struct eg_policy_change - what somebody asks for; the rest stays as it is
 * @select: the gates that @gates is about; they come after the profile's
 */
struct eg_policy_change {
	bool has_mode;
	bool has_profile;
	enum execgate_mode mode;
	enum execgate_profile profile;
	u32 gates;
	u32 select;
};

extern struct eg_policy eg_policy_now; /* by eg_policy_get() only */

/*
 * The policy in force at this moment. A hook that looks twice may see two
 * policies: the gate decides by the last look (conclude() in gate.c).
 */
static inline struct eg_policy eg_policy_get(void)
{
	return READ_ONCE(eg_policy_now);
}

static inline enum execgate_mode eg_policy_mode(void)
{
	return eg_policy_get().mode;
}

static inline bool eg_policy_has(struct eg_policy policy,
				 enum execgate_gate gate)
{
	return policy.gates & BIT(gate);
}

/* A hook whose gate is off counts its call and does nothing else. */
static inline bool eg_policy_gate(enum execgate_gate gate)
{
	return eg_policy_has(eg_policy_get(), gate);
}

/* Only arm.c sets it, together with the hooks and under its lock. */
void eg_policy_set(struct eg_policy policy);
void eg_policy_apply(struct eg_policy *policy,
		     const struct eg_policy_change *change);

/*
 * Once, by arm.c under its lock: from then on arm.c refuses a policy that
 * eg_policy_loosens(), and nothing else that takes trust back is undone. There
 * is no way to unlock: only a boot does.
 */
void eg_policy_lock(void);
bool eg_policy_locked(void);
/* Why what a locked gate refuses is refused. */
extern const char eg_policy_locked_text[];
/*
 * Locked, or a signed policy in force says enforce: root may not take the hooks
 * away either. Only arm.c binds, under its lock.
 */
void eg_policy_bind(bool bound);
bool eg_policy_bound(void);
bool eg_policy_loosens(struct eg_policy before, struct eg_policy after);

/* Parse a name of EXECGATE_MODES. Return: the mode or -EINVAL. */
int eg_policy_mode_from_name(const char *name);
const char *eg_policy_mode_name(enum execgate_mode mode);

/* "standard +inject -seal": the profile, then where the gates differ from it. */
#define EG_POLICY_TEXT 256
const char *eg_policy_describe(struct eg_policy policy,
			       char text[EG_POLICY_TEXT]);

/*
 * A verdict is worth something only in the epoch in which its judgement
 * *began*: whatever takes trust away advances the epoch after it has done so,
 * so a judgement under way at that moment never outlives it in the cache.
 */
u64 eg_policy_epoch(void);
void eg_policy_advance_epoch(void);

#endif /* EG_POLICY_H */
