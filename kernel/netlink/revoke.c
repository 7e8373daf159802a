// SPDX-License-Identifier: GPL-2.0
#include "netlink/request.h"

#include <linux/slab.h>

#include "arm.h"
#include "core/policy.h"
#include "netlink/encode.h"
#include "trust/catalog.h"
#include "trust/floor.h"
#include "trust/refusal.h"
#include "trust/revocation.h"

const struct nla_policy eg_netlink_revoke_policy[EXECGATE_V_MAX + 1] = {
	[EXECGATE_V_KIND] =
		NLA_POLICY_MAX(NLA_U32, EXECGATE_REVOCATION_COUNT - 1),
	[EXECGATE_V_VALUE] = NLA_POLICY_EXACT_LEN(EXECGATE_FINGERPRINT_SIZE),
	[EXECGATE_V_NAME] = { .type = NLA_BINARY,
			      .len = EXECGATE_CATALOG_NAME_MAX },
	[EXECGATE_V_SEQUENCE] = { .type = NLA_U64 },
	[EXECGATE_V_VERSION] = { .type = NLA_U64 },
	[EXECGATE_V_REPORTED] = { .type = NLA_REJECT },
};

/* The content of one A_REVOCATION; @name points into the message. */
struct wanted {
	enum execgate_revocation_kind kind;
	struct eg_revocation item;
	struct eg_bytes name;
	u64 sequence;
	u64 below;
};

/* For a catalog or an identity, which have names. */
static bool parse_named(struct nlattr *const *attr, struct wanted *out)
{
	if (!attr[EXECGATE_V_NAME] || !nla_len(attr[EXECGATE_V_NAME]) ||
	    memchr(nla_data(attr[EXECGATE_V_NAME]), 0,
		   nla_len(attr[EXECGATE_V_NAME])))
		return false;
	out->name.data = nla_data(attr[EXECGATE_V_NAME]);
	out->name.size = nla_len(attr[EXECGATE_V_NAME]);
	if (attr[EXECGATE_V_SEQUENCE])
		out->sequence = nla_get_u64(attr[EXECGATE_V_SEQUENCE]);
	if (attr[EXECGATE_V_VERSION])
		out->below = nla_get_u64(attr[EXECGATE_V_VERSION]);
	return true;
}

static int parse(const struct nlattr *nest, struct wanted *out,
		 struct netlink_ext_ack *extack)
{
	struct nlattr *attr[EXECGATE_V_MAX + 1];
	int err;

	err = nla_parse_nested(attr, EXECGATE_V_MAX, nest,
			       eg_netlink_revoke_policy, extack);
	if (err)
		return err;
	memset(out, 0, sizeof(*out));
	if (!attr[EXECGATE_V_KIND])
		goto missing;
	out->kind = nla_get_u32(attr[EXECGATE_V_KIND]);
	if (out->kind == EXECGATE_REVOCATION_CATALOG ||
	    out->kind == EXECGATE_REVOCATION_VERSION) {
		if (!parse_named(attr, out))
			goto missing;
		return 0;
	}
	if (!attr[EXECGATE_V_VALUE])
		goto missing;
	out->item.kind = out->kind;
	memcpy(out->item.value, nla_data(attr[EXECGATE_V_VALUE]),
	       sizeof(out->item.value));
	return 0;

missing:
	NL_SET_ERR_MSG(extack,
		       "an attribute of the revocation is missing or wrong");
	return -EINVAL;
}

/* The additions of one request to the two lists, each of which changes once. */
struct additions {
	struct eg_revocation items[EXECGATE_REVOKE_BATCH];
	struct eg_floor floors[EXECGATE_REVOKE_BATCH];
	unsigned int item_count;
	unsigned int floor_count;
};

static int take_wanted(const struct wanted *wanted, struct additions *add,
		       struct netlink_ext_ack *extack)
{
	switch (wanted->kind) {
	case EXECGATE_REVOCATION_CATALOG:
		return 0;
	case EXECGATE_REVOCATION_VERSION:
		if (!wanted->below) {
			NL_SET_ERR_MSG(extack, "below which version?");
			return -EINVAL;
		}
		eg_floor_fill(&add->floors[add->floor_count++], wanted->name,
			      wanted->below, EG_RULE_DENY);
		return 0;
	default:
		add->items[add->item_count++] = wanted->item;
		return 0;
	}
}

/*
 * Twice over the message: what is malformed is found before anything is done,
 * and then the lists change.
 */
static int collect(struct genl_info *info, struct additions *add)
{
	const struct nlattr *nest;
	struct wanted wanted;
	unsigned int all = 0;
	int rem, err;

	add->item_count = 0;
	add->floor_count = 0;
	nla_for_each_attr(nest, genlmsg_data(info->genlhdr),
			  genlmsg_len(info->genlhdr), rem) {
		if (nla_type(nest) != EXECGATE_A_REVOCATION)
			continue;
		if (all++ == EXECGATE_REVOKE_BATCH) {
			NL_SET_ERR_MSG(info->extack,
				       "too many revocations in one request");
			return -E2BIG;
		}
		err = parse(nest, &wanted, info->extack) ?:
			      take_wanted(&wanted, add, info->extack);
		if (err)
			return err;
	}
	if (all)
		return 0;
	NL_SET_ERR_MSG(info->extack, "what is to be revoked?");
	return -EINVAL;
}

