// SPDX-License-Identifier: GPL-2.0
#include "policy.h"

#include <linux/atomic.h>
#include <linux/errno.h>
#include <linux/string.h>

static enum execgate_mode current_mode = EXECGATE_MODE_OFF;
static atomic64_t epoch = ATOMIC64_INIT(1);

static const char *const mode_names[] = {
#define X(id, name, text) [EXECGATE_MODE_##id] = name,
	EXECGATE_MODES(X)
#undef X
};

enum execgate_mode eg_policy_mode(void)
{
	return READ_ONCE(current_mode);
}

void eg_policy_set_mode(enum execgate_mode mode)
{
	/*
	 * Audit judges without shutting writers out, so what it cached may not
	 * count in enforce: a change of mode is a new epoch.
	 */
	WRITE_ONCE(current_mode, mode);
	eg_policy_advance_epoch();
}

int eg_policy_mode_from_name(const char *name)
{
	return match_string(mode_names, ARRAY_SIZE(mode_names), name);
}

const char *eg_policy_mode_name(enum execgate_mode mode)
{
	return mode_names[mode];
}

u64 eg_policy_epoch(void)
{
	return atomic64_read(&epoch);
}

void eg_policy_advance_epoch(void)
{
	atomic64_inc(&epoch);
}
