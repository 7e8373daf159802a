// SPDX-License-Identifier: GPL-2.0
#include "netlink.h"

#include <linux/capability.h>
#include <linux/execgate.h>
#include <linux/file.h>
#include <linux/workqueue.h>
#include <net/genetlink.h>

#include "arm.h"
#include "cache.h"
#include "catalog.h"
#include "counter.h"
#include "event.h"
#include "filesystem.h"
#include "gate.h"
#include "keyring.h"
#include "netlink_encode.h"
#include "netlink_policy.h"
#include "netlink_revoke.h"
#include "object.h"
#include "policy.h"
#include "refusal.h"
#include "use.h"
#include "version.h"

static struct genl_family family;

enum { GROUP_EVENTS };

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

static int start_dump(struct netlink_callback *cb)
{
	return check_capability(cb->skb, cb->extack);
}

static struct sk_buff *new_reply(struct genl_info *info, size_t size, void **head)
{
	struct sk_buff *skb = genlmsg_new(size, GFP_KERNEL);

	if (!skb)
		return NULL;
	*head = genlmsg_put_reply(skb, info, &family, 0, info->genlhdr->cmd);
	return skb;
}

static int send_reply(struct sk_buff *skb, void *head, int err,
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

	skb = new_reply(info, 4096, &head);
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
	return send_reply(skb, head, err, info);
}

static int do_lock(struct sk_buff *skb, struct genl_info *info)
{
	const char *why = "";
	int err = eg_arm_lock(&why);

	if (err)
		NL_SET_ERR_MSG_FMT(info->extack, "%s", why);
	return err;
}

/*
 * The head is read as execve(2) reads it, but only from a file system that is not
 * refused anyway: one that never answers would hold up all others who ask.
 */
static u16 exec_classes(const struct eg_request *req)
{
	const struct eg_filesystem *type;
	char head[EG_USE_HEAD] = {};
	loff_t pos = 0;

	if ((req->file->f_mode & FMODE_READ) &&
	    eg_filesystem_judge(req->file, req->inode, &type) ==
		    EXECGATE_REASON_ALLOWED)
		kernel_read(req->file, head, sizeof(head), &pos);
	return eg_use_exec(head);
}

/* Return: 0 for a hook that cannot be asked for. */
static u16 classes_of(enum execgate_hook hook, const struct eg_request *req)
{
	switch ((int)hook) {
	case EXECGATE_HOOK_BPRM_CHECK:
		return exec_classes(req);
	case EXECGATE_HOOK_MMAP_FILE:
		return EG_USE_MAP;
	case EXECGATE_HOOK_KERNEL_READ_FILE:
		return EXECGATE_CLASS_MODULE;
	/* Of the program that asks for it. */
	case EXECGATE_HOOK_MMAP_ADDR:
		return EXECGATE_CLASS_MAY_JIT;
	case EXECGATE_HOOK_PTRACE_ACCESS:
		return EXECGATE_CLASS_DEBUGGER;
	}
	return 0;
}

/*
 * As the hooks would. What the kernel loads is judged in its buffer, wherever it
 * comes from; but here a file system that never answers would hold up all others
 * who ask, so that those which can do so are not read from.
 */
static void judge_as(enum execgate_hook hook, const struct eg_request *req,
		     struct eg_verdict *verdict)
{
	u8 digest[EG_SHA256_SIZE];
	const struct eg_filesystem *type;

	if (hook != EXECGATE_HOOK_KERNEL_READ_FILE) {
		eg_gate_explain(req, verdict);
		return;
	}
	memset(verdict, 0, sizeof(*verdict));
	verdict->reason = eg_filesystem_judge(req->file, req->inode, &type);
	if (verdict->reason == EXECGATE_REASON_ALLOWED)
		eg_object_judge(req->file, req->classes, digest, verdict);
}

static int reply_verdict(enum execgate_hook hook, const struct eg_request *req,
			 struct genl_info *info)
{
	struct eg_verdict verdict;
	struct eg_event *event;
	struct sk_buff *skb;
	void *head;
	int err;

	judge_as(hook, req, &verdict);
	event = eg_event_new(req, &verdict, eg_policy_mode());
	if (!event)
		return -ENOMEM;
	skb = new_reply(info, EG_NETLINK_EVENT_MAX, &head);
	err = skb ? eg_netlink_put_event(skb, EXECGATE_A_EVENT, event) :
		    -ENOMEM;
	eg_event_put(event);
	return skb ? send_reply(skb, head, err, info) : err;
}

