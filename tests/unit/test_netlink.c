// SPDX-License-Identifier: GPL-2.0
/* The parsers of lib/netlink/parse.c, with messages built by libmnl. */
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "lib_support.h"
#include "lib/netlink/parse.h"

static uint8_t buffer[16384] __attribute__((aligned(8)));
static struct nlmsghdr *message;

/* Hand over a copy of exactly the size: the sanitizer sees one byte too many. */
static uint8_t *body(size_t *size)
{
	uint8_t *copy;

	*size = message->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN;
	copy = malloc(*size ? *size : 1);
	memcpy(copy, buffer + NLMSG_HDRLEN + GENL_HDRLEN, *size);
	return copy;
}

static int start(void **state)
{
	(void)state;
	memset(buffer, 0, sizeof(buffer));
	message = mnl_nlmsg_put_header(buffer);
	message->nlmsg_type = NLMSG_MIN_TYPE;
	mnl_nlmsg_put_extra_header(message, GENL_HDRLEN);
	return 0;
}

static int parse_event(bool sequence_needed, struct execgate_event *out)
{
	size_t size;
	uint8_t *data = body(&size);
	int ret = execgate_parse_event(data, size, sequence_needed, out);

	free(data);
	return ret;
}

static void put_full_event(void)
{
	uint8_t bytes[EXECGATE_PATH_MAX];

	memset(bytes, 0xc3, sizeof(bytes));
	mnl_attr_put(message, EXECGATE_E_PAD, 0, NULL);
	mnl_attr_put_u64(message, EXECGATE_E_SEQUENCE, 1ull << 40);
	mnl_attr_put(message, EXECGATE_E_PAD, 0, NULL);
	mnl_attr_put_u64(message, EXECGATE_E_TIME, 123);
	mnl_attr_put_u32(message, EXECGATE_E_REASON, EXECGATE_REASON_SEALED);
	mnl_attr_put_u32(message, EXECGATE_E_HOOK, EXECGATE_HOOK_FILE_OPEN);
	mnl_attr_put_u32(message, EXECGATE_E_MODE, EXECGATE_MODE_AUDIT);
	mnl_attr_put_u32(message, EXECGATE_E_CARRIER, EXECGATE_CARRIER_ARMOR);
	mnl_attr_put_u32(message, EXECGATE_E_PID, 11);
	mnl_attr_put_u32(message, EXECGATE_E_TID, 12);
	mnl_attr_put_u32(message, EXECGATE_E_UID, 13);
	mnl_attr_put(message, EXECGATE_E_COMM, EXECGATE_COMM_MAX,
		     "sixteen bytes...");
	mnl_attr_put_u64(message, EXECGATE_E_DEV, (uint64_t)8 << 20 | 1);
	mnl_attr_put_u64(message, EXECGATE_E_INO, UINT64_MAX);
	mnl_attr_put(message, EXECGATE_E_PATH, sizeof(bytes), bytes);
	mnl_attr_put(message, EXECGATE_E_PATH_CUT, 0, NULL);
	mnl_attr_put(message, EXECGATE_E_EXE, 7, "/bin/sh");
	mnl_attr_put(message, EXECGATE_E_SIGNER, 32, bytes);
	mnl_attr_put_strz(message, EXECGATE_E_IDENTITY, "org.example/x");
	mnl_attr_put_u64(message, EXECGATE_E_IDENTITY_VERSION, 9);
	mnl_attr_put(message, EXECGATE_E_DIGEST, 32, bytes);
	mnl_attr_put(message, EXECGATE_E_CACHED, 0, NULL);
}

