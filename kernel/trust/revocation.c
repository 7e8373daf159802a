// SPDX-License-Identifier: GPL-2.0
/*
 * Locking: change_lock serialises what changes; readers hold the RCU read lock
 * and see the whole old list or the whole new one. Lists are immutable.
 */
#include "trust/revocation.h"

#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "core/policy.h"

struct list {
	unsigned int count;
	struct eg_revocation items[]; /* ascending, no doubles */
};

static DEFINE_MUTEX(change_lock);
static struct list __rcu *current_list; /* NULL while it is empty */

static int compare_items(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct eg_revocation));
}

static const struct eg_revocation *find(const struct list *list,
					const struct eg_revocation *wanted)
{
	unsigned int low = 0, high = list ? list->count : 0;

	while (low < high) {
		unsigned int mid = low + (high - low) / 2;
		int order = compare_items(&list->items[mid], wanted);

		if (!order)
			return &list->items[mid];
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

bool eg_revocation_has(enum execgate_revocation_kind kind,
		       const u8 value[EXECGATE_FINGERPRINT_SIZE])
{
	struct eg_revocation wanted = { .kind = kind };
	bool found;

	memcpy(wanted.value, value, sizeof(wanted.value));
	rcu_read_lock();
	found = find(rcu_dereference(current_list), &wanted);
	rcu_read_unlock();
	return found;
}

static struct list *mine(void)
{
	return rcu_dereference_protected(current_list,
					 lockdep_is_held(&change_lock));
}

static void publish_list(struct list *new)
{
	struct list *old = mine();

	rcu_assign_pointer(current_list, new);
	/* After the list: a judgement that saw the old one is not kept. */
	eg_policy_advance_epoch();
	synchronize_rcu();
	kvfree(old);
}

static void drop_doubles(struct list *list)
{
	unsigned int i, kept = 0;

	for (i = 0; i < list->count; i++)
		if (!kept ||
		    compare_items(&list->items[kept - 1], &list->items[i]))
			list->items[kept++] = list->items[i];
	list->count = kept;
}

static int add_item(const struct eg_revocation *items, unsigned int count)
{
	const struct list *old = mine();
	unsigned int had = old ? old->count : 0;
	struct list *new;

	/* Both are bounded, so the sum is. */
	new = kvmalloc(struct_size(new, items, had + count),
		       GFP_KERNEL_ACCOUNT);
	if (!new)
		return -ENOMEM;
	new->count = had + count;
	if (had)
		memcpy(new->items, old->items, had * sizeof(*items));
	memcpy(new->items + had, items, count * sizeof(*items));
	sort(new->items, new->count, sizeof(*items), compare_items, NULL);
	drop_doubles(new);
	if (new->count > EXECGATE_REVOCATIONS_MAX) {
		kvfree(new);
		return -ENOSPC;
	}
	publish_list(new);
	return 0;
}

int eg_revocation_add(const struct eg_revocation *items, unsigned int count)
{
	int err;

	if (count > EXECGATE_REVOKE_BATCH)
		return -E2BIG;
	mutex_lock(&change_lock);
	err = count ? add_item(items, count) : 0;
	mutex_unlock(&change_lock);
	return err;
}

static int take_out(const struct eg_revocation *item)
{
	const struct list *old = mine();
	const struct eg_revocation *at = find(old, item);
	struct list *new = NULL;
	size_t before;

	if (!at)
		return -ENOENT;
	if (old->count > 1) {
		new = kvmalloc(struct_size(new, items, old->count - 1),
			       GFP_KERNEL_ACCOUNT);
		if (!new)
			return -ENOMEM;
		before = at - old->items;
		new->count = old->count - 1;
		memcpy(new->items, old->items, before * sizeof(*at));
		memcpy(new->items + before, at + 1,
		       (new->count - before) * sizeof(*at));
	}
	publish_list(new);
	return 0;
}

int eg_revocation_remove(const struct eg_revocation *item)
{
	int err;

	mutex_lock(&change_lock);
	err = take_out(item);
	mutex_unlock(&change_lock);
	return err;
}

bool eg_revocation_get(unsigned int index, struct eg_revocation *out)
{
	const struct list *list;
	bool found;

	rcu_read_lock();
	list = rcu_dereference(current_list);
	found = list && index < list->count;
	if (found)
		*out = list->items[index];
	rcu_read_unlock();
	return found;
}

unsigned int eg_revocation_count(void)
{
	const struct list *list;
	unsigned int count;

	rcu_read_lock();
	list = rcu_dereference(current_list);
	count = list ? list->count : 0;
	rcu_read_unlock();
	return count;
}

void eg_revocation_exit(void)
{
	kvfree(rcu_dereference_protected(current_list, 1));
}
