// SPDX-License-Identifier: GPL-2.0
/*
 * Any bytes as a datagram from the kernel: every parser of the netlink client,
 * and what the daemon and the CLI do with what they let through.
 */
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/escape.h"
#include "lib/netlink/parse.h"
#include "lib/events/container.h"
#include "lib/events/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct execgate_record record;

/* Ends where it should, or the sanitizer complains. */
static void use_event(const struct execgate_event *event)
{
	struct execgate_event back = { .sequence = 0 };
	uint64_t count;

	execgate_record_event(&record, event, 1, false);
	if (record.cut)
		abort();
	for (size_t i = 0; i < record.count; i++)
		execgate_event_from_field(&back, &count,
					  record.fields[i].iov_base,
					  record.fields[i].iov_len);
	if (back.sequence != event->sequence ||
	    strcmp(back.path, event->path) || strcmp(back.comm, event->comm))
		abort();
}

static void parse_all(const uint8_t *data, size_t size)
{
	static struct execgate_event event;
	struct execgate_status status;
	struct execgate_family family;
	struct execgate_revocation revocation;
	struct execgate_key key;

	if (!execgate_parse_event(data, size, true, &event)) {
		execgate_container_find(&event);
		use_event(&event);
	}
	if (!execgate_parse_key(data, size, &key) &&
	    strlen(key.description) >= sizeof(key.description))
		abort();
	if (!execgate_parse_status(data, size, &status) &&
	    strlen(status.version) >= sizeof(status.version))
		abort();
	if (!execgate_parse_revocation(data, size, &revocation) &&
	    strlen(revocation.name) >= sizeof(revocation.name))
		abort();
	execgate_parse_family(data, size, &family);
}

static int on_message(const struct nlmsghdr *header, const uint8_t *data,
		      size_t size, void *arg)
{
	struct execgate_nlattr attr;
	struct execgate_ack ack;

	(void)arg;
	if (header->nlmsg_type < NLMSG_MIN_TYPE) {
		if (!execgate_parse_ack(header, &ack) &&
		    (ack.result > 0 || strlen(ack.text) >= sizeof(ack.text)))
			abort();
		return 0;
	}
	parse_all(data, size);
	while (execgate_nlattr_next(&data, &size, &attr) > 0)
		parse_all(attr.data, attr.size);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Sockets hand over aligned buffers. */
	uint8_t *copy = malloc(size ? size : 1);
	char *escaped = malloc(EXECGATE_ESCAPE_SIZE(size));

	if (!copy || !escaped)
		abort();
	memcpy(copy, data, size);
	execgate_parse_datagram(copy, size, on_message, NULL);
	parse_all(copy, size);
	if (execgate_escape(escaped, data, size) > 4 * size)
		abort();
	free(escaped);
	free(copy);
	return 0;
}