static void test_event(void **state)
{
	struct execgate_event event;

	(void)state;
	put_full_event();
	assert_int_equal(parse_event(true, &event), 0);
	assert_true(event.sequence == 1ull << 40);
	assert_int_equal(event.time_nsec, 123);
	assert_int_equal(event.reason, EXECGATE_REASON_SEALED);
	assert_int_equal(event.hook, EXECGATE_HOOK_FILE_OPEN);
	assert_int_equal(event.mode, EXECGATE_MODE_AUDIT);
	assert_int_equal(event.carrier, EXECGATE_CARRIER_ARMOR);
	assert_int_equal(event.pid, 11);
	assert_int_equal(event.tid, 12);
	assert_int_equal(event.uid, 13);
	assert_string_equal(event.comm, "sixteen bytes...");
	assert_int_equal(execgate_event_major(&event), 8);
	assert_int_equal(execgate_event_minor(&event), 1);
	assert_true(event.ino == UINT64_MAX);
	assert_int_equal(strlen(event.path), EXECGATE_PATH_MAX);
	assert_true(event.path_cut);
	assert_string_equal(event.exe, "/bin/sh");
	assert_true(event.has_signer);
	assert_int_equal(event.signer[31], 0xc3);
	assert_string_equal(event.identity, "org.example/x");
	assert_int_equal(event.identity_version, 9);
	assert_true(event.has_digest);
	assert_true(event.cached);
}

/* Cut anywhere, the rest is read or refused, but never read beyond. */
static void test_event_cut(void **state)
{
	struct execgate_event event;
	size_t size, refused = 0;
	uint8_t *data;

	(void)state;
	put_full_event();
	data = body(&size);
	for (size_t cut = 0; cut < size; cut++) {
		uint8_t *copy = malloc(cut ? cut : 1);
		int ret;

		memcpy(copy, data, cut);
		ret = execgate_parse_event(copy, cut, true, &event);
		assert_true(ret == 0 || ret == -EBADMSG);
		refused += ret != 0;
		free(copy);
	}
	/* Whole attributes alone are readable: fewer than there are bytes. */
	assert_true(refused > size * 9 / 10);
	free(data);
}

static void put_bytes(uint16_t type, size_t size, int fill)
{
	uint8_t bytes[2048];

	memset(bytes, fill, sizeof(bytes));
	mnl_attr_put(message, type, size, bytes);
}

static const struct {
	const char *why;
	uint16_t type;
	size_t size;
	int fill;
	int expected;
} attributes[] = {
	{ "u64 too short", EXECGATE_E_TIME, 4, 1, -EBADMSG },
	{ "u64 too long", EXECGATE_E_TIME, 12, 1, -EBADMSG },
	{ "u32 too short", EXECGATE_E_PID, 2, 1, -EBADMSG },
	{ "u32 too long", EXECGATE_E_PID, 8, 1, -EBADMSG },
	{ "u32 empty", EXECGATE_E_UID, 0, 1, -EBADMSG },
	{ "name of a process too long", EXECGATE_E_COMM, 17, 'c', -EBADMSG },
	{ "name filled up with NULs", EXECGATE_E_COMM, 40, 0, 0 },
	{ "path of the greatest size", EXECGATE_E_PATH, 1024, 'p', 0 },
	{ "path too long", EXECGATE_E_PATH, 1025, 'p', -EBADMSG },
	{ "empty path", EXECGATE_E_PATH, 0, 0, 0 },
	{ "executable too long", EXECGATE_E_EXE, 1025, 'p', -EBADMSG },
	{ "cgroup of the greatest size", EXECGATE_E_CGROUP_PATH, 511, 'c', 0 },
	{ "cgroup too long", EXECGATE_E_CGROUP_PATH, 512, 'c', -EBADMSG },
	{ "login too short", EXECGATE_E_LOGIN_UID, 2, 1, -EBADMSG },
	{ "identity too long", EXECGATE_E_IDENTITY, 256, 'i', -EBADMSG },
	{ "fingerprint too short", EXECGATE_E_SIGNER, 31, 1, -EBADMSG },
	{ "fingerprint too long", EXECGATE_E_SIGNER, 33, 1, -EBADMSG },
	{ "digest too short", EXECGATE_E_DIGEST, 20, 1, -EBADMSG },
	{ "a number of a newer module", EXECGATE_E_MAX + 1, 7, 1, 0 },
	{ "a very large number", 0x3fff, 100, 1, 0 },
	{ "number 0", 0, 3, 1, 0 },
	{ "a second reason", EXECGATE_E_REASON, 4, 0, -EBADMSG },
	{ "a second sequence", EXECGATE_E_SEQUENCE, 8, 0, -EBADMSG },
};