/* The command runs in the sender's context, so the descriptor is the sender's. */
static int do_check(struct sk_buff *skb, struct genl_info *info)
{
	struct eg_request req = { .hook = EXECGATE_HOOK_CHECK };
	enum execgate_hook as = EXECGATE_HOOK_BPRM_CHECK;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, EXECGATE_A_FD))
		return -EINVAL;
	if (info->attrs[EXECGATE_A_HOOK])
		as = nla_get_u32(info->attrs[EXECGATE_A_HOOK]);
	req.file = fget(nla_get_s32(info->attrs[EXECGATE_A_FD]));
	if (!req.file)
		return -EBADF;
	req.inode = eg_filesystem_real_inode(req.file);
	req.classes = classes_of(as, &req);
	if (req.classes) {
		err = reply_verdict(as, &req, info);
	} else {
		NL_SET_ERR_MSG(info->extack, "only exec, mmap, kernel-read, mmap-addr and ptrace can be asked for");
		err = -EINVAL;
	}
	fput(req.file);
	return err;
}

static const struct nla_policy key_policy[EXECGATE_K_MAX + 1] = {
	[EXECGATE_K_CERTIFICATE] = { .type = NLA_BINARY,
				     .len = EXECGATE_CERT_MAX },
	[EXECGATE_K_FINGERPRINT] =
		NLA_POLICY_EXACT_LEN(EXECGATE_FINGERPRINT_SIZE),
	[EXECGATE_K_NOT_AFTER] = { .type = NLA_U64 },
	[EXECGATE_K_PURPOSES] = NLA_POLICY_RANGE(NLA_U32, 1,
						 EXECGATE_PURPOSES_ALL),
};

static int parse_key(struct genl_info *info, struct nlattr **key,
		     enum execgate_key_attr required)
{
	int err;

	if (GENL_REQ_ATTR_CHECK(info, EXECGATE_A_KEY))
		return -EINVAL;
	err = nla_parse_nested(key, EXECGATE_K_MAX,
			       info->attrs[EXECGATE_A_KEY], key_policy,
			       info->extack);
	if (!err && !key[required]) {
		NL_SET_ERR_MSG(info->extack, "an attribute of the key is missing");
		err = -EINVAL;
	}
	return err;
}

static int do_key_add(struct sk_buff *request, struct genl_info *info)
{
	struct nlattr *attr[EXECGATE_K_MAX + 1];
	const struct nlattr *cert;
	u32 purposes = EXECGATE_PURPOSE_CODE;
	struct eg_refusal refusal = { .text = "" };
	time64_t not_after = EG_KEYRING_OWN_END;
	struct sk_buff *skb;
	struct eg_key key;
	void *head;
	int err;

	err = parse_key(info, attr, EXECGATE_K_CERTIFICATE);
	if (err)
		return err;
	/* Before the key counts: an answer that cannot be sent is no success. */
	skb = new_reply(info, EG_NETLINK_KEY_MAX, &head);
	if (!skb)
		return -ENOMEM;
	cert = attr[EXECGATE_K_CERTIFICATE];
	if (attr[EXECGATE_K_NOT_AFTER])
		not_after = nla_get_u64(attr[EXECGATE_K_NOT_AFTER]);
	if (attr[EXECGATE_K_PURPOSES])
		purposes = nla_get_u32(attr[EXECGATE_K_PURPOSES]);
	err = eg_keyring_add(nla_data(cert), nla_len(cert), not_after, purposes,
			     &key, &refusal.text);
	if (err) {
		if (err == -EPERM)
			refusal.reason = EXECGATE_REASON_LOCKED;
		eg_refusal_tell(info->extack, &refusal);
	} else {
		err = eg_netlink_put_key(skb, EXECGATE_A_KEY, &key);
		key_put(key.key);
	}
	return send_reply(skb, head, err, info);
}

static int do_key_remove(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *attr[EXECGATE_K_MAX + 1];
	int err;

	err = parse_key(info, attr, EXECGATE_K_FINGERPRINT);
	if (err)
		return err;
	err = eg_keyring_remove(nla_data(attr[EXECGATE_K_FINGERPRINT]));
	if (err)
		NL_SET_ERR_MSG(info->extack, "no such key is enrolled");
	else
		eg_catalog_remove_signer(nla_data(attr[EXECGATE_K_FINGERPRINT]));
	return err;
}

