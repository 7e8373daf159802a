// SPDX-License-Identifier: GPL-2.0
#include "lib/netlink/netlink.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/names.h"
#include "lib/netlink/connection.h"
#include "lib/netlink/parse.h"

static int on_status(const struct nlmsghdr *header, const uint8_t *data,
		     size_t size, void *arg)
{
	(void)header;
	return execgate_parse_status(data, size, arg);
}

int execgate_netlink_status(struct execgate_netlink *nl,
			    struct execgate_status *out,
			    struct execgate_error *err)
{
	struct nlmsghdr *request;

	request = execgate_netlink_request(nl, EXECGATE_CMD_STATUS, NLM_F_ACK);
	return execgate_netlink_run(nl, request,
				    "the module's status cannot be read",
				    on_status, out, err);
}

int execgate_netlink_mode_set(struct execgate_netlink *nl,
			      enum execgate_mode mode,
			      struct execgate_error *err)
{
	struct nlmsghdr *request;
	char what[64];

	request =
		execgate_netlink_request(nl, EXECGATE_CMD_MODE_SET, NLM_F_ACK);
	mnl_attr_put_u32(request, EXECGATE_A_MODE, mode);
	strcpy(what, "mode ");
	strcat(what, execgate_mode_name(mode));
	strcat(what, " cannot be set");
	return execgate_netlink_run(nl, request, what, NULL, NULL, err);
}

int execgate_netlink_lock(struct execgate_netlink *nl,
			  struct execgate_error *err)
{
	struct nlmsghdr *request;

	request = execgate_netlink_request(nl, EXECGATE_CMD_LOCK, NLM_F_ACK);
	return execgate_netlink_run(nl, request, "the gate cannot be locked",
				    NULL, NULL, err);
}

/* Find the one nested attribute @type of an answer and return what is in it. */
static int on_verdict(const struct nlmsghdr *header, const uint8_t *data,
		      size_t size, void *arg)
{
	struct execgate_nlattr nest;
	int ret = execgate_netlink_nested(data, size, EXECGATE_A_EVENT, &nest);

	(void)header;
	return ret ? ret :
		     execgate_parse_event(nest.data, nest.size, false, arg);
}

int execgate_netlink_check(struct execgate_netlink *nl, int fd,
			   enum execgate_hook hook, struct execgate_event *out,
			   struct execgate_error *err)
{
	struct nlmsghdr *request;

	request = execgate_netlink_request(nl, EXECGATE_CMD_CHECK, NLM_F_ACK);
	mnl_attr_put_u32(request, EXECGATE_A_FD, (uint32_t)fd);
	mnl_attr_put_u32(request, EXECGATE_A_HOOK, hook);
	return execgate_netlink_run(nl, request, "the kernel cannot judge it",
				    on_verdict, out, err);
}

static int on_key(const struct nlmsghdr *header, const uint8_t *data,
		  size_t size, void *arg)
{
	struct execgate_nlattr nest;
	int ret = execgate_netlink_nested(data, size, EXECGATE_A_KEY, &nest);

	(void)header;
	return ret ? ret : execgate_parse_key(nest.data, nest.size, arg);
}

int execgate_netlink_key_add(struct execgate_netlink *nl,
			     const uint8_t *cert_der, size_t size,
			     uint64_t not_after,
			     const struct execgate_enrolment *as,
			     struct execgate_key *out,
			     struct execgate_error *err)
{
	struct nlmsghdr *request;
	struct execgate_key ignored;
	struct nlattr *nest;
	int ret;

	if (!size || size > EXECGATE_CERT_MAX)
		return execgate_error_set(
			err, -E2BIG, EXECGATE_EXIT_ERROR,
			"the certificate has %zu bytes, the kernel takes 1 to "
			"%d",
			size, EXECGATE_CERT_MAX);
	request = execgate_netlink_request(nl, EXECGATE_CMD_KEY_ADD, NLM_F_ACK);
	nest = mnl_attr_nest_start(request, EXECGATE_A_KEY);
	mnl_attr_put(request, EXECGATE_K_CERTIFICATE, size, cert_der);
	mnl_attr_put_u64(request, EXECGATE_K_NOT_AFTER, not_after);
	/* An older module may not know the attribute, nor other purposes. */
	if (as->purposes &&
	    (as->purposes != EXECGATE_PURPOSES_CODE || as->role))
		mnl_attr_put_u32(request, EXECGATE_K_PURPOSES, as->purposes);
	if (as->role == EXECGATE_ROLE_CA)
		mnl_attr_put(request, EXECGATE_K_CA, 0, NULL);
	if (as->role == EXECGATE_ROLE_LEAF)
		mnl_attr_put(request, EXECGATE_K_LEAF, 0, NULL);
	if (as->replace)
		mnl_attr_put(request, EXECGATE_K_REPLACE, 0, NULL);
	mnl_attr_nest_end(request, nest);
	ret = execgate_netlink_run(nl, request,
				   "the kernel does not take the key", on_key,
				   out ? out : &ignored, err);
	if (ret != -ERANGE)
		return ret;
	return execgate_error_set(
		err, ret, EXECGATE_EXIT_ERROR,
		"the module that is loaded is older than this program and does "
		"not know what the key is for; reboot, and try again");
}

