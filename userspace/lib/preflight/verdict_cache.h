/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files that the kernel allowed when it was last asked, so that asking about a
 * whole system again is cheap. Only ever used to spare a question: nothing runs
 * because of what stands here. It is worth nothing once the keys or catalogs
 * have changed: that is the generation.
 */
#ifndef EXECGATE_VERDICT_CACHE_H
#define EXECGATE_VERDICT_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "lib/catalog/rows.h"

#define EXECGATE_VERDICT_CACHE_FILE "/run/execgate/preflight"
#define EXECGATE_GENERATION_SIZE 32

/**
 * struct execgate_verdict_cache - zeroed = empty
 * @known: what was loaded, to be found
 * @entries: @count of them, to be stored; owned
 */
struct execgate_verdict_cache {
	struct execgate_rows known;
	struct execgate_verdict_entry *entries;
	size_t count;
};

/* A file that is absent, of another generation or not ours alone is empty. */
void execgate_verdict_cache_load(struct execgate_verdict_cache *cache,
				 const char *path, const uint8_t *generation);
bool execgate_verdict_cache_has(const struct execgate_verdict_cache *cache,
				const struct stat *st, unsigned int use);
/* To be stored, not found: a file that has just changed (@now) is left out. */
void execgate_verdict_cache_add(struct execgate_verdict_cache *cache,
				const struct stat *st, unsigned int use,
				int64_t now);
/* Nobody misses it if it cannot be written. */
void execgate_verdict_cache_store(struct execgate_verdict_cache *cache,
				  const char *path, const uint8_t *generation);
void execgate_verdict_cache_free(struct execgate_verdict_cache *cache);

#endif /* EXECGATE_VERDICT_CACHE_H */
