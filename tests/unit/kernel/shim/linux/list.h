/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_LIST_H
#define SHIM_LINUX_LIST_H

#include <linux/kernel.h>

#define LIST_HEAD_INIT(name) { &(name), &(name) }
#define LIST_HEAD(name) struct list_head name = LIST_HEAD_INIT(name)

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	list->next = list;
	list->prev = list;
}

static inline bool list_empty(const struct list_head *head)
{
	return head->next == head;
}

static inline void list_add(struct list_head *new, struct list_head *head)
{
	new->next = head->next;
	new->prev = head;
	head->next->prev = new;
	head->next = new;
}

static inline void list_add_tail(struct list_head *new, struct list_head *head)
{
	list_add(new, head->prev);
}

/* Poisoned: who follows it afterwards crashes. */
static inline void list_del(struct list_head *entry)
{
	entry->next->prev = entry->prev;
	entry->prev->next = entry->next;
	entry->next = NULL;
	entry->prev = NULL;
}

static inline void list_del_init(struct list_head *entry)
{
	list_del(entry);
	INIT_LIST_HEAD(entry);
}

static inline bool hlist_empty(const struct hlist_head *head)
{
	return !head->first;
}

static inline void hlist_add_head(struct hlist_node *node,
				  struct hlist_head *head)
{
	node->next = head->first;
	node->pprev = &head->first;
	if (node->next)
		node->next->pprev = &node->next;
	head->first = node;
}

static inline void hlist_del(struct hlist_node *node)
{
	*node->pprev = node->next;
	if (node->next)
		node->next->pprev = node->pprev;
	node->pprev = NULL;
}

#define hlist_for_each_entry(pos, head, member)                                \
	for (struct hlist_node *node_ = (head)->first;                         \
	     node_ && (pos = container_of(node_, typeof(*pos), member), true); \
	     node_ = node_->next)

#define hlist_for_each_entry_safe(pos, next_, head, member)             \
	for (struct hlist_node *node_ = (head)->first;                  \
	     node_ && (pos = container_of(node_, typeof(*pos), member), \
		      next_ = node_->next, true);                       \
	     node_ = next_)

#define list_entry(pointer, type, member) container_of(pointer, type, member)
#define list_first_entry(head, type, member) \
	list_entry((head)->next, type, member)
#define list_for_each_entry(pos, head, member)                     \
	for (pos = list_entry((head)->next, typeof(*pos), member); \
	     &pos->member != (head);                               \
	     pos = list_entry(pos->member.next, typeof(*pos), member))

#define list_for_each_entry_safe(pos, other, head, member)              \
	for (pos = list_entry((head)->next, typeof(*pos), member),      \
	    other = list_entry(pos->member.next, typeof(*pos), member); \
	     &pos->member != (head); pos = other,                       \
	    other = list_entry(other->member.next, typeof(*other), member))

#endif /* SHIM_LINUX_LIST_H */
