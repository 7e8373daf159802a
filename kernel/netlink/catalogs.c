// SPDX-License-Identifier: GPL-2.0
/* CATALOG_ADD, CATALOG_REMOVE, CATALOG_LIST. */
#include "netlink/request.h"

#include <linux/file.h>
#include <linux/string.h>

#include "gate.h"
#include "netlink/encode.h"
#include "trust/catalog.h"
#include "trust/refusal.h"

/*
 * A key that is trusted oversteps what it is trusted for: that is told of, as of a
 * policy. A file that nobody vouches for is only refused, as any file may be offered.
 */
static void tell_overstep(struct file *file, const struct eg_catalog_info *info)
{
	struct eg_verdict verdict = { .reason = EXECGATE_REASON_WRONG_PURPOSE,
				      .carrier = EXECGATE_CARRIER_CATALOG,
				      .has_signer = true };

	/* A file system may refuse with the same errno, and then nobody signed. */
	if (!memchr_inv(info->signer, 0, sizeof(info->signer)))
		return;

	memcpy(verdict.signer, info->signer, sizeof(verdict.signer));
	eg_gate_refuse_policy(file, &verdict);
}

int eg_netlink_catalog_add(struct sk_buff *request, struct genl_info *info)
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
	/* Before the catalog counts: an answer that cannot be sent is not a success. */
	skb = eg_netlink_new_reply(info, EG_NETLINK_CATALOG_MAX, &head);
	if (!skb) {
		fput(file);
		return -ENOMEM;
	}
	err = eg_catalog_add(file, &catalog);
	if (eg_refusal_reason(err) == EXECGATE_REASON_WRONG_PURPOSE)
		tell_overstep(file, &catalog);
	fput(file);
	if (err)
		eg_refusal_tell_signed(info->extack, err, "catalog");
	else
		err = eg_netlink_put_catalog(skb, EXECGATE_A_CATALOG, &catalog);
	return eg_netlink_send_reply(skb, head, err, info);
}

const struct nla_policy eg_netlink_catalog_policy[EXECGATE_T_MAX + 1] = {
	[EXECGATE_T_NAME] = { .type = NLA_BINARY,
			      .len = EXECGATE_CATALOG_NAME_MAX },
};

int eg_netlink_catalog_remove(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *attr[EXECGATE_T_MAX + 1];
	int err;

	if (GENL_REQ_ATTR_CHECK(info, EXECGATE_A_CATALOG))
		return -EINVAL;
	err = nla_parse_nested(attr, EXECGATE_T_MAX,
			       info->attrs[EXECGATE_A_CATALOG],
			       eg_netlink_catalog_policy, info->extack);
	if (err)
		return err;
	if (!attr[EXECGATE_T_NAME]) {
		NL_SET_ERR_MSG(info->extack,
			       "the name of the catalog is missing");
		return -EINVAL;
	}
	err = eg_catalog_remove(nla_data(attr[EXECGATE_T_NAME]),
				nla_len(attr[EXECGATE_T_NAME]));
	if (err == -ENOENT)
		NL_SET_ERR_MSG(info->extack,
			       "no catalog of this name is loaded");
	return err;
}

int eg_netlink_catalog_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct eg_catalog_info info;
	int err = 0;

	for (; !err && eg_catalog_get(cb->args[0], &info);
	     cb->args[0] += !err) {
		void *head = eg_netlink_dump_head(skb, cb,
						  EXECGATE_CMD_CATALOG_LIST);

		err = head ? eg_netlink_put_catalog(skb, EXECGATE_A_CATALOG,
						    &info) :
			     -EMSGSIZE;
		if (head)
			err = eg_netlink_dump_end(skb, head, err);
	}
	return skb->len ?: err;
}
