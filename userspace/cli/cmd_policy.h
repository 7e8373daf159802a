/* SPDX-License-Identifier: GPL-2.0 */
/* The commands of "execgate policy", and what they share. */
#ifndef EXECGATE_CLI_CMD_POLICY_H
#define EXECGATE_CLI_CMD_POLICY_H

#include "command.h"
#include "event.h"
#include "policy_file.h"

extern const struct command cmd_policy;

int cmd_policy_make_run(const struct command *self, int argc, char **argv);
int cmd_policy_sign_run(const struct command *self, int argc, char **argv);
int cmd_policy_show_run(const struct command *self, int argc, char **argv);
int cmd_policy_load_run(const struct command *self, int argc, char **argv);

extern const char cmd_policy_make_options[];
extern const char cmd_policy_sign_options[];
extern const char cmd_policy_show_options[];
extern const char cmd_policy_load_options[];

/**
 * struct policy_view - a policy to be shown, wherever it comes from
 * @signer: fingerprint, or NULL if it is not known
 */
struct policy_view {
	const char *name;
	uint64_t version;
	uint64_t created_at;
	uint32_t mode;
	uint32_t profile;
	uint32_t gates;
	const uint8_t *signer;
};

struct policy_view cmd_policy_of_file(const struct execgate_policy_file *file);
struct policy_view
cmd_policy_of_kernel(const struct execgate_loaded_policy *policy);

/* {name, version, created_at, mode, profile, deviations, gates, signer}. */
json_t *cmd_policy_json(const struct policy_view *view);
/* The same as lines of "  Label: value". */
void cmd_policy_print(const struct policy_view *view);
/* "enforce, strict -inject": mode and profile with what differs from it. */
#define CMD_POLICY_TEXT 300
char *cmd_policy_text(uint32_t mode, uint32_t profile, uint32_t gates,
		      char out[CMD_POLICY_TEXT]);

#endif /* EXECGATE_CLI_CMD_POLICY_H */
