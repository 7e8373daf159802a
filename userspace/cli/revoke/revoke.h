/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of "execgate revoke" share. */
#ifndef EXECGATE_CLI_CMD_REVOKE_H
#define EXECGATE_CLI_CMD_REVOKE_H

#include <limits.h>

#include "cli/common/command.h"
#include "lib/catalog/revoked.h"
#include "lib/netlink/netlink.h"
#include "lib/preflight/preflight.h"

extern const char cmd_revoke_key_options[];
int cmd_revoke_key_run(const struct command *self, int argc, char **argv);
int cmd_revoke_list_run(const struct command *self, int argc, char **argv);

/* {kind, value or name and sequence}; a new reference. */
json_t *cmd_revoke_json(const struct execgate_revocation *item);
/* "key 0123..." without the rest of the digits; @out has 300 bytes. */
char *cmd_revoke_text(char *out, const struct execgate_revocation *item);

/**
 * struct revoke_running - what runs and what the kernel says to it
 * @before: every file that some process executes from, judged
 */
struct revoke_running {
	struct execgate_preflight before;
};

/*
 * How many of the files that it takes to boot and to log in rest on one of
 * @items; @example gets the path of one.
 */
int revoke_count_critical(struct execgate_netlink *nl,
			  const struct execgate_revocation *items, size_t count,
			  size_t *critical, char example[PATH_MAX],
			  struct execgate_error *err);

/* Before the revocation: remember what runs. */
int revoke_running_start(struct revoke_running *running,
			 struct execgate_error *err);
/*
 * After it: which of that is not allowed any more, said on stdout or added to
 * @rows, and written to the journal. Frees @running.
 */
int revoke_running_report(struct revoke_running *running, json_t *rows,
			  struct execgate_error *err);

#endif /* EXECGATE_CLI_CMD_REVOKE_H */
