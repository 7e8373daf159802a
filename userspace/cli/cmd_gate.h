/* SPDX-License-Identifier: GPL-2.0 */
/* The commands that talk to the kernel or to the journal. */
#ifndef EXECGATE_CLI_CMD_GATE_H
#define EXECGATE_CLI_CMD_GATE_H

#include "command.h"
#include "event.h"

extern const struct command cmd_status;
extern const struct command cmd_mode;
extern const struct command cmd_profile;
extern const struct command cmd_gate;
extern const struct command cmd_check;
extern const struct command cmd_denials;
extern const struct command cmd_doctor;

/* 0 it enforces, 10 audit, 11 it does not gate. */
int status_exit(const struct execgate_status *status);

#endif /* EXECGATE_CLI_CMD_GATE_H */
