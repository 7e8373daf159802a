/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One decision of the kernel, and the kernel's status, as plain values. Texts
 * are terminated and hold no NUL inside, but may hold any other byte: whoever
 * shows one escapes it first (escape.h).
 */
#ifndef EXECGATE_EVENT_H
#define EXECGATE_EVENT_H

#include <linux/execgate.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/netlink/loaded_policy.h"

#define EXECGATE_VERSION_MAX 63
#define EXECGATE_PACKAGE_MAX 127
#define EXECGATE_UNIT_MAX 255
#define EXECGATE_CONTAINER_MAX 128
#define EXECGATE_RUNTIME_MAX 15
#define EXECGATE_IMAGE_MAX 255
#define EXECGATE_IMAGE_ID_MAX 127

/*
 * User space finds out more about an event from what the kernel said: X(CONSTANT, member,
 * size, sentence), each a TEXT as EXECGATE_EVENT_FIELDS has them, and of the same use:
 * fields of the journal, keys of JSON.
 */
#define EXECGATE_FOUND_FIELDS(X)                                            \
	X(UNIT, unit, EXECGATE_UNIT_MAX,                                    \
	  "unit of the system's manager that the process was in")           \
	X(USER_UNIT, user_unit, EXECGATE_UNIT_MAX,                          \
	  "unit of a user's manager, as that user named it")                \
	X(CONTAINER, container, EXECGATE_CONTAINER_MAX,                     \
	  "id of the container, or the name that is all it has")            \
	X(CONTAINER_RUNTIME, container_runtime, EXECGATE_RUNTIME_MAX,       \
	  "which program made the container")                               \
	X(CONTAINER_NAME, container_name, EXECGATE_CONTAINER_MAX,           \
	  "its name, if it is known besides the id")                        \
	X(IMAGE, image, EXECGATE_IMAGE_MAX,                                 \
	  "name of the image that the container was made of")               \
	X(IMAGE_ID, image_id, EXECGATE_IMAGE_ID_MAX, "digest of the image") \
	X(HOST_PATH, host_path, EXECGATE_PATH_MAX,                          \
	  "path of the file as the host sees it, if it is another one")

/* Behind the numbers of the kernel's fields. */
enum execgate_event_found {
	EXECGATE_FOUND_BEFORE = EXECGATE_E_MAX,
#define X(id, member, size, text) EXECGATE_FOUND_##id,
	EXECGATE_FOUND_FIELDS(X)
#undef X
		EXECGATE_EVENT_FIELD_COUNT
};

/*
 * How the kinds of EXECGATE_EVENT_FIELDS are kept. EXECGATE_AS_KIND(TO, ...) is the one
 * of TO_U64, TO_U32, TO_LOGIN, TO_FLAG, TO_DIGEST and TO_TEXT that stands for the kind.
 * All have arguments, as cppcheck does not see through those that are names of others.
 */
#define EXECGATE_AS_U64(to, member, size) to##_U64(member, size)
#define EXECGATE_AS_DEVICE(to, member, size) to##_U64(member, size)
#define EXECGATE_AS_INODE(to, member, size) to##_U64(member, size)
#define EXECGATE_AS_VERSION(to, member, size) to##_U64(member, size)
#define EXECGATE_AS_ID(to, member, size) to##_U64(member, size)
#define EXECGATE_AS_U32(to, member, size) to##_U32(member, size)
#define EXECGATE_AS_REASON(to, member, size) to##_U32(member, size)
#define EXECGATE_AS_HOOK(to, member, size) to##_U32(member, size)
#define EXECGATE_AS_MODE(to, member, size) to##_U32(member, size)
#define EXECGATE_AS_CARRIER(to, member, size) to##_U32(member, size)
#define EXECGATE_AS_REPORTED(to, member, size) to##_U32(member, size)
#define EXECGATE_AS_LOGIN(to, member, size) to##_LOGIN(member, size)
#define EXECGATE_AS_FLAG(to, member, size) to##_FLAG(member, size)
#define EXECGATE_AS_DIGEST(to, member, size) to##_DIGEST(member, size)
#define EXECGATE_AS_TEXT(to, member, size) to##_TEXT(member, size)

#define EXECGATE_MEMBER_U64(member, size) uint64_t member;
#define EXECGATE_MEMBER_U32(member, size) uint32_t member;
#define EXECGATE_MEMBER_LOGIN(member, size) \
	bool has_##member;                  \
	uint32_t member;
#define EXECGATE_MEMBER_FLAG(member, size) bool member;
#define EXECGATE_MEMBER_DIGEST(member, size) \
	bool has_##member;                   \
	uint8_t member[EXECGATE_FINGERPRINT_SIZE];
#define EXECGATE_MEMBER_TEXT(member, size) char member[(size) + 1];

/* enum execgate_constraint, and the number of the user or of the cgroup. */
struct execgate_constraint_item {
	uint32_t kind;
	uint64_t id;
};

/*
 * The sequence is 0 in the answer to a check. Numbers of an enum may be beyond
 * its end, when the module is newer than this program.
 */
struct execgate_event {
#define X(id, kind, member, size, where, text) \
	EXECGATE_AS_##kind(EXECGATE_MEMBER, member, size)
	EXECGATE_EVENT_FIELDS(X)
#undef X
#define X(id, member, size, text) EXECGATE_MEMBER_TEXT(member, size)
	EXECGATE_FOUND_FIELDS(X)
#undef X
	/* The package that had installed other bytes; "": not known (changed.h) */
	char changed[EXECGATE_PACKAGE_MAX + 1];
};

struct execgate_counters {
	uint64_t hook_calls[EXECGATE_HOOK_COUNT];
	uint64_t denies[EXECGATE_REASON_COUNT];
	uint64_t denied; /* of those, in force */
	uint64_t cache_hits;
	uint64_t cache_misses;
	uint64_t cache_entries;
	uint64_t verifies;
	uint64_t bytes_hashed;
	uint64_t events_emitted;
	uint64_t events_dropped;
	uint64_t events_suppressed;
	uint64_t events_held;
	uint64_t event_oldest;
	uint64_t event_next;
	uint64_t keys;
	uint64_t anon_exec;
	uint64_t catalogs;
	uint64_t catalog_digests;
	uint64_t catalog_bytes;
	uint64_t revocations;
	uint64_t inject;
	uint64_t inline_code;
};

struct execgate_status {
	uint32_t state;
	uint32_t mode;
	bool locked; /* nothing is loosened until the next boot */
	uint32_t profile;
	struct execgate_gates gates;
	struct execgate_loaded_policy
		policy; /* the signed one; version 0: none */
	char version[EXECGATE_VERSION_MAX + 1];
	struct execgate_counters counters;
};

static inline unsigned int execgate_event_major(const struct execgate_event *e)
{
	return (unsigned int)(e->dev >> 20);
}

static inline unsigned int execgate_event_minor(const struct execgate_event *e)
{
	return (unsigned int)(e->dev & 0xfffff);
}

#endif /* EXECGATE_EVENT_H */
