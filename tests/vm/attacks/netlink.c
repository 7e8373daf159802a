// SPDX-License-Identifier: GPL-2.0
/*
 * Requests to the gate's netlink family without the project's own library:
 * what a program of an attacker would send.
 */
#include <errno.h>
#include <linux/capability.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/execgate.h>

#include "attack.h"
#include "request.h"

void begin(struct request *rq, uint16_t type, uint8_t command, uint16_t flags)
{
	memset(rq, 0, sizeof(*rq));
	rq->header.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN);
	rq->header.nlmsg_type = type;
	rq->header.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	rq->genl.cmd = command;
	rq->genl.version = 1;
}

struct nlattr *put(struct request *rq, uint16_t type, const void *data,
		   size_t size)
{
	struct nlattr *attr =
		(struct nlattr *)((char *)rq +
				  NLMSG_ALIGN(rq->header.nlmsg_len));

	attr->nla_type = type;
	attr->nla_len = (uint16_t)(NLA_HDRLEN + size);
	if (size)
		memcpy((char *)attr + NLA_HDRLEN, data, size);
	rq->header.nlmsg_len = NLMSG_ALIGN(rq->header.nlmsg_len) +
			       (uint32_t)NLA_ALIGN(attr->nla_len);
	return attr;
}

/* Send, and take the first answer. Return: 0, or errno set to what it says. */
int ask(int fd, struct request *rq, char *answer, size_t size)
{
	const struct nlmsghdr *reply = (const struct nlmsghdr *)answer;
	ssize_t n;

	if (rq->header.nlmsg_type != GENL_ID_CTRL)
		fault_begin();
	n = send(fd, rq, rq->header.nlmsg_len, 0);
	if (n >= 0)
		n = recv(fd, answer, size, 0);
	fault_end();
	if (n < 0)
		return -1;
	if (n < (ssize_t)sizeof(*reply))
		broken("recv");
	if (reply->nlmsg_type == NLMSG_ERROR)
		errno = -((const struct nlmsgerr *)NLMSG_DATA(reply))->error;
	else
		errno = 0;
	return errno ? -1 : 0;
}

int open_socket(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);

	if (fd < 0)
		broken("socket");
	return fd;
}

/* The attribute of that type among those of @size bytes, or NULL. */
const void *find(const void *attributes, size_t size, uint16_t type)
{
	const char *at = attributes, *end = at + size;

	while (at + NLA_HDRLEN <= end) {
		const struct nlattr *attr = (const struct nlattr *)at;

		if ((attr->nla_type & NLA_TYPE_MASK) == type)
			return at + NLA_HDRLEN;
		at += NLA_ALIGN(attr->nla_len);
	}
	return NULL;
}

const void *find_in_answer(const char *answer, uint16_t type)
{
	const size_t head = NLMSG_LENGTH(GENL_HDRLEN);

	return find(answer + head,
		    ((const struct nlmsghdr *)answer)->nlmsg_len - head, type);
}