static void test_event_attributes(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(attributes); i++) {
		struct execgate_event event;
		int ret;

		start(state);
		mnl_attr_put_u64(message, EXECGATE_E_SEQUENCE, 1);
		mnl_attr_put_u32(message, EXECGATE_E_REASON, 1);
		put_bytes(attributes[i].type, attributes[i].size,
			  attributes[i].fill);
		ret = parse_event(true, &event);
		if (ret != attributes[i].expected)
			fail_msg("%s: got %d", attributes[i].why, ret);
	}
}

static void test_event_needs(void **state)
{
	struct execgate_event event;

	assert_int_equal(parse_event(false, &event), -EBADMSG);
	mnl_attr_put_u32(message, EXECGATE_E_REASON, 1);
	assert_int_equal(parse_event(false, &event), 0);
	assert_int_equal(parse_event(true, &event), -EBADMSG);
	assert_false(event.has_login_uid);
	mnl_attr_put_u32(message, EXECGATE_E_LOGIN_UID, 0);
	assert_int_equal(parse_event(false, &event), 0);
	assert_true(event.has_login_uid);
	start(state);
	mnl_attr_put_u64(message, EXECGATE_E_SEQUENCE, 0);
	mnl_attr_put_u32(message, EXECGATE_E_REASON, 1);
	assert_int_equal(parse_event(true, &event), -EBADMSG);
	start(state);
	mnl_attr_put_u32(message, EXECGATE_E_REASON, 1);
	mnl_attr_put(message, EXECGATE_E_PATH, 7, "/tmp\0/x");
	assert_int_equal(parse_event(false, &event), -EBADMSG);
}

/* nla_len that is smaller than its header, or longer than what is there. */
static void test_lengths(void **state)
{
	static const uint16_t lengths[] = { 0, 1, 3, 13, 0x7fff, 0xffff };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		uint8_t data[12] = { 0 };
		const uint8_t *p = data;
		size_t size = sizeof(data);
		struct execgate_nlattr attr;

		memcpy(data, &lengths[i], sizeof(lengths[i]));
		assert_int_equal(execgate_nlattr_next(&p, &size, &attr),
				 -EBADMSG);
	}
}