static int do_catalog_add(struct sk_buff *request, struct genl_info *info)
{
	struct eg_catalog_info catalog;
	struct sk_buff *skb;
	struct file *file;
	void *head;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, EXECGATE_A_FD))
		return -EINVAL;
	file = fget(nla_get_s32(info->attrs[EXECGATE_A_FD]));
	if (!file)
		return -EBADF;
	/* Before the catalog counts: an answer that cannot be sent is no success. */
	skb = new_reply(info, EG_NETLINK_CATALOG_MAX, &head);
	if (!skb) {
		fput(file);
		return -ENOMEM;
	}
	err = eg_catalog_add(file, &catalog);
	fput(file);
	if (err)
		eg_refusal_tell_signed(info->extack, err, "catalog");
	else
		err = eg_netlink_put_catalog(skb, EXECGATE_A_CATALOG, &catalog);
	return send_reply(skb, head, err, info);
}

static const struct nla_policy catalog_policy[EXECGATE_T_MAX + 1] = {
	[EXECGATE_T_NAME] = { .type = NLA_BINARY,
			      .len = EXECGATE_CATALOG_NAME_MAX },
};

static int do_catalog_remove(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *attr[EXECGATE_T_MAX + 1];
	int err;

	if (GENL_REQ_ATTR_CHECK(info, EXECGATE_A_CATALOG))
		return -EINVAL;
	err = nla_parse_nested(attr, EXECGATE_T_MAX,
			       info->attrs[EXECGATE_A_CATALOG], catalog_policy,
			       info->extack);
	if (err)
		return err;
	if (!attr[EXECGATE_T_NAME]) {
		NL_SET_ERR_MSG(info->extack, "the name of the catalog is missing");
		return -EINVAL;
	}
	err = eg_catalog_remove(nla_data(attr[EXECGATE_T_NAME]),
				nla_len(attr[EXECGATE_T_NAME]));
	if (err == -ENOENT)
		NL_SET_ERR_MSG(info->extack, "no catalog of this name is loaded");
	return err;
}

void *eg_netlink_dump_head(struct sk_buff *skb, struct netlink_callback *cb,
			   u8 cmd)
{
	return genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			   &family, NLM_F_MULTI, cmd);
}

int eg_netlink_dump_end(struct sk_buff *skb, void *head, int err)
{
	if (err)
		genlmsg_cancel(skb, head);
	else
		genlmsg_end(skb, head);
	return err;
}

static int dump_keys(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct eg_key key;
	int err = 0;

	for (; !err && eg_keyring_get(cb->args[0], &key); cb->args[0] += !err) {
		void *head = eg_netlink_dump_head(skb, cb, EXECGATE_CMD_KEY_LIST);

		err = head ? eg_netlink_put_key(skb, EXECGATE_A_KEY, &key) :
			     -EMSGSIZE;
		if (head)
			err = eg_netlink_dump_end(skb, head, err);
		key_put(key.key);
	}
	return skb->len ?: err;
}

static int dump_catalogs(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct eg_catalog_info info;
	int err = 0;

	for (; !err && eg_catalog_get(cb->args[0], &info); cb->args[0] += !err) {
		void *head = eg_netlink_dump_head(skb, cb, EXECGATE_CMD_CATALOG_LIST);

		err = head ? eg_netlink_put_catalog(skb, EXECGATE_A_CATALOG,
						    &info) : -EMSGSIZE;
		if (head)
			err = eg_netlink_dump_end(skb, head, err);
	}
	return skb->len ?: err;
}

static int start_event_dump(struct netlink_callback *cb)
{
	struct nlattr *const *attrs = genl_info_dump(cb)->attrs;

	BUILD_BUG_ON(sizeof(cb->args[0]) < sizeof(u64));
	if (attrs[EXECGATE_A_SEQUENCE])
		cb->args[0] = nla_get_u64(attrs[EXECGATE_A_SEQUENCE]);
	return start_dump(cb);
}

static int dump_events(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct eg_event *event;
	int err = 0;

	while (!err && (event = eg_event_get(cb->args[0]))) {
		void *head = eg_netlink_dump_head(skb, cb, EXECGATE_CMD_EVENT_LIST);

		err = head ? eg_netlink_put_event(skb, EXECGATE_A_EVENT,
						  event) : -EMSGSIZE;
		if (head)
			err = eg_netlink_dump_end(skb, head, err);
		if (!err)
			cb->args[0] = event->sequence + 1;
		eg_event_put(event);
	}
	return skb->len ?: err;
}

/* As many events as fit into one message; at least one always does. */
static struct sk_buff *next_message(u64 *sequence)
{
	struct eg_event *event;
	struct sk_buff *skb;
	void *head;
	int err = 0;

