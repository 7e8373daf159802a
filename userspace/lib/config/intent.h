/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The intended state of this machine: its configuration, the signed policy
 * beside it, and where either is damaged or lost what was in force before. The
 * daemon puts it in force; "status" and "doctor" hold the kernel against it.
 *
 * Only a file's own word ends enforce. A configuration that cannot be read ends nothing,
 * and the file that said enforce (or profile, gates, lock) is not outvoted by those that
 * it had overruled: if it says nothing of it any more, it was lost.
 */
#ifndef EXECGATE_INTENT_H
#define EXECGATE_INTENT_H

#include "lib/config/config.h"
#include "lib/config/enforced.h"

/**
 * struct execgate_intent - what is wanted
 * @config: what the files of the configuration say; what was lost is added
 * @unread: they could not be read, so that all of @config is what was before
 * @held: enforce is wanted because it was, not because a file says so
 * @before: was enforce in force by the configuration?
 * @mode: the mode of @config, or that of the signed policy if it says more
 * @mode_file: who says @mode
 * @profile, @gates, @select, @policy_file: of both, to be remembered
 * @problem: a sentence on what is wrong with the files; "" = nothing is
 */
struct execgate_intent {
	struct execgate_config config;
	bool unread;
	bool held;
	enum execgate_enforced_state before;
	int mode;
	char mode_file[PATH_MAX];
	int profile;
	uint32_t gates;
	uint32_t select;
	char policy_file[PATH_MAX];
	char problem[2 * PATH_MAX + 512];
};

/* @dir: of the configuration; @enforced: the file of enforced.h */
void execgate_intent_read(const char *dir, const char *enforced,
			  struct execgate_intent *out);

/*
 * After enforce was put in force, or somebody persisted something: keep it, or forget
 * that it was if another mode is wanted. A held setting is kept as it is.
 */
int execgate_intent_keep(const struct execgate_intent *intent,
			 const char *enforced, struct execgate_error *err);

/*
 * Somebody changed the configuration by a command: of now on it is what it says.
 * @begins: it was just put in force; otherwise only a machine that enforces remembers.
 */
int execgate_intent_decided(const char *dir, const char *enforced, bool begins,
			    struct execgate_error *err);

#endif /* EXECGATE_INTENT_H */
