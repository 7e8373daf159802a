// SPDX-License-Identifier: GPL-2.0
#include "lib/netlink/connection.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/execgate.h>
#include <linux/genetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "lib/base/names.h"

/* One full event is under 6 KiB, a key under 4; dumps fill up to 32 KiB a datagram. */
#define RECEIVE_SIZE (64 * 1024)
#define REQUEST_SIZE (EXECGATE_CERT_MAX + 1024)
/* Room for the whole ring, so that a burst is seldom lost on the way. */
#define SUBSCRIBE_RCVBUF (8 * 1024 * 1024)
/* Detaching waits for a grace period; a kernel that says nothing is broken. */
#define ANSWER_SECONDS 60

struct execgate_netlink {
	struct mnl_socket *socket;
	uint64_t foreign;
	uint32_t sequence;
	uint16_t family;
	uint32_t events_group;
	uint8_t buffer[RECEIVE_SIZE] __attribute__((aligned(8)));
	uint8_t request[REQUEST_SIZE] __attribute__((aligned(8)));
};

/* One request and what its answers are handed to. */
struct exchange {
	struct execgate_netlink *nl;
	execgate_message_fn fn;
	void *arg;
	int stopped;
	bool answered;
	bool done;
	struct execgate_ack ack;
};

static int fail_errno(struct execgate_error *err, int ret, const char *what)
{
	return execgate_error_errno(err, ret, "%s", what);
}

static int fail_malformed(struct execgate_error *err)
{
	return execgate_error_set(
		err, -EBADMSG, EXECGATE_EXIT_ERROR,
		"the module sent a message that this program cannot read: "
		"install execgate and execgate-dkms of the same version");
}

#define MODULE "/sys/module/execgate"

/* The parameters are there in both cases; only a loaded module has a state. */
bool execgate_netlink_built_in(void)
{
	return !access(MODULE "/parameters", F_OK) &&
	       access(MODULE "/initstate", F_OK);
}

static int fail_not_loaded(struct execgate_error *err)
{
	if (execgate_netlink_built_in())
		return execgate_error_set(
			err, -ENOENT, EXECGATE_EXIT_NOT_LOADED,
			"execgate is built into this kernel, but not active, "
			"so nothing is checked: run \"execgate doctor\"");
	return execgate_error_set(
		err, -ENOENT, EXECGATE_EXIT_NOT_LOADED,
		"the kernel module execgate is not loaded, so nothing is "
		"checked: run \"modprobe execgate\", then \"execgate doctor\"");
}

static bool fail_bound(const struct execgate_ack *ack, const char *what,
		       struct execgate_error *err)
{
	enum execgate_exit code = execgate_reason_exit(ack->reason);

	/* Only a boot does, or somebody with the key. */
	switch (ack->reason) {
	case EXECGATE_REASON_LOCKED:
		execgate_error_set(err, ack->result, code, "%s: %s", what,
				   ack->text);
		return true;
	case EXECGATE_REASON_POLICY_SIGNED:
	case EXECGATE_REASON_POLICY_VERSION:
		execgate_error_set(
			err, ack->result, code,
			"%s: %s. Sign one with a higher version (\"execgate "
			"policy make --sign\") and \"execgate policy load\" "
			"it; where there is no key for that, boot with "
			"execgate.mode=audit on the kernel command line",
			what, ack->text);
		return true;
	case EXECGATE_REASON_WRONG_PURPOSE:
		execgate_error_set(
			err, ack->result, code,
			"%s: %s. To trust it for this as well, say all that it "
			"is for: \"execgate key enroll --for LIST "
			"CERTIFICATE\", code,policy for instance",
			what, ack->text);
		return true;
	}
	return false;
}

static int fail_answer(struct execgate_error *err, int ret, const char *what,
		       const struct execgate_ack *ack)
{
	const char *text = ack->text;

	if (fail_bound(ack, what, err))
		return ret;
	if (ret == -EPERM)
		return execgate_error_set(
			err, ret, EXECGATE_EXIT_NO_PRIVILEGE,
			"%s: the kernel refuses%s%s: run it as root (it takes "
			"CAP_NET_ADMIN and CAP_MAC_ADMIN)",
			what, *text ? ": " : "", text);
	if (*text)
		return execgate_error_set(err, ret,
					  ack->reason ? execgate_reason_exit(
								ack->reason) :
							EXECGATE_EXIT_ERROR,
					  "%s: %s (%s)", what, text,
					  strerror(-ret));
	return fail_errno(err, ret, what);
}

/*
 * One datagram from the kernel into nl->buffer. A message from another sender
 * (root can send to any port) is counted and never looked at. Returns the
 * size, or a negative errno.
 */
