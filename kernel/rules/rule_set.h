/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rules that bind a process: immutable, counted, shared by processes (mark.h).
 * Freed a grace period after the last reference: until then those under the RCU read
 * lock may look at what it says itself, but not at its operands and origins.
 */
#ifndef EG_RULE_SET_H
#define EG_RULE_SET_H

#include <linux/rcupdate.h>
#include <linux/refcount.h>

#include "rules/operands.h"
#include "rules/origin.h"

/* Different identities with rules in one process. */
#define EG_RULE_SET_ORIGINS 16

struct eg_rule_set {
	refcount_t references;
	unsigned int count;
	bool reads; /* one of them has rules of what is read */
	struct rcu_head rcu;
	struct eg_operands *operands; /* a reference, or NULL: none */
	struct eg_origin *origins[];  /* different ones; a reference each */
};

/* Any context; NULL is none. */
struct eg_rule_set *eg_rule_set_get(struct eg_rule_set *set);
void eg_rule_set_put(struct eg_rule_set *set);

bool eg_rule_set_has(const struct eg_rule_set *set,
		     const struct eg_origin *origin);

/**
 * eg_rule_set_with() - one with an origin more
 * @old: or NULL
 * @found: what the command line names besides, or NULL
 *
 * Return: a reference; ERR_PTR of -ENOMEM, -E2BIG.
 */
struct eg_rule_set *eg_rule_set_with(const struct eg_rule_set *old,
				     struct eg_origin *origin,
				     const struct eg_cmdline *found, gfp_t gfp);

/**
 * eg_rule_set_reads() - what do these say of a file that current opens to read?
 * @out: what they say is added to it
 */
void eg_rule_set_reads(const struct eg_rule_set *set,
		       const struct eg_opened *opened,
		       const struct inode *inode, struct eg_origin_read *out);

/**
 * eg_rule_set_judge() - the worst that these say of a file that is loaded or started
 * @set: or NULL
 * @kind: EG_RULE_LIBRARIES or EG_RULE_STARTS
 * @subject: origin of the file, or NULL
 */
enum eg_origin_worth eg_rule_set_judge(const struct eg_rule_set *set,
				       enum eg_rule_kind kind,
				       const struct eg_origin *subject);

#endif /* EG_RULE_SET_H */