	skb = genlmsg_new(2 * EG_NETLINK_EVENT_MAX, GFP_KERNEL);
	if (!skb)
		return NULL;
	head = genlmsg_put(skb, 0, 0, &family, 0, EXECGATE_CMD_EVENT);
	while (!err && (event = eg_event_get(*sequence))) {
		err = eg_netlink_put_event(skb, EXECGATE_A_EVENT, event);
		if (!err)
			*sequence = event->sequence + 1;
		eg_event_put(event);
	}
	genlmsg_end(skb, head);
	return skb;
}

void eg_netlink_send_events(void)
{
	static u64 unsent = 1; /* the one worker's own */
	struct eg_event_counts counts;

	for (eg_event_counts(&counts); unsent < counts.next;
	     eg_event_counts(&counts)) {
		struct sk_buff *skb = NULL;
		u64 from = unsent;

		if (genl_has_listeners(&family, &init_net, GROUP_EVENTS))
			skb = next_message(&unsent);
		/* Nobody, no memory, or only numbers without an event are left. */
		if (unsent == from)
			unsent = counts.next;
		/* A listener that cannot keep up sees ENOBUFS, then a gap. */
		if (skb)
			genlmsg_multicast(&family, skb, 0, GROUP_EVENTS,
					  GFP_KERNEL);
	}
}

static const struct nla_policy policy[EXECGATE_A_MAX + 1] = {
	[EXECGATE_A_MODE] = NLA_POLICY_MAX(NLA_U32, EXECGATE_MODE_COUNT - 1),
	[EXECGATE_A_FD] = { .type = NLA_S32 },
	[EXECGATE_A_HOOK] = NLA_POLICY_MAX(NLA_U32, EXECGATE_HOOK_COUNT - 1),
	[EXECGATE_A_KEY] = NLA_POLICY_NESTED(key_policy),
	[EXECGATE_A_SEQUENCE] = { .type = NLA_U64 },
	[EXECGATE_A_CATALOG] = NLA_POLICY_NESTED(catalog_policy),
	[EXECGATE_A_PROFILE] =
		NLA_POLICY_MAX(NLA_U32, EXECGATE_PROFILE_COUNT - 1),
	[EXECGATE_A_GATES] = NLA_POLICY_BITFIELD32(EG_NETLINK_GATES),
	[EXECGATE_A_REVOCATION] = NLA_POLICY_NESTED(eg_netlink_revoke_policy),
};

static const struct genl_ops ops[] = {
	{ .cmd = EXECGATE_CMD_STATUS, .flags = GENL_ADMIN_PERM,
	  .doit = do_status },
	{ .cmd = EXECGATE_CMD_MODE_SET, .flags = GENL_ADMIN_PERM,
	  .doit = eg_netlink_mode_set },
	{ .cmd = EXECGATE_CMD_CHECK, .flags = GENL_ADMIN_PERM,
	  .doit = do_check },
	{ .cmd = EXECGATE_CMD_KEY_ADD, .flags = GENL_ADMIN_PERM,
	  .doit = do_key_add },
	{ .cmd = EXECGATE_CMD_KEY_REMOVE, .flags = GENL_ADMIN_PERM,
	  .doit = do_key_remove },
	{ .cmd = EXECGATE_CMD_KEY_LIST, .flags = GENL_ADMIN_PERM,
	  .start = start_dump, .dumpit = dump_keys },
	{ .cmd = EXECGATE_CMD_EVENT_LIST, .flags = GENL_ADMIN_PERM,
	  .start = start_event_dump, .dumpit = dump_events },
	{ .cmd = EXECGATE_CMD_CATALOG_ADD, .flags = GENL_ADMIN_PERM,
	  .doit = do_catalog_add },
	{ .cmd = EXECGATE_CMD_CATALOG_REMOVE, .flags = GENL_ADMIN_PERM,
	  .doit = do_catalog_remove },
	{ .cmd = EXECGATE_CMD_CATALOG_LIST, .flags = GENL_ADMIN_PERM,
	  .start = start_dump, .dumpit = dump_catalogs },
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
	  .start = start_dump, .dumpit = eg_netlink_revoke_dump },
};

static const struct genl_multicast_group groups[] = {
	[GROUP_EVENTS] = { .name = EXECGATE_GENL_MCGRP_EVENTS,
			   /* As for commands, but it cannot say "or". */
			   .flags = GENL_MCAST_CAP_NET_ADMIN |
				    GENL_MCAST_CAP_SYS_ADMIN },
};

static struct genl_family family __ro_after_init = {
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
	/* Of every command, what is reserved must be 0. */
	.resv_start_op = EXECGATE_CMD_STATUS,
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

int eg_netlink_init(void)
{
	return genl_register_family(&family);
}

void eg_netlink_exit(void)
{
	genl_unregister_family(&family);
}
