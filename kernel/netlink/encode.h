/* SPDX-License-Identifier: GPL-2.0 */
/* Kernel structures as attributes. All return 0 or -EMSGSIZE. */
#ifndef EG_NETLINK_ENCODE_H
#define EG_NETLINK_ENCODE_H

#include <linux/skbuff.h>

#include "core/event.h"
#include "rules/constrained.h"
#include "trust/catalog.h"
#include "trust/floor.h"
#include "trust/keyring.h"
#include "trust/revocation.h"

/* Room for one whatever is in it: its texts, an identity, digests, numbers. */
#define EG_NETLINK_EVENT_MAX                                                \
	(3 * EXECGATE_PATH_MAX + EXECGATE_CGROUP_MAX + EXECGATE_ARGV0_MAX + \
	 1024)
#define EG_NETLINK_CHECK_MAX (EG_NETLINK_EVENT_MAX + EXECGATE_RULES_MAX)
#define EG_NETLINK_STATUS_MAX \
	(4096 + EXECGATE_POLICY_FLOORS_MAX + EXECGATE_POLICY_USERS_MAX)
#define EG_NETLINK_KEY_MAX 2048
#define EG_NETLINK_CATALOG_MAX 512

int eg_netlink_put_counters(struct sk_buff *skb, int type);
int eg_netlink_put_event(struct sk_buff *skb, int type,
			 const struct eg_event *event);
/* The same of one that was only asked about. @rules: of processes, as text */
int eg_netlink_put_check(struct sk_buff *skb, int type,
			 const struct eg_event *event, const char *rules);
int eg_netlink_put_catalog(struct sk_buff *skb, int type,
			   const struct eg_catalog_info *info);
/* @key->key is used: hold it. */
int eg_netlink_put_key(struct sk_buff *skb, int type, const struct eg_key *key);

int eg_netlink_put_revocation(struct sk_buff *skb, int type,
			      const struct eg_revocation *revocation);
/* @info: name and sequence are used. */
int eg_netlink_put_revoked_catalog(struct sk_buff *skb, int type,
				   const struct eg_catalog_info *info);
int eg_netlink_put_floor(struct sk_buff *skb, int type,
			 const struct eg_floor *floor);
int eg_netlink_put_constraint(struct sk_buff *skb, int type,
			      const struct eg_constraint *item);

#endif /* EG_NETLINK_ENCODE_H */
