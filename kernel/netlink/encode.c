// SPDX-License-Identifier: GPL-2.0
#include "netlink/encode.h"

#include <linux/execgate.h>
#include <net/netlink.h>

#include "core/cache.h"
#include "core/counter.h"
#include "core/event.h"

static int put_u64(struct sk_buff *skb, int type, u64 value)
{
	/* Attribute 1 is the padding of every nest of this family. */
	return nla_put_u64_64bit(skb, type, value, EXECGATE_C_PAD);
}

static int close_nest(struct sk_buff *skb, struct nlattr *nest, int err)
{
	if (err)
		nla_nest_cancel(skb, nest);
	else
		nla_nest_end(skb, nest);
	return err;
}

/* Type = 1 + index, so that an enum may start at 0. */
static int put_array(struct sk_buff *skb, int type, const u64 *values, int n)
{
	struct nlattr *nest = nla_nest_start(skb, type);
	int i, err = 0;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < n && !err; i++)
		err = nla_put(skb, 1 + i, sizeof(values[i]), &values[i]);
	return close_nest(skb, nest, err);
}

static int put_event_counts(struct sk_buff *skb)
{
	struct eg_event_counts counts;

	eg_event_counts(&counts);
	return put_u64(skb, EXECGATE_C_EVENTS_EMITTED, counts.emitted) ?:
	       put_u64(skb, EXECGATE_C_EVENTS_DROPPED, counts.dropped) ?:
	       put_u64(skb, EXECGATE_C_EVENT_OLDEST, counts.oldest) ?:
	       put_u64(skb, EXECGATE_C_EVENT_NEXT, counts.next) ?:
	       put_u64(skb, EXECGATE_C_EVENTS_SUPPRESSED, counts.suppressed) ?:
	       put_u64(skb, EXECGATE_C_EVENTS_HELD, counts.held);
}

static int put_catalog_totals(struct sk_buff *skb)
{
	struct eg_catalog_totals totals;

	eg_catalog_totals(&totals);
	return put_u64(skb, EXECGATE_C_CATALOGS, totals.catalogs) ?:
	       put_u64(skb, EXECGATE_C_CATALOG_DIGESTS, totals.digests) ?:
	       put_u64(skb, EXECGATE_C_CATALOG_BYTES, totals.bytes);
}

int eg_netlink_put_counters(struct sk_buff *skb, int type)
{
	struct nlattr *nest = nla_nest_start(skb, type);
	struct eg_counters c;
	int err;

	if (!nest)
		return -EMSGSIZE;
	eg_counter_sum(&c);
	err = put_array(skb, EXECGATE_C_HOOK_CALLS, c.hook_calls,
			ARRAY_SIZE(c.hook_calls)) ?:
	      put_array(skb, EXECGATE_C_DENIES, c.denies,
			ARRAY_SIZE(c.denies)) ?:
	      put_u64(skb, EXECGATE_C_CACHE_HITS, c.cache_hits) ?:
	      put_u64(skb, EXECGATE_C_CACHE_MISSES, c.cache_misses) ?:
	      put_u64(skb, EXECGATE_C_CACHE_ENTRIES, eg_cache_entries()) ?:
	      put_u64(skb, EXECGATE_C_VERIFIES, c.verifies) ?:
	      put_u64(skb, EXECGATE_C_BYTES_HASHED, c.bytes_hashed) ?:
	      put_u64(skb, EXECGATE_C_KEYS, eg_keyring_count()) ?:
	      put_u64(skb, EXECGATE_C_ANON_EXEC, c.anon_exec) ?:
	      put_event_counts(skb) ?:
	      put_catalog_totals(skb) ?:
	      put_u64(skb, EXECGATE_C_REVOCATIONS, eg_revocation_count()) ?:
	      put_u64(skb, EXECGATE_C_INJECT, c.inject) ?:
	      put_u64(skb, EXECGATE_C_INLINE, c.inline_code) ?:
	      put_u64(skb, EXECGATE_C_DENIED, c.denied);
	return close_nest(skb, nest, err);
}

/* How each kind of EXECGATE_EVENT_FIELDS is put. */
#define put_U64 put_u64
#define put_DEVICE put_u64
#define put_INODE put_u64
#define put_VERSION put_ID
#define put_U32 nla_put_u32
#define put_REASON nla_put_u32
#define put_HOOK nla_put_u32
#define put_MODE nla_put_u32
#define put_CARRIER nla_put_u32

