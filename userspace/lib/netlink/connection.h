/* SPDX-License-Identifier: GPL-2.0 */
/* A socket, one request on it and its answers; for the files of this room. */
#ifndef EXECGATE_NETLINK_CONNECTION_H
#define EXECGATE_NETLINK_CONNECTION_H

#include <linux/netlink.h>
#include <stdbool.h>

#include "lib/base/error.h"
#include "lib/netlink/parse.h"

struct execgate_netlink;

/* Is execgate a part of the running kernel, and no module, whether or not it gates? */
bool execgate_netlink_built_in(void);

int execgate_netlink_open(struct execgate_netlink **out,
			  struct execgate_error *err);
/* Accepts NULL. */
void execgate_netlink_close(struct execgate_netlink *nl);

int execgate_netlink_fd(const struct execgate_netlink *nl);
/* Messages ignored because they did not come from the kernel. */
uint64_t execgate_netlink_foreign(const struct execgate_netlink *nl);

/*
 * A socket of its own that gets every event from now on. It never blocks: poll
 * execgate_netlink_fd(). It carries no requests.
 */
int execgate_netlink_subscribe(struct execgate_netlink **out,
			       struct execgate_error *err);
/* Each message of one datagram, if there is one: -EAGAIN, -ENOBUFS: some are lost. */
int execgate_netlink_receive(struct execgate_netlink *nl,
			     execgate_message_fn fn, void *arg,
			     struct execgate_error *err);

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
#endif /* EXECGATE_NETLINK_CONNECTION_H */
