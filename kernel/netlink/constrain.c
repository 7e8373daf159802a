// SPDX-License-Identifier: GPL-2.0
#include "netlink/request.h"

#include "arm.h"
#include "core/counter.h"
#include "netlink/encode.h"
#include "rules/constrained.h"
#include "trust/refusal.h"

const struct nla_policy eg_netlink_constrain_policy[EXECGATE_N_MAX + 1] = {
	[EXECGATE_N_KIND] =
		NLA_POLICY_MAX(NLA_U32, EXECGATE_CONSTRAINT_COUNT - 1),
	[EXECGATE_N_ID] = { .type = NLA_U64 },
};

static int parse(struct genl_info *info, struct eg_constraint *out)
{
	struct nlattr *attr[EXECGATE_N_MAX + 1];
	int err;

	if (GENL_REQ_ATTR_CHECK(info, EXECGATE_A_CONSTRAINT))
		return -EINVAL;
	err = nla_parse_nested(attr, EXECGATE_N_MAX,
			       info->attrs[EXECGATE_A_CONSTRAINT],
			       eg_netlink_constrain_policy, info->extack);
	if (err)
		return err;
	if (!attr[EXECGATE_N_KIND] || !attr[EXECGATE_N_ID]) {
		NL_SET_ERR_MSG(info->extack, "which user or unit?");
		return -EINVAL;
	}
	out->kind = nla_get_u32(attr[EXECGATE_N_KIND]);
	out->id = nla_get_u64(attr[EXECGATE_N_ID]);
	/* The last number stands for none. */
	if (out->kind == EXECGATE_CONSTRAINT_USER && out->id >= U32_MAX) {
		NL_SET_ERR_MSG(info->extack, "no user has that number");
		return -EINVAL;
	}
	return 0;
}

static void tell(struct netlink_ext_ack *extack, int err, bool add,
		 const struct eg_refusal *refusal)
{
	if (refusal->text[0])
		eg_refusal_tell(extack, refusal);
	else if (err == -ENOSPC)
		NL_SET_ERR_MSG_FMT(
			extack,
			"%u users and units are constrained, no more fit",
			EXECGATE_CONSTRAINTS_MAX);
	else if (err == -E2BIG)
		NL_SET_ERR_MSG_FMT(extack,
				   "the cgroup is more than %u levels deep",
				   EG_CONSTRAINED_DEPTH);
	else if (err == -ENOENT && add)
		NL_SET_ERR_MSG(extack, "there is no such cgroup");
	else if (err == -ENOENT)
		NL_SET_ERR_MSG(extack, "it is not constrained");
}

static int change(struct genl_info *info, bool add)
{
	struct eg_refusal refusal = { .text = "" };
	struct eg_constraint item;
	int err = parse(info, &item);

	if (err)
		return err;
	eg_counter_inc(hook_calls[EXECGATE_HOOK_POLICY]);
	err = eg_arm_constrain(&item, add, &refusal);
	if (err)
		tell(info->extack, err, add, &refusal);
	return err;
}

int eg_netlink_constrain_add(struct sk_buff *skb, struct genl_info *info)
{
	return change(info, true);
}

int eg_netlink_constrain_remove(struct sk_buff *skb, struct genl_info *info)
{
	return change(info, false);
}

int eg_netlink_constrain_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct eg_constraint item;
	void *head;
	int err = 0;

	for (; !err && eg_constrained_get(cb->args[0], &item);
	     cb->args[0] += !err) {
		head = eg_netlink_dump_head(skb, cb,
					    EXECGATE_CMD_CONSTRAIN_LIST);
		err = head ? eg_netlink_put_constraint(skb,
						       EXECGATE_A_CONSTRAINT,
						       &item) :
			     -EMSGSIZE;
		if (head)
			err = eg_netlink_dump_end(skb, head, err);
	}
	return skb->len ?: err;
}