int execgate_netlink_key_remove(
	struct execgate_netlink *nl,
	const uint8_t fingerprint[EXECGATE_FINGERPRINT_SIZE],
	struct execgate_error *err)
{
	struct nlmsghdr *request;
	struct nlattr *nest;

	request = execgate_netlink_request(nl, EXECGATE_CMD_KEY_REMOVE,
					   NLM_F_ACK);
	nest = mnl_attr_nest_start(request, EXECGATE_A_KEY);
	mnl_attr_put(request, EXECGATE_K_FINGERPRINT, EXECGATE_FINGERPRINT_SIZE,
		     fingerprint);
	mnl_attr_nest_end(request, nest);
	return execgate_netlink_run(nl, request,
				    "the kernel does not remove the key", NULL,
				    NULL, err);
}

struct key_list {
	execgate_key_fn fn;
	void *arg;
};

static int on_key_list(const struct nlmsghdr *header, const uint8_t *data,
		       size_t size, void *arg)
{
	struct key_list *list = arg;
	struct execgate_key key;
	int ret = on_key(header, data, size, &key);

	return ret ? ret : list->fn(&key, list->arg);
}

int execgate_netlink_key_list(struct execgate_netlink *nl, execgate_key_fn fn,
			      void *arg, struct execgate_error *err)
{
	struct key_list list = { fn, arg };
	struct nlmsghdr *request;

	request =
		execgate_netlink_request(nl, EXECGATE_CMD_KEY_LIST, NLM_F_DUMP);
	return execgate_netlink_run(nl, request,
				    "the enrolled keys cannot be listed",
				    on_key_list, &list, err);
}

struct keys {
	struct execgate_key *items;
	size_t count;
};

static int add_key(const struct execgate_key *key, void *arg)
{
	struct keys *keys = arg;
	struct execgate_key *room =
		execgate_array_add(keys->items, keys->count);

	if (!room)
		return -ENOMEM;
	*room = *key;
	keys->count++;
	return 0;
}

int execgate_netlink_keys(struct execgate_netlink *nl,
			  struct execgate_key **keys, size_t *count,
			  struct execgate_error *err)
{
	struct keys all = { NULL, 0 };
	int ret = execgate_netlink_key_list(nl, add_key, &all, err);

	*keys = all.items;
	*count = all.count;
	return ret;
}

struct event_list {
	execgate_event_fn fn;
	void *arg;
	struct execgate_event event;
};

/* Every A_EVENT of a message, in order. */
static int on_events(const struct nlmsghdr *header, const uint8_t *data,
		     size_t size, void *arg)
{
	struct event_list *list = arg;
	struct execgate_nlattr attr;
	int ret;

	(void)header;
	while ((ret = execgate_nlattr_next(&data, &size, &attr)) > 0) {
		if (attr.type != EXECGATE_A_EVENT)
			continue;
		ret = execgate_parse_event(attr.data, attr.size, true,
					   &list->event);
		if (ret)
			return ret;
		ret = list->fn(&list->event, list->arg);
		if (ret)
			return ret;
	}
	return ret;
}

int execgate_netlink_event_list(struct execgate_netlink *nl, uint64_t first,
				execgate_event_fn fn, void *arg,
				struct execgate_error *err)
{
	struct event_list list = { .fn = fn, .arg = arg };
	struct nlmsghdr *request;

	request = execgate_netlink_request(nl, EXECGATE_CMD_EVENT_LIST,
					   NLM_F_DUMP);
	mnl_attr_put_u64(request, EXECGATE_A_SEQUENCE, first);
	return execgate_netlink_run(nl, request,
				    "the kernel's events cannot be read",
				    on_events, &list, err);
}

static int on_multicast(const struct nlmsghdr *header, const uint8_t *data,
			size_t size, void *arg)
{
	const uint8_t *body = (const uint8_t *)header + NLMSG_HDRLEN;

	if (header->nlmsg_type < NLMSG_MIN_TYPE ||
	    ((const struct genlmsghdr *)body)->cmd != EXECGATE_CMD_EVENT)
		return 0;
	return on_events(header, data, size, arg);
}

int execgate_netlink_event_receive(struct execgate_netlink *nl,
				   execgate_event_fn fn, void *arg,
				   struct execgate_error *err)
{
	struct event_list list = { .fn = fn, .arg = arg };

	return execgate_netlink_receive(nl, on_multicast, &list, err);
}
