// SPDX-License-Identifier: GPL-2.0
#include "netlink/request.h"

#include <linux/file.h>
#include <linux/slab.h>

#include "arm.h"
#include "core/counter.h"
#include "gate.h"
#include "trust/refusal.h"
#include "trust/signed_policy.h"

int eg_netlink_policy_set(struct sk_buff *skb, struct genl_info *info)
{
	struct eg_policy_change change = {};
	struct nlattr **attrs = info->attrs;
	struct eg_refusal refusal = { .text = "" };
	int err;

	change.has_mode = attrs[EXECGATE_A_MODE];
	if (change.has_mode)
		change.mode = nla_get_u32(attrs[EXECGATE_A_MODE]);
	change.has_profile = attrs[EXECGATE_A_PROFILE];
	if (change.has_profile)
		change.profile = nla_get_u32(attrs[EXECGATE_A_PROFILE]);
	if (attrs[EXECGATE_A_GATES]) {
		struct nla_bitfield32 gates =
			nla_get_bitfield32(attrs[EXECGATE_A_GATES]);

		change.gates = gates.value;
		change.select = gates.selector;
	}
	eg_counter_inc(hook_calls[EXECGATE_HOOK_POLICY]);
	err = eg_arm_set_policy(&change, &refusal);
	if (err)
		eg_refusal_tell(info->extack, &refusal);
	return err;
}

int eg_netlink_mode_set(struct sk_buff *skb, struct genl_info *info)
{
	if (GENL_REQ_ATTR_CHECK(info, EXECGATE_A_MODE))
		return -EINVAL;
	return eg_netlink_policy_set(skb, info);
}

/* They are large for a stack that already has netlink's on it. */
struct loading {
	struct eg_verdict verdict;
	struct eg_signed_policy policy;
	struct eg_policy_content content;
};

static int load_signed(struct file *file, struct netlink_ext_ack *extack)
{
	struct loading *l = kmalloc(sizeof(*l), GFP_KERNEL);
	struct eg_refusal refusal = { .text = "" };
	int err;

	if (!l) {
		eg_refusal_tell_signed(extack, -ENOMEM, "policy");
		return -ENOMEM;
	}
	eg_signed_policy_read(file, &l->verdict, &l->policy, &l->content);
	if (l->verdict.reason == EXECGATE_REASON_ALLOWED) {
		/*
		 * Its key may be removed just now. That is as if it had been a
		 * moment later, and then the policy stays in force as well.
		 */
		err = eg_arm_load_policy(&l->policy, &l->content, file,
					 &l->verdict, &refusal);
		if (err)
			eg_refusal_tell(extack, &refusal);
	} else {
		err = eg_refusal_errno(l->verdict.reason);
		eg_refusal_tell_signed(extack, err, "policy");
		eg_gate_refuse_policy(file, &l->verdict);
	}
	kfree(l);
	return err;
}

int eg_netlink_policy_load(struct sk_buff *skb, struct genl_info *info)
{
	struct file *file;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, EXECGATE_A_FD))
		return -EINVAL;
	file = fget(nla_get_s32(info->attrs[EXECGATE_A_FD]));
	if (!file)
		return -EBADF;
	eg_counter_inc(hook_calls[EXECGATE_HOOK_POLICY]);
	err = load_signed(file, info->extack);
	fput(file);
	return err;
}

static int put_list(struct sk_buff *skb, int type, struct eg_bytes list)
{
	return list.size ? nla_put(skb, type, list.size, list.data) : 0;
}

static int put_lists(struct sk_buff *skb)
{
	struct eg_policy_content *content =
		kmalloc(sizeof(*content), GFP_KERNEL);
	int err;

	if (!content)
		return -ENOMEM;
	eg_arm_policy_content(content);
	err = put_list(skb, EXECGATE_P_FLOORS, eg_policy_content_floors(content)) ?:
		      put_list(skb, EXECGATE_P_USERS,
			       eg_policy_content_users(content));
	kfree(content);
	return err;
}

int eg_netlink_policy_put(struct sk_buff *skb, int type)
{
	struct eg_signed_policy p;
	struct nlattr *nest;
	int err;

	if (!eg_arm_signed_policy(&p))
		return 0;
	nest = nla_nest_start(skb, type);
	if (!nest)
		return -EMSGSIZE;
	err = nla_put_string(skb, EXECGATE_P_NAME, p.name) ?:
		      nla_put_u64_64bit(skb, EXECGATE_P_VERSION, p.version, EXECGATE_P_PAD) ?:
		      nla_put_u64_64bit(skb, EXECGATE_P_CREATED, p.created, EXECGATE_P_PAD) ?:
		      nla_put(skb, EXECGATE_P_SIGNER, sizeof(p.signer), p.signer) ?:
		      nla_put_u32(skb, EXECGATE_P_MODE, p.says.mode)	   ?:
		      nla_put_u32(skb, EXECGATE_P_PROFILE, p.says.profile) ?:
		      nla_put_bitfield32(skb, EXECGATE_P_GATES, p.says.gates, EG_NETLINK_GATES) ?:
		      put_lists(skb);
	if (err)
		nla_nest_cancel(skb, nest);
	else
		nla_nest_end(skb, nest);
	return err;
}
