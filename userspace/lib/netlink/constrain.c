// SPDX-License-Identifier: GPL-2.0
#include <libmnl/libmnl.h>

#include "lib/netlink/connection.h"
#include "lib/netlink/netlink.h"

static int change(struct execgate_netlink *nl, uint8_t command,
		  const struct execgate_constraint_item *item, const char *what,
		  struct execgate_error *err)
{
	struct nlmsghdr *request;
	struct nlattr *nest;

	request = execgate_netlink_request(nl, command, NLM_F_ACK);
	nest = mnl_attr_nest_start(request, EXECGATE_A_CONSTRAINT);
	mnl_attr_put_u32(request, EXECGATE_N_KIND, item->kind);
	mnl_attr_put_u64(request, EXECGATE_N_ID, item->id);
	mnl_attr_nest_end(request, nest);
	return execgate_netlink_run(nl, request, what, NULL, NULL, err);
}

int execgate_netlink_constrain(struct execgate_netlink *nl,
			       const struct execgate_constraint_item *item,
			       struct execgate_error *err)
{
	return change(nl, EXECGATE_CMD_CONSTRAIN_ADD, item,
		      "the kernel does not constrain it", err);
}

int execgate_netlink_unconstrain(struct execgate_netlink *nl,
				 const struct execgate_constraint_item *item,
				 struct execgate_error *err)
{
	return change(nl, EXECGATE_CMD_CONSTRAIN_REMOVE, item,
		      "it stays constrained", err);
}

struct constraint_list {
	execgate_constraint_fn fn;
	void *arg;
};

static int on_constraint(const struct nlmsghdr *header, const uint8_t *data,
			 size_t size, void *arg)
{
	struct constraint_list *list = arg;
	struct execgate_constraint_item item;
	struct execgate_nlattr nest;
	int ret = execgate_netlink_nested(data, size, EXECGATE_A_CONSTRAINT,
					  &nest);

	(void)header;
	if (!ret)
		ret = execgate_parse_constraint(nest.data, nest.size, &item);
	return ret ? ret : list->fn(&item, list->arg);
}

int execgate_netlink_constrain_list(struct execgate_netlink *nl,
				    execgate_constraint_fn fn, void *arg,
				    struct execgate_error *err)
{
	struct constraint_list list = { fn, arg };
	struct nlmsghdr *request;

	request = execgate_netlink_request(nl, EXECGATE_CMD_CONSTRAIN_LIST,
					   NLM_F_DUMP);
	return execgate_netlink_run(nl, request,
				    "what is constrained cannot be listed",
				    on_constraint, &list, err);
}