static ssize_t receive_datagram(struct execgate_netlink *nl, int flags)
{
	for (;;) {
		struct sockaddr_nl sender = { .nl_pid = 0 };
		struct iovec iov = { nl->buffer, sizeof(nl->buffer) };
		struct msghdr msg = { .msg_name = &sender,
				      .msg_namelen = sizeof(sender),
				      .msg_iov = &iov,
				      .msg_iovlen = 1 };
		ssize_t size;

		size = recvmsg(mnl_socket_get_fd(nl->socket), &msg, flags);
		if (size < 0 && errno == EINTR)
			continue;
		if (size < 0)
			return -errno;
		if (msg.msg_namelen != sizeof(sender) ||
		    sender.nl_family != AF_NETLINK || sender.nl_pid != 0) {
			nl->foreign++;
			continue;
		}
		if (msg.msg_flags & MSG_TRUNC)
			return -EBADMSG;
		return size;
	}
}

static struct nlmsghdr *request_start(struct execgate_netlink *nl,
				      uint16_t family, uint8_t command,
				      uint16_t flags)
{
	struct nlmsghdr *header = mnl_nlmsg_put_header(nl->request);
	struct genlmsghdr *genl;

	header->nlmsg_type = family;
	header->nlmsg_flags = NLM_F_REQUEST | flags;
	header->nlmsg_seq = ++nl->sequence;
	genl = mnl_nlmsg_put_extra_header(header, sizeof(*genl));
	genl->cmd = command;
	genl->version = EXECGATE_GENL_VERSION;
	return header;
}

static int exchange_message(const struct nlmsghdr *header, const uint8_t *data,
			    size_t size, void *arg)
{
	struct exchange *exchange = arg;

	/* An answer to an earlier request that was given up. */
	if (header->nlmsg_seq != exchange->nl->sequence)
		return 0;
	if (header->nlmsg_type == NLMSG_ERROR ||
	    header->nlmsg_type == NLMSG_DONE) {
		exchange->done = true;
		return execgate_parse_ack(header, &exchange->ack);
	}
	if (header->nlmsg_type < NLMSG_MIN_TYPE)
		return 0;
	exchange->answered = true;
	/* Once stopped, the rest of a dump is read but not looked at. */
	if (exchange->fn && !exchange->stopped)
		exchange->stopped =
			exchange->fn(header, data, size, exchange->arg);
	return 0;
}

/*
 * Send a request and hand every answer to @fn until the kernel's ack or the end
 * of the dump. Returns what @fn stopped with, or else the kernel's result.
 */
static int exchange_run(struct exchange *exchange,
			const struct nlmsghdr *request)
{
	struct execgate_netlink *nl = exchange->nl;

	if (mnl_socket_sendto(nl->socket, request, request->nlmsg_len) < 0)
		return -errno;
	while (!exchange->done) {
		ssize_t size = receive_datagram(nl, 0);
		int ret;

		if (size == -EAGAIN)
			return -ETIMEDOUT;
		if (size < 0)
			return (int)size;
		ret = execgate_parse_datagram(nl->buffer, (size_t)size,
					      exchange_message, exchange);
		if (ret)
			return ret;
	}
	return exchange->stopped ? exchange->stopped : exchange->ack.result;
}

static int on_family(const struct nlmsghdr *header, const uint8_t *data,
		     size_t size, void *arg)
{
	(void)header;
	return execgate_parse_family(data, size, arg);
}

static int resolve_family(struct execgate_netlink *nl,
			  struct execgate_error *err)
{
	struct execgate_family family = { .id = 0 };
	struct exchange exchange = { .nl = nl,
				     .fn = on_family,
				     .arg = &family };
	struct nlmsghdr *request;
	int ret;

	request =
		request_start(nl, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, NLM_F_ACK);
	((struct genlmsghdr *)mnl_nlmsg_get_payload(request))->version = 1;
	mnl_attr_put_strz(request, CTRL_ATTR_FAMILY_NAME, EXECGATE_GENL_NAME);
	ret = exchange_run(&exchange, request);
	if (ret == -ENOENT)
		return fail_not_loaded(err);
	if (!ret && !exchange.answered)
		ret = -EBADMSG;
	if (ret == -EBADMSG)
		return fail_malformed(err);
	if (ret)
		return fail_errno(err, ret,
				  "the kernel does not say whether the module "
				  "execgate is loaded");
	nl->family = family.id;
	nl->events_group = family.events_group;
	return 0;
}

int execgate_netlink_run(struct execgate_netlink *nl,
			 const struct nlmsghdr *request, const char *what,
			 execgate_message_fn fn, void *arg,
			 struct execgate_error *err)
{
	struct exchange exchange = { .nl = nl, .fn = fn, .arg = arg };
	int ret = exchange_run(&exchange, request);

