/* SPDX-License-Identifier: GPL-2.0 */
/* The commands of "execgate policy". */
#ifndef EXECGATE_CLI_CMD_POLICY_H
#define EXECGATE_CLI_CMD_POLICY_H

#include "cli/common/command.h"
#include "cli/common/policy_view.h"
#include "lib/config/policy_file.h"
#include "lib/crypto/keystore.h"
#include "lib/netlink/netlink.h"

int cmd_policy_make_run(const struct command *self, int argc, char **argv);
int cmd_policy_sign_run(const struct command *self, int argc, char **argv);
int cmd_policy_show_run(const struct command *self, int argc, char **argv);
int cmd_policy_load_run(const struct command *self, int argc, char **argv);

/**
 * struct policy_loading - from POLICY_LOADING on, where a policy goes
 * @persist: kept for the next boots; @load: in force now
 * @force: although the machine could not boot or be logged into
 * @quiet: it says on standard error what it has to say
 * @tpm: setting of policy_known.h
 */
struct policy_loading {
	bool persist;
	bool load;
	bool force;
	bool quiet;
	const char *keys_dir;
	const char *policy;
	const char *versions;
	const char *tpm;
};

#define POLICY_LOADING                                    \
	{                                                 \
		.load = true,                             \
		.keys_dir = EXECGATE_KEYSTORE_DIR,        \
		.policy = EXECGATE_POLICY_FILE,           \
		.versions = EXECGATE_POLICY_VERSION_FILE, \
		.tpm = EXECGATE_POLICY_TPM_OFF,           \
	}

/* An exit code; all has been said. */
int policy_load_file(const struct policy_loading *run, const char *path);

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
