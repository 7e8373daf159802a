// SPDX-License-Identifier: GPL-2.0
#include "lib/base/profile.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/names.h"

uint32_t execgate_profile_gates(unsigned int profile)
{
	static const enum execgate_profile lowest[] = {
#define X(id, name, text, lowest) EXECGATE_PROFILE_##lowest,
		EXECGATE_GATES(X)
#undef X
	};
	uint32_t gates = 0;

	if (profile >= EXECGATE_PROFILE_COUNT)
		return 0;
	for (unsigned int i = 0; i < EXECGATE_GATE_COUNT; i++) {
		if (lowest[i] <= profile)
			gates |= EXECGATE_GATE_BIT(i);
	}
	return gates;
}

uint32_t execgate_profile_effective(unsigned int profile, uint32_t gates,
				    uint32_t select)
{
	return (execgate_profile_gates(profile) & ~select) | (gates & select);
}

char *execgate_profile_describe(unsigned int profile, uint32_t gates,
				char out[EXECGATE_PROFILE_TEXT])
{
	uint32_t differs = gates ^ execgate_profile_gates(profile);
	size_t used;

	used = (size_t)snprintf(out, EXECGATE_PROFILE_TEXT, "%s",
				execgate_profile_name(profile));
	for (unsigned int i = 0; i < EXECGATE_GATE_COUNT; i++) {
		if (differs & EXECGATE_GATE_BIT(i) &&
		    used < EXECGATE_PROFILE_TEXT)
			used += (size_t)snprintf(out + used,
						 EXECGATE_PROFILE_TEXT - used,
						 " %c%s",
						 gates & EXECGATE_GATE_BIT(i) ?
							 '+' :
							 '-',
						 execgate_gate_name(i));
	}
	return out;
}

int execgate_profile_switch(const char *word)
{
	if (!strcmp(word, "on"))
		return 1;
	return strcmp(word, "off") ? -EINVAL : 0;
}
