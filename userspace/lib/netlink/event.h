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
#include <stdint.h>

#include "lib/netlink/loaded_policy.h"

#define EXECGATE_COMM_MAX 16
#define EXECGATE_IDENTITY_MAX 255
#define EXECGATE_VERSION_MAX 63
#define EXECGATE_PACKAGE_MAX 127

struct execgate_event {
	uint64_t sequence; /* 0 in the answer to a check */
	uint64_t time_nsec;
	uint64_t dev; /* (major << 20) | minor */
	uint64_t ino;
	uint64_t identity_version;
	uint32_t reason; /* may be beyond EXECGATE_REASON_COUNT */
	uint32_t hook;
	uint32_t mode;
	uint32_t carrier;
	uint32_t pid;
	uint32_t tid;
	uint32_t uid;
	uint32_t reported; /* of a check: told of at each use; ALLOWED: not */
	bool hardened;	   /* of a check: it runs with AT_SECURE */
	bool placed; /* of a check: allowed where it is, by rules of paths */
	bool path_cut;
	bool cached;
	bool has_signer;
	bool has_digest;
	uint8_t signer[EXECGATE_FINGERPRINT_SIZE];
	uint8_t digest[EXECGATE_FINGERPRINT_SIZE];
	char comm[EXECGATE_COMM_MAX + 1];
	char identity[EXECGATE_IDENTITY_MAX + 1];
	char path[EXECGATE_PATH_MAX + 1];
	char exe[EXECGATE_PATH_MAX + 1];
	/* The package that had installed other bytes; "": not known (changed.h) */
	char changed[EXECGATE_PACKAGE_MAX + 1];
};

struct execgate_counters {
	uint64_t hook_calls[EXECGATE_HOOK_COUNT];
	uint64_t denies[EXECGATE_REASON_COUNT];
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
