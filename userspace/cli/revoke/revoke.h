/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by the files of "execgate revoke". */
#ifndef EXECGATE_CLI_CMD_REVOKE_H
#define EXECGATE_CLI_CMD_REVOKE_H

#include <limits.h>

#include "cli/common/command.h"
#include "lib/catalog/revoked.h"
#include "lib/netlink/netlink.h"
#include "lib/preflight/preflight.h"

/* A file has up to three digests: its content's, its payload's, fs-verity's. */
#define REVOKE_ITEMS_MAX 3

/**
 * struct revoking - one command line
 * @nl: NULL while the module is not loaded
 * @items: @count of them: what the argument stands for
 */
struct revoking {
	bool undo;
	bool persist;
	bool force;
	bool has_sequence;
	uint64_t sequence;
	const char *file;
	const char *keys_dir;
	const char *sequences;
	struct execgate_netlink *nl;
	struct execgate_revocation items[REVOKE_ITEMS_MAX];
	size_t count;
};

/* For all that revoke: 0 or what to exit with; words are left for the caller. */
int revoke_options(const struct command *self, int argc, char **argv,
		   struct revoking *run);
/* 0 or what to exit with; without the module there is still the file. */
int revoke_connect(struct revoking *run);
/* Do what was asked, unless @code is not 0. Returns what to exit with. */
int revoke_finish(struct revoking *run, int code);

extern const char cmd_revoke_key_options[];
extern const char cmd_revoke_version_options[];
int cmd_revoke_version_run(const struct command *self, int argc, char **argv);
int cmd_revoke_key_run(const struct command *self, int argc, char **argv);
int cmd_revoke_list_run(const struct command *self, int argc, char **argv);

/* {kind, value or name and sequence or version}; a new reference. */
json_t *cmd_revoke_json(const struct execgate_revocation *item);

#define REVOKE_COMMON_OPTIONS                                                  \
	"  --undo           take the revocation back; not while the gate is\n" \
	"                   locked\n"                                          \
	"  --no-persist     until the next boot only\n"                        \
	"  --force          although this machine would not boot without it\n" \
	"  --revoked FILE   where it is kept (" EXECGATE_REVOKED_FILE ")\n"

/* "key 0123...", safe for a terminal; @out has REVOKE_TEXT bytes. */
#define REVOKE_TEXT 400
char *cmd_revoke_text(char *out, const struct execgate_revocation *item);

/**
 * struct revoke_running - what runs and what the kernel says to it
 * @before: every file that some process executes from, judged
 */
struct revoke_running {
	struct execgate_preflight before;
};

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