static void test_status(void **state)
{
	const struct nla_bitfield32 gates = { 0x5, 0x7ff };
	struct execgate_status status;
	struct nlattr *counters, *nest;
	uint8_t *data;
	size_t size;

	(void)state;
	mnl_attr_put_u32(message, EXECGATE_A_STATE, EXECGATE_STATE_GATING);
	mnl_attr_put_u32(message, EXECGATE_A_MODE, EXECGATE_MODE_ENFORCE);
	mnl_attr_put_strz(message, EXECGATE_A_VERSION, "1.2.3");
	mnl_attr_put_u32(message, EXECGATE_A_PROFILE, EXECGATE_PROFILE_STRICT);
	mnl_attr_put(message, EXECGATE_A_GATES, sizeof(gates), &gates);
	counters = mnl_attr_nest_start(message, EXECGATE_A_COUNTERS);
	nest = mnl_attr_nest_start(message, EXECGATE_C_HOOK_CALLS);
	for (unsigned int i = 0; i < EXECGATE_HOOK_COUNT + 3; i++)
		mnl_attr_put_u64(message, i + 1, 100 + i);
	mnl_attr_nest_end(message, nest);
	nest = mnl_attr_nest_start(message, EXECGATE_C_DENIES);
	mnl_attr_put_u64(message, 1 + EXECGATE_REASON_INTERRUPTED, 5);
	mnl_attr_nest_end(message, nest);
	for (unsigned int i = EXECGATE_C_CACHE_HITS; i <= EXECGATE_C_MAX; i++)
		mnl_attr_put_u64(message, i, 1000 + i);
	mnl_attr_nest_end(message, counters);
	data = body(&size);
	assert_int_equal(execgate_parse_status(data, size, &status), 0);
	free(data);
	assert_int_equal(status.state, EXECGATE_STATE_GATING);
	assert_int_equal(status.mode, EXECGATE_MODE_ENFORCE);
	assert_string_equal(status.version, "1.2.3");
	assert_int_equal(status.profile, EXECGATE_PROFILE_STRICT);
	assert_int_equal(status.gates.on, 0x5);
	assert_int_equal(status.gates.known, 0x7ff);
	for (unsigned int i = 0; i < EXECGATE_HOOK_COUNT; i++)
		assert_int_equal(status.counters.hook_calls[i], 100 + i);
	assert_int_equal(status.counters.denies[EXECGATE_REASON_INTERRUPTED],
			 5);
	assert_int_equal(status.counters.cache_hits,
			 1000 + EXECGATE_C_CACHE_HITS);
	assert_int_equal(status.counters.cache_misses,
			 1000 + EXECGATE_C_CACHE_MISSES);
	assert_int_equal(status.counters.cache_entries,
			 1000 + EXECGATE_C_CACHE_ENTRIES);
	assert_int_equal(status.counters.verifies, 1000 + EXECGATE_C_VERIFIES);
	assert_int_equal(status.counters.bytes_hashed,
			 1000 + EXECGATE_C_BYTES_HASHED);
	assert_int_equal(status.counters.events_emitted,
			 1000 + EXECGATE_C_EVENTS_EMITTED);
	assert_int_equal(status.counters.events_dropped,
			 1000 + EXECGATE_C_EVENTS_DROPPED);
	assert_int_equal(status.counters.events_suppressed,
			 1000 + EXECGATE_C_EVENTS_SUPPRESSED);
	assert_int_equal(status.counters.events_held,
			 1000 + EXECGATE_C_EVENTS_HELD);
	assert_int_equal(status.counters.denied, 1000 + EXECGATE_C_DENIED);
	assert_int_equal(status.counters.event_oldest,
			 1000 + EXECGATE_C_EVENT_OLDEST);
	assert_int_equal(status.counters.event_next,
			 1000 + EXECGATE_C_EVENT_NEXT);
	assert_int_equal(status.counters.keys, 1000 + EXECGATE_C_KEYS);
	assert_int_equal(status.counters.anon_exec,
			 1000 + EXECGATE_C_ANON_EXEC);
}

static void test_status_refused(void **state)
{
	struct execgate_status status;
	struct nlattr *counters, *nest;
	uint8_t *data;
	size_t size;

	/* Neither state nor mode may be guessed. */
	mnl_attr_put_u32(message, EXECGATE_A_STATE, EXECGATE_STATE_GATING);
	data = body(&size);
	assert_int_equal(execgate_parse_status(data, size, &status), -EBADMSG);
	free(data);
	start(state);
	mnl_attr_put_u32(message, EXECGATE_A_STATE, EXECGATE_STATE_GATING);
	mnl_attr_put_u32(message, EXECGATE_A_MODE, EXECGATE_MODE_ENFORCE);
	mnl_attr_put_u64(message, EXECGATE_A_GATES, 3);
	data = body(&size);
	assert_int_equal(execgate_parse_status(data, size, &status), 0);
	free(data);
	mnl_attr_put_u32(message, EXECGATE_A_PROFILE, 0);
	mnl_attr_put_u64(message, EXECGATE_A_PROFILE, 0);
	data = body(&size);
	assert_int_equal(execgate_parse_status(data, size, &status), -EBADMSG);
	free(data);
	start(state);
	mnl_attr_put_u32(message, EXECGATE_A_STATE, EXECGATE_STATE_GATING);
	mnl_attr_put_u32(message, EXECGATE_A_MODE, EXECGATE_MODE_ENFORCE);
	counters = mnl_attr_nest_start(message, EXECGATE_A_COUNTERS);
	nest = mnl_attr_nest_start(message, EXECGATE_C_DENIES);
	mnl_attr_put_u32(message, 2, 1);
	mnl_attr_nest_end(message, nest);
	mnl_attr_nest_end(message, counters);
	data = body(&size);
	assert_int_equal(execgate_parse_status(data, size, &status), -EBADMSG);
	free(data);
}

