/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_RCULIST_BL_H
#define SHIM_LINUX_RCULIST_BL_H

#include <linux/list_bl.h>
#include <linux/rcupdate.h>

#define hlist_bl_for_each_entry_rcu(entry, node, head, member)           \
	for (BUG_ON(!shim_rcu), node = (head)->first;                    \
	     node &&                                                     \
	     (entry = container_of(node, typeof(*entry), member), true); \
	     node = node->next)

#endif /* SHIM_LINUX_RCULIST_BL_H */
