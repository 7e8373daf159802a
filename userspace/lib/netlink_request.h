/* SPDX-License-Identifier: GPL-2.0 */
/* One request and its answers; for the other netlink_*.c alone. */
#ifndef EXECGATE_NETLINK_REQUEST_H
#define EXECGATE_NETLINK_REQUEST_H

#include <linux/netlink.h>
#include <stdbool.h>

#include "netlink.h"
#include "netlink_parse.h"

/* The start of a request of our family, in the connection's own buffer. */
struct nlmsghdr *execgate_netlink_request(struct execgate_netlink *nl,
					  uint8_t command, uint16_t flags);
/* Send it and hand each answer to @fn; @what begins the sentence of a failure. */
int execgate_netlink_run(struct execgate_netlink *nl,
			 const struct nlmsghdr *request, const char *what,
			 execgate_message_fn fn, void *arg,
			 struct execgate_error *err);
/* The one nested attribute @type of an answer; -EBADMSG. */
int execgate_netlink_nested(const uint8_t *data, size_t size, uint16_t type,
			    struct execgate_nlattr *out);
/*
 * A refusal that no privilege helps against, because the gate is locked or bound
 * by a signed policy: says so with what does help, and returns true.
 */
bool execgate_netlink_bound(const struct execgate_ack *ack, const char *what,
			    struct execgate_error *err);

#endif /* EXECGATE_NETLINK_REQUEST_H */
