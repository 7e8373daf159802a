// SPDX-License-Identifier: GPL-2.0
/* CHECK: what a hook would say of a file. */
#include "netlink/request.h"

#include <linux/file.h>
#include <linux/slab.h>

#include "core/event.h"
#include "core/filesystem.h"
#include "core/policy.h"
#include "core/use.h"
#include "gate.h"
#include "hooks/object.h"
#include "netlink/encode.h"

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
	/* By an interpreter that reads it as code; whether it would, is not asked. */
	case EXECGATE_HOOK_READ_OPEN:
		return EG_USE_READ;
	/* The program that asks for it. */
	case EXECGATE_HOOK_MMAP_ADDR:
		return EXECGATE_CLASS_MAY_JIT;
	case EXECGATE_HOOK_PTRACE_ACCESS:
		return EXECGATE_CLASS_DEBUGGER;
	}
	return 0;
}

/*
 * As the hooks would. An object that the kernel loads is judged in its buffer,
 * wherever it comes from; but here a file system that never answers would hold
 * up all others who ask, so that those which can do so are not read from.
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

/* Return: a text, kfree(); NULL: no memory. */
static char *rules_of(const struct eg_verdict *verdict)
{
	char *text = kzalloc(EXECGATE_RULES_MAX + 1, GFP_KERNEL);

	if (text && verdict->reason == EXECGATE_REASON_ALLOWED &&
	    verdict->origin)
		eg_origin_text(verdict->origin, text, EXECGATE_RULES_MAX + 1);
	return text;
}

static int reply_verdict(enum execgate_hook hook, const struct eg_request *req,
			 struct genl_info *info)
{
	struct eg_verdict verdict;
	struct eg_event *event;
	struct sk_buff *skb;
	char *rules;
	void *head;
	int err;

	judge_as(hook, req, &verdict);
	event = eg_event_new(req, &verdict, eg_policy_mode());
	rules = rules_of(&verdict);
	eg_verdict_end(&verdict);
	if (!event || !rules) {
		err = -ENOMEM;
		goto out;
	}
	skb = eg_netlink_new_reply(info, EG_NETLINK_CHECK_MAX, &head);
	err = skb ? eg_netlink_put_check(skb, EXECGATE_A_EVENT, event, rules) :
		    -ENOMEM;
	if (skb)
		err = eg_netlink_send_reply(skb, head, err, info);
out:
	if (event)
		eg_event_put(event);
	kfree(rules);
	return err;
}

/* The command runs in the sender's context, so the descriptor is the sender's. */
int eg_netlink_check(struct sk_buff *skb, struct genl_info *info)
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
		NL_SET_ERR_MSG(
			info->extack,
			"only exec, mmap, kernel-read, read, mmap-addr and ptrace can be asked for");
		err = -EINVAL;
	}
	fput(req.file);
	return err;
}
