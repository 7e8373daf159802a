// SPDX-License-Identifier: GPL-2.0
#include "trust/floor.h"

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "trust/sorted_list.h"

static struct eg_bytes name_of(const struct eg_floor *floor)
{
	return (struct eg_bytes){ (const u8 *)floor->name, floor->name_size };
}

/* @name: a struct eg_bytes */
static int compare_name(const void *floor, const void *name)
{
	const struct eg_bytes mine = name_of(floor), *other = name;

	if (mine.size != other->size)
		return mine.size < other->size ? -1 : 1;
	return memcmp(mine.data, other->data, mine.size);
}

static int compare_floors(const void *a, const void *b)
{
	const struct eg_bytes name = name_of(b);

	return compare_name(a, &name);
}

static void join_floors(void *kept, const void *other)
{
	struct eg_floor *last = kept;
	const struct eg_floor *raised = other;
	unsigned int strength;

	for (strength = 0; strength < EG_RULE_STRENGTH_COUNT; strength++)
		last->below[strength] =
			max(last->below[strength], raised->below[strength]);
}

static EG_SORTED_LIST(floors, struct eg_floor, EXECGATE_FLOORS_MAX,
		      compare_floors, join_floors);

enum eg_floor_worth eg_floor_judge(struct eg_bytes name, u64 version)
{
	enum eg_floor_worth worth = EG_FLOOR_GOOD;
	const struct eg_floor *floor;

	rcu_read_lock();
	floor = eg_sorted_find(&floors, &name, compare_name);
	if (floor && version < floor->below[EG_RULE_DENY])
		worth = EG_FLOOR_BELOW;
	else if (floor && version < floor->below[EG_RULE_REPORT])
		worth = EG_FLOOR_REPORTED;
	rcu_read_unlock();
	return worth;
}

void eg_floor_fill(struct eg_floor *floor, struct eg_bytes name, u64 below,
		   enum eg_rule_strength strength)
{
	memset(floor, 0, sizeof(*floor));
	floor->name_size = name.size;
	memcpy(floor->name, name.data, name.size);
	floor->below[strength] = below;
}

struct eg_sorted *eg_floor_prepare(const struct eg_floor *items,
				   unsigned int count)
{
	return eg_sorted_prepare(&floors, items, count);
}

/* Return: 1 if the rules say which versions count, 0, or -EBADMSG. */
static int take_rule(struct eg_floor *floor,
		     const struct eg_manifest_identity *identity)
{
	struct eg_bytes rules = identity->rules;
	struct eg_rule rule;

	/* Kinds ascend, and this is the first. */
	if (!eg_rules_next(&rules, &rule) || rule.kind != EG_RULE_VERSION)
		return 0;
	/* The list is shown to people and kept in a text. */
	if (memchr(identity->name.data, 0, identity->name.size))
		return -EBADMSG;
	if (floor)
		eg_floor_fill(floor, identity->name, eg_rule_number(rule.text),
			      rule.strength);
	return 1;
}

/* How many floors a manifest has, or -errno; with @out they are written there. */
static int take_rules(const struct eg_manifest *m, struct eg_floor *out)
{
	struct eg_manifest_identity identity;
	int took, count = 0;
	u32 i;

	for (i = 0; i < m->identity_count; i++) {
		eg_manifest_identity_at(m, i, &identity);
		took = take_rule(out ? &out[count] : NULL, &identity);
		if (took < 0)
			return took;
		count += took;
		if (count > EXECGATE_FLOORS_MAX)
			return -ENOSPC;
		if (!(i % 4096))
			cond_resched();
	}
	return count;
}

struct eg_sorted *eg_floor_prepare_manifest(const struct eg_manifest *manifest)
{
	struct eg_sorted *change;
	struct eg_floor *items = NULL;
	int count;

	count = take_rules(manifest, NULL);
	if (count < 0)
		return ERR_PTR(count);
	if (count) {
		items = kvmalloc_array(count, sizeof(*items),
				       GFP_KERNEL_ACCOUNT);
		if (!items)
			return ERR_PTR(-ENOMEM);
		take_rules(manifest, items);
	}
	change = eg_floor_prepare(items, count);
	kvfree(items);
	return change;
}

static unsigned int count_floors(struct eg_bytes floors)
{
	struct eg_policy_floor floor;
	unsigned int count = 0;

	while (eg_policy_floor_next(&floors, &floor))
		count++;
	return count;
}

struct eg_sorted *eg_floor_prepare_policy(struct eg_bytes said)
{
	unsigned int i, count = count_floors(said);
	struct eg_policy_floor floor;
	struct eg_floor *items = NULL;
	struct eg_sorted *change;

	if (count) {
		items = kvmalloc_array(count, sizeof(*items),
				       GFP_KERNEL_ACCOUNT);
		if (!items)
			return ERR_PTR(-ENOMEM);
	}
	for (i = 0; i < count && eg_policy_floor_next(&said, &floor); i++)
		eg_floor_fill(&items[i], floor.name, floor.below, EG_RULE_DENY);
	change = eg_floor_prepare(items, count);
	kvfree(items);
	return change;
}

void eg_floor_commit(struct eg_sorted *change)
{
	/* Catalogs are loaded again and again: no verdict is void for nothing. */
	if (eg_sorted_is_now(&floors, change))
		eg_sorted_give_up(&floors, change);
	else
		eg_sorted_commit(&floors, change);
}

void eg_floor_give_up(struct eg_sorted *change)
{
	eg_sorted_give_up(&floors, change);
}

int eg_floor_raise(const struct eg_floor *items, unsigned int count)
{
	struct eg_sorted *change = eg_floor_prepare(items, count);

	if (IS_ERR(change))
		return PTR_ERR(change);
	eg_floor_commit(change);
	return 0;
}

static int lower(struct eg_sorted *change, struct eg_bytes name, u64 keep)
{
	struct eg_floor *floor =
		eg_sorted_find_new(&floors, change, &name, compare_name);

	if (!floor)
		return -ENOENT;
	if (floor->below[EG_RULE_DENY] <= keep && !floor->below[EG_RULE_REPORT])
		return -EPERM;
	floor->below[EG_RULE_DENY] = min(keep, floor->below[EG_RULE_DENY]);
	floor->below[EG_RULE_REPORT] = 0;
	return 0;
}

int eg_floor_remove(struct eg_bytes name, u64 keep)
{
	struct eg_sorted *change;
	int err;

	if (!keep)
		return eg_sorted_remove(&floors, &name, compare_name);
	change = eg_floor_prepare(NULL, 0);
	if (IS_ERR(change))
		return PTR_ERR(change);
	err = lower(change, name, keep);
	if (err)
		eg_sorted_give_up(&floors, change);
	else
		eg_sorted_commit(&floors, change);
	return err;
}

bool eg_floor_get(unsigned int index, struct eg_floor *out)
{
	return eg_sorted_get(&floors, index, out);
}

unsigned int eg_floor_count(void)
{
	return eg_sorted_count(&floors);
}

void eg_floor_exit(void)
{
	eg_sorted_free(&floors);
}
