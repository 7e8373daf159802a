// SPDX-License-Identifier: GPL-2.0
#include "rules/rule_set.h"

#include <linux/err.h>
#include <linux/slab.h>

struct eg_rule_set *eg_rule_set_get(struct eg_rule_set *set)
{
	if (set)
		refcount_inc(&set->references);
	return set;
}

void eg_rule_set_put(struct eg_rule_set *set)
{
	unsigned int i;

	if (!set || !refcount_dec_and_test(&set->references))
		return;
	for (i = 0; i < set->count; i++)
		eg_origin_put(set->origins[i]);
	eg_operands_put(set->operands);
	kfree_rcu(set, rcu);
}

/* There is one origin of the same bytes only, so that comparing them is enough. */
bool eg_rule_set_has(const struct eg_rule_set *set,
		     const struct eg_origin *origin)
{
	unsigned int i;

	for (i = 0; set && i < set->count; i++)
		if (set->origins[i] == origin)
			return true;
	return false;
}

/* Return: false: no memory. */
static bool take_operands(struct eg_rule_set *set,
			  const struct eg_rule_set *old,
			  const struct eg_cmdline *found, gfp_t gfp)
{
	struct eg_operands *before = old ? old->operands : NULL;

	if (!found || (!found->count && !found->lost)) {
		set->operands = eg_operands_get(before);
		return true;
	}
	set->operands = eg_operands_with(before, found, gfp);
	return set->operands;
}

struct eg_rule_set *eg_rule_set_with(const struct eg_rule_set *old,
				     struct eg_origin *origin,
				     const struct eg_cmdline *found, gfp_t gfp)
{
	unsigned int i, count = old ? old->count : 0;
	bool known = eg_rule_set_has(old, origin);
	struct eg_rule_set *set;

	if (count == EG_RULE_SET_ORIGINS && !known)
		return ERR_PTR(-E2BIG);
	set = kmalloc(struct_size(set, origins, count + !known),
		      gfp | __GFP_ACCOUNT);
	if (!set)
		return ERR_PTR(-ENOMEM);
	if (!take_operands(set, old, found, gfp)) {
		kfree(set);
		return ERR_PTR(-ENOMEM);
	}
	refcount_set(&set->references, 1);
	set->count = count + !known;
	set->reads = (old && old->reads) || eg_origin_reads_any(origin);
	for (i = 0; i < count; i++)
		set->origins[i] = eg_origin_get(old->origins[i]);
	if (!known)
		set->origins[count] = eg_origin_get(origin);
	return set;
}

void eg_rule_set_reads(const struct eg_rule_set *set,
		       const struct eg_opened *opened,
		       const struct inode *inode, struct eg_origin_read *out)
{
	bool operand = eg_operands_have(set->operands, opened, inode);
	unsigned int i;

	for (i = 0; i < set->count; i++)
		eg_origin_reads(set->origins[i], opened, operand, out);
}

enum eg_origin_worth eg_rule_set_judge(const struct eg_rule_set *set,
				       enum eg_rule_kind kind,
				       const struct eg_origin *subject)
{
	enum eg_origin_worth worth = EG_ORIGIN_GOOD;
	unsigned int i;

	for (i = 0; set && i < set->count; i++)
		worth = max(worth,
			    eg_origin_judge(set->origins[i], kind, subject));
	return worth;
}
