/* SPDX-License-Identifier: GPL-2.0 */
/* The commands about the policy; rows of the table in netlink.c. */
#ifndef EG_NETLINK_POLICY_H
#define EG_NETLINK_POLICY_H

#include <linux/execgate.h>
#include <net/genetlink.h>

#define EG_NETLINK_GATES ((1U << EXECGATE_GATE_COUNT) - 1)

int eg_netlink_mode_set(struct sk_buff *skb, struct genl_info *info);
int eg_netlink_policy_set(struct sk_buff *skb, struct genl_info *info);
int eg_netlink_policy_load(struct sk_buff *skb, struct genl_info *info);

/* The signed policy in force as a nest, nothing without one. 0 or -EMSGSIZE. */
int eg_netlink_policy_put(struct sk_buff *skb, int type);

#endif /* EG_NETLINK_POLICY_H */
