// SPDX-License-Identifier: GPL-2.0
/* KEY_ADD, KEY_REMOVE, KEY_LIST. */
#include "netlink/request.h"

#include "netlink/encode.h"
#include "trust/catalog.h"
#include "trust/keyring.h"
#include "trust/refusal.h"

const struct nla_policy eg_netlink_key_policy[EXECGATE_K_MAX + 1] = {
	[EXECGATE_K_CERTIFICATE] = { .type = NLA_BINARY,
				     .len = EXECGATE_CERT_MAX },
	[EXECGATE_K_FINGERPRINT] =
		NLA_POLICY_EXACT_LEN(EXECGATE_FINGERPRINT_SIZE),
	[EXECGATE_K_NOT_AFTER] = { .type = NLA_U64 },
	[EXECGATE_K_PURPOSES] =
		NLA_POLICY_RANGE(NLA_U32, 1, EXECGATE_PURPOSES_ALL),
};

static int parse_key(struct genl_info *info, struct nlattr **key,
		     enum execgate_key_attr required)
{
	int err;

	if (GENL_REQ_ATTR_CHECK(info, EXECGATE_A_KEY))
		return -EINVAL;
	err = nla_parse_nested(key, EXECGATE_K_MAX, info->attrs[EXECGATE_A_KEY],
			       eg_netlink_key_policy, info->extack);
	if (!err && !key[required]) {
		NL_SET_ERR_MSG(info->extack,
			       "an attribute of the key is missing");
		err = -EINVAL;
	}
	return err;
}

int eg_netlink_key_add(struct sk_buff *request, struct genl_info *info)
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
	skb = eg_netlink_new_reply(info, EG_NETLINK_KEY_MAX, &head);
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
	return eg_netlink_send_reply(skb, head, err, info);
}

int eg_netlink_key_remove(struct sk_buff *skb, struct genl_info *info)
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
		eg_catalog_remove_signer(
			nla_data(attr[EXECGATE_K_FINGERPRINT]));
	return err;
}

int eg_netlink_key_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct eg_key key;
	int err = 0;

	for (; !err && eg_keyring_get(cb->args[0], &key); cb->args[0] += !err) {
		void *head =
			eg_netlink_dump_head(skb, cb, EXECGATE_CMD_KEY_LIST);

		err = head ? eg_netlink_put_key(skb, EXECGATE_A_KEY, &key) :
			     -EMSGSIZE;
		if (head)
			err = eg_netlink_dump_end(skb, head, err);
		key_put(key.key);
	}
	return skb->len ?: err;
}
