/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by the files of "execgate constrain". */
#ifndef EXECGATE_CLI_CMD_CONSTRAIN_H
#define EXECGATE_CLI_CMD_CONSTRAIN_H

#include "cli/common/command.h"
#include "lib/config/constrained.h"

/* {kind, uid, name}; a new reference. */
json_t *constrain_json(const struct execgate_constrained *item);

/* "user www-data (33)", safe for a terminal; @out has CONSTRAIN_TEXT bytes. */
#define CONSTRAIN_TEXT 1100
char *constrain_text(char *out, const struct execgate_constrained *item);

int cmd_constrain_list_run(const struct command *self, int argc, char **argv);

#endif /* EXECGATE_CLI_CMD_CONSTRAIN_H */
