// SPDX-License-Identifier: GPL-2.0
#include "lib/netlink/parse.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <string.h>

enum field_kind {
	FIELD_SKIP,
	FIELD_U16,
	FIELD_U32, /* sets the bool at @flag, if there is one */
	FIELD_U64,
	FIELD_TEXT,   /* to char[max + 1]; any bytes but NUL */
	FIELD_BYTES,  /* exactly @max bytes, sets the bool at @flag, if there is one */
	FIELD_LIST,   /* up to @max bytes, their number to the uint32_t at @flag */
	FIELD_FLAG,   /* the bool at @offset */
	FIELD_ARRAY,  /* nest of u64, type 1 + index, to u64[max] */
	FIELD_STRUCT, /* nest parsed by @nested */
};

/* How one attribute number is stored. @flag: 0 = there is none */
struct field {
	enum field_kind kind;
	size_t offset;
	size_t max;
	size_t flag;
	const struct layout *nested;
	bool needed;
};

struct layout {
	const struct field *fields;
	size_t count;
};

#define FIELD_COUNT_MAX 64 /* "seen" below is one word */

#define LAYOUT(array) \
	{ .fields = (array), .count = sizeof(array) / sizeof((array)[0]) }

int execgate_nlattr_next(const uint8_t **data, size_t *size,
			 struct execgate_nlattr *out)
{
	struct nlattr header;
	size_t step;

	if (!*size)
		return 0;
	if (*size < sizeof(header))
		return -EBADMSG;
	memcpy(&header, *data, sizeof(header));
	if (header.nla_len < NLA_HDRLEN || header.nla_len > *size)
		return -EBADMSG;
	out->type = header.nla_type & NLA_TYPE_MASK;
	out->data = *data + NLA_HDRLEN;
	out->size = header.nla_len - NLA_HDRLEN;
	/* The last one may come without its padding. */
	step = NLA_ALIGN(header.nla_len);
	if (step > *size)
		step = *size;
	*data += step;
	*size -= step;
	return 1;
}

static int store_text(char *to, size_t max, const struct execgate_nlattr *attr)
{
	size_t size = attr->size;

	while (size && !attr->data[size - 1])
		size--;
	if (size > max || memchr(attr->data, 0, size))
		return -EBADMSG;
	memcpy(to, attr->data, size);
	to[size] = '\0';
	return 0;
}

static int store_fixed(void *to, size_t size,
		       const struct execgate_nlattr *attr)
{
	if (attr->size != size)
		return -EBADMSG;
	memcpy(to, attr->data, size);
	return 0;
}

static int store_array(uint8_t *to, size_t max,
		       const struct execgate_nlattr *nest)
{
	const uint8_t *data = nest->data;
	size_t size = nest->size;
	struct execgate_nlattr attr;
	int ret;

	while ((ret = execgate_nlattr_next(&data, &size, &attr)) > 0) {
		if (!attr.type || attr.type > max)
			continue;
		ret = store_fixed(to + (attr.type - 1) * sizeof(uint64_t),
				  sizeof(uint64_t), &attr);
		if (ret)
			return ret;
	}
	return ret;
}

static int parse_layout(const struct layout *layout, const uint8_t *data,
			size_t size, uint8_t *out);

static int store(const struct field *field, const struct execgate_nlattr *attr,
		 uint8_t *out)
{
	uint8_t *to = out + field->offset;

	switch (field->kind) {
	case FIELD_SKIP:
		return 0;
	case FIELD_U16:
		return store_fixed(to, sizeof(uint16_t), attr);
	case FIELD_U32:
		if (field->flag)
			*(bool *)(out + field->flag) = true;
		return store_fixed(to, sizeof(uint32_t), attr);
	case FIELD_U64:
		return store_fixed(to, sizeof(uint64_t), attr);
	case FIELD_TEXT:
		return store_text((char *)to, field->max, attr);
	case FIELD_BYTES:
		if (field->flag)
			*(bool *)(out + field->flag) = true;
		return store_fixed(to, field->max, attr);
	case FIELD_LIST:
		*(uint32_t *)(void *)(out + field->flag) = (uint32_t)attr->size;
		return attr->size > field->max ?
			       -EBADMSG :
			       store_fixed(to, attr->size, attr);
	case FIELD_FLAG:
		*(bool *)to = true;
		return 0;
	case FIELD_ARRAY:
		return store_array(to, field->max, attr);
	case FIELD_STRUCT:
		return parse_layout(field->nested, attr->data, attr->size, to);
	}
	return -EBADMSG;
}

