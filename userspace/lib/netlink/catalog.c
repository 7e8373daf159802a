// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <libmnl/libmnl.h>
#include <string.h>

#include "lib/netlink/connection.h"
#include "lib/netlink/netlink.h"

static int on_catalog(const struct nlmsghdr *header, const uint8_t *data,
		      size_t size, void *arg)
{
	struct execgate_nlattr nest;
	int ret =
		execgate_netlink_nested(data, size, EXECGATE_A_CATALOG, &nest);

	(void)header;
	return ret ? ret : execgate_parse_catalog(nest.data, nest.size, arg);
}

int execgate_netlink_catalog_add(struct execgate_netlink *nl, int fd,
				 struct execgate_loaded_catalog *out,
				 struct execgate_error *err)
{
	struct execgate_loaded_catalog ignored;
	struct nlmsghdr *request;

	request = execgate_netlink_request(nl, EXECGATE_CMD_CATALOG_ADD,
					   NLM_F_ACK);
	mnl_attr_put_u32(request, EXECGATE_A_FD, (uint32_t)fd);
	return execgate_netlink_run(nl, request,
				    "the kernel does not take the catalog",
				    on_catalog, out ? out : &ignored, err);
}

int execgate_netlink_catalog_remove(struct execgate_netlink *nl,
				    const char *name,
				    struct execgate_error *err)
{
	struct nlmsghdr *request;
	struct nlattr *nest;

	request = execgate_netlink_request(nl, EXECGATE_CMD_CATALOG_REMOVE,
					   NLM_F_ACK);
	nest = mnl_attr_nest_start(request, EXECGATE_A_CATALOG);
	mnl_attr_put(request, EXECGATE_T_NAME, strlen(name), name);
	mnl_attr_nest_end(request, nest);
	return execgate_netlink_run(nl, request,
				    "the kernel does not remove the catalog",
				    NULL, NULL, err);
}

struct catalog_list {
	execgate_catalog_fn fn;
	void *arg;
};

static int on_catalog_list(const struct nlmsghdr *header, const uint8_t *data,
			   size_t size, void *arg)
{
	struct execgate_loaded_catalog catalog;
	struct catalog_list *list = arg;
	int ret = on_catalog(header, data, size, &catalog);

	return ret ? ret : list->fn(&catalog, list->arg);
}

int execgate_netlink_catalog_list(struct execgate_netlink *nl,
				  execgate_catalog_fn fn, void *arg,
				  struct execgate_error *err)
{
	struct catalog_list list = { fn, arg };
	struct nlmsghdr *request;

	request = execgate_netlink_request(nl, EXECGATE_CMD_CATALOG_LIST,
					   NLM_F_DUMP);
	return execgate_netlink_run(nl, request,
				    "the loaded catalogs cannot be listed",
				    on_catalog_list, &list, err);
}