static int revoke_catalogs(struct genl_info *info)
{
	const struct nlattr *nest;
	struct wanted wanted;
	int rem, err = 0;

	nla_for_each_attr(nest, genlmsg_data(info->genlhdr),
			  genlmsg_len(info->genlhdr), rem) {
		if (err || nla_type(nest) != EXECGATE_A_REVOCATION)
			continue;
		err = parse(nest, &wanted, info->extack);
		if (err || wanted.kind != EXECGATE_REVOCATION_CATALOG)
			continue;
		err = eg_catalog_revoke(wanted.name.data, wanted.name.size,
					wanted.sequence);
		if (err)
			NL_SET_ERR_MSG(info->extack,
				       "no more names of catalogs fit");
	}
	return err;
}

int eg_netlink_revoke_add(struct sk_buff *skb, struct genl_info *info)
{
	struct additions *add;
	int err;

	add = kvmalloc(sizeof(*add), GFP_KERNEL);
	if (!add)
		return -ENOMEM;
	err = collect(info, add);
	if (!err) {
		err = eg_revocation_add(add->items, add->item_count);
		if (err == -ENOSPC)
			NL_SET_ERR_MSG_FMT(
				info->extack,
				"the revocation list is full: %u keys and digests",
				EXECGATE_REVOCATIONS_MAX);
	}
	if (!err && add->floor_count) {
		err = eg_floor_raise(add->floors, add->floor_count);
		if (err == -ENOSPC)
			NL_SET_ERR_MSG_FMT(
				info->extack,
				"the versions of %u identities are revoked, no more fit",
				EXECGATE_FLOORS_MAX);
	}
	kvfree(add);
	return err ?: revoke_catalogs(info);
}

/*
 * A signed policy that says enforce binds as the lock does here: an older version
 * that runs again may be what goes around it.
 */
static int refuse_bound(const struct wanted *wanted,
			struct netlink_ext_ack *extack)
{
	if (eg_policy_locked())
		eg_refusal_tell(extack,
				&(struct eg_refusal){ EXECGATE_REASON_LOCKED,
						      eg_policy_locked_text });
	else if (wanted->kind == EXECGATE_REVOCATION_VERSION &&
		 eg_policy_bound())
		eg_refusal_tell(
			extack,
			&(struct eg_refusal){
				EXECGATE_REASON_POLICY_SIGNED,
				"a signed policy says enforce: versions are only revoked" });
	else
		return 0;
	return -EPERM;
}

/* A floor of the signed policy stays, whatever mode the policy says. */
static int take_floor_back(struct eg_bytes name, struct netlink_ext_ack *extack)
{
	struct eg_refusal refusal = { .text = "" };
	int err = eg_arm_remove_floor(name, &refusal);

	if (err == -EPERM)
		eg_refusal_tell(extack, &refusal);
	return err;
}

static int take_back(const struct wanted *wanted,
		     struct netlink_ext_ack *extack)
{
	switch (wanted->kind) {
	case EXECGATE_REVOCATION_CATALOG:
		return eg_catalog_unrevoke(wanted->name.data,
					   wanted->name.size);
	case EXECGATE_REVOCATION_VERSION:
		return take_floor_back(wanted->name, extack);
	default:
		return eg_revocation_remove(&wanted->item);
	}
}

int eg_netlink_revoke_remove(struct sk_buff *skb, struct genl_info *info)
{
	struct wanted wanted;
	int err;

	if (GENL_REQ_ATTR_CHECK(info, EXECGATE_A_REVOCATION))
		return -EINVAL;
	err = parse(info->attrs[EXECGATE_A_REVOCATION], &wanted, info->extack) ?:
		      refuse_bound(&wanted, info->extack);
	if (err)
		return err;
	err = take_back(&wanted, info->extack);
	if (err == -ENOENT)
		NL_SET_ERR_MSG(info->extack, "this is not revoked");
	return err;
}

static int dump_items(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct eg_revocation item;
	int err = 0;

	for (; !err && eg_revocation_get(cb->args[0], &item);
	     cb->args[0] += !err) {
		void *head =
			eg_netlink_dump_head(skb, cb, EXECGATE_CMD_REVOKE_LIST);

		err = head ? eg_netlink_put_revocation(skb,
						       EXECGATE_A_REVOCATION,
						       &item) :
			     -EMSGSIZE;
		if (head)
			err = eg_netlink_dump_end(skb, head, err);
	}
	return err;
}

static int dump_catalogs(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct eg_catalog_info info;
	int err = 0;

	for (; !err && eg_catalog_revoked_get(cb->args[1], &info);
	     cb->args[1] += !err) {
		void *head =
			eg_netlink_dump_head(skb, cb, EXECGATE_CMD_REVOKE_LIST);

		err = head ? eg_netlink_put_revoked_catalog(
				     skb, EXECGATE_A_REVOCATION, &info) :
			     -EMSGSIZE;
		if (head)
			err = eg_netlink_dump_end(skb, head, err);
	}
	return err;
}

static int dump_floors(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct eg_floor floor;
	int err = 0;

	for (; !err && eg_floor_get(cb->args[2], &floor); cb->args[2] += !err) {
		void *head =
			eg_netlink_dump_head(skb, cb, EXECGATE_CMD_REVOKE_LIST);

		err = head ? eg_netlink_put_floor(skb, EXECGATE_A_REVOCATION,
						  &floor) :
			     -EMSGSIZE;
		if (head)
			err = eg_netlink_dump_end(skb, head, err);
	}
	return err;
}

int eg_netlink_revoke_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	int err = dump_items(skb, cb);

	if (!err)
		err = dump_catalogs(skb, cb);
	if (!err)
		err = dump_floors(skb, cb);
	return skb->len ?: err;
}