static int parse_layout(const struct layout *layout, const uint8_t *data,
			size_t size, uint8_t *out)
{
	struct execgate_nlattr attr;
	uint64_t seen = 0;
	int ret;

	while ((ret = execgate_nlattr_next(&data, &size, &attr)) > 0) {
		if (attr.type >= layout->count)
			continue;
		if (layout->fields[attr.type].kind != FIELD_SKIP &&
		    seen & (1ull << attr.type))
			return -EBADMSG;
		seen |= 1ull << attr.type;
		ret = store(&layout->fields[attr.type], &attr, out);
		if (ret)
			return ret;
	}
	if (ret)
		return ret;
	for (size_t i = 0; i < layout->count; i++) {
		if (layout->fields[i].needed && !(seen & (1ull << i)))
			return -EBADMSG;
	}
	return 0;
}

/* How EXECGATE_EVENT_FIELDS are stored, by what they are kept as. */
#define EVENT_MEMBER(member) .offset = offsetof(struct execgate_event, member)
#define EVENT_U64(member, size) .kind = FIELD_U64, EVENT_MEMBER(member)
#define EVENT_U32(member, size) .kind = FIELD_U32, EVENT_MEMBER(member)
#define EVENT_LOGIN(member, size)                \
	.kind = FIELD_U32, EVENT_MEMBER(member), \
	.flag = offsetof(struct execgate_event, has_##member)
#define EVENT_FLAG(member, size) .kind = FIELD_FLAG, EVENT_MEMBER(member)
#define EVENT_TEXT(member, size) \
	.kind = FIELD_TEXT, EVENT_MEMBER(member), .max = (size)
#define EVENT_DIGEST(member, size)                 \
	.kind = FIELD_BYTES, EVENT_MEMBER(member), \
	.max = EXECGATE_FINGERPRINT_SIZE,          \
	.flag = offsetof(struct execgate_event, has_##member)

static const struct field event_fields[] = {
#define X(id, event_kind, member, size, where, text)            \
	[EXECGATE_E_##id] = {                                   \
		EXECGATE_AS_##event_kind(EVENT, member, size),  \
		.needed = EXECGATE_E_##id == EXECGATE_E_REASON, \
	},
	EXECGATE_EVENT_FIELDS(X)
#undef X
};

static const struct layout event_layout = LAYOUT(event_fields);

#define COUNTER(member)      \
	{ .kind = FIELD_U64, \
	  .offset = offsetof(struct execgate_counters, member) }

static const struct field counter_fields[] = {
	[EXECGATE_C_HOOK_CALLS] = { .kind = FIELD_ARRAY,
				    .offset = offsetof(struct execgate_counters,
						       hook_calls),
				    .max = EXECGATE_HOOK_COUNT },
	[EXECGATE_C_DENIES] = { .kind = FIELD_ARRAY,
				.offset = offsetof(struct execgate_counters,
						   denies),
				.max = EXECGATE_REASON_COUNT },
	[EXECGATE_C_CACHE_HITS] = COUNTER(cache_hits),
	[EXECGATE_C_CACHE_MISSES] = COUNTER(cache_misses),
	[EXECGATE_C_CACHE_ENTRIES] = COUNTER(cache_entries),
	[EXECGATE_C_VERIFIES] = COUNTER(verifies),
	[EXECGATE_C_BYTES_HASHED] = COUNTER(bytes_hashed),
	[EXECGATE_C_EVENTS_EMITTED] = COUNTER(events_emitted),
	[EXECGATE_C_EVENTS_DROPPED] = COUNTER(events_dropped),
	[EXECGATE_C_EVENT_OLDEST] = COUNTER(event_oldest),
	[EXECGATE_C_EVENT_NEXT] = COUNTER(event_next),
	[EXECGATE_C_KEYS] = COUNTER(keys),
	[EXECGATE_C_ANON_EXEC] = COUNTER(anon_exec),
	[EXECGATE_C_CATALOGS] = COUNTER(catalogs),
	[EXECGATE_C_CATALOG_DIGESTS] = COUNTER(catalog_digests),
	[EXECGATE_C_CATALOG_BYTES] = COUNTER(catalog_bytes),
	[EXECGATE_C_REVOCATIONS] = COUNTER(revocations),
	[EXECGATE_C_INJECT] = COUNTER(inject),
	[EXECGATE_C_INLINE] = COUNTER(inline_code),
	[EXECGATE_C_EVENTS_SUPPRESSED] = COUNTER(events_suppressed),
	[EXECGATE_C_EVENTS_HELD] = COUNTER(events_held),
	[EXECGATE_C_DENIED] = COUNTER(denied),
};

static const struct layout counter_layout = LAYOUT(counter_fields);

#define POLICY(field_kind, member, ...)                         \
	{ .kind = (field_kind),                                 \
	  .offset = offsetof(struct execgate_loaded_policy,     \
			     member) __VA_OPT__(, ) __VA_ARGS__ }

#define POLICY_LIST(member)                                               \
	POLICY(FIELD_LIST, member,                                        \
	       .max = sizeof((struct execgate_loaded_policy){}.member),   \
	       .flag = offsetof(struct execgate_loaded_policy, member##_size))

static const struct field policy_fields[] = {
	[EXECGATE_P_NAME] = POLICY(FIELD_TEXT, name,
				   .max = EXECGATE_POLICY_NAME_MAX,
				   .needed = true),
	[EXECGATE_P_VERSION] = POLICY(FIELD_U64, version, .needed = true),
	[EXECGATE_P_CREATED] = POLICY(FIELD_U64, created_at),
	[EXECGATE_P_SIGNER] = POLICY(FIELD_BYTES, signer,
				     .max = EXECGATE_FINGERPRINT_SIZE),
	[EXECGATE_P_MODE] = POLICY(FIELD_U32, mode, .needed = true),
	[EXECGATE_P_PROFILE] = POLICY(FIELD_U32, profile),
	[EXECGATE_P_GATES] = POLICY(FIELD_BYTES, gates,
				    .max = sizeof(struct execgate_gates),
				    .needed = true),
	[EXECGATE_P_FLOORS] = POLICY_LIST(floors),
	[EXECGATE_P_USERS] = POLICY_LIST(users),
};

static const struct layout policy_layout = LAYOUT(policy_fields);

static const struct field status_fields[] = {
	[EXECGATE_A_STATE] = { .kind = FIELD_U32,
			       .offset =
				       offsetof(struct execgate_status, state),
			       .needed = true },
	[EXECGATE_A_MODE] = { .kind = FIELD_U32,
			      .offset = offsetof(struct execgate_status, mode),
			      .needed = true },
	[EXECGATE_A_VERSION] = { .kind = FIELD_TEXT,
				 .offset = offsetof(struct execgate_status,
						    version),
				 .max = EXECGATE_VERSION_MAX },
	[EXECGATE_A_COUNTERS] = { .kind = FIELD_STRUCT,
				  .offset = offsetof(struct execgate_status,
						     counters),
				  .nested = &counter_layout },
	[EXECGATE_A_LOCKED] = { .kind = FIELD_FLAG,
				.offset = offsetof(struct execgate_status,
						   locked) },
	[EXECGATE_A_PROFILE] = { .kind = FIELD_U32,
				 .offset = offsetof(struct execgate_status,
						    profile) },
	/* struct nla_bitfield32: value, selector */
	[EXECGATE_A_GATES] = { .kind = FIELD_BYTES,
			       .offset =
				       offsetof(struct execgate_status, gates),
			       .max = sizeof(struct execgate_gates) },
	[EXECGATE_A_POLICY] = { .kind = FIELD_STRUCT,
				.offset = offsetof(struct execgate_status,
						   policy),
				.nested = &policy_layout },
};

static const struct layout status_layout = LAYOUT(status_fields);

#define KEY(field_kind, member, ...)                                           \
	{ .kind = field_kind, .offset = offsetof(struct execgate_key, member), \
	  __VA_ARGS__ }

static const struct field key_fields[] = {
	[EXECGATE_K_FINGERPRINT] =
		KEY(FIELD_BYTES, fingerprint, .max = EXECGATE_FINGERPRINT_SIZE,
		    .needed = true),
	[EXECGATE_K_NOT_AFTER] = KEY(FIELD_U64, not_after),
	[EXECGATE_K_DESCRIPTION] = KEY(FIELD_TEXT, description, .max = 255),
	[EXECGATE_K_ALGORITHM] = KEY(FIELD_TEXT, algorithm, .max = 31),
	[EXECGATE_K_BITS] = KEY(FIELD_U32, bits),
	[EXECGATE_K_REVOKED] = KEY(FIELD_FLAG, revoked),
	[EXECGATE_K_PURPOSES] = KEY(FIELD_U32, purposes),
	[EXECGATE_K_CA] = KEY(FIELD_FLAG, is_ca),
	[EXECGATE_K_ISSUER] =
		KEY(FIELD_BYTES, issuer, .max = EXECGATE_FINGERPRINT_SIZE,
		    .flag = offsetof(struct execgate_key, is_leaf)),
};

static const struct layout key_layout = LAYOUT(key_fields);

#define CATALOG(field_kind, member) \
	{ .kind = (field_kind),     \
	  .offset = offsetof(struct execgate_loaded_catalog, member) }

static const struct field catalog_fields[] = {
	[EXECGATE_T_NAME] = { .kind = FIELD_TEXT,
			      .offset = offsetof(struct execgate_loaded_catalog,
						 name),
			      .max = EXECGATE_CATALOG_NAME_MAX,
			      .needed = true },
	[EXECGATE_T_SEQUENCE] = CATALOG(FIELD_U64, sequence),
	[EXECGATE_T_CREATED] = CATALOG(FIELD_U64, created_at),
	[EXECGATE_T_ENTRIES] = CATALOG(FIELD_U32, entries),
	[EXECGATE_T_SIGNER] = { .kind = FIELD_BYTES,
				.offset =
					offsetof(struct execgate_loaded_catalog,
						 signer),
				.max = EXECGATE_FINGERPRINT_SIZE },
};

static const struct layout catalog_layout = LAYOUT(catalog_fields);

#define REVOCATION(field_kind, member) \
	{ .kind = (field_kind),        \
	  .offset = offsetof(struct execgate_revocation, member) }

static const struct field revocation_fields[] = {
	[EXECGATE_V_KIND] = { .kind = FIELD_U32,
			      .offset = offsetof(struct execgate_revocation,
						 kind),
			      .needed = true },
	[EXECGATE_V_VALUE] = { .kind = FIELD_BYTES,
			       .offset = offsetof(struct execgate_revocation,
						  value),
			       .max = EXECGATE_FINGERPRINT_SIZE },
	[EXECGATE_V_NAME] = { .kind = FIELD_TEXT,
			      .offset = offsetof(struct execgate_revocation,
						 name),
			      .max = EXECGATE_CATALOG_NAME_MAX },
	[EXECGATE_V_SEQUENCE] = REVOCATION(FIELD_U64, sequence),
	[EXECGATE_V_VERSION] = REVOCATION(FIELD_U64, below),
	[EXECGATE_V_REPORTED] = REVOCATION(FIELD_U64, reported),
};

static const struct layout revocation_layout = LAYOUT(revocation_fields);

static const struct field constraint_fields[] = {
	[EXECGATE_N_KIND] = { .kind = FIELD_U32,
			      .offset = offsetof(struct execgate_constraint_item,
						 kind),
			      .needed = true },
	[EXECGATE_N_ID] = { .kind = FIELD_U64,
			    .offset = offsetof(struct execgate_constraint_item, id),
			    .needed = true },
};

static const struct layout constraint_layout = LAYOUT(constraint_fields);

_Static_assert(sizeof(((struct execgate_key *)0)->description) == 256 &&
		       sizeof(((struct execgate_key *)0)->algorithm) == 32,
	       "key_fields holds the bounds of these");
_Static_assert(sizeof(event_fields) / sizeof(event_fields[0]) <=
		       FIELD_COUNT_MAX,
	       "parse_layout() remembers what it saw in one word");

int execgate_parse_status(const uint8_t *data, size_t size,
			  struct execgate_status *out)
{
	memset(out, 0, sizeof(*out));
	return parse_layout(&status_layout, data, size, (uint8_t *)out);
}

int execgate_parse_event(const uint8_t *data, size_t size, bool sequence_needed,
			 struct execgate_event *out)
{
	int ret;

	memset(out, 0, sizeof(*out));
	ret = parse_layout(&event_layout, data, size, (uint8_t *)out);
	if (!ret && sequence_needed && !out->sequence)
		return -EBADMSG;
	return ret;
}

int execgate_parse_key(const uint8_t *data, size_t size,
		       struct execgate_key *out)
{
	memset(out, 0, sizeof(*out));
	return parse_layout(&key_layout, data, size, (uint8_t *)out);
}

int execgate_parse_catalog(const uint8_t *data, size_t size,
			   struct execgate_loaded_catalog *out)
{
	int ret;

	memset(out, 0, sizeof(*out));
	ret = parse_layout(&catalog_layout, data, size, (uint8_t *)out);
	return !ret && !out->name[0] ? -EBADMSG : ret;
}

int execgate_parse_constraint(const uint8_t *data, size_t size,
			      struct execgate_constraint_item *out)
{
	memset(out, 0, sizeof(*out));
	return parse_layout(&constraint_layout, data, size, (uint8_t *)out);
}

int execgate_parse_revocation(const uint8_t *data, size_t size,
			      struct execgate_revocation *out)
{
	int ret;

	memset(out, 0, sizeof(*out));
	ret = parse_layout(&revocation_layout, data, size, (uint8_t *)out);
	if (!ret && !out->name[0] &&
	    (out->kind == EXECGATE_REVOCATION_CATALOG ||
	     out->kind == EXECGATE_REVOCATION_VERSION))
		return -EBADMSG;
	return ret;
}

struct group {
	char name[GENL_NAMSIZ];
	uint32_t id;
};

static const struct field group_fields[] = {
	[CTRL_ATTR_MCAST_GRP_NAME] = { .kind = FIELD_TEXT,
				       .offset = offsetof(struct group, name),
				       .max = GENL_NAMSIZ - 1,
				       .needed = true },
	[CTRL_ATTR_MCAST_GRP_ID] = { .kind = FIELD_U32,
				     .offset = offsetof(struct group, id),
				     .needed = true },
};

static const struct layout group_layout = LAYOUT(group_fields);

static int parse_groups(const struct execgate_nlattr *nest, uint32_t *events)
{
	const uint8_t *data = nest->data;
	size_t size = nest->size;
	struct execgate_nlattr attr;
	int ret;

	while ((ret = execgate_nlattr_next(&data, &size, &attr)) > 0) {
		struct group group = { .id = 0 };

		ret = parse_layout(&group_layout, attr.data, attr.size,
				   (uint8_t *)&group);
		if (ret)
			return ret;
		if (!strcmp(group.name, EXECGATE_GENL_MCGRP_EVENTS))
			*events = group.id;
	}
	return ret;
}

int execgate_parse_family(const uint8_t *data, size_t size,
			  struct execgate_family *out)
{
	struct execgate_nlattr attr;
	int ret;

	memset(out, 0, sizeof(*out));
	while ((ret = execgate_nlattr_next(&data, &size, &attr)) > 0) {
		if (attr.type == CTRL_ATTR_FAMILY_ID)
			ret = store_fixed(&out->id, sizeof(out->id), &attr);
		else if (attr.type == CTRL_ATTR_MCAST_GROUPS)
			ret = parse_groups(&attr, &out->events_group);
		else
			continue;
		if (ret)
			return ret;
	}
	if (ret)
		return ret;
	return out->id && out->events_group ? 0 : -EBADMSG;
}

int execgate_parse_datagram(const uint8_t *data, size_t size,
			    execgate_message_fn fn, void *arg)
{
	while (size) {
		struct nlmsghdr header;
		const uint8_t *body;
		size_t body_size, step;
		int ret;

		if (size < sizeof(header))
			return -EBADMSG;
		memcpy(&header, data, sizeof(header));
		if (header.nlmsg_len < NLMSG_HDRLEN || header.nlmsg_len > size)
			return -EBADMSG;
		body = data + NLMSG_HDRLEN;
		body_size = header.nlmsg_len - NLMSG_HDRLEN;
		if (header.nlmsg_type < NLMSG_MIN_TYPE) {
			body_size = 0;
		} else {
			if (body_size < GENL_HDRLEN)
				return -EBADMSG;
			body += GENL_HDRLEN;
			body_size -= GENL_HDRLEN;
		}
		ret = fn((const struct nlmsghdr *)data, body, body_size, arg);
		if (ret)
			return ret;
		step = NLMSG_ALIGN(header.nlmsg_len);
		if (step > size)
			step = size;
		data += step;
		size -= step;
	}
	return 0;
}

/*
 * NLMSG_ERROR holds: int error; the header of the request; unless capped, the
 * request's payload; then attributes. NLMSG_DONE of a dump: int error; then
 * attributes.
 */
/* The reason of a refusal, a u64 as nl_set_extack_cookie_u64() writes it. */
static void store_reason(uint32_t *reason, const struct execgate_nlattr *attr)
{
	uint64_t value;

	if (attr->size != sizeof(value))
		return;
	memcpy(&value, attr->data, sizeof(value));
	if (value <= UINT32_MAX)
		*reason = (uint32_t)value;
}

int execgate_parse_ack(const struct nlmsghdr *header, struct execgate_ack *ack)
{
	const uint8_t *data = (const uint8_t *)header + NLMSG_HDRLEN;
	size_t size, skip = sizeof(int);
	struct execgate_nlattr attr;

	memset(ack, 0, sizeof(*ack));
	if (header->nlmsg_len < NLMSG_HDRLEN)
		return -EBADMSG;
	size = header->nlmsg_len - NLMSG_HDRLEN;
	if (size < sizeof(int))
		return header->nlmsg_type == NLMSG_DONE ? 0 : -EBADMSG;
	memcpy(&ack->result, data, sizeof(int));
	if (ack->result > 0)
		return -EBADMSG;
	if (header->nlmsg_type == NLMSG_ERROR) {
		struct nlmsghdr request;

		if (size < sizeof(int) + sizeof(request))
			return -EBADMSG;
		memcpy(&request, data + sizeof(int), sizeof(request));
		skip += sizeof(request);
		if (!(header->nlmsg_flags & NLM_F_CAPPED) &&
		    request.nlmsg_len > sizeof(request))
			skip = sizeof(int) +
			       NLMSG_ALIGN((size_t)request.nlmsg_len);
	}
	if (!(header->nlmsg_flags & NLM_F_ACK_TLVS) || skip > size)
		return 0;
	data += skip;
	size -= skip;
	/* The words are an extra: without them the errno still counts. */
	while (execgate_nlattr_next(&data, &size, &attr) > 0) {
		if (attr.type == NLMSGERR_ATTR_COOKIE)
			store_reason(&ack->reason, &attr);
		else if (attr.type == NLMSGERR_ATTR_MSG &&
			 store_text(ack->text, EXECGATE_ACK_TEXT_MAX, &attr))
			ack->text[0] = '\0';
	}
	return 0;
}
