/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Constrained users and units: their interpreters run only what a signature vouches for,
 * and their programs have the memory and injection gates, whatever the profile.
 *
 * A process is constrained
 *	by its user, if any of its user ids (real, effective, saved, of the file system)
 *	is one of the set, or the creator of a user namespace that it is in. So neither
 *	a set-user-id program on the way sheds it while it keeps the real id, nor the
 *	subordinate ids of a namespace. A program that gives up all four ids, as sudo
 *	does for who may use it, runs for somebody else: that is what units are for;
 *	by its unit, if its cgroup is one of the set, or below one. fork and setsid keep
 *	it there, and to move it takes the right to write to both cgroups;
 *	or by its own securebits, which fork and exec keep, and of which those with a
 *	lock cannot be taken off. They are of interpreters only.
 *
 * Ids of cgroups are never used again within a boot: the kernel counts the rounds of its
 * numbers in their upper half.
 */
#ifndef EG_CONSTRAINED_H
#define EG_CONSTRAINED_H

#include <linux/execgate.h>
#include <linux/types.h>

#include "format/policy.h"

/* A unit is at this depth of the cgroups or above, so that the look is bounded. */
#define EG_CONSTRAINED_DEPTH 16

struct eg_constraint {
	enum execgate_constraint kind;
	u64 id;
};

enum {
	EG_CONSTRAINED_INLINE =
		1 << 0, /* no code on command lines and in pipes */
	EG_CONSTRAINED_FILES = 1 << 1, /* the files that are read are trusted */
	EG_CONSTRAINED_MEMORY = 1 << 2, /* memory and injection as in strict */
};

/* In what current is constrained: bits of the above. Any context. */
u8 eg_constrained_current(void);

/* Is there a user or unit in the set? */
bool eg_constrained_any(void);

/**
 * eg_constrained_add() - one more; it binds what runs already as well
 *
 * Units whose cgroup is gone leave the set at each change. Sleeps; the caller has the
 * lock of arm.c, as for what follows.
 * Return: 0, also when it is there; -ENOENT: no such cgroup; -ENOSPC over
 * EXECGATE_CONSTRAINTS_MAX; -E2BIG: too deep; -ENOMEM.
 */
int eg_constrained_add(const struct eg_constraint *item);
/* Return: 0; -ENOENT: it is not in the set; -ENOMEM. */
int eg_constrained_remove(const struct eg_constraint *item);

/**
 * struct eg_constrained_step - users of a signed policy, while it is being applied
 * @before: the set as it was, NULL if it was empty
 * @is_taken: there is something to end
 */
struct eg_constrained_step {
	struct eg_constrained_set *before;
	bool is_taken;
};

/**
 * eg_constrained_begin() - constrain users, all or none
 * @users: as eg_policy_users_check() wants them
 * @step: filled; eg_constrained_end() it, while the same lock is held
 *
 * They are constrained at once, so that the hooks are attached that they need.
 * Return: 0; -ENOSPC over EXECGATE_CONSTRAINTS_MAX; -ENOMEM.
 */
int eg_constrained_begin(struct eg_bytes users,
			 struct eg_constrained_step *step);
/* @keep: false: the set is as it was before. */
void eg_constrained_end(struct eg_constrained_step *step, bool keep);

/* The @index'th of the set. Return: false at the end. */
bool eg_constrained_get(unsigned int index, struct eg_constraint *out);

void eg_constrained_exit(void);

#endif /* EG_CONSTRAINED_H */
