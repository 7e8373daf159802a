// SPDX-License-Identifier: GPL-2.0
#include "netlink_policy.h"

#include <linux/file.h>
#include <linux/slab.h>

#include "arm.h"
#include "counter.h"
#include "gate.h"
#include "signed_policy.h"

int eg_netlink_policy_set(struct sk_buff *skb, struct genl_info *info)
{
	struct eg_policy_change change = {};
	struct nlattr **attrs = info->attrs;
	const char *why = "";
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
	err = eg_arm_set_policy(&change, &why);
	if (err)
		NL_SET_ERR_MSG_FMT(info->extack, "%s", why);
	return err;
}

int eg_netlink_mode_set(struct sk_buff *skb, struct genl_info *info)
{
	if (GENL_REQ_ATTR_CHECK(info, EXECGATE_A_MODE))
		return -EINVAL;
	return eg_netlink_policy_set(skb, info);
}

/* As catalogs are refused, so that a program need not know which it was. */
static int errno_of(enum execgate_reason reason, const char **why)
{
	switch ((int)reason) {
	case EXECGATE_REASON_UNKNOWN_SIGNER:
		*why = "the policy is signed by a key this machine does not trust";
		return -ENOKEY;
	case EXECGATE_REASON_EXPIRED:
		*why = "the policy was made after the end of the key that signed it";
		return -EKEYEXPIRED;
	case EXECGATE_REASON_REVOKED:
		*why = "the key that signed the policy was revoked";
		return -EKEYREVOKED;
	case EXECGATE_REASON_WRONG_PURPOSE:
		*why = "the key that signed the policy is not trusted to sign code";
		return -EACCES;
	case EXECGATE_REASON_BAD_SIGNATURE:
		*why = "the policy was changed after it was signed";
		return -EKEYREJECTED;
	case EXECGATE_REASON_WEAK_ALGORITHM:
		*why = "the policy's signature has an algorithm that is not allowed";
		return -EKEYREJECTED;
	case EXECGATE_REASON_TOO_LARGE:
		*why = "the policy is too large";
		return -EFBIG;
	case EXECGATE_REASON_NO_MEMORY:
		*why = "there is no memory for the policy";
		return -ENOMEM;
	case EXECGATE_REASON_INTERRUPTED:
		*why = "interrupted";
		return -EINTR;
	case EXECGATE_REASON_IO_ERROR:
		*why = "the policy could not be read";
		return -EIO;
	}
	*why = "this is not a signed policy, or it is malformed";
	return -EBADMSG;
}

/* Both are large for a stack that already has netlink's on it. */
struct loading {
	struct eg_verdict verdict;
	struct eg_signed_policy policy;
};

static int load(struct file *file, const char **why)
{
	struct loading *l = kmalloc(sizeof(*l), GFP_KERNEL);
	int err;

	if (!l) {
		*why = "there is no memory for the policy";
		return -ENOMEM;
	}
	eg_signed_policy_read(file, &l->verdict, &l->policy);
	if (l->verdict.reason == EXECGATE_REASON_ALLOWED) {
		/*
		 * Its key may be removed just now. That is as if it had been a
		 * moment later, and then the policy stays in force as well.
		 */
		err = eg_arm_load_policy(&l->policy, file, &l->verdict, why);
	} else {
		err = errno_of(l->verdict.reason, why);
		eg_gate_refuse_policy(file, &l->verdict);
	}
	kfree(l);
	return err;
}

int eg_netlink_policy_load(struct sk_buff *skb, struct genl_info *info)
{
	const char *why = "";
	struct file *file;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, EXECGATE_A_FD))
		return -EINVAL;
	file = fget(nla_get_s32(info->attrs[EXECGATE_A_FD]));
	if (!file)
		return -EBADF;
	eg_counter_inc(hook_calls[EXECGATE_HOOK_POLICY]);
	err = load(file, &why);
	fput(file);
	if (err)
		NL_SET_ERR_MSG_FMT(info->extack, "%s", why);
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
		      nla_put_bitfield32(skb, EXECGATE_P_GATES, p.says.gates,
					 EG_NETLINK_GATES);
	if (err)
		nla_nest_cancel(skb, nest);
	else
		nla_nest_end(skb, nest);
	return err;
}
