// SPDX-License-Identifier: GPL-2.0
/*
 * The gate's events, as the cases read them: without the project's library, and by a
 * program that starts in a tenth of the time that the command with its libraries needs.
 */
#include <ctype.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/execgate.h>

#include "attack.h"
#include "request.h"

#define NAME(constant, name, ...) name,

static const char *const reasons[] = { EXECGATE_REASONS(NAME) };
static const char *const hooks[] = { EXECGATE_HOOKS(NAME) };
static const char *const modes[] = { EXECGATE_MODES(NAME) };
static const char *const carriers[] = { EXECGATE_CARRIERS(NAME) };

#define COUNT(names) (sizeof(names) / sizeof((names)[0]))

/* How an attribute is told; its name is that of "execgate denials --json". */
enum kind { NUMBER32, NUMBER64, NAMED, TEXT, HEX, DEVICE };

static const struct field {
	uint16_t type;
	enum kind kind;
	const char *name;
	const char *const *names;
	size_t count;
} fields[] = {
	{ EXECGATE_E_SEQUENCE, NUMBER64, "sequence", NULL, 0 },
	{ EXECGATE_E_REASON, NAMED, "reason", reasons, COUNT(reasons) },
	{ EXECGATE_E_HOOK, NAMED, "hook", hooks, COUNT(hooks) },
	{ EXECGATE_E_MODE, NAMED, "mode", modes, COUNT(modes) },
	{ EXECGATE_E_CARRIER, NAMED, "carrier", carriers, COUNT(carriers) },
	{ EXECGATE_E_PID, NUMBER32, "pid", NULL, 0 },
	{ EXECGATE_E_TID, NUMBER32, "tid", NULL, 0 },
	{ EXECGATE_E_UID, NUMBER32, "uid", NULL, 0 },
	{ EXECGATE_E_COMM, TEXT, "comm", NULL, 0 },
	{ EXECGATE_E_EXE, TEXT, "exe", NULL, 0 },
	{ EXECGATE_E_PATH, TEXT, "path", NULL, 0 },
	{ EXECGATE_E_DEV, DEVICE, "dev", NULL, 0 },
	{ EXECGATE_E_INO, NUMBER64, "ino", NULL, 0 },
	{ EXECGATE_E_DIGEST, HEX, "digest", NULL, 0 },
	{ EXECGATE_E_SIGNER, HEX, "signer", NULL, 0 },
	{ EXECGATE_E_IDENTITY, TEXT, "identity", NULL, 0 },
	{ EXECGATE_E_IDENTITY_VERSION, NUMBER64, "identity_version", NULL, 0 },
};

/* Bytes that JSON or a pattern would take for something else are dots. */
static void print_text(const char *text, size_t size)
{
	putchar('"');
	for (size_t i = 0; i < size && text[i]; i++)
		putchar(isprint((unsigned char)text[i]) && text[i] != '"' &&
					text[i] != '\\' ?
				text[i] :
				'.');
	putchar('"');
}

static void print_hex(const uint8_t *bytes, size_t size)
{
	putchar('"');
	for (size_t i = 0; i < size; i++)
		printf("%02x", bytes[i]);
	putchar('"');
}

static void print_value(const struct field *f, const void *value, size_t size)
{
	uint64_t number = 0;

	if (size <= sizeof(number))
		memcpy(&number, value,
		       size); /* little endian, as this is x86 */
	switch (f->kind) {
	case NUMBER32:
	case NUMBER64:
		printf("%llu", (unsigned long long)number);
		break;
	case NAMED:
		printf("\"%s\"",
		       number < f->count ? f->names[number] : "unknown");
		break;
	case TEXT:
		print_text(value, size);
		break;
	case HEX:
		print_hex(value, size);
		break;
	case DEVICE:
		printf("\"%llu:%llu\"", (unsigned long long)number >> 20,
		       (unsigned long long)number & 0xfffff);
		break;
	}
}

static void print_event(const char *event, size_t size)
{
	const char *comma = "{";

	for (size_t i = 0; i < COUNT(fields); i++) {
		const struct field *f = &fields[i];
		const char *value = find(event, size, f->type);

		if (!value)
			continue;
		printf("%s\"%s\":", comma, f->name);
		print_value(f, value,
			    ((const struct nlattr *)value)[-1].nla_len -
				    NLA_HDRLEN);
		comma = ",";
	}
	printf("}\n");
}

/* One message of the dump. Return: whether more follows. */
static int print_message(const struct nlmsghdr *message, uint64_t *next)
{
	const size_t head = NLMSG_LENGTH(GENL_HDRLEN);
	const char *event;

	if (message->nlmsg_type == NLMSG_DONE)
		return 0;
	if (message->nlmsg_type == NLMSG_ERROR)
		broken("dump of events");
	event = find((const char *)message + head, message->nlmsg_len - head,
		     EXECGATE_A_EVENT);
	if (event) {
		size_t size =
			((const struct nlattr *)event)[-1].nla_len - NLA_HDRLEN;
		const uint64_t *sequence =
			find(event, size, EXECGATE_E_SEQUENCE);

		if (sequence && *sequence >= *next)
			*next = *sequence + 1;
		print_event(event, size);
	}
	return 1;
}

/* The events from number @first on. Return: the number after the last one. */
static uint64_t print_events(int fd, uint64_t first, uint64_t next)
{
	static char answer[1 << 16];
	struct request rq;
	int more = 1;

	begin(&rq, find_family(fd), EXECGATE_CMD_EVENT_LIST, NLM_F_DUMP);
	put(&rq, EXECGATE_A_SEQUENCE, &first, sizeof(first));
	if (send(fd, &rq, rq.header.nlmsg_len, 0) < 0)
		broken("send");
	while (more) {
		ssize_t size = recv(fd, answer, sizeof(answer), 0);
		const struct nlmsghdr *message = (void *)answer;

		if (size < 0)
			broken("recv");
		for (; more && NLMSG_OK(message, (size_t)size);
		     message = NLMSG_NEXT(message, size))
			more = print_message(message, &next);
	}
	return next;
}

/*
 * events-from NUMBER: print the events from that one on, a line of JSON each, then
 * the number of the next one
 */
static int run_events_from(char **argv)
{
	uint64_t first = strtoull(argv[0], NULL, 10);
	int fd = open_socket();
	uint64_t next = next_event_number(fd);

	if (next > first)
		next = print_events(fd, first, next);
	printf("%llu\n", (unsigned long long)next);
	return 0;
}

const struct attack event_attacks[] = {
	{ "events-from", run_events_from, 1 },
	{ NULL, NULL, 0 },
};
