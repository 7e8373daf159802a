// SPDX-License-Identifier: GPL-2.0
#include "lib/preflight/verdict_cache.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/io.h"

#define MAGIC "EXGVERD1"
#define HEAD (8 + EXECGATE_GENERATION_SIZE)
#define SIZE_MAX_BYTES (256u << 20)
/* Timestamps move in steps: two changes within one look like one. */
#define SETTLED_SECONDS 2

static int64_t nsec(const struct timespec *time)
{
	return (int64_t)time->tv_sec * 1000000000 + time->tv_nsec;
}

static void make_entry(const struct stat *st, unsigned int use,
		       struct execgate_verdict_entry *out)
{
	memset(out, 0, sizeof(*out));
	out->dev = st->st_dev;
	out->ino = st->st_ino;
	out->size = (uint64_t)st->st_size;
	out->mtime = nsec(&st->st_mtim);
	out->ctime = nsec(&st->st_ctim);
	out->use = use;
}

/* Any order will do: the fields have no padding between them. */
static int compare_rows(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct execgate_verdict_entry));
}

void execgate_verdict_cache_load(struct execgate_verdict_cache *cache,
				 const char *path, const uint8_t *generation)
{
	struct stat st;
	uint8_t *data;
	size_t size;

	memset(cache, 0, sizeof(*cache));
	if (lstat(path, &st) || st.st_uid != geteuid() || st.st_mode & 022 ||
	    execgate_io_read_file(path, SIZE_MAX_BYTES, &data, &size, NULL))
		return;
	if (size > HEAD && !memcmp(data, MAGIC, 8) &&
	    !memcmp(data + 8, generation, EXECGATE_GENERATION_SIZE)) {
		cache->count = (size - HEAD) / sizeof(*cache->entries);
		cache->entries =
			calloc(cache->count + 1, sizeof(*cache->entries));
		if (!cache->entries)
			cache->count = 0;
		else
			memcpy(cache->entries, data + HEAD,
			       cache->count * sizeof(*cache->entries));
		if (cache->count)
			qsort(cache->entries, cache->count,
			      sizeof(*cache->entries), compare_rows);
	}
	free(data);
}

bool execgate_verdict_cache_has(const struct execgate_verdict_cache *cache,
				const struct stat *st, unsigned int use)
{
	struct execgate_verdict_entry key;

	make_entry(st, use, &key);
	return cache->count && bsearch(&key, cache->entries, cache->count,
				       sizeof(key), compare_rows);
}

void execgate_verdict_cache_add(struct execgate_verdict_cache *cache,
				const struct stat *st, unsigned int use,
				int64_t now)
{
	struct execgate_verdict_entry *entries;
	size_t room = cache->room ? 2 * cache->room : 1024;

	if (st->st_ctim.tv_sec + SETTLED_SECONDS > now)
		return;
	if (cache->count == cache->room) {
		entries = realloc(cache->entries, room * sizeof(*entries));
		if (!entries)
			return;
		cache->entries = entries;
		cache->room = room;
	}
	make_entry(st, use, &cache->entries[cache->count++]);
}

void execgate_verdict_cache_store(const struct execgate_verdict_cache *cache,
				  const char *path, const uint8_t *generation)
{
	size_t size = cache->count * sizeof(*cache->entries);
	uint8_t *data = malloc(HEAD + size);

	if (!data)
		return;
	memcpy(data, MAGIC, 8);
	memcpy(data + 8, generation, EXECGATE_GENERATION_SIZE);
	if (size)
		memcpy(data + HEAD, cache->entries, size);
	execgate_io_create_file(path, 0600, true, data, HEAD + size, NULL);
	free(data);
}

void execgate_verdict_cache_free(struct execgate_verdict_cache *cache)
{
	free(cache->entries);
	memset(cache, 0, sizeof(*cache));
}
