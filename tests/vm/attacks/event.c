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

/* The kinds of EXECGATE_EVENT_FIELDS. */
enum kind {
	U32,
	U64,
	INODE,
	VERSION,
	ID,
	LOGIN,
	FLAG,
	TEXT,
	DIGEST,
	DEVICE,
	REASON,
	REPORTED,
	HOOK,
	MODE,
	CARRIER
};

#define FIELD(id, kind, name, ...) { EXECGATE_E_##id, kind, #name },

/* The names are those of "execgate denials --json". */
static const struct field {
	uint16_t type;
	enum kind kind;
	const char *name;
} fields[] = { EXECGATE_EVENT_FIELDS(FIELD) };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

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

static void print_name(const char *const *names, size_t count, uint64_t number)
{
	printf("\"%s\"", number < count ? names[number] : "unknown");
}

static void print_number(enum kind kind, uint64_t number)
{
	switch (kind) {
	case REASON:
	case REPORTED:
		return print_name(reasons, COUNT(reasons), number);
	case HOOK:
		return print_name(hooks, COUNT(hooks), number);
	case MODE:
		return print_name(modes, COUNT(modes), number);
	case CARRIER:
		return print_name(carriers, COUNT(carriers), number);
	case DEVICE:
		printf("\"%llu:%llu\"", (unsigned long long)number >> 20,
		       (unsigned long long)number & 0xfffff);
		return;
	case FLAG:
		printf("true");
		return;
	default:
		printf("%llu", (unsigned long long)number);
	}
}

static void print_value(enum kind kind, const void *value, size_t size)
{
	uint64_t number = 0;

	if (kind == TEXT)
		return print_text(value, size);
	if (kind == DIGEST)
		return print_hex(value, size);
	/* The first bytes are the lower ones, here as in the guest. */
	memcpy(&number, value, size < sizeof(number) ? size : sizeof(number));
	print_number(kind, number);
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
		print_value(f->kind, value,
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
