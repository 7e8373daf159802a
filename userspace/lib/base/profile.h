/* SPDX-License-Identifier: GPL-2.0 */
/* Profiles and the gates in them, as the uapi header lists them. */
#ifndef EXECGATE_PROFILE_H
#define EXECGATE_PROFILE_H

#include <linux/execgate.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXECGATE_GATE_BIT(gate) (UINT32_C(1) << (gate))

/**
 * struct execgate_policy_change - what is asked for; the rest stays as it is
 * @gates: bits by enum execgate_gate
 * @select: which of them are meant; they come after the profile's
 */
struct execgate_policy_change {
	bool has_mode;
	bool has_profile;
	enum execgate_mode mode;
	enum execgate_profile profile;
	uint32_t gates;
	uint32_t select;
};

/* The gates of a profile; none for one that a newer module has. */
uint32_t execgate_profile_gates(unsigned int profile);

/* @profile's gates, with those of @select as in @gates. */
uint32_t execgate_profile_effective(unsigned int profile, uint32_t gates,
				    uint32_t select);

/*
 * "standard +inject -seal": the profile, then where @gates differ from it, as
 * the kernel's log has it. Returns @out.
 */
#define EXECGATE_PROFILE_TEXT 256
char *execgate_profile_describe(unsigned int profile, uint32_t gates,
				char out[EXECGATE_PROFILE_TEXT]);

/* "on" and "off", as in the configuration; -EINVAL for anything else. */
int execgate_profile_switch(const char *word);

#endif /* EXECGATE_PROFILE_H */
