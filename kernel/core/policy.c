// SPDX-License-Identifier: GPL-2.0
#include "core/policy.h"

#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

static_assert(sizeof(struct eg_policy) == sizeof(u64));
static_assert(EXECGATE_GATE_COUNT <= 32);

struct eg_policy eg_policy_now = {
	.mode = EXECGATE_MODE_OFF,
	.profile = EXECGATE_PROFILE_DEFAULT,
#define X(id, name, text, lowest)                                          \
	((EXECGATE_PROFILE_##lowest <= EXECGATE_PROFILE_DEFAULT ? 1U : 0U) \
	 << EXECGATE_GATE_##id) |
	.gates = EXECGATE_GATES(X) 0,
#undef X
};
static bool locked;
static bool bound; /* by a signed policy */
const char eg_policy_locked_text[] = "the gate is locked until the next boot";
static atomic64_t epoch = ATOMIC64_INIT(1);

static const char *const mode_names[] = {
#define X(id, name, text) [EXECGATE_MODE_##id] = name,
	EXECGATE_MODES(X)
#undef X
};

static const char *const profile_names[] = {
#define X(id, name, text) [EXECGATE_PROFILE_##id] = name,
	EXECGATE_PROFILES(X)
#undef X
};

static const struct {
	const char *name;
	enum execgate_profile lowest;
} gates[] = {
#define X(id, name, text, lowest) \
	[EXECGATE_GATE_##id] = { name, EXECGATE_PROFILE_##lowest },
	EXECGATE_GATES(X)
#undef X
};

static u32 profile_gates(enum execgate_profile profile)
{
	u32 set = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(gates); i++)
		if (gates[i].lowest <= profile)
			set |= BIT(i);
	return set;
}

void eg_policy_set(struct eg_policy policy)
{
	/*
	 * Audit judges without shutting writers out, so what it cached may not
	 * count in enforce, nor may what was cached with the files unsealed: a
	 * change of policy is a new epoch.
	 */
	WRITE_ONCE(eg_policy_now, policy);
	eg_policy_advance_epoch();
}

void eg_policy_apply(struct eg_policy *policy,
		     const struct eg_policy_change *change)
{
	if (change->has_mode)
		policy->mode = change->mode;
	if (change->has_profile) {
		policy->profile = change->profile;
		policy->gates = profile_gates(change->profile);
	}
	policy->gates &= ~change->select;
	policy->gates |= change->gates & change->select;
}

void eg_policy_lock(void)
{
	WRITE_ONCE(locked, true);
}

bool eg_policy_locked(void)
{
	return READ_ONCE(locked);
}

void eg_policy_bind(bool bind)
{
	WRITE_ONCE(bound, bind);
}

bool eg_policy_bound(void)
{
	return READ_ONCE(bound) || eg_policy_locked();
}

bool eg_policy_loosens(struct eg_policy before, struct eg_policy after)
{
	return after.mode < before.mode || (before.gates & ~after.gates);
}

int eg_policy_mode_from_name(const char *name)
{
	return match_string(mode_names, ARRAY_SIZE(mode_names), name);
}

const char *eg_policy_mode_name(enum execgate_mode mode)
{
	return mode_names[mode];
}

const char *eg_policy_describe(struct eg_policy policy,
			       char text[EG_POLICY_TEXT])
{
	u32 differs = policy.gates ^ profile_gates(policy.profile);
	size_t i;
	int used;

	used = scnprintf(text, EG_POLICY_TEXT, "%s",
			 profile_names[policy.profile]);
	for (i = 0; i < ARRAY_SIZE(gates); i++)
		if (differs & BIT(i))
			used += scnprintf(text + used, EG_POLICY_TEXT - used,
					  " %c%s",
					  policy.gates & BIT(i) ? '+' : '-',
					  gates[i].name);
	return text;
}

u64 eg_policy_epoch(void)
{
	return atomic64_read_acquire(&epoch);
}

void eg_policy_advance_epoch(void)
{
	/* A task that sees the new epoch sees every earlier change. */
	smp_mb__before_atomic();
	atomic64_inc(&epoch);
}
