/* SPDX-License-Identifier: GPL-2.0 */
/* The commands of "execgate policy". */
#ifndef EXECGATE_CLI_CMD_POLICY_H
#define EXECGATE_CLI_CMD_POLICY_H

#include "cli/common/command.h"
#include "cli/common/policy_view.h"
#include "lib/netlink/netlink.h"

int cmd_policy_make_run(const struct command *self, int argc, char **argv);
int cmd_policy_sign_run(const struct command *self, int argc, char **argv);
int cmd_policy_show_run(const struct command *self, int argc, char **argv);
int cmd_policy_load_run(const struct command *self, int argc, char **argv);

/*
 * May these floors be raised, for they stay until the next boot? 0 or what to exit with:
 * then it has been said which file that it takes to boot and to log in is below one.
 */
int policy_floors_guard(struct execgate_netlink *nl, struct eg_bytes floors);

extern const char cmd_policy_make_options[];
extern const char cmd_policy_sign_options[];
extern const char cmd_policy_show_options[];
extern const char cmd_policy_load_options[];

#endif /* EXECGATE_CLI_CMD_POLICY_H */
