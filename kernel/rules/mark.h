/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Marks: which rules bind a process. A process has those of its main program, of the
 * scripts that it was executed as, and of whatever else with rules it has mapped
 * executable since. Unmapping takes none away, fork hands them on, exec replaces
 * them.
 */
#ifndef EG_MARK_H
#define EG_MARK_H

#include <linux/sched.h>
#include <linux/types.h>

#include "rules/rule_set.h"

/* How many tasks have one, or something of an exec under way; any context. */
u64 eg_mark_count(void);

/* Is nobody marked? Then the rest need not be asked. */
static inline bool eg_mark_none(void)
{
	return !eg_mark_count();
}

/**
 * eg_mark_judge() - what do the rules of current's process say?
 * @kind: EG_RULE_LIBRARIES or EG_RULE_STARTS
 * @subject: origin of the file, or NULL
 *
 * Any context.
 */
enum eg_origin_worth eg_mark_judge(enum eg_rule_kind kind,
				   const struct eg_origin *subject);

/* Has current's process rules of what it reads? Any context. */
bool eg_mark_reads(void);

/* The rules that bind current's process: a reference, or NULL: none. Any context. */
struct eg_rule_set *eg_mark_rules(void);

/**
 * eg_mark_add() - current's process maps something with rules
 * @found: as of eg_mark_stage()
 *
 * So they bind whoever shares its memory too, and a child that is being forked
 * from it and may get the mapping.
 *
 * Return: 0, -ENOMEM, -E2BIG: then it must not be mapped.
 */
int eg_mark_add(struct eg_origin *origin, const struct eg_cmdline *found,
		gfp_t gfp);

/*
 * An exec of current begins; then for each level with rules eg_mark_stage(), which
 * returns as eg_mark_add(); and once it cannot fail any more eg_mark_commit().
 * @found: what the command line says to that level, or NULL
 */
void eg_mark_begin(void);
int eg_mark_stage(struct eg_origin *origin, const struct eg_cmdline *found,
		  gfp_t gfp);
void eg_mark_commit(void);

/* Current clones @child, of which there is no more than its task. -ENOMEM. */
int eg_mark_clone(const struct task_struct *child, u64 clone_flags);

/* The task's memory is about to be freed. Compared only; any context. */
void eg_mark_drop(const struct task_struct *task);

/*
 * There may be marks only while the hooks are attached that drop them: enabled after
 * they were attached, and before they go emptied and closed.
 */
void eg_mark_enable(bool on);

#endif /* EG_MARK_H */
