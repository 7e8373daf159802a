/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_LIST_BL_H
#define SHIM_LINUX_LIST_BL_H

#include <linux/kernel.h>

#include "shim.h"

struct hlist_bl_node {
	struct hlist_bl_node *next, **pprev;
};

struct hlist_bl_head {
	struct hlist_bl_node *first;
	bool held;
};

static inline void hlist_bl_lock(struct hlist_bl_head *head)
{
	BUG_ON(head->held);
	head->held = true;
	shim_atomic++;
}

static inline void hlist_bl_unlock(struct hlist_bl_head *head)
{
	BUG_ON(!head->held);
	head->held = false;
	shim_atomic--;
}

/* What changes a list holds its lock. */
static inline void hlist_bl_add_head_rcu(struct hlist_bl_node *node,
					 struct hlist_bl_head *head)
{
	BUG_ON(!head->held);
	node->next = head->first;
	node->pprev = &head->first;
	if (node->next)
		node->next->pprev = &node->next;
	head->first = node;
}

static inline void hlist_bl_del_rcu(struct hlist_bl_node *node)
{
	BUG_ON(!shim_atomic);
	*node->pprev = node->next;
	if (node->next)
		node->next->pprev = node->pprev;
	node->pprev = NULL;
}

#define hlist_bl_for_each_entry(entry, node, head, member)               \
	for (BUG_ON(!(head)->held), node = (head)->first;                \
	     node &&                                                     \
	     (entry = container_of(node, typeof(*entry), member), true); \
	     node = node->next)
#define hlist_bl_for_each_entry_safe(entry, node, n, head, member)      \
	for (BUG_ON(!(head)->held), node = (head)->first;               \
	     node &&                                                    \
	     (n = node->next,                                           \
	     entry = container_of(node, typeof(*entry), member), true); \
	     node = n)

#endif /* SHIM_LINUX_LIST_BL_H */
