/* SPDX-License-Identifier: GPL-2.0 */
/* The commands of "execgate key", and what they share. */
#ifndef EXECGATE_CLI_CMD_KEY_H
#define EXECGATE_CLI_CMD_KEY_H

#include "cli/common/command.h"
#include "lib/crypto/key.h"

int cmd_key_generate_run(const struct command *self, int argc, char **argv);
int cmd_key_enroll_run(const struct command *self, int argc, char **argv);
int cmd_key_list_run(const struct command *self, int argc, char **argv);
int cmd_key_remove_run(const struct command *self, int argc, char **argv);

/*
 * Trust a certificate because a CA that is trusted signed it, as the kernel says, and keep
 * it in @dir. An exit code; all has been said, on standard error.
 */
int key_enroll_leaf(const char *file, const char *dir);

extern const char cmd_key_generate_options[];
extern const char cmd_key_enroll_options[];
extern const char cmd_key_list_options[];
extern const char cmd_key_remove_options[];

/* {fingerprint, description, algorithm, bits, not_after}; a new reference. */
json_t *cmd_key_json(const struct execgate_key *key);
/* The same as lines of "  Label: value". */
void cmd_key_print(const struct execgate_key *key);

#endif /* EXECGATE_CLI_CMD_KEY_H */
