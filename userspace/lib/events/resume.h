/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The daemon's knowledge that must survive its death: /run/execgate/resume, a
 * file that the daemon maps and works in, so that after kill -9 the next one
 * goes on at the same event with the same counts. Gone with the boot.
 *
 * The daemon holds a lock on it: there is one daemon, and others can tell
 * whether it lives.
 */
#ifndef EXECGATE_RESUME_H
#define EXECGATE_RESUME_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/base/cursor.h"
#include "lib/base/error.h"
#include "lib/config/gap.h"
#include "lib/events/dedup.h"

#define EXECGATE_RESUME_FILE "/run/execgate/resume"

/**
 * struct execgate_resume - the file
 * @instance: which load of the module @cursor counts for
 * @configured_mode: what the configuration said when it was last applied to
 *		     @instance, so that a restart does not loosen a mode that
 *		     was set since; -1 = never
 * @configured_profile, @configured_gates, @configured_select: the same of the
 *	     policy, once @configured_policy is not 0
 * @sending: the event that is being written to the journal; not 0 after a death
 *	     in that moment, and then it may be there or not
 */
struct execgate_resume {
	char magic[8];
	uint32_t version;
	uint32_t size;
	char boot_id[40];
	uint64_t instance;
	int32_t configured_mode;
	int32_t configured_profile;
	uint32_t configured_gates;
	uint32_t configured_select;
	uint32_t configured_policy;
	uint32_t reserved;
	uint64_t sending;
	struct execgate_cursor cursor;
	struct execgate_dedup dedup;
};

/*
 * Open or create, lock, map. A file of another boot or another version of this
 * program starts anew. -EBUSY: a daemon is running.
 */
int execgate_resume_open(const char *path, struct execgate_resume **out,
			 struct execgate_error *err);
/*
 * In memory alone, for a daemon that cannot have the file: its successor will not know
 * where it was, but the gate is as it should be.
 */
struct execgate_resume *execgate_resume_without(void);
/* Knowledge about another load of the module is worthless for this one. */
void execgate_resume_reset(struct execgate_resume *state, uint64_t instance);

/*
 * The three below are for others than the owner: a process that closes any descriptor
 * of the file gives its lock on it back (fcntl(2), "advisory record locking").
 */
/* Its holder: the daemon's pid, 0 if nobody, or a negative errno. */
pid_t execgate_resume_owner(const char *path);
/* The owner's last writing: a copy of the part before the table. */
int execgate_resume_peek(const char *path, uint64_t *instance,
			 uint64_t *next_sequence);

/*
 * The mode that was last applied by the configuration to this load of the module;
 * -1 = none was; -EACCES: only root can tell.
 */
int execgate_resume_configured(const char *path);

/* execgate_gap_find() for others than the daemon. */
enum execgate_gap execgate_resume_gap(const struct execgate_intent *intent,
				      const struct execgate_status *status);

/*
 * Tells this load of the module from another one: the identity of its folder in
 * sysfs, which is made anew with each load. 0 if there is none.
 */
uint64_t execgate_resume_instance(void);

#endif /* EXECGATE_RESUME_H */
