// SPDX-License-Identifier: GPL-2.0
#include "netlink/family.h"

#include <linux/capability.h>

#include "arm.h"
#include "core/policy.h"
#include "netlink/encode.h"
#include "netlink/request.h"
#include "version.h"

/* GENL_ADMIN_PERM asks for CAP_NET_ADMIN only, which containers often have. */
static int check_capability(struct sk_buff *skb, struct netlink_ext_ack *extack)
{
	if (netlink_capable(skb, CAP_MAC_ADMIN) ||
	    netlink_capable(skb, CAP_SYS_ADMIN))
		return 0;
	NL_SET_ERR_MSG(extack, "needs CAP_MAC_ADMIN or CAP_SYS_ADMIN");
	return -EPERM;
}

static int pre_doit(const struct genl_split_ops *ops, struct sk_buff *skb,
		    struct genl_info *info)
{
	return check_capability(skb, info->extack);
}

int eg_netlink_start_dump(struct netlink_callback *cb)
{
	return check_capability(cb->skb, cb->extack);
}

struct sk_buff *eg_netlink_new_reply(struct genl_info *info, size_t size, void **head)
{
	struct sk_buff *skb = genlmsg_new(size, GFP_KERNEL);

	if (!skb)
		return NULL;
	*head = genlmsg_put_reply(skb, info, &eg_netlink_family, 0, info->genlhdr->cmd);
	return skb;
}

int eg_netlink_send_reply(struct sk_buff *skb, void *head, int err,
		      struct genl_info *info)
{
	if (err) {
		nlmsg_free(skb);
		return err;
	}
	genlmsg_end(skb, head);
	return genlmsg_reply(skb, info);
}

static int do_status(struct sk_buff *request, struct genl_info *info)
{
	struct eg_policy policy = eg_policy_get();
	struct sk_buff *skb;
	void *head;
	int err;

	skb = eg_netlink_new_reply(
		info, EG_NETLINK_STATUS_MAX, &head);
	if (!skb)
		return -ENOMEM;
	err = nla_put_u32(skb, EXECGATE_A_STATE, eg_arm_state()) ?:
	      nla_put_u32(skb, EXECGATE_A_MODE, policy.mode) ?:
	      nla_put_string(skb, EXECGATE_A_VERSION, EXECGATE_VERSION) ?:
	      eg_netlink_put_counters(skb, EXECGATE_A_COUNTERS) ?:
	      nla_put_u32(skb, EXECGATE_A_PROFILE, policy.profile) ?:
	      nla_put_bitfield32(skb, EXECGATE_A_GATES, policy.gates,
				 EG_NETLINK_GATES) ?:
	      eg_netlink_policy_put(skb, EXECGATE_A_POLICY);
	if (!err && eg_policy_locked())
		err = nla_put_flag(skb, EXECGATE_A_LOCKED);
	return eg_netlink_send_reply(skb, head, err, info);
}

static int do_lock(struct sk_buff *skb, struct genl_info *info)
{
	const char *why = "";
	int err = eg_arm_lock(&why);

	if (err)
		NL_SET_ERR_MSG_FMT(info->extack, "%s", why);
	return err;
}

void *eg_netlink_dump_head(struct sk_buff *skb, struct netlink_callback *cb,
			   u8 cmd)
{
	return genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			   &eg_netlink_family, NLM_F_MULTI, cmd);
}

int eg_netlink_dump_end(struct sk_buff *skb, void *head, int err)
{
	if (err)
		genlmsg_cancel(skb, head);
	else
		genlmsg_end(skb, head);
	return err;
}

static const struct nla_policy policy[EXECGATE_A_MAX + 1] = {
	[EXECGATE_A_MODE] = NLA_POLICY_MAX(NLA_U32, EXECGATE_MODE_COUNT - 1),
	[EXECGATE_A_FD] = { .type = NLA_S32 },
	[EXECGATE_A_HOOK] = NLA_POLICY_MAX(NLA_U32, EXECGATE_HOOK_COUNT - 1),
	[EXECGATE_A_KEY] = NLA_POLICY_NESTED(eg_netlink_key_policy),
	[EXECGATE_A_SEQUENCE] = { .type = NLA_U64 },
	[EXECGATE_A_CATALOG] = NLA_POLICY_NESTED(eg_netlink_catalog_policy),
	[EXECGATE_A_PROFILE] =
		NLA_POLICY_MAX(NLA_U32, EXECGATE_PROFILE_COUNT - 1),
	[EXECGATE_A_GATES] = NLA_POLICY_BITFIELD32(EG_NETLINK_GATES),
	[EXECGATE_A_REVOCATION] = NLA_POLICY_NESTED(eg_netlink_revoke_policy),
	[EXECGATE_A_CONSTRAINT] = NLA_POLICY_NESTED(eg_netlink_constrain_policy),
};