static int put_ID(struct sk_buff *skb, int type, u64 value)
{
	return value ? put_u64(skb, type, value) : 0;
}

static int put_LOGIN(struct sk_buff *skb, int type, u32 uid)
{
	return uid != EG_EVENT_NO_LOGIN ? nla_put_u32(skb, type, uid) : 0;
}

static int put_REPORTED(struct sk_buff *skb, int type, u32 reason)
{
	return reason ? nla_put_u32(skb, type, reason) : 0;
}

static int put_FLAG(struct sk_buff *skb, int type, bool value)
{
	return value ? nla_put_flag(skb, type) : 0;
}

static int put_DIGEST(struct sk_buff *skb, int type, bool known,
		      const u8 digest[EXECGATE_FINGERPRINT_SIZE])
{
	return known ? nla_put(skb, type, EXECGATE_FINGERPRINT_SIZE, digest) : 0;
}

static int put_TEXT(struct sk_buff *skb, int type, const char *text, size_t size)
{
	return size ? nla_put(skb, type, size, text) : 0;
}

/*
 * Where the kernel has each of EXECGATE_EVENT_FIELDS, @e being the event, @v its
 * verdict and @rules what was asked for besides: the value, or two for a DIGEST (known, bytes) and a TEXT (bytes, size). A
 * field that stands in the list and not here does not compile.
 */
#define VALUE_SEQUENCE e->sequence
#define VALUE_TIME e->time
#define VALUE_REASON v->reason
#define VALUE_HOOK e->hook
#define VALUE_MODE e->mode
#define VALUE_CARRIER v->carrier
#define VALUE_PID e->pid
#define VALUE_TID e->tid
#define VALUE_UID e->uid
#define VALUE_COMM e->comm, strnlen(e->comm, sizeof(e->comm))
#define VALUE_DEV e->device
#define VALUE_INO e->inode
#define TEXT_OF(e, text) eg_event_text(e, text), (e)->size[text]
#define VALUE_PATH TEXT_OF(e, EG_EVENT_PATH)
#define VALUE_PATH_CUT e->path_cut
#define VALUE_EXE TEXT_OF(e, EG_EVENT_EXE)
#define VALUE_SIGNER v->has_signer, v->signer
#define VALUE_IDENTITY v->identity, v->identity_size
#define VALUE_IDENTITY_VERSION v->identity_size ? v->identity_version : 0
#define VALUE_DIGEST v->has_digest, v->digest
#define VALUE_CACHED v->cached
#define VALUE_REPORTED allowed ? v->reported : EXECGATE_REASON_ALLOWED
#define VALUE_HARDENED allowed && v->hardened
#define VALUE_RULES rules, strlen(rules)
#define VALUE_PLACED allowed && v->placed
#define VALUE_TTY e->tty, e->tty_size
#define VALUE_CONSTRAINED e->constrained
#define VALUE_PPID e->parent
#define VALUE_LOGIN_UID e->login
#define VALUE_USER_NS e->user_ns
#define VALUE_CGROUP e->cgroup
#define VALUE_CGROUP_PATH TEXT_OF(e, EG_EVENT_CGROUP)
#define VALUE_ARGV0 TEXT_OF(e, EG_EVENT_ARGV0)
#define VALUE_REAL_DEV e->real_device
#define VALUE_REAL_PATH TEXT_OF(e, EG_EVENT_REAL)

static int put_event_fields(struct sk_buff *skb, const struct eg_event *e,
			    const char *rules)
{
	const struct eg_verdict *v = &e->verdict;
	bool allowed = v->reason == EXECGATE_REASON_ALLOWED;

#define X(id, kind, member, size, where, text) \
	put_##kind(skb, EXECGATE_E_##id, VALUE_##id) ?:
	return EXECGATE_EVENT_FIELDS(X) 0;
#undef X
}

int eg_netlink_put_event(struct sk_buff *skb, int type,
			 const struct eg_event *e)
{
	return eg_netlink_put_check(skb, type, e, "");
}

int eg_netlink_put_check(struct sk_buff *skb, int type,
			 const struct eg_event *e, const char *rules)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest)
		return -EMSGSIZE;
	return close_nest(skb, nest, put_event_fields(skb, e, rules));
}

