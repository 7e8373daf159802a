// SPDX-License-Identifier: GPL-2.0
/* EVENT_LIST, and events as they come, to the group of listeners. */
#include "netlink/family.h"

#include <net/genetlink.h>

#include "core/event.h"
#include "netlink/encode.h"
#include "netlink/request.h"

int eg_netlink_event_start(struct netlink_callback *cb)
{
	struct nlattr *const *attrs = genl_info_dump(cb)->attrs;

	BUILD_BUG_ON(sizeof(cb->args[0]) < sizeof(u64));
	if (attrs[EXECGATE_A_SEQUENCE])
		cb->args[0] = nla_get_u64(attrs[EXECGATE_A_SEQUENCE]);
	/* One may be larger than what a reader gets who never read before. */
	cb->min_dump_alloc = EG_NETLINK_EVENT_MAX;
	return eg_netlink_start_dump(cb);
}

int eg_netlink_event_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct eg_event *event;
	int err = 0;

	while (!err && (event = eg_event_get(cb->args[0]))) {
		void *head =
			eg_netlink_dump_head(skb, cb, EXECGATE_CMD_EVENT_LIST);

		err = head ? eg_netlink_put_event(skb, EXECGATE_A_EVENT,
						  event) :
			     -EMSGSIZE;
		if (head)
			err = eg_netlink_dump_end(skb, head, err);
		if (!err)
			cb->args[0] = event->sequence + 1;
		eg_event_put(event);
	}
	return skb->len ?: err;
}

/* As many events as fit into one message; at least one always does. */
static struct sk_buff *next_message(u64 *sequence)
{
	struct eg_event *event;
	struct sk_buff *skb;
	void *head;
	int err = 0;

	skb = genlmsg_new(2 * EG_NETLINK_EVENT_MAX, GFP_KERNEL);
	if (!skb)
		return NULL;
	head = genlmsg_put(skb, 0, 0, &eg_netlink_family, 0,
			   EXECGATE_CMD_EVENT);
	while (!err && (event = eg_event_get(*sequence))) {
		err = eg_netlink_put_event(skb, EXECGATE_A_EVENT, event);
		if (!err)
			*sequence = event->sequence + 1;
		eg_event_put(event);
	}
	genlmsg_end(skb, head);
	return skb;
}

void eg_netlink_send_events(void)
{
	static u64 unsent = 1; /* the one worker's own */
	struct eg_event_counts counts;

	for (eg_event_counts(&counts); unsent < counts.next;
	     eg_event_counts(&counts)) {
		struct sk_buff *skb = NULL;
		u64 from = unsent;

		if (genl_has_listeners(&eg_netlink_family, &init_net,
				       EG_NETLINK_GROUP_EVENTS))
			skb = next_message(&unsent);
		/* Nobody, no memory, or only numbers without an event are left. */
		if (unsent == from)
			unsent = counts.next;
		/* A listener that cannot keep up sees ENOBUFS, then a gap. */
		if (skb)
			genlmsg_multicast(&eg_netlink_family, skb, 0,
					  EG_NETLINK_GROUP_EVENTS, GFP_KERNEL);
	}
}