/* A status with a signed policy of such a name, with its gates or without. */
static int parse_policy(bool gates, size_t name_size, size_t floors_size,
			struct execgate_status *status)
{
	static const uint8_t floors[EXECGATE_POLICY_FLOORS_MAX + 1] = { 7 };
	char name[EXECGATE_POLICY_NAME_MAX + 1];
	uint8_t signer[32], *data;
	struct nlattr *nest;
	size_t size;
	int ret;

	memset(name, 'n', sizeof(name));
	memset(signer, 0xa5, sizeof(signer));
	start(NULL);
	mnl_attr_put_u32(message, EXECGATE_A_STATE, EXECGATE_STATE_GATING);
	mnl_attr_put_u32(message, EXECGATE_A_MODE, EXECGATE_MODE_ENFORCE);
	nest = mnl_attr_nest_start(message, EXECGATE_A_POLICY);
	mnl_attr_put(message, EXECGATE_P_NAME, name_size, name);
	mnl_attr_put_u64(message, EXECGATE_P_VERSION, 1ull << 40);
	mnl_attr_put_u64(message, EXECGATE_P_CREATED, 1790000000);
	mnl_attr_put(message, EXECGATE_P_SIGNER, sizeof(signer), signer);
	mnl_attr_put_u32(message, EXECGATE_P_MODE, EXECGATE_MODE_AUDIT);
	mnl_attr_put_u32(message, EXECGATE_P_PROFILE, EXECGATE_PROFILE_STRICT);
	if (gates)
		mnl_attr_put_u64(message, EXECGATE_P_GATES, 0x7ff00000005);
	if (floors_size)
		mnl_attr_put(message, EXECGATE_P_FLOORS, floors_size, floors);
	if (floors_size)
		mnl_attr_put(message, EXECGATE_P_USERS, 8, floors);
	mnl_attr_nest_end(message, nest);
	data = body(&size);
	ret = execgate_parse_status(data, size, status);
	free(data);
	return ret;
}

static void test_policy(void **state)
{
	struct execgate_status status;

	(void)state;
	assert_int_equal(parse_policy(true, EXECGATE_POLICY_NAME_MAX, 0,
				      &status),
			 0);
	assert_int_equal(status.policy.floors_size, 0);
	assert_int_equal(strlen(status.policy.name), EXECGATE_POLICY_NAME_MAX);
	assert_true(status.policy.version == 1ull << 40);
	assert_int_equal(status.policy.created_at, 1790000000);
	assert_int_equal(status.policy.mode, EXECGATE_MODE_AUDIT);
	assert_int_equal(status.policy.profile, EXECGATE_PROFILE_STRICT);
	assert_int_equal(status.policy.gates.on, 5);
	assert_int_equal(status.policy.gates.known, 0x7ff);
	assert_int_equal(status.policy.signer[31], 0xa5);
	assert_int_equal(status.mode, EXECGATE_MODE_ENFORCE);
	assert_int_equal(parse_policy(true, 1, EXECGATE_POLICY_FLOORS_MAX,
				      &status),
			 0);
	assert_int_equal(status.policy.floors_size, EXECGATE_POLICY_FLOORS_MAX);
	assert_int_equal(status.policy.floors[0], 7);
	assert_int_equal(status.policy.users_size, 8);
	assert_int_equal(status.policy.users[0], 7);
	assert_int_equal(parse_policy(true, 1, EXECGATE_POLICY_FLOORS_MAX + 1,
				      &status),
			 -EBADMSG);
	assert_int_equal(parse_policy(true, EXECGATE_POLICY_NAME_MAX + 1, 0,
				      &status),
			 -EBADMSG);
	/* What binds the machine is not guessed. */
	assert_int_equal(parse_policy(false, 1, 0, &status), -EBADMSG);
}

