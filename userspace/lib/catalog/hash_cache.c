// SPDX-License-Identifier: GPL-2.0
#include "lib/catalog/hash_cache.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <sys/stat.h>

#include "lib/base/array.h"
#include "lib/catalog/rows.h"

/* Changes with the layout of struct record: a file of another one is empty. */
#define MAGIC "EGHASH\0\3"
#define RECORDS_MAX (1u << 20)
/* The clock of file times is coarse. */
#define SETTLE_SECONDS 2

/* As on disk, for this machine only. */
struct record {
	uint64_t dev;
	uint64_t ino;
	uint64_t size;
	int64_t mtime[2];
	int64_t ctime[2];
	struct execgate_hash hash;
	uint8_t pad[4];
};

_Static_assert(sizeof(struct record) == 112, "no bytes that nobody set");

/**
 * struct execgate_hash_cache - records of before and of now
 * @old: records as read
 * @fresh: @fresh_count records, in any order; under @lock
 */
struct execgate_hash_cache {
	char *path;
	struct execgate_rows old;
	pthread_mutex_t lock;
	struct record *fresh;
	size_t fresh_count;
};

static void describe_file(const struct stat *st, struct record *out)
{
	memset(out, 0, sizeof(*out));
	out->dev = st->st_dev;
	out->ino = st->st_ino;
	out->size = (uint64_t)st->st_size;
	out->mtime[0] = st->st_mtim.tv_sec;
	out->mtime[1] = st->st_mtim.tv_nsec;
	out->ctime[0] = st->st_ctim.tv_sec;
	out->ctime[1] = st->st_ctim.tv_nsec;
}

/* By inode: an inode has one record, the later times replace the earlier. */
static int compare_rows(const void *left, const void *right)
{
	const struct record *a = left, *b = right;

	if (a->dev != b->dev)
		return a->dev < b->dev ? -1 : 1;
	return (a->ino > b->ino) - (a->ino < b->ino);
}

static const struct execgate_rows_format format = {
	.head = MAGIC,
	.head_size = sizeof(MAGIC) - 1,
	.row_size = sizeof(struct record),
	.rows_max = RECORDS_MAX,
	.compare = compare_rows,
};

int execgate_hash_cache_open(const char *path, struct execgate_hash_cache **out,
			     struct execgate_error *err)
{
	struct execgate_hash_cache *cache = calloc(1, sizeof(*cache));

	*out = cache;
	if (cache && path)
		cache->path = strdup(path);
	if (!cache || (path && !cache->path)) {
		free(cache);
		return execgate_error_errno(err, -ENOMEM,
					    "cannot read the hash cache");
	}
	pthread_mutex_init(&cache->lock, NULL);
	if (path)
		execgate_rows_load(&cache->old, path, &format);
	return 0;
}

bool execgate_hash_cache_find(struct execgate_hash_cache *cache,
			      const struct stat *st, struct execgate_hash *out)
{
	const struct record *found;
	struct record key;

	describe_file(st, &key);
	found = execgate_rows_find(&cache->old, &format, &key);
	if (!found || memcmp(found, &key, offsetof(struct record, hash)) != 0)
		return false;
	*out = found->hash;
	return true;
}

void execgate_hash_cache_put(struct execgate_hash_cache *cache,
			     const struct stat *st,
			     const struct execgate_hash *hash)
{
	struct record record, *place;

	if (!cache->path || st->st_ctim.tv_sec + SETTLE_SECONDS >= time(NULL))
		return;
	describe_file(st, &record);
	record.hash.classes = hash->classes;
	record.hash.by_name = hash->by_name;
	memcpy(record.hash.sha256, hash->sha256, sizeof(hash->sha256));
	memcpy(record.hash.md5, hash->md5, sizeof(hash->md5));
	pthread_mutex_lock(&cache->lock);
	place = execgate_array_add(cache->fresh, cache->fresh_count);
	/* Without memory the file is only hashed again next time. */
	if (place) {
		*place = record;
		cache->fresh_count++;
	}
	pthread_mutex_unlock(&cache->lock);
}

/* Both in order into one, a fresh record in place of an old one. */
static size_t merge_rows(const struct execgate_hash_cache *cache,
			 struct record *out)
{
	const struct record *olds = cache->old.rows;
	size_t old = 0, fresh = 0, to = 0;
	int order;

	while (fresh < cache->fresh_count || old < cache->old.count) {
		order = fresh == cache->fresh_count ?
				-1 :
			old == cache->old.count ?
				1 :
				compare_rows(&olds[old], &cache->fresh[fresh]);
		if (order <= 0)
			out[to] = olds[old++];
		if (order >= 0)
			out[to] = cache->fresh[fresh++];
		/* Two names of one file were hashed by two threads. */
		if (!to || compare_rows(&out[to - 1], &out[to]) != 0)
			to++;
	}
	return to;
}

static int make_folder(const char *path)
{
	char copy[PATH_MAX];

	snprintf(copy, sizeof(copy), "%s", path);
	return mkdir(dirname(copy), 0755) && errno != EEXIST ? -errno : 0;
}

int execgate_hash_cache_save(struct execgate_hash_cache *cache,
			     struct execgate_error *err)
{
	struct record *rows;
	int ret;

	if (!cache->path || !cache->fresh_count)
		return 0;
	qsort(cache->fresh, cache->fresh_count, sizeof(*cache->fresh),
	      compare_rows);
	/* Files that are gone leave records: start anew before it is too much. */
	if (cache->old.count + cache->fresh_count > RECORDS_MAX)
		cache->old.count = 0;
	if (cache->fresh_count > RECORDS_MAX)
		return 0;
	rows = calloc(cache->old.count + cache->fresh_count, sizeof(*rows));
	ret = rows ? make_folder(cache->path) : -ENOMEM;
	if (ret)
		ret = execgate_error_errno(err, ret, "cannot write %s",
					   cache->path);
	else
		ret = execgate_rows_store(cache->path, &format, rows,
					  merge_rows(cache, rows), err);
	free(rows);
	return ret;
}

void execgate_hash_cache_close(struct execgate_hash_cache *cache)
{
	if (!cache)
		return;
	pthread_mutex_destroy(&cache->lock);
	free(cache->fresh);
	execgate_rows_free(&cache->old);
	free(cache->path);
	free(cache);
}
