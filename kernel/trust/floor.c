// SPDX-License-Identifier: GPL-2.0
/*
 * Locking: change_lock serialises what changes, and is held from preparing to
 * committing; readers hold the RCU read lock and see the whole old list or the
 * whole new one. Lists are immutable.
 */
#include "trust/floor.h"

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "core/policy.h"

struct eg_floor_change {
	unsigned int count;
	struct eg_floor items[]; /* ascending by name, no doubles */
};

static DEFINE_MUTEX(change_lock);
static struct eg_floor_change __rcu *current_list; /* NULL while it is empty */

static int compare_names(const struct eg_floor *a, struct eg_bytes name)
{
	if (a->name_size != name.size)
		return a->name_size < name.size ? -1 : 1;
	return memcmp(a->name, name.data, name.size);
}

static struct eg_bytes name_of(const struct eg_floor *floor)
{
	return (struct eg_bytes){ (const u8 *)floor->name, floor->name_size };
}

static int compare_floors(const void *a, const void *b)
{
	return compare_names(a, name_of(b));
}

static const struct eg_floor *find_floor(const struct eg_floor_change *list,
					 struct eg_bytes name)
{
	unsigned int low = 0, high = list ? list->count : 0;

	while (low < high) {
		unsigned int mid = low + (high - low) / 2;
		int order = compare_names(&list->items[mid], name);

		if (!order)
			return &list->items[mid];
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

enum eg_floor_worth eg_floor_judge(struct eg_bytes name, u64 version)
{
	enum eg_floor_worth worth = EG_FLOOR_GOOD;
	const struct eg_floor *floor;

	rcu_read_lock();
	floor = find_floor(rcu_dereference(current_list), name);
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

static struct eg_floor_change *mine(void)
{
	return rcu_dereference_protected(current_list,
					 lockdep_is_held(&change_lock));
}

static void publish_list(struct eg_floor_change *new)
{
	struct eg_floor_change *old = mine();

	rcu_assign_pointer(current_list, new);
	/* After the list: a judgement that saw the old one is not kept. */
	eg_policy_advance_epoch();
	synchronize_rcu();
	kvfree(old);
}

static void join_doubles(struct eg_floor_change *list)
{
	unsigned int i, strength, kept = 0;

	for (i = 0; i < list->count; i++) {
		struct eg_floor *last = &list->items[kept - !!kept];

		if (!kept || compare_floors(last, &list->items[i])) {
			list->items[kept++] = list->items[i];
			continue;
		}
		for (strength = 0; strength < EG_RULE_STRENGTH_COUNT;
		     strength++)
			last->below[strength] =
				max(last->below[strength],
				    list->items[i].below[strength]);
	}
	list->count = kept;
}

static struct eg_floor_change *raise_all(const struct eg_floor *items,
					 unsigned int count)
{
	const struct eg_floor_change *old = mine();
	unsigned int had = old ? old->count : 0;
	struct eg_floor_change *new;

	if (count > EXECGATE_FLOORS_MAX)
		return ERR_PTR(-ENOSPC);
	/* Both are bounded, so the sum is. */
	new = kvmalloc(struct_size(new, items, had + count),
		       GFP_KERNEL_ACCOUNT);
	if (!new)
		return ERR_PTR(-ENOMEM);
	new->count = had + count;
	if (had)
		memcpy(new->items, old->items, had * sizeof(*items));
	if (count)
		memcpy(new->items + had, items, count * sizeof(*items));
	sort(new->items, new->count, sizeof(*items), compare_floors, NULL);
	join_doubles(new);
	if (new->count <= EXECGATE_FLOORS_MAX)
		return new;
	kvfree(new);
	return ERR_PTR(-ENOSPC);
}

struct eg_floor_change *eg_floor_prepare(const struct eg_floor *items,
					 unsigned int count)
{
	struct eg_floor_change *change;

	mutex_lock(&change_lock);
	change = raise_all(items, count);
	if (IS_ERR(change))
		mutex_unlock(&change_lock);
	return change;
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

struct eg_floor_change *
eg_floor_prepare_manifest(const struct eg_manifest *manifest)
{
	struct eg_floor_change *change;
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

struct eg_floor_change *eg_floor_prepare_policy(struct eg_bytes floors)
{
	unsigned int i, count = count_floors(floors);
	struct eg_floor_change *change;
	struct eg_policy_floor floor;
	struct eg_floor *items = NULL;

	if (count) {
		items = kvmalloc_array(count, sizeof(*items),
				       GFP_KERNEL_ACCOUNT);
		if (!items)
			return ERR_PTR(-ENOMEM);
	}
	for (i = 0; i < count && eg_policy_floor_next(&floors, &floor); i++)
		eg_floor_fill(&items[i], floor.name, floor.below, EG_RULE_DENY);
	change = eg_floor_prepare(items, count);
	kvfree(items);
	return change;
}

static bool is_same(const struct eg_floor_change *new)
{
	const struct eg_floor_change *old = mine();

	return new->count == (old ? old->count : 0) &&
	       (!old || !memcmp(new->items, old->items,
				new->count * sizeof(*new->items)));
}

void eg_floor_commit(struct eg_floor_change *change)
{
	/* Catalogs are loaded again and again: no verdict is void for nothing. */
	if (is_same(change))
		kvfree(change);
	else
		publish_list(change);
	mutex_unlock(&change_lock);
}

void eg_floor_give_up(struct eg_floor_change *change)
{
	kvfree(change);
	mutex_unlock(&change_lock);
}

int eg_floor_raise(const struct eg_floor *items, unsigned int count)
{
	struct eg_floor_change *change = eg_floor_prepare(items, count);

	if (IS_ERR(change))
		return PTR_ERR(change);
	eg_floor_commit(change);
	return 0;
}

static struct eg_floor_change *new_list(unsigned int count)
{
	struct eg_floor_change *new;

	new = kvmalloc(struct_size(new, items, count), GFP_KERNEL_ACCOUNT);
	if (new)
		new->count = count;
	return new;
}

static int lower(const struct eg_floor_change *old, const struct eg_floor *at,
		 u64 keep)
{
	struct eg_floor_change *new;
	struct eg_floor *lowered;

	if (at->below[EG_RULE_DENY] <= keep && !at->below[EG_RULE_REPORT])
		return -EPERM;
	new = new_list(old->count);
	if (!new)
		return -ENOMEM;
	memcpy(new->items, old->items, old->count * sizeof(*at));
	lowered = &new->items[at - old->items];
	eg_floor_fill(lowered, name_of(at), min(keep, at->below[EG_RULE_DENY]),
		      EG_RULE_DENY);
	publish_list(new);
	return 0;
}

static int take_out(struct eg_bytes name, u64 keep)
{
	const struct eg_floor_change *old = mine();
	const struct eg_floor *at = find_floor(old, name);
	struct eg_floor_change *new = NULL;
	size_t before;

	if (!at)
		return -ENOENT;
	if (keep)
		return lower(old, at, keep);
	if (old->count > 1) {
		new = new_list(old->count - 1);
		if (!new)
			return -ENOMEM;
		before = at - old->items;
		memcpy(new->items, old->items, before * sizeof(*at));
		memcpy(new->items + before, at + 1,
		       (new->count - before) * sizeof(*at));
	}
	publish_list(new);
	return 0;
}

int eg_floor_remove(struct eg_bytes name, u64 keep)
{
	int err;

	mutex_lock(&change_lock);
	err = take_out(name, keep);
	mutex_unlock(&change_lock);
	return err;
}

bool eg_floor_get(unsigned int index, struct eg_floor *out)
{
	const struct eg_floor_change *list;
	bool found;

	rcu_read_lock();
	list = rcu_dereference(current_list);
	found = list && index < list->count;
	if (found)
		*out = list->items[index];
	rcu_read_unlock();
	return found;
}

unsigned int eg_floor_count(void)
{
	const struct eg_floor_change *list;
	unsigned int count;

	rcu_read_lock();
	list = rcu_dereference(current_list);
	count = list ? list->count : 0;
	rcu_read_unlock();
	return count;
}

void eg_floor_exit(void)
{
	kvfree(rcu_dereference_protected(current_list, 1));
}
