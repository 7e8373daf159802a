/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The payload of the family's messages, apart from the sockets so that tests
 * and the fuzzer can hand in any bytes. The kernel is trusted, yet a bug or a
 * version apart must end in an error, not in a crash of a root daemon: an
 * attribute that is cut, too short, too long or there twice is -EBADMSG, one
 * with an unknown number is skipped (a newer module may send more).
 */
#ifndef EXECGATE_NETLINK_PARSE_H
#define EXECGATE_NETLINK_PARSE_H

#include <stddef.h>
#include <stdint.h>

#include "lib/catalog/revoked.h"
#include "lib/crypto/key.h"
#include "lib/netlink/event.h"
#include "lib/netlink/loaded_catalog.h"

struct nlmsghdr;

/* One attribute; @data points into the message. */
struct execgate_nlattr {
	uint16_t type;
	const uint8_t *data;
	size_t size;
};

/*
 * Take the attribute at the front of @data[*size] and step over it. 1: @out is
 * filled. 0: none is left. -EBADMSG: what is left is not an attribute.
 */
int execgate_nlattr_next(const uint8_t **data, size_t *size,
			 struct execgate_nlattr *out);

/* Attributes of a STATUS reply. */
int execgate_parse_status(const uint8_t *data, size_t size,
			  struct execgate_status *out);
/* Inside of one A_EVENT. @sequence_needed: it comes from the ring. */
int execgate_parse_event(const uint8_t *data, size_t size, bool sequence_needed,
			 struct execgate_event *out);
/* Inside of one A_KEY. */
int execgate_parse_key(const uint8_t *data, size_t size,
		       struct execgate_key *out);
/* Inside of one A_CATALOG. */
int execgate_parse_catalog(const uint8_t *data, size_t size,
			   struct execgate_loaded_catalog *out);

/* Group number and family number from a CTRL_CMD_NEWFAMILY reply. */
struct execgate_family {
	uint16_t id;
	uint32_t events_group;
};
int execgate_parse_family(const uint8_t *data, size_t size,
			  struct execgate_family *out);

/* Inside of one A_REVOCATION. */
int execgate_parse_revocation(const uint8_t *data, size_t size,
			      struct execgate_revocation *out);

/* Inside of one A_CONSTRAINT. */
int execgate_parse_constraint(const uint8_t *data, size_t size,
			      struct execgate_constraint_item *out);

/*
 * A whole datagram: calls @fn for each message with the attributes that follow
 * the generic netlink header of a message of @family, or with @size 0 for
 * control messages (NLMSG_ERROR, NLMSG_DONE), whose header is @header. Stops
 * at the first non-zero answer of @fn and returns it.
 */
typedef int (*execgate_message_fn)(const struct nlmsghdr *header,
				   const uint8_t *data, size_t size, void *arg);
int execgate_parse_datagram(const uint8_t *data, size_t size,
			    execgate_message_fn fn, void *arg);

#define EXECGATE_ACK_TEXT_MAX 255

/*
 * How the kernel ends its answer to a request (NLMSG_ERROR, NLMSG_DONE).
 * result: 0, or a negative errno
 * reason: enum execgate_reason of a refusal; 0 where the errno says it all
 * text: the kernel's words about it, or ""
 */
struct execgate_ack {
	int result;
	uint32_t reason;
	char text[EXECGATE_ACK_TEXT_MAX + 1];
};

int execgate_parse_ack(const struct nlmsghdr *header, struct execgate_ack *ack);

#endif /* EXECGATE_NETLINK_PARSE_H */