/* The number of the family, from the controller; 0 if there is none. */
uint16_t find_family(int fd)
{
	struct request rq;
	char answer[16384];
	const uint16_t *id;

	begin(&rq, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	put(&rq, CTRL_ATTR_FAMILY_NAME, EXECGATE_GENL_NAME,
	    sizeof(EXECGATE_GENL_NAME));
	if (ask(fd, &rq, answer, sizeof(answer)))
		return 0;
	id = find_in_answer(answer, CTRL_ATTR_FAMILY_ID);
	return id ? *id : 0;
}

static int request(uint8_t command, uint16_t flags, uint16_t attribute,
		   const void *data, size_t size)
{
	char answer[65536];
	struct request rq;
	int fd = open_socket();
	uint16_t family = find_family(fd);

	if (!family)
		return refused("family");
	begin(&rq, family, command, flags);
	if (attribute)
		put(&rq, attribute, data, size);
	return ask(fd, &rq, answer, sizeof(answer)) ? refused("request") : 9;
}

/* netlink-status, netlink-keys, netlink-events */
static int run_status(char **argv)
{
	(void)argv;
	return request(EXECGATE_CMD_STATUS, 0, 0, NULL, 0);
}

/* That number of the status, or -1. */
static int64_t number_of_status(uint16_t type)
{
	char answer[65536];
	struct request rq;
	int fd = open_socket();
	const uint32_t *number;

	begin(&rq, find_family(fd), EXECGATE_CMD_STATUS, 0);
	if (ask(fd, &rq, answer, sizeof(answer)))
		return -1;
	number = find_in_answer(answer, type);
	if (!number)
		broken("the status lacks it");
	return *number;
}

/* netlink-state: print it, as a number */
static int run_state(char **argv)
{
	int64_t state = number_of_status(EXECGATE_A_STATE);

	(void)argv;
	if (state < 0)
		return refused("status");
	printf("%lld\n", (long long)state);
	return 0;
}

/* netlink-mode-name: print the mode; "execgate mode" has seventeen libraries to load first */
static int run_mode_name(char **argv)
{
	static const char *const names[] = {
#define X(id, name, text) name,
		EXECGATE_MODES(X)
#undef X
	};
	int64_t mode = number_of_status(EXECGATE_A_MODE);

	(void)argv;
	if (mode < 0 || mode >= EXECGATE_MODE_COUNT)
		return refused("status");
	puts(names[mode]);
	return 0;
}

uint64_t next_event_number(int fd)
{
	char answer[65536];
	struct request rq;
	const char *nest;
	const uint64_t *next = NULL;

	begin(&rq, find_family(fd), EXECGATE_CMD_STATUS, 0);
	if (ask(fd, &rq, answer, sizeof(answer)))
		broken("status");
	nest = find_in_answer(answer, EXECGATE_A_COUNTERS);
	if (nest)
		next = find(nest,
			    ((const struct nlattr *)nest)[-1].nla_len -
				    NLA_HDRLEN,
			    EXECGATE_C_EVENT_NEXT);
	if (!next)
		broken("no EVENT_NEXT");
	return *next;
}

/* netlink-next: print the sequence number of the next event */
static int run_next(char **argv)
{
	(void)argv;
	printf("%llu\n", (unsigned long long)next_event_number(open_socket()));
	return 0;
}

static volatile sig_atomic_t enough;

static void on_signal(int number)
{
	(void)number;
	enough = 1;
}

struct listener {
	uint64_t next; /* the number that has to come */
	uint64_t received, missing, overruns, disorder;
};

/* Of one message: the number of each event in it. */
static void listen_to(struct listener *l, const char *message)
{
	const size_t head = NLMSG_LENGTH(GENL_HDRLEN);
	const char *at = message + head;
	const char *end =
		message + ((const struct nlmsghdr *)message)->nlmsg_len;

	while (at + NLA_HDRLEN < end) {
		const struct nlattr *attr = (const struct nlattr *)at;
		const uint64_t *sequence;

		sequence = find(at + NLA_HDRLEN, attr->nla_len - NLA_HDRLEN,
				EXECGATE_E_SEQUENCE);
		at += NLA_ALIGN(attr->nla_len);
		if (!sequence)
			continue;
		if (*sequence < l->next) {
			l->disorder++;
			continue;
		}
		l->missing += *sequence - l->next;
		l->next = *sequence + 1;
		l->received++;
	}
}

/* The number of the family's group of events. */
static uint32_t find_group(int fd)
{
	struct request rq;
	char answer[16384];
	const struct nlattr *group; /* the first and only one */
	const uint32_t *id;

	begin(&rq, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);
	put(&rq, CTRL_ATTR_FAMILY_NAME, EXECGATE_GENL_NAME,
	    sizeof(EXECGATE_GENL_NAME));
	if (ask(fd, &rq, answer, sizeof(answer)))
		broken("family");
	group = find_in_answer(answer, CTRL_ATTR_MCAST_GROUPS);
	id = group ? find((const char *)group + NLA_HDRLEN,
			  group->nla_len - NLA_HDRLEN, CTRL_ATTR_MCAST_GRP_ID) :
		     NULL;
	if (!id)
		broken("group");
	return *id;
}

/* netlink-join: the events, with no capability but CAP_NET_ADMIN */
static int run_join(char **argv)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct only[2] = { 0 };
	int fd = open_socket();
	uint32_t group = find_group(fd);

	(void)argv;
	only[0].effective = 1U << CAP_NET_ADMIN;
	only[0].permitted = only[0].effective;
	if (syscall(SYS_capset, &header, only))
		broken("capset");
	return setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group,
			  sizeof(group)) ?
		       refused("join") :
		       9;
}