int eg_netlink_put_key(struct sk_buff *skb, int type, const struct eg_key *key)
{
	struct nlattr *nest = nla_nest_start(skb, type);
	int err;

	if (!nest)
		return -EMSGSIZE;
	err = nla_put(skb, EXECGATE_K_FINGERPRINT, sizeof(key->fingerprint),
		      key->fingerprint) ?:
	      put_u64(skb, EXECGATE_K_NOT_AFTER, key->not_after) ?:
	      nla_put_string(skb, EXECGATE_K_DESCRIPTION,
			     key->key->description) ?:
	      nla_put_string(skb, EXECGATE_K_ALGORITHM, key->algorithm) ?:
	      nla_put_u32(skb, EXECGATE_K_BITS, key->bits) ?:
	      nla_put_u32(skb, EXECGATE_K_PURPOSES, key->purposes);
	if (!err && key->role == EG_ROLE_CA)
		err = nla_put_flag(skb, EXECGATE_K_CA);
	if (!err && key->role == EG_ROLE_LEAF)
		err = nla_put(skb, EXECGATE_K_ISSUER, sizeof(key->issuer),
			      key->issuer);
	if (!err && eg_keyring_revoked(key))
		err = nla_put_flag(skb, EXECGATE_K_REVOKED);
	return close_nest(skb, nest, err);
}

int eg_netlink_put_catalog(struct sk_buff *skb, int type,
			   const struct eg_catalog_info *info)
{
	struct nlattr *nest = nla_nest_start(skb, type);
	int err;

	if (!nest)
		return -EMSGSIZE;
	err = nla_put(skb, EXECGATE_T_NAME, info->name_size, info->name) ?:
	      put_u64(skb, EXECGATE_T_SEQUENCE, info->sequence) ?:
	      put_u64(skb, EXECGATE_T_CREATED, info->created) ?:
	      nla_put_u32(skb, EXECGATE_T_ENTRIES, info->entries) ?:
	      nla_put(skb, EXECGATE_T_SIGNER, sizeof(info->signer),
		      info->signer);
	return close_nest(skb, nest, err);
}

int eg_netlink_put_revocation(struct sk_buff *skb, int type,
			      const struct eg_revocation *revocation)
{
	struct nlattr *nest = nla_nest_start(skb, type);
	int err;

	if (!nest)
		return -EMSGSIZE;
	err = nla_put_u32(skb, EXECGATE_V_KIND, revocation->kind) ?:
	      nla_put(skb, EXECGATE_V_VALUE, sizeof(revocation->value),
		      revocation->value);
	return close_nest(skb, nest, err);
}

int eg_netlink_put_revoked_catalog(struct sk_buff *skb, int type,
				   const struct eg_catalog_info *info)
{
	struct nlattr *nest = nla_nest_start(skb, type);
	int err;

	if (!nest)
		return -EMSGSIZE;
	err = nla_put_u32(skb, EXECGATE_V_KIND, EXECGATE_REVOCATION_CATALOG) ?:
	      nla_put(skb, EXECGATE_V_NAME, info->name_size, info->name) ?:
	      put_u64(skb, EXECGATE_V_SEQUENCE, info->sequence);
	return close_nest(skb, nest, err);
}

int eg_netlink_put_floor(struct sk_buff *skb, int type,
			 const struct eg_floor *floor)
{
	struct nlattr *nest = nla_nest_start(skb, type);
	u64 below = floor->below[EG_RULE_DENY];
	u64 reported = floor->below[EG_RULE_REPORT];
	int err;

	if (!nest)
		return -EMSGSIZE;
	err = nla_put_u32(skb, EXECGATE_V_KIND, EXECGATE_REVOCATION_VERSION) ?:
	      nla_put(skb, EXECGATE_V_NAME, floor->name_size, floor->name);
	if (!err && below)
		err = put_u64(skb, EXECGATE_V_VERSION, below);
	if (!err && reported)
		err = put_u64(skb, EXECGATE_V_REPORTED, reported);
	return close_nest(skb, nest, err);
}

int eg_netlink_put_constraint(struct sk_buff *skb, int type,
			      const struct eg_constraint *item)
{
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest)
		return -EMSGSIZE;
	return close_nest(skb, nest,
			  nla_put_u32(skb, EXECGATE_N_KIND, item->kind) ?:
			  put_u64(skb, EXECGATE_N_ID, item->id));
}
