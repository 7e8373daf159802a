// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <libmnl/libmnl.h>
#include <string.h>

#include "lib/netlink/connection.h"
#include "lib/netlink/netlink.h"

/* A shorter request has room for one more, whatever its name. */
#define NEARLY_FULL (EXECGATE_CERT_MAX + 512)

static void put(struct nlmsghdr *request,
		const struct execgate_revocation *item)
{
	struct nlattr *nest;

	nest = mnl_attr_nest_start(request, EXECGATE_A_REVOCATION);
	mnl_attr_put_u32(request, EXECGATE_V_KIND, item->kind);
	switch ((enum execgate_revocation_kind)item->kind) {
	case EXECGATE_REVOCATION_CATALOG:
		mnl_attr_put(request, EXECGATE_V_NAME, strlen(item->name),
			     item->name);
		mnl_attr_put_u64(request, EXECGATE_V_SEQUENCE, item->sequence);
		break;
	case EXECGATE_REVOCATION_VERSION:
		mnl_attr_put(request, EXECGATE_V_NAME, strlen(item->name),
			     item->name);
		mnl_attr_put_u64(request, EXECGATE_V_VERSION, item->below);
		break;
	case EXECGATE_REVOCATION_KEY:
	case EXECGATE_REVOCATION_DIGEST:
	case EXECGATE_REVOCATION_COUNT:
		mnl_attr_put(request, EXECGATE_V_VALUE, sizeof(item->value),
			     item->value);
	}
	mnl_attr_nest_end(request, nest);
}

int execgate_netlink_revoke_add(struct execgate_netlink *nl,
				const struct execgate_revocation *items,
				size_t count, struct execgate_error *err)
{
	struct nlmsghdr *request;
	int ret = 0;

	while (count && !ret) {
		size_t n = 0;

		request = execgate_netlink_request(nl, EXECGATE_CMD_REVOKE_ADD,
						   NLM_F_ACK);
		while (n < count && n < EXECGATE_REVOKE_BATCH &&
		       request->nlmsg_len < NEARLY_FULL)
			put(request, &items[n++]);
		ret = execgate_netlink_run(nl, request,
					   "the kernel does not revoke it",
					   NULL, NULL, err);
		items += n;
		count -= n;
	}
	return ret;
}

int execgate_netlink_revoke_remove(struct execgate_netlink *nl,
				   const struct execgate_revocation *item,
				   struct execgate_error *err)
{
	struct nlmsghdr *request;

	request = execgate_netlink_request(nl, EXECGATE_CMD_REVOKE_REMOVE,
					   NLM_F_ACK);
	put(request, item);
	return execgate_netlink_run(nl, request,
				    "the kernel does not take it back", NULL,
				    NULL, err);
}

struct revocation_list {
	execgate_revocation_fn fn;
	void *arg;
};

static int on_revocation(const struct nlmsghdr *header, const uint8_t *data,
			 size_t size, void *arg)
{
	struct execgate_revocation revocation;
	struct revocation_list *list = arg;
	struct execgate_nlattr nest;
	int ret = execgate_netlink_nested(data, size, EXECGATE_A_REVOCATION,
					  &nest);

	(void)header;
	if (!ret)
		ret = execgate_parse_revocation(nest.data, nest.size,
						&revocation);
	return ret ? ret : list->fn(&revocation, list->arg);
}

int execgate_netlink_revoke_list(struct execgate_netlink *nl,
				 execgate_revocation_fn fn, void *arg,
				 struct execgate_error *err)
{
	struct revocation_list list = { fn, arg };
	struct nlmsghdr *request;

	request = execgate_netlink_request(nl, EXECGATE_CMD_REVOKE_LIST,
					   NLM_F_DUMP);
	return execgate_netlink_run(nl, request,
				    "the revocations cannot be listed",
				    on_revocation, &list, err);
}