/* What a message should not have: each was taken, or is refused for ever. */
static void spoil(struct request *rq, const char *how)
{
	static const uint32_t mode = EXECGATE_MODE_ENFORCE;

	if (!strcmp(how, "reserved"))
		rq->genl.reserved = 1;
	else if (!strcmp(how, "flags"))
		rq->header.nlmsg_flags |= 0x400;
	else if (!strcmp(how, "unknown"))
		put(rq, 200, &mode, sizeof(mode));
	else if (!strcmp(how, "short"))
		put(rq, EXECGATE_A_MODE, &mode, 2);
	else if (!strcmp(how, "long"))
		put(rq, EXECGATE_A_MODE, rq->data, 8);
	else if (!strcmp(how, "range"))
		put(rq, EXECGATE_A_MODE, "\xff\xff\xff\xff", 4);
	else if (!strcmp(how, "not-nested"))
		put(rq, EXECGATE_A_KEY, &mode, sizeof(mode));
	else if (!strcmp(how, "behind"))
		rq->header.nlmsg_len += 3;
	else if (strcmp(how, "nothing") != 0)
		broken("how");
}

/* netlink-malformed HOW: ask for the status */
static int run_malformed(char **argv)
{
	char answer[65536];
	struct request rq;
	int fd = open_socket();

	begin(&rq, find_family(fd), EXECGATE_CMD_STATUS, 0);
	spoil(&rq, argv[0]);
	return ask(fd, &rq, answer, sizeof(answer)) ? refused("request") : 9;
}

/*
 * netlink-listen MICROSECONDS: read the events until SIGTERM, so slowly; then
 * what is there, and print what came and what the numbers say is missing
 */
static int run_listen(char **argv)
{
	useconds_t pause = (useconds_t)atoi(argv[0]);
	struct timeval patience = { .tv_usec = 200000 };
	struct sockaddr_nl self = { .nl_family = AF_NETLINK };
	struct listener l = { 0 };
	int fd = open_socket(), ask_fd = open_socket();
	uint32_t group = find_group(ask_fd);
	static char message[65536];

	signal(SIGTERM, on_signal);
	/* Without a number of its own it has the sender's, and gets nothing. */
	if (bind(fd, (void *)&self, sizeof(self)) ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group,
		       sizeof(group)) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
		       sizeof(patience)))
		broken("join");
	l.next = next_event_number(ask_fd);
	printf("listening\n");
	fflush(stdout);
	for (;;) {
		ssize_t n = recv(fd, message, sizeof(message), 0);

		if (n > 0)
			listen_to(&l, message);
		else if (errno == ENOBUFS)
			l.overruns++;
		else if (errno == EAGAIN && enough)
			break;
		if (!enough && pause)
			usleep(pause);
	}
	l.missing += next_event_number(ask_fd) - l.next;
	printf("received %llu missing %llu overruns %llu disorder %llu\n",
	       (unsigned long long)l.received, (unsigned long long)l.missing,
	       (unsigned long long)l.overruns, (unsigned long long)l.disorder);
	return 9;
}

static int run_keys(char **argv)
{
	(void)argv;
	return request(EXECGATE_CMD_KEY_LIST, NLM_F_DUMP, 0, NULL, 0);
}

