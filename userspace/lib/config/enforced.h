/* SPDX-License-Identifier: GPL-2.0 */
/*
 * /var/lib/execgate/enforced: this machine enforces by its configuration, and what the
 * configuration said when it did. The file is there as long as that is so, whatever
 * becomes of the configuration: a file of it that is damaged, emptied or lost is not a decision to open the gate. Somebody's word for another mode removes it.
 */
#ifndef EXECGATE_ENFORCED_H
#define EXECGATE_ENFORCED_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/base/error.h"

#define EXECGATE_ENFORCED_FILE "/var/lib/execgate/enforced"

enum execgate_enforced_state {
	EXECGATE_ENFORCED_NO,
	EXECGATE_ENFORCED_YES,
	/* The file is there, and nothing of what it said can be read. */
	EXECGATE_ENFORCED_DAMAGED,
};

/**
 * struct execgate_enforced - what was in force
 * @mode_file: the file that said enforce; "" = unknown
 * @policy_file: the one that said profile or gates; "" = none did
 * @lock_file: the one that said whether to lock; "" = none did
 * @profile: enum execgate_profile, or EXECGATE_CONFIG_NO_PROFILE
 * @gates, @select: as in struct execgate_config
 */
struct execgate_enforced {
	char mode_file[PATH_MAX];
	char policy_file[PATH_MAX];
	char lock_file[PATH_MAX];
	int profile;
	uint32_t gates;
	uint32_t select;
	bool lock;
};

enum execgate_enforced_state
execgate_enforced_load(const char *path, struct execgate_enforced *out);

/* Atomically, and only if it says something else than before. */
int execgate_enforced_store(const char *path,
			    const struct execgate_enforced *enforced,
			    struct execgate_error *err);
/* An absent file is forgotten already. */
int execgate_enforced_forget(const char *path, struct execgate_error *err);

#endif /* EXECGATE_ENFORCED_H */
