/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by "profile" and "gate": asking, setting, keeping, showing. */
#ifndef EXECGATE_CLI_POLICY_PRINT_H
#define EXECGATE_CLI_POLICY_PRINT_H

#include "cli/common/command.h"
#include "lib/netlink/netlink.h"

/* The kernel's status, or the exit code of a failure that was told. */
int policy_status(struct execgate_status *status);

/*
 * Set @change, keep it if @persist, and tell what came of it. Returns the exit
 * code.
 */
int policy_change(const struct execgate_policy_change *change, bool persist);

/* "profile", "deviations" and "gates" of a status, into @object. */
void policy_json(json_t *object, const struct execgate_status *status);

/* The same as the one JSON object. */
void policy_print_json(const struct execgate_status *status);

/* "strict -inject" */
char *policy_text(const struct execgate_status *status,
		  char out[EXECGATE_PROFILE_TEXT]);

#endif /* EXECGATE_CLI_POLICY_PRINT_H */