static void test_key(void **state)
{
	struct execgate_key key;
	uint8_t fingerprint[32];
	uint8_t *data;
	size_t size;

	memset(fingerprint, 0x5a, sizeof(fingerprint));
	mnl_attr_put(message, EXECGATE_K_FINGERPRINT, 32, fingerprint);
	mnl_attr_put_u64(message, EXECGATE_K_NOT_AFTER, 77);
	mnl_attr_put_strz(message, EXECGATE_K_DESCRIPTION, "CN=x");
	mnl_attr_put_strz(message, EXECGATE_K_ALGORITHM, "rsa");
	mnl_attr_put_u32(message, EXECGATE_K_BITS, 3072);
	data = body(&size);
	assert_int_equal(execgate_parse_key(data, size, &key), 0);
	free(data);
	assert_memory_equal(key.fingerprint, fingerprint, 32);
	assert_int_equal(key.not_after, 77);
	assert_string_equal(key.description, "CN=x");
	assert_string_equal(key.algorithm, "rsa");
	assert_int_equal(key.bits, 3072);
	start(state);
	mnl_attr_put_strz(message, EXECGATE_K_DESCRIPTION, "CN=x");
	data = body(&size);
	assert_int_equal(execgate_parse_key(data, size, &key), -EBADMSG);
	free(data);
	start(state);
	mnl_attr_put(message, EXECGATE_K_FINGERPRINT, 32, fingerprint);
	put_bytes(EXECGATE_K_ALGORITHM, 32, 'a');
	data = body(&size);
	assert_int_equal(execgate_parse_key(data, size, &key), -EBADMSG);
	free(data);
}

static void put_group(uint16_t type, const char *name, uint32_t id)
{
	struct nlattr *nest = mnl_attr_nest_start(message, type);

	mnl_attr_put_u32(message, CTRL_ATTR_MCAST_GRP_ID, id);
	mnl_attr_put_strz(message, CTRL_ATTR_MCAST_GRP_NAME, name);
	mnl_attr_nest_end(message, nest);
}

static void test_family(void **state)
{
	struct execgate_family family;
	struct nlattr *groups;
	uint8_t *data;
	size_t size;

	mnl_attr_put_strz(message, CTRL_ATTR_FAMILY_NAME, "execgate");
	mnl_attr_put_u16(message, CTRL_ATTR_FAMILY_ID, 31);
	groups = mnl_attr_nest_start(message, CTRL_ATTR_MCAST_GROUPS);
	put_group(1, "other", 5);
	put_group(2, "events", 6);
	mnl_attr_nest_end(message, groups);
	data = body(&size);
	assert_int_equal(execgate_parse_family(data, size, &family), 0);
	free(data);
	assert_int_equal(family.id, 31);
	assert_int_equal(family.events_group, 6);
	start(state);
	mnl_attr_put_u16(message, CTRL_ATTR_FAMILY_ID, 31);
	groups = mnl_attr_nest_start(message, CTRL_ATTR_MCAST_GROUPS);
	put_group(1, "other", 5);
	mnl_attr_nest_end(message, groups);
	data = body(&size);
	assert_int_equal(execgate_parse_family(data, size, &family), -EBADMSG);
	free(data);
}

static int count_messages(const struct nlmsghdr *header, const uint8_t *data,
			  size_t size, void *arg)
{
	(void)data;
	if (header->nlmsg_type < NLMSG_MIN_TYPE)
		assert_int_equal(size, 0);
	return ++*(int *)arg == 3 ? 7 : 0;
}

static void put_header(uint8_t *at, uint32_t size, uint16_t type)
{
	struct nlmsghdr header = { .nlmsg_len = size, .nlmsg_type = type };

	memcpy(at, &header, sizeof(header));
}

static void test_datagram(void **state)
{
	int count = 0;

	(void)state;
	memset(buffer, 0, 256);
	put_header(buffer, 20, 30);
	put_header(buffer + 20, 33, NLMSG_ERROR);
	assert_int_equal(execgate_parse_datagram(buffer, 56, count_messages,
						 &count),
			 0);
	assert_int_equal(count, 2);
	/* The third stops it with its own answer. */
	put_header(buffer + 56, 16, NLMSG_DONE);
	put_header(buffer + 72, 16, NLMSG_DONE);
	count = 0;
	assert_int_equal(execgate_parse_datagram(buffer, 88, count_messages,
						 &count),
			 7);
	assert_int_equal(count, 3);
}