static const struct genl_ops ops[] = {
	{ .cmd = EXECGATE_CMD_STATUS, .flags = GENL_ADMIN_PERM,
	  .doit = do_status },
	{ .cmd = EXECGATE_CMD_MODE_SET, .flags = GENL_ADMIN_PERM,
	  .doit = eg_netlink_mode_set },
	{ .cmd = EXECGATE_CMD_CHECK, .flags = GENL_ADMIN_PERM,
	  .doit = eg_netlink_check },
	{ .cmd = EXECGATE_CMD_KEY_ADD, .flags = GENL_ADMIN_PERM,
	  .doit = eg_netlink_key_add },
	{ .cmd = EXECGATE_CMD_KEY_REMOVE, .flags = GENL_ADMIN_PERM,
	  .doit = eg_netlink_key_remove },
	{ .cmd = EXECGATE_CMD_KEY_LIST, .flags = GENL_ADMIN_PERM,
	  .start = eg_netlink_start_dump, .dumpit = eg_netlink_key_dump },
	{ .cmd = EXECGATE_CMD_EVENT_LIST, .flags = GENL_ADMIN_PERM,
	  .start = eg_netlink_event_start, .dumpit = eg_netlink_event_dump },
	{ .cmd = EXECGATE_CMD_CATALOG_ADD, .flags = GENL_ADMIN_PERM,
	  .doit = eg_netlink_catalog_add },
	{ .cmd = EXECGATE_CMD_CATALOG_REMOVE, .flags = GENL_ADMIN_PERM,
	  .doit = eg_netlink_catalog_remove },
	{ .cmd = EXECGATE_CMD_CATALOG_LIST, .flags = GENL_ADMIN_PERM,
	  .start = eg_netlink_start_dump, .dumpit = eg_netlink_catalog_dump },
	{ .cmd = EXECGATE_CMD_POLICY_SET, .flags = GENL_ADMIN_PERM,
	  .doit = eg_netlink_policy_set },
	{ .cmd = EXECGATE_CMD_POLICY_LOAD, .flags = GENL_ADMIN_PERM,
	  .doit = eg_netlink_policy_load },
	{ .cmd = EXECGATE_CMD_LOCK, .flags = GENL_ADMIN_PERM,
	  .doit = do_lock },
	{ .cmd = EXECGATE_CMD_REVOKE_ADD, .flags = GENL_ADMIN_PERM,
	  .doit = eg_netlink_revoke_add },
	{ .cmd = EXECGATE_CMD_REVOKE_REMOVE, .flags = GENL_ADMIN_PERM,
	  .doit = eg_netlink_revoke_remove },
	{ .cmd = EXECGATE_CMD_REVOKE_LIST, .flags = GENL_ADMIN_PERM,
	  .start = eg_netlink_start_dump, .dumpit = eg_netlink_revoke_dump },
	{ .cmd = EXECGATE_CMD_CONSTRAIN_ADD, .flags = GENL_ADMIN_PERM,
	  .doit = eg_netlink_constrain_add },
	{ .cmd = EXECGATE_CMD_CONSTRAIN_REMOVE, .flags = GENL_ADMIN_PERM,
	  .doit = eg_netlink_constrain_remove },
	{ .cmd = EXECGATE_CMD_CONSTRAIN_LIST, .flags = GENL_ADMIN_PERM,
	  .start = eg_netlink_start_dump, .dumpit = eg_netlink_constrain_dump },
};

static const struct genl_multicast_group groups[] = {
	[EG_NETLINK_GROUP_EVENTS] = { .name = EXECGATE_GENL_MCGRP_EVENTS,
			   /* As for commands, but it cannot say "or". */
			   .flags = GENL_MCAST_CAP_NET_ADMIN |
				    GENL_MCAST_CAP_SYS_ADMIN },
};

struct genl_family eg_netlink_family __ro_after_init = {
	.name = EXECGATE_GENL_NAME,
	.version = EXECGATE_GENL_VERSION,
	.maxattr = EXECGATE_A_MAX,
	.policy = policy,
	.netnsok = false,
	/* A check hashes a file and a mode change waits: hold no global lock. */
	.parallel_ops = true,
	.module = THIS_MODULE,
	.pre_doit = pre_doit,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	/* In every command the reserved fields must be 0. */
	.resv_start_op = EXECGATE_CMD_STATUS,
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

int eg_netlink_init(void)
{
	return genl_register_family(&eg_netlink_family);
}

void eg_netlink_exit(void)
{
	genl_unregister_family(&eg_netlink_family);
}
