// SPDX-License-Identifier: GPL-2.0
#include "cli/preflight/guard.h"

#include "cli/common/policy_print.h"
#include "cli/preflight/ask.h"

/* For a file or module; with the others, the same files are denied as before. */
#define ASKED                                    \
	(EXECGATE_GATE_BIT(EXECGATE_GATE_EXEC) | \
	 EXECGATE_GATE_BIT(EXECGATE_GATE_MMAP) | \
	 EXECGATE_GATE_BIT(EXECGATE_GATE_MODULE))

int policy_guard(const struct execgate_policy_change *change)
{
	struct execgate_status status;
	uint32_t gates, added;
	int ret = policy_status(&status);

	if (ret || status.mode != EXECGATE_MODE_ENFORCE)
		return ret;
	gates = change->has_profile ? execgate_profile_gates(change->profile) :
				      status.gates.on;
	gates = (gates & ~change->select) | (change->gates & change->select);
	added = gates & ~status.gates.on;
	/* A whole profile is a decision, as the mode is. */
	if (!change->has_profile)
		added &= ASKED;
	return added ? preflight_guard(added) : EXECGATE_EXIT_OK;
}