static const struct {
	const char *why;
	uint32_t length;
	uint16_t type;
	size_t size;
} datagrams[] = {
	{ "shorter than a header", 20, 30, 15 },
	{ "length 0", 0, 30, 64 },
	{ "length below the header", 15, 30, 64 },
	{ "length beyond the datagram", 65, 30, 64 },
	{ "length ff..", 0xffffffff, 30, 64 },
	{ "no generic netlink header", 19, 30, 64 },
};

static void test_datagram_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(datagrams); i++) {
		uint8_t *data = calloc(1, 64);
		int count = 0, ret;

		put_header(data, datagrams[i].length, datagrams[i].type);
		ret = execgate_parse_datagram(data, datagrams[i].size,
					      count_messages, &count);
		if (ret != -EBADMSG || count)
			fail_msg("%s: got %d", datagrams[i].why, ret);
		free(data);
	}
}

/* The kernel's answer to a request, with or without its words. */
static void test_ack(void **state)
{
	static const uint64_t reason = EXECGATE_REASON_LOCKED;
	struct execgate_ack got;
	struct nlmsghdr *header;
	struct nlmsgerr *ack;

	(void)state;
	memset(buffer, 0, sizeof(buffer));
	header = mnl_nlmsg_put_header(buffer);
	header->nlmsg_type = NLMSG_ERROR;
	ack = mnl_nlmsg_put_extra_header(header, sizeof(*ack));
	ack->error = -EPERM;
	ack->msg.nlmsg_len = NLMSG_HDRLEN + 5000;
	header->nlmsg_flags = NLM_F_CAPPED | NLM_F_ACK_TLVS;
	mnl_attr_put_strz(header, NLMSGERR_ATTR_MSG, "mode is locked");
	mnl_attr_put(header, NLMSGERR_ATTR_COOKIE, sizeof(reason), &reason);
	assert_int_equal(execgate_parse_ack(header, &got), 0);
	assert_int_equal(got.result, -EPERM);
	assert_string_equal(got.text, "mode is locked");
	assert_int_equal(got.reason, EXECGATE_REASON_LOCKED);
	/* Not capped: the request is said to be there and is not. */
	header->nlmsg_flags = NLM_F_ACK_TLVS;
	assert_int_equal(execgate_parse_ack(header, &got), 0);
	assert_int_equal(got.result, -EPERM);
	assert_string_equal(got.text, "");
	assert_int_equal(got.reason, 0);
	ack->msg.nlmsg_len = 0xffffffff;
	assert_int_equal(execgate_parse_ack(header, &got), 0);
	assert_string_equal(got.text, "");
	ack->error = 5;
	assert_int_equal(execgate_parse_ack(header, &got), -EBADMSG);
	header->nlmsg_len = NLMSG_HDRLEN + 6;
	ack->error = -EPERM;
	assert_int_equal(execgate_parse_ack(header, &got), -EBADMSG);
	header->nlmsg_type = NLMSG_DONE;
	header->nlmsg_len = NLMSG_HDRLEN;
	assert_int_equal(execgate_parse_ack(header, &got), 0);
	assert_int_equal(got.result, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_event, start),
		cmocka_unit_test_setup(test_event_cut, start),
		cmocka_unit_test_setup(test_event_attributes, start),
		cmocka_unit_test_setup(test_event_needs, start),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test_setup(test_status, start),
		cmocka_unit_test_setup(test_status_refused, start),
		cmocka_unit_test(test_policy),
		cmocka_unit_test_setup(test_key, start),
		cmocka_unit_test_setup(test_family, start),
		cmocka_unit_test(test_datagram),
		cmocka_unit_test(test_datagram_refused),
		cmocka_unit_test(test_ack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
