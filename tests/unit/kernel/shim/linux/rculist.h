/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_RCULIST_H
#define SHIM_LINUX_RCULIST_H

#include <linux/list.h>
#include <linux/rcupdate.h>

#define hlist_add_head_rcu(node, head) hlist_add_head(node, head)
/* Who is at it may go on from it. */
#define hlist_del_rcu(node) hlist_del(node)

/* @locked: it may be done under that lock, too. */
#define hlist_for_each_entry_rcu(pos, head, member, locked)                    \
	for (struct hlist_node *node_ =                                        \
		     (BUG_ON(!shim_rcu && !(locked)), (head)->first);          \
	     node_ && (pos = container_of(node_, typeof(*pos), member), true); \
	     node_ = node_->next)

#endif /* SHIM_LINUX_RCULIST_H */