static int run_events(char **argv)
{
	(void)argv;
	return request(EXECGATE_CMD_EVENT_LIST, NLM_F_DUMP, 0, NULL, 0);
}

/* netlink-mode NUMBER */
static int run_mode(char **argv)
{
	uint32_t mode = (uint32_t)atoi(argv[0]);

	return request(EXECGATE_CMD_MODE_SET, NLM_F_ACK, EXECGATE_A_MODE, &mode,
		       sizeof(mode));
}

/* netlink-lock */
static int run_lock(char **argv)
{
	(void)argv;
	return request(EXECGATE_CMD_LOCK, NLM_F_ACK, 0, NULL, 0);
}

/* netlink-check FILE */
static int run_check(char **argv)
{
	int32_t fd = must_open(argv[0], 0);

	return request(EXECGATE_CMD_CHECK, 0, EXECGATE_A_FD, &fd, sizeof(fd));
}

/* netlink-catalog-add FILE: whatever is in it */
static int run_catalog_add(char **argv)
{
	int32_t fd = must_open(argv[0], 0);

	return request(EXECGATE_CMD_CATALOG_ADD, 0, EXECGATE_A_FD, &fd,
		       sizeof(fd));
}

/* netlink-policy-load FILE: whatever is in it */
static int run_policy_load(char **argv)
{
	int32_t fd = must_open(argv[0], 0);

	return request(EXECGATE_CMD_POLICY_LOAD, NLM_F_ACK, EXECGATE_A_FD, &fd,
		       sizeof(fd));
}

static void from_hex(uint8_t digest[EXECGATE_FINGERPRINT_SIZE], const char *hex)
{
	if (strlen(hex) != 2 * EXECGATE_FINGERPRINT_SIZE)
		broken("digest");
	for (size_t i = 0; i < EXECGATE_FINGERPRINT_SIZE; i++)
		if (sscanf(hex + 2 * i, "%2hhx", &digest[i]) != 1)
			broken("digest");
}

/* @role: EXECGATE_K_CA or _LEAF, or 0; @purposes: 0 = none are named */
static int add_key(const char *file, uint16_t role, uint32_t purposes)
{
	struct request nest;
	size_t size;
	char *der = must_read(file, &size);

	if (size > EXECGATE_CERT_MAX)
		broken("size");
	begin(&nest, 0, 0, 0);
	put(&nest, EXECGATE_K_CERTIFICATE, der, size);
	if (role)
		put(&nest, role, NULL, 0);
	if (purposes)
		put(&nest, EXECGATE_K_PURPOSES, &purposes, sizeof(purposes));
	return request(EXECGATE_CMD_KEY_ADD, NLM_F_ACK,
		       EXECGATE_A_KEY | NLA_F_NESTED, nest.data,
		       nest.header.nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN));
}

/* netlink-key-add CERTIFICATE: past all that the command line would check */
static int run_key_add(char **argv)
{
	return add_key(argv[0], 0, 0);
}

/* netlink-ca-add CERTIFICATE PURPOSES */
static int run_ca_add(char **argv)
{
	return add_key(argv[0], EXECGATE_K_CA, strtoul(argv[1], NULL, 0));
}

/* netlink-leaf-add CERTIFICATE PURPOSES: 0 = what its CA is for */
static int run_leaf_add(char **argv)
{
	return add_key(argv[0], EXECGATE_K_LEAF, strtoul(argv[1], NULL, 0));
}

/*
 * netlink-key-toggle CERTIFICATE DIGEST: add it, then remove what came of that.
 * Trusted and not said to be is possible, for an answer that got lost.
 */
static int run_key_toggle(char **argv)
{
	struct request nest;
	uint8_t digest[EXECGATE_FINGERPRINT_SIZE];
	int added = run_key_add(argv), removed;

	from_hex(digest, argv[1]);
	begin(&nest, 0, 0, 0);
	put(&nest, EXECGATE_K_FINGERPRINT, digest, sizeof(digest));
	fault_over();
	removed = request(EXECGATE_CMD_KEY_REMOVE, NLM_F_ACK,
			  EXECGATE_A_KEY | NLA_F_NESTED, nest.data,
			  nest.header.nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN));
	if (removed != 9 && errno != ENOENT)
		broken("it cannot be removed");
	if (added == 9 && removed != 9)
		broken("enrolled, but it is not there");
	return added;
}

