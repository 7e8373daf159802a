/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A sorted list that many look into and few change: it is never changed but replaced
 * whole. Readers hold the RCU read lock and see the whole old one or the whole new one.
 */
#ifndef EG_SORTED_LIST_H
#define EG_SORTED_LIST_H

#include <linux/mutex.h>
#include <linux/types.h>

/* One version of a list: immutable once it is published. */
struct eg_sorted;

/* Return: as memcmp(), of an item and what it is compared with. */
typedef int (*eg_sorted_compare)(const void *item, const void *other);

/**
 * struct eg_sorted_list - static, set up by EG_SORTED_LIST()
 * @size: of an item
 * @max: items at most
 * @compare: two items
 * @join: makes one of two that compare equal; NULL: they are the same
 * @change: serialises what changes; held from preparing to committing
 * @now: NULL while it is empty
 */
struct eg_sorted_list {
	size_t size;
	unsigned int max;
	eg_sorted_compare compare;
	void (*join)(void *kept, const void *other);
	struct mutex change;
	struct eg_sorted __rcu *now;
};

#define EG_SORTED_LIST(name, type, most, order, joined)                  \
	struct eg_sorted_list name = { sizeof(type),                     \
				       (most),                           \
				       (order),                          \
				       (joined),                         \
				       __MUTEX_INITIALIZER(name.change), \
				       NULL }

/* The RCU read lock is held, or @change. Logarithmic. Return: the item or NULL. */
const void *eg_sorted_find(const struct eg_sorted_list *list, const void *key,
			   eg_sorted_compare compare);

/**
 * eg_sorted_prepare() - make a version that has @items, too
 *
 * Everybody else who changes the list waits until it is committed, which cannot
 * fail, or given up. Process context. Return: ERR_PTR(-ENOSPC), ERR_PTR(-ENOMEM).
 */
struct eg_sorted *eg_sorted_prepare(struct eg_sorted_list *list,
				    const void *items, unsigned int count);
/* Verdicts that rest on the old version are void when it returns. */
void eg_sorted_commit(struct eg_sorted_list *list, struct eg_sorted *new);
void eg_sorted_give_up(struct eg_sorted_list *list, struct eg_sorted *new);
/* An item of a prepared version, to be changed so that it keeps its place; or NULL. */
void *eg_sorted_find_new(const struct eg_sorted_list *list,
			 struct eg_sorted *new, const void *key,
			 eg_sorted_compare compare);
/* Does a prepared version say what the list says already? */
bool eg_sorted_is_now(const struct eg_sorted_list *list,
		      const struct eg_sorted *new);

/* Take one out. Return: 0, -ENOENT, -ENOMEM. */
int eg_sorted_remove(struct eg_sorted_list *list, const void *key,
		     eg_sorted_compare compare);

/* The @index'th of the list. Return: false at the end. */
bool eg_sorted_get(const struct eg_sorted_list *list, unsigned int index,
		   void *out);
unsigned int eg_sorted_count(const struct eg_sorted_list *list);

/* Nobody uses it any more. */
void eg_sorted_free(struct eg_sorted_list *list);

#endif /* EG_SORTED_LIST_H */
