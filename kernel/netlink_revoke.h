/* SPDX-License-Identifier: GPL-2.0 */
/* The commands that revoke; rows of the table in netlink.c. */
#ifndef EG_NETLINK_REVOKE_H
#define EG_NETLINK_REVOKE_H

#include <linux/execgate.h>
#include <net/genetlink.h>

extern const struct nla_policy eg_netlink_revoke_policy[EXECGATE_V_MAX + 1];

int eg_netlink_revoke_add(struct sk_buff *skb, struct genl_info *info);
int eg_netlink_revoke_remove(struct sk_buff *skb, struct genl_info *info);
int eg_netlink_revoke_dump(struct sk_buff *skb, struct netlink_callback *cb);

/* Of netlink.c: one item of a dump, between these two. NULL: it is full. */
void *eg_netlink_dump_head(struct sk_buff *skb, struct netlink_callback *cb,
			   u8 cmd);
int eg_netlink_dump_end(struct sk_buff *skb, void *head, int err);

#endif /* EG_NETLINK_REVOKE_H */
