/* SPDX-License-Identifier: GPL-2.0 */
/* The commands, which are rows of the table in family.c, and what they share. */
#ifndef EG_NETLINK_REQUEST_H
#define EG_NETLINK_REQUEST_H

#include <linux/execgate.h>
#include <net/genetlink.h>

extern struct genl_family eg_netlink_family;

enum { EG_NETLINK_GROUP_EVENTS };

#define EG_NETLINK_GATES ((1U << EXECGATE_GATE_COUNT) - 1)

extern const struct nla_policy eg_netlink_key_policy[EXECGATE_K_MAX + 1];
extern const struct nla_policy eg_netlink_catalog_policy[EXECGATE_T_MAX + 1];
extern const struct nla_policy eg_netlink_revoke_policy[EXECGATE_V_MAX + 1];
extern const struct nla_policy eg_netlink_constrain_policy[EXECGATE_N_MAX + 1];

int eg_netlink_check(struct sk_buff *skb, struct genl_info *info);
int eg_netlink_mode_set(struct sk_buff *skb, struct genl_info *info);
int eg_netlink_policy_set(struct sk_buff *skb, struct genl_info *info);
int eg_netlink_policy_load(struct sk_buff *skb, struct genl_info *info);
int eg_netlink_key_add(struct sk_buff *skb, struct genl_info *info);
int eg_netlink_key_remove(struct sk_buff *skb, struct genl_info *info);
int eg_netlink_key_dump(struct sk_buff *skb, struct netlink_callback *cb);
int eg_netlink_catalog_add(struct sk_buff *skb, struct genl_info *info);
int eg_netlink_catalog_remove(struct sk_buff *skb, struct genl_info *info);
int eg_netlink_catalog_dump(struct sk_buff *skb, struct netlink_callback *cb);
int eg_netlink_revoke_add(struct sk_buff *skb, struct genl_info *info);
int eg_netlink_revoke_remove(struct sk_buff *skb, struct genl_info *info);
int eg_netlink_revoke_dump(struct sk_buff *skb, struct netlink_callback *cb);
int eg_netlink_constrain_add(struct sk_buff *skb, struct genl_info *info);
int eg_netlink_constrain_remove(struct sk_buff *skb, struct genl_info *info);
int eg_netlink_constrain_dump(struct sk_buff *skb, struct netlink_callback *cb);
int eg_netlink_event_start(struct netlink_callback *cb);
int eg_netlink_event_dump(struct sk_buff *skb, struct netlink_callback *cb);

/* The signed policy in force as a nest, nothing without one. 0 or -EMSGSIZE. */
int eg_netlink_policy_put(struct sk_buff *skb, int type);

/* An answer of @size bytes at most. NULL: no memory. */
struct sk_buff *eg_netlink_new_reply(struct genl_info *info, size_t size,
				     void **head);
/* Sends it, or frees it if @err. */
int eg_netlink_send_reply(struct sk_buff *skb, void *head, int err,
			  struct genl_info *info);

/* May the sender dump? */
int eg_netlink_start_dump(struct netlink_callback *cb);
/* One item of a dump, between these two. NULL: it is full. */
void *eg_netlink_dump_head(struct sk_buff *skb, struct netlink_callback *cb,
			   u8 cmd);
int eg_netlink_dump_end(struct sk_buff *skb, void *head, int err);

#endif /* EG_NETLINK_REQUEST_H */
