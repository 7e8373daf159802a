/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which programs, installed or running, would lose what they need by a profile:
 * those that are known for it (execgate-identities(5)), or do it now, and were not signed
 * for it.
 */
#ifndef EXECGATE_CLI_PROFILE_PREFLIGHT_H
#define EXECGATE_CLI_PROFILE_PREFLIGHT_H

#include <linux/execgate.h>

/* As an answer. Return: 0 if there is none, EXECGATE_EXIT_WOULD_BREAK, or why not. */
int profile_preflight(enum execgate_profile profile);

/* As warnings; what could not be found out is not a failure. */
void profile_preflight_warn(enum execgate_profile profile);

#endif /* EXECGATE_CLI_PROFILE_PREFLIGHT_H */
