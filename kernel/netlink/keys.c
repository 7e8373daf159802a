// SPDX-License-Identifier: GPL-2.0
/* KEY_ADD, KEY_REMOVE, KEY_LIST. */
#include "netlink/request.h"

#include "gate.h"
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
	[EXECGATE_K_REPLACE] = { .type = NLA_FLAG },
	[EXECGATE_K_CA] = { .type = NLA_FLAG },
	[EXECGATE_K_LEAF] = { .type = NLA_FLAG },
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

static int take_enrolment(struct nlattr **attr, struct eg_enrolment *as)
{
	if (attr[EXECGATE_K_CA] && attr[EXECGATE_K_LEAF])
		return -EINVAL;
	if (attr[EXECGATE_K_CA])
		as->role = EG_ROLE_CA;
	if (attr[EXECGATE_K_LEAF])
		as->role = EG_ROLE_LEAF;
	if (attr[EXECGATE_K_PURPOSES])
		as->purposes = execgate_purposes_expand(
			nla_get_u32(attr[EXECGATE_K_PURPOSES]));
	else if (as->role != EG_ROLE_LEAF)
		as->purposes = EXECGATE_PURPOSES_CODE;
	as->replace = attr[EXECGATE_K_REPLACE];
	return 0;
}

/* Also those of leaves that are for more than their CA: it is for @purposes only. */
static void remove_leaves(const u8 ca[EXECGATE_FINGERPRINT_SIZE], u32 purposes)
{
	u8 leaf[EXECGATE_FINGERPRINT_SIZE];

	while (eg_keyring_leaf(ca, purposes, leaf)) {
		eg_keyring_remove(leaf);
		eg_catalog_remove_signer(leaf);
	}
}

static void tell_refusal(struct genl_info *info, const struct eg_refusal *why)
{
	const struct eg_verdict verdict = { .reason = why->reason };

	eg_refusal_tell(info->extack, why);
	/* A caller who may enroll keys tries to widen what is bound: that is an event. */
	if (why->reason != EXECGATE_REASON_ALLOWED)
		eg_gate_refuse_policy(NULL, &verdict);
}

int eg_netlink_key_add(struct sk_buff *request, struct genl_info *info)
{
	struct nlattr *attr[EXECGATE_K_MAX + 1];
	const struct nlattr *cert;
	struct eg_enrolment as = {};
	struct eg_refusal refusal = { .text = "" };
	time64_t not_after = EG_CERTIFICATE_OWN_END;
	struct sk_buff *skb;
	struct eg_key key;
	void *head;
	int err;

	err = parse_key(info, attr, EXECGATE_K_CERTIFICATE) ?:
		      take_enrolment(attr, &as);
	if (err)
		return err;
	/* Before the key counts: an answer that cannot be sent is not a success. */
	skb = eg_netlink_new_reply(info, EG_NETLINK_KEY_MAX, &head);
	if (!skb)
		return -ENOMEM;
	cert = attr[EXECGATE_K_CERTIFICATE];
	if (attr[EXECGATE_K_NOT_AFTER])
		not_after = nla_get_u64(attr[EXECGATE_K_NOT_AFTER]);
	err = eg_keyring_add((struct eg_bytes){ nla_data(cert), nla_len(cert) },
			     not_after, &as, &key, &refusal);
	if (err) {
		tell_refusal(info, &refusal);
	} else {
		/* If it was for catalogs before: none of its counts any more. */
		if (!(key.purposes & EXECGATE_PURPOSE_CATALOGS))
			eg_catalog_remove_signer(key.fingerprint);
		remove_leaves(key.fingerprint, key.purposes);
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
	if (err)
		return err;
	eg_catalog_remove_signer(nla_data(attr[EXECGATE_K_FINGERPRINT]));
	remove_leaves(nla_data(attr[EXECGATE_K_FINGERPRINT]), 0);
	return 0;
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
