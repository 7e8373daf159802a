// SPDX-License-Identifier: GPL-2.0
#include "lib/preflight/verdict_cache.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"

#define MAGIC "EXGVERD1"
#define MAGIC_SIZE (sizeof(MAGIC) - 1)
#define HEAD_SIZE (MAGIC_SIZE + EXECGATE_GENERATION_SIZE)
#define ROWS_MAX (4u << 20)
/* Timestamps move in steps: two changes within one look like one. */
#define SETTLED_SECONDS 2

/* As on disk, for this machine only. */
struct execgate_verdict_entry {
	uint64_t dev;
	uint64_t ino;
	uint64_t size;
	int64_t mtime;
	int64_t ctime;
	uint64_t use;
};

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

/* One generation: its head, which the format points to, is in @head. */
static struct execgate_rows_format format_of(uint8_t head[HEAD_SIZE],
					     const uint8_t *generation)
{
	memcpy(head, MAGIC, MAGIC_SIZE);
	memcpy(head + MAGIC_SIZE, generation, EXECGATE_GENERATION_SIZE);
	return (struct execgate_rows_format){
		.head = head,
		.head_size = HEAD_SIZE,
		.row_size = sizeof(struct execgate_verdict_entry),
		.rows_max = ROWS_MAX,
		.compare = compare_rows,
	};
}

void execgate_verdict_cache_load(struct execgate_verdict_cache *cache,
				 const char *path, const uint8_t *generation)
{
	uint8_t head[HEAD_SIZE];
	struct execgate_rows_format format = format_of(head, generation);

	memset(cache, 0, sizeof(*cache));
	execgate_rows_load(&cache->known, path, &format);
}

bool execgate_verdict_cache_has(const struct execgate_verdict_cache *cache,
				const struct stat *st, unsigned int use)
{
	static const uint8_t any[EXECGATE_GENERATION_SIZE];
	uint8_t head[HEAD_SIZE];
	struct execgate_rows_format format = format_of(head, any);
	struct execgate_verdict_entry key;

	make_entry(st, use, &key);
	return execgate_rows_find(&cache->known, &format, &key);
}

void execgate_verdict_cache_add(struct execgate_verdict_cache *cache,
				const struct stat *st, unsigned int use,
				int64_t now)
{
	struct execgate_verdict_entry *place;

	if (st->st_ctim.tv_sec + SETTLED_SECONDS > now)
		return;
	place = execgate_array_add(cache->entries, cache->count);
	if (!place)
		return;
	make_entry(st, use, place);
	cache->count++;
}

/* In order, each once. */
static size_t sort_entries(struct execgate_verdict_entry *entries, size_t count)
{
	size_t to = 0;

	if (count)
		qsort(entries, count, sizeof(*entries), compare_rows);
	for (size_t i = 0; i < count; i++)
		if (!to || compare_rows(&entries[to - 1], &entries[i]) != 0)
			entries[to++] = entries[i];
	return to;
}

void execgate_verdict_cache_store(struct execgate_verdict_cache *cache,
				  const char *path, const uint8_t *generation)
{
	uint8_t head[HEAD_SIZE];
	struct execgate_rows_format format = format_of(head, generation);

	cache->count = sort_entries(cache->entries, cache->count);
	execgate_rows_store(path, &format, cache->entries, cache->count, NULL);
}

void execgate_verdict_cache_free(struct execgate_verdict_cache *cache)
{
	execgate_rows_free(&cache->known);
	free(cache->entries);
	memset(cache, 0, sizeof(*cache));
}
