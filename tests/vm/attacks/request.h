/* SPDX-License-Identifier: GPL-2.0 */
/* Requests to the gate's netlink family, as netlink.c makes them. */
#ifndef REQUEST_H
#define REQUEST_H

#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stddef.h>
#include <stdint.h>

struct request {
	struct nlmsghdr header;
	struct genlmsghdr genl;
	char data[16384];
};

void begin(struct request *rq, uint16_t type, uint8_t command, uint16_t flags);
struct nlattr *put(struct request *rq, uint16_t type, const void *data,
		   size_t size);
int open_socket(void);
/* The number of the family; 0 if there is none. */
uint16_t find_family(int fd);
/* Send, and take the first answer. Return: 0, or errno set to what it says. */
int ask(int fd, struct request *rq, char *answer, size_t size);
/* The attribute of that type among those of @size bytes, or NULL. */
const void *find(const void *attributes, size_t size, uint16_t type);
const void *find_in_answer(const char *answer, uint16_t type);
/* The sequence number that the next event will have. */
uint64_t next_event_number(int fd);

#endif /* REQUEST_H */
