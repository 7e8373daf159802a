/* SPDX-License-Identifier: GPL-2.0 */
/* "execgate sync": its stages, and what they share. */
#ifndef EXECGATE_CLI_SYNC_H
#define EXECGATE_CLI_SYNC_H

#include <stdint.h>

#include "cli/catalog/catalog.h"
#include "cli/policy/policy.h"
#include "lib/fleet/sync_message.h"
#include "lib/fleet/sync_session.h"
#include "lib/fleet/sync_state.h"

/**
 * struct sync_run - one sync
 * @config_file, @state_file, @directory: from the command line; @directory NULL: the
 *	journal of this machine
 * @state: as on the disk, but for what the stage at work has just changed
 * @settings: of preflight
 * @sent: events that the server took; @set_aside: those that it refuses
 * @received: rules; @ignored: of these, by enum execgate_sync_rule_kind
 * @forgotten: files that waited and had to make room
 * @installed: a list of {sha256, url}
 * @code: the gravest exit code of single files
 */
struct sync_run {
	const char *config_file;
	const char *state_file;
	const char *directory;
	struct execgate_sync_config config;
	struct execgate_sync_session session;
	struct execgate_sync_state state;
	struct execgate_sync_settings settings;
	struct execgate_facts facts;
	struct catalog_installing catalogs;
	struct policy_loading policy;
	uint64_t sent;
	uint64_t set_aside;
	uint64_t received;
	uint64_t forgotten;
	uint64_t ignored[EXECGATE_SYNC_RULE_COUNT];
	json_t *installed;
	int code;
};

/* Send what the journal has behind the cursor, which moves with each answer. */
int sync_upload(struct sync_run *run, struct execgate_error *err);

/*
 * Take the server's rules, then install what they name. Rules that have no effect are
 * counted, and files that are refused are told of: neither is a failure of the stage.
 */
int sync_rules(struct sync_run *run, struct execgate_error *err);

#endif /* EXECGATE_CLI_SYNC_H */
