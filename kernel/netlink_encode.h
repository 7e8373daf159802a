/* SPDX-License-Identifier: GPL-2.0 */
/* Kernel structures as attributes. All return 0 or -EMSGSIZE. */
#ifndef EG_NETLINK_ENCODE_H
#define EG_NETLINK_ENCODE_H

#include <linux/skbuff.h>

#include "event.h"
#include "keyring.h"

/* Room for one whatever is in it: two paths, an identity, digests, numbers. */
#define EG_NETLINK_EVENT_MAX (2 * EXECGATE_PATH_MAX + 1024)
#define EG_NETLINK_KEY_MAX 2048

int eg_netlink_put_counters(struct sk_buff *skb, int type);
int eg_netlink_put_event(struct sk_buff *skb, int type,
			 const struct eg_event *event);
/* @key->key is used: hold it. */
int eg_netlink_put_key(struct sk_buff *skb, int type, const struct eg_key *key);

#endif /* EG_NETLINK_ENCODE_H */