/* The request's own attributes: @count digests that no file has, from @first. */
static void put_digests(struct request *rq, uint32_t first, uint32_t count)
{
	for (uint32_t i = first; i < first + count; i++) {
		uint8_t digest[EXECGATE_FINGERPRINT_SIZE] = { 0xee };
		uint32_t kind = EXECGATE_REVOCATION_DIGEST;
		struct request nest;

		memcpy(digest + 4, &i, sizeof(i));
		begin(&nest, 0, 0, 0);
		put(&nest, EXECGATE_V_KIND, &kind, sizeof(kind));
		put(&nest, EXECGATE_V_VALUE, digest, sizeof(digest));
		put(rq, EXECGATE_A_REVOCATION | NLA_F_NESTED, nest.data,
		    nest.header.nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN));
	}
}

/* netlink-revoke-fill COUNT: revoke so many digests that no file has */
static int run_revoke_fill(char **argv)
{
	uint32_t count = (uint32_t)atoi(argv[0]), done = 0;
	int fd = open_socket();
	uint16_t family = find_family(fd);

	if (!family)
		return refused("family");
	while (done < count) {
		uint32_t n = count - done < EXECGATE_REVOKE_BATCH ?
				     count - done :
				     EXECGATE_REVOKE_BATCH;
		char answer[65536];
		struct request rq;

		begin(&rq, family, EXECGATE_CMD_REVOKE_ADD, NLM_F_ACK);
		put_digests(&rq, done, n);
		if (ask(fd, &rq, answer, sizeof(answer)))
			return refused("revoke");
		done += n;
	}
	return 9;
}

/* netlink-revoke-undo HEX: of a digest; in the kernel only */
static int run_revoke_undo(char **argv)
{
	uint8_t digest[EXECGATE_FINGERPRINT_SIZE];
	uint32_t kind = EXECGATE_REVOCATION_DIGEST;
	struct request nest;

	from_hex(digest, argv[0]);
	begin(&nest, 0, 0, 0);
	put(&nest, EXECGATE_V_KIND, &kind, sizeof(kind));
	put(&nest, EXECGATE_V_VALUE, digest, sizeof(digest));
	return request(EXECGATE_CMD_REVOKE_REMOVE, NLM_F_ACK,
		       EXECGATE_A_REVOCATION | NLA_F_NESTED, nest.data,
		       nest.header.nlmsg_len - NLMSG_LENGTH(GENL_HDRLEN));
}

const struct attack netlink_attacks[] = {
	{ "netlink-status", run_status, 0 },
	{ "netlink-state", run_state, 0 },
	{ "netlink-mode-name", run_mode_name, 0 },
	{ "netlink-next", run_next, 0 },
	{ "netlink-listen", run_listen, 1 },
	{ "netlink-join", run_join, 0 },
	{ "netlink-malformed", run_malformed, 1 },
	{ "netlink-keys", run_keys, 0 },
	{ "netlink-events", run_events, 0 },
	{ "netlink-mode", run_mode, 1 },
	{ "netlink-lock", run_lock, 0 },
	{ "netlink-check", run_check, 1 },
	{ "netlink-key-add", run_key_add, 1 },
	{ "netlink-ca-add", run_ca_add, 2 },
	{ "netlink-leaf-add", run_leaf_add, 2 },
	{ "netlink-key-toggle", run_key_toggle, 2 },
	{ "netlink-catalog-add", run_catalog_add, 1 },
	{ "netlink-policy-load", run_policy_load, 1 },
	{ "netlink-revoke-fill", run_revoke_fill, 1 },
	{ "netlink-revoke-undo", run_revoke_undo, 1 },
	{ NULL, NULL, 0 },
};
