// SPDX-License-Identifier: GPL-2.0
#include "lib/netlink/counter.h"

#include <string.h>

#define COUNTER(key, member, metric, text) \
	{ key, metric, text, offsetof(struct execgate_counters, member) }

const struct execgate_counter execgate_counter_table[EXECGATE_COUNTERS_MAX] = {
	COUNTER("denied", denied, "denied_total",
		"Uses of files and memory that were denied"),
	COUNTER("cache_hits", cache_hits, "cache_hits_total",
		"Verdicts that came from the cache"),
	COUNTER("cache_misses", cache_misses, "cache_misses_total",
		"Verdicts that were found anew"),
	COUNTER("cache_entries", cache_entries, "cache_entries",
		"Verdicts that are cached"),
	COUNTER("verifies", verifies, "signatures_verified_total",
		"Signatures that were verified"),
	COUNTER("bytes_hashed", bytes_hashed, "hashed_bytes_total",
		"Bytes of files that were hashed"),
	COUNTER("events_emitted", events_emitted, "events_emitted_total",
		"Denials that are held or were read"),
	COUNTER("events_dropped", events_dropped, "events_dropped_total",
		"Denials whose details are lost for want of memory"),
	COUNTER("events_suppressed", events_suppressed,
		"events_suppressed_total",
		"Denials that were let go before anybody read them"),
	COUNTER("events_held", events_held, "events_held",
		"Denials that the kernel holds"),
	COUNTER("event_oldest", event_oldest, "event_oldest_sequence",
		"Number of the oldest denial that the kernel holds"),
	COUNTER("event_next", event_next, "event_next_sequence",
		"Number that the next denial gets"),
	COUNTER("anon_exec", anon_exec, "anonymous_mappings_allowed_total",
		"Executable mappings without a file that were let through"),
	/* A denial's reason has the name "inject". */
	COUNTER("injections", inject, "injections_allowed_total",
		"Ways into the memory of processes that were let through"),
	COUNTER("inline_code", inline_code, "inline_code_allowed_total",
		"Programs with code on their command line or in a pipe that "
		"were let through"),
	COUNTER("catalogs", catalogs, "catalogs", "Catalogs that are loaded"),
	COUNTER("catalog_digests", catalog_digests, "catalog_digests",
		"Digests in the catalogs that are loaded"),
	COUNTER("catalog_bytes", catalog_bytes, "catalog_memory_bytes",
		"Memory of the catalogs that are loaded"),
	COUNTER("revocations", revocations, "revocations",
		"Keys, digests and catalogs that are revoked"),
};

uint64_t execgate_counter_value(const struct execgate_counters *counters,
				const struct execgate_counter *counter)
{
	uint64_t value;

	memcpy(&value, (const char *)counters + counter->offset, sizeof(value));
	return value;
}
