// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>

#include "names.h"
#include "netlink_request.h"

/* What is asked for, as the beginning of a sentence about its failure. */
static void describe(const struct execgate_policy_change *change, char *out,
		     size_t size)
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

bool execgate_netlink_bound(const struct execgate_ack *ack, const char *what,
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
	}
	return false;
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
	describe(change, what, sizeof(what));
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
