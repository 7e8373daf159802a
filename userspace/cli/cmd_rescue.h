/* SPDX-License-Identifier: GPL-2.0 */
/* The commands that keep anybody from being locked out. */
#ifndef EXECGATE_CLI_CMD_RESCUE_H
#define EXECGATE_CLI_CMD_RESCUE_H

#include "command.h"

extern const struct command cmd_preflight;
extern const struct command cmd_why;
extern const struct command cmd_review;

#endif /* EXECGATE_CLI_CMD_RESCUE_H */
