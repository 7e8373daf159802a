// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/names.h"
#include "lib/netlink/connection.h"
#include "lib/netlink/netlink.h"

/* The request, as the beginning of a sentence about its failure. */
static void describe_change(const struct execgate_policy_change *change,
			    char *out, size_t size)
{
	if (change->has_mode)
		snprintf(out, size, "mode %s cannot be set",
			 execgate_mode_name(change->mode));
	else if (change->has_profile)
		snprintf(out, size, "profile %s cannot be set",
			 execgate_profile_name(change->profile));
	else
		snprintf(out, size, "the gates cannot be set");
}

int execgate_netlink_policy_set(struct execgate_netlink *nl,
				const struct execgate_policy_change *change,
				struct execgate_error *err)
{
	struct nla_bitfield32 gates = { .value = change->gates & change->select,
					.selector = change->select };
	struct nlmsghdr *request;
	char what[64];

	request = execgate_netlink_request(nl, EXECGATE_CMD_POLICY_SET,
					   NLM_F_ACK);
	if (change->has_mode)
		mnl_attr_put_u32(request, EXECGATE_A_MODE, change->mode);
	if (change->has_profile)
		mnl_attr_put_u32(request, EXECGATE_A_PROFILE, change->profile);
	if (change->select)
		mnl_attr_put(request, EXECGATE_A_GATES, sizeof(gates), &gates);
	describe_change(change, what, sizeof(what));
	return execgate_netlink_run(nl, request, what, NULL, NULL, err);
}

int execgate_netlink_policy_load(struct execgate_netlink *nl, int fd,
				 struct execgate_error *err)
{
	struct nlmsghdr *request;

	request = execgate_netlink_request(nl, EXECGATE_CMD_POLICY_LOAD,
					   NLM_F_ACK);
	mnl_attr_put_u32(request, EXECGATE_A_FD, (uint32_t)fd);
	return execgate_netlink_run(nl, request,
				    "the kernel does not take the policy", NULL,
				    NULL, err);
}