	if (!ret && fn && !exchange.answered &&
	    !(request->nlmsg_flags & NLM_F_DUMP))
		ret = -EBADMSG;
	if (ret >= 0)
		return ret;
	/* The kernel's own EBADMSG is about what it was given. */
	if (ret == -EBADMSG && !(exchange.done && ret == exchange.ack.result))
		return fail_malformed(err);
	/* Either what was asked for is not there, or the whole family. */
	if (ret == -ENOENT && resolve_family(nl, NULL) == -ENOENT)
		return fail_not_loaded(err);
	if (exchange.done && ret == exchange.ack.result)
		return fail_answer(err, ret, what, &exchange.ack);
	if (ret == -ETIMEDOUT)
		return execgate_error_set(
			err, ret, EXECGATE_EXIT_ERROR,
			"%s: the kernel did not answer for %d seconds: look "
			"at its log with \"dmesg\"",
			what, ANSWER_SECONDS);
	return fail_errno(err, ret, what);
}

static int socket_setup(struct execgate_netlink *nl)
{
	struct timeval timeout = { .tv_sec = ANSWER_SECONDS };
	int on = 1;
	int fd;

	nl->socket = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!nl->socket)
		return -errno;
	if (mnl_socket_bind(nl->socket, 0, MNL_SOCKET_AUTOPID) < 0)
		return -errno;
	fd = mnl_socket_get_fd(nl->socket);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)))
		return -errno;
	/* The kernel's own words, without our request sent back to us. */
	mnl_socket_setsockopt(nl->socket, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(nl->socket, NETLINK_CAP_ACK, &on, sizeof(on));
	return 0;
}

int execgate_netlink_open(struct execgate_netlink **out,
			  struct execgate_error *err)
{
	struct execgate_netlink *nl = calloc(1, sizeof(*nl));
	int ret;

	*out = NULL;
	if (!nl)
		return fail_errno(err, -ENOMEM, "no connection to the module");
	ret = socket_setup(nl);
	if (ret)
		fail_errno(err, ret, "no netlink socket to reach the module");
	else
		ret = resolve_family(nl, err);
	if (ret) {
		execgate_netlink_close(nl);
		return ret;
	}
	*out = nl;
	return 0;
}

void execgate_netlink_close(struct execgate_netlink *nl)
{
	if (!nl)
		return;
	if (nl->socket)
		mnl_socket_close(nl->socket);
	free(nl);
}

int execgate_netlink_fd(const struct execgate_netlink *nl)
{
	return mnl_socket_get_fd(nl->socket);
}

uint64_t execgate_netlink_foreign(const struct execgate_netlink *nl)
{
	return nl->foreign;
}

int execgate_netlink_subscribe(struct execgate_netlink **out,
			       struct execgate_error *err)
{
	struct execgate_netlink *nl;
	int size = SUBSCRIBE_RCVBUF;
	int ret, fd;

	ret = execgate_netlink_open(out, err);
	if (ret)
		return ret;
	nl = *out;
	fd = mnl_socket_get_fd(nl->socket);
	/* Best effort: a small buffer only means that it is resynced sooner. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (mnl_socket_setsockopt(nl->socket, NETLINK_ADD_MEMBERSHIP,
				  &nl->events_group,
				  sizeof(nl->events_group)) < 0) {
		ret = -errno;
		fail_answer(err, ret, "the events cannot be subscribed to",
			    &(struct execgate_ack){ .result = ret });
		execgate_netlink_close(nl);
		*out = NULL;
	}
	return ret;
}

int execgate_netlink_receive(struct execgate_netlink *nl,
			     execgate_message_fn fn, void *arg,
			     struct execgate_error *err)
{
	ssize_t size = receive_datagram(nl, MSG_DONTWAIT);
	int ret;

	if (size == -EAGAIN || size == -ENOBUFS)
		return (int)size;
	if (size == -EBADMSG)
		return fail_malformed(err);
	if (size < 0)
		return fail_errno(err, (int)size,
				  "the kernel's events cannot be received");
	ret = execgate_parse_datagram(nl->buffer, (size_t)size, fn, arg);
	return ret == -EBADMSG ? fail_malformed(err) : ret;
}

struct nlmsghdr *execgate_netlink_request(struct execgate_netlink *nl,
					  uint8_t command, uint16_t flags)
{
	return request_start(nl, nl->family, command, flags);
}

int execgate_netlink_nested(const uint8_t *data, size_t size, uint16_t type,
			    struct execgate_nlattr *out)
{
	int ret;

	while ((ret = execgate_nlattr_next(&data, &size, out)) > 0) {
		if (out->type == type)
			return 0;
	}
	return -EBADMSG;
}
