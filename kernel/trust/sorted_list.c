// SPDX-License-Identifier: GPL-2.0
#include "trust/sorted_list.h"

#include <linux/err.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>

#include "core/policy.h"

struct eg_sorted {
	unsigned int count;
	u64 items[]; /* aligned for any; ascending, no doubles */
};

static void *item_at(const struct eg_sorted_list *list,
		     const struct eg_sorted *version, unsigned int index)
{
	return (u8 *)version->items + index * list->size;
}

/* @change is held. */
static struct eg_sorted *own_version(const struct eg_sorted_list *list)
{
	return rcu_dereference_protected(list->now,
					 lockdep_is_held(&list->change));
}

static void *find_in(const struct eg_sorted_list *list,
		     const struct eg_sorted *version, const void *key,
		     eg_sorted_compare compare)
{
	unsigned int low = 0, high = version ? version->count : 0;

	while (low < high) {
		unsigned int mid = low + (high - low) / 2;
		void *item = item_at(list, version, mid);
		int order = compare(item, key);

		if (!order)
			return item;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

const void *eg_sorted_find(const struct eg_sorted_list *list, const void *key,
			   eg_sorted_compare compare)
{
	return find_in(list,
		       rcu_dereference_check(list->now,
					     lockdep_is_held(&list->change)),
		       key, compare);
}

void *eg_sorted_find_new(const struct eg_sorted_list *list,
			 struct eg_sorted *new, const void *key,
			 eg_sorted_compare compare)
{
	return find_in(list, new, key, compare);
}

/* Counts are bounded by the list's, and items are small: no sum is too large. */
static struct eg_sorted *new_version(const struct eg_sorted_list *list,
				     unsigned int count)
{
	struct eg_sorted *new =
		kvmalloc(sizeof(*new) + count * list->size, GFP_KERNEL_ACCOUNT);

	if (new)
		new->count = count;
	return new;
}

static void publish_version(struct eg_sorted_list *list, struct eg_sorted *new)
{
	struct eg_sorted *old = own_version(list);

	rcu_assign_pointer(list->now, new);
	/* After the list: a judgement that saw the old one is not kept. */
	eg_policy_advance_epoch();
	synchronize_rcu();
	kvfree(old);
}

static void join_doubles(const struct eg_sorted_list *list,
			 struct eg_sorted *version)
{
	unsigned int i, kept = 0;

	for (i = 0; i < version->count; i++) {
		void *item = item_at(list, version, i);
		void *last = item_at(list, version, kept - !!kept);

		if (!kept || list->compare(last, item))
			memmove(item_at(list, version, kept++), item,
				list->size);
		else if (list->join)
			list->join(last, item);
	}
	version->count = kept;
}

static struct eg_sorted *add_items(const struct eg_sorted_list *list,
				   const void *items, unsigned int count)
{
	const struct eg_sorted *old = own_version(list);
	unsigned int had = old ? old->count : 0;
	struct eg_sorted *new;

	if (count > list->max)
		return ERR_PTR(-ENOSPC);
	new = new_version(list, had + count);
	if (!new)
		return ERR_PTR(-ENOMEM);
	if (had)
		memcpy(new->items, old->items, had * list->size);
	if (count)
		memcpy(item_at(list, new, had), items, count * list->size);
	sort(new->items, new->count, list->size, list->compare, NULL);
	join_doubles(list, new);
	if (new->count <= list->max)
		return new;
	kvfree(new);
	return ERR_PTR(-ENOSPC);
}

struct eg_sorted *eg_sorted_prepare(struct eg_sorted_list *list,
				    const void *items, unsigned int count)
{
	struct eg_sorted *new;

	mutex_lock(&list->change);
	new = add_items(list, items, count);
	if (IS_ERR(new))
		mutex_unlock(&list->change);
	return new;
}

void eg_sorted_commit(struct eg_sorted_list *list, struct eg_sorted *new)
{
	publish_version(list, new);
	mutex_unlock(&list->change);
}

void eg_sorted_give_up(struct eg_sorted_list *list, struct eg_sorted *new)
{
	kvfree(new);
	mutex_unlock(&list->change);
}

bool eg_sorted_is_now(const struct eg_sorted_list *list,
		      const struct eg_sorted *new)
{
	const struct eg_sorted *old = own_version(list);

	return new->count == (old ? old->count : 0) &&
	       (!old ||
		!memcmp(new->items, old->items, new->count * list->size));
}

static int take_out(struct eg_sorted_list *list, const void *key,
		    eg_sorted_compare compare)
{
	const struct eg_sorted *old = own_version(list);
	const u8 *at = eg_sorted_find(list, key, compare);
	struct eg_sorted *new = NULL;
	size_t before;

	if (!at)
		return -ENOENT;
	if (old->count > 1) {
		new = new_version(list, old->count - 1);
		if (!new)
			return -ENOMEM;
		before = at - (const u8 *)old->items;
		memcpy(new->items, old->items, before);
		memcpy((u8 *)new->items + before, at + list->size,
		       new->count * list->size - before);
	}
	publish_version(list, new);
	return 0;
}

int eg_sorted_remove(struct eg_sorted_list *list, const void *key,
		     eg_sorted_compare compare)
{
	int err;

	mutex_lock(&list->change);
	err = take_out(list, key, compare);
	mutex_unlock(&list->change);
	return err;
}

bool eg_sorted_get(const struct eg_sorted_list *list, unsigned int index,
		   void *out)
{
	const struct eg_sorted *version;
	bool found;

	rcu_read_lock();
	version = rcu_dereference(list->now);
	found = version && index < version->count;
	if (found)
		memcpy(out, item_at(list, version, index), list->size);
	rcu_read_unlock();
	return found;
}

unsigned int eg_sorted_count(const struct eg_sorted_list *list)
{
	const struct eg_sorted *version;
	unsigned int count;

	rcu_read_lock();
	version = rcu_dereference(list->now);
	count = version ? version->count : 0;
	rcu_read_unlock();
	return count;
}

void eg_sorted_free(struct eg_sorted_list *list)
{
	kvfree(rcu_dereference_protected(list->now, 1));
}
