// SPDX-License-Identifier: GPL-2.0
#include "lib/catalog/hash_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/io.h"

/* Changes with the layout of struct record: a file of another one is empty. */
#define MAGIC "EGHASH\0\2"
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
	uint8_t pad[6];
};

_Static_assert(sizeof(struct record) == 112, "no bytes that nobody set");

/**
 * struct execgate_hash_cache - records of before and of now
 * @old: @old_count records in order, as read; never written to
 * @fresh: @fresh_count records, in any order; under @lock, as is @fresh_room
 */
struct execgate_hash_cache {
	char *path;
	struct record *old;
	size_t old_count;
	uint8_t *file;
	pthread_mutex_t lock;
	struct record *fresh;
	size_t fresh_count;
	size_t fresh_room;
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

/* What another user could write, or could have put there, is not believed. */
static bool is_ours(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	       st.st_uid == geteuid() && !(st.st_mode & 022);
}

static void adopt_file(struct execgate_hash_cache *cache, size_t size)
{
	size_t count = (size - sizeof(MAGIC) + 1) / sizeof(struct record), i;
	struct record *records;

	if (size < sizeof(MAGIC) - 1 ||
	    memcmp(cache->file, MAGIC, sizeof(MAGIC) - 1) != 0 ||
	    (size - sizeof(MAGIC) + 1) % sizeof(struct record))
		return;
	records = (struct record *)(cache->file + sizeof(MAGIC) - 1);
	for (i = 1; i < count; i++)
		if (compare_rows(&records[i - 1], &records[i]) >= 0)
			return;
	cache->old = records;
	cache->old_count = count;
}

int execgate_hash_cache_open(const char *path, struct execgate_hash_cache **out,
			     struct execgate_error *err)
{
	struct execgate_hash_cache *cache = calloc(1, sizeof(*cache));
	size_t size;

	*out = cache;
	if (cache && path)
		cache->path = strdup(path);
	if (!cache || (path && !cache->path)) {
		free(cache);
		return execgate_error_errno(err, -ENOMEM,
					    "cannot read the hash cache");
	}
	pthread_mutex_init(&cache->lock, NULL);
	if (path && is_ours(path) &&
	    !execgate_io_read_file(path,
				   sizeof(MAGIC) +
					   RECORDS_MAX * sizeof(struct record),
				   &cache->file, &size, NULL))
		adopt_file(cache, size);
	return 0;
}

bool execgate_hash_cache_find(struct execgate_hash_cache *cache,
			      const struct stat *st, struct execgate_hash *out)
{
	struct record key, *found;

	describe_file(st, &key);
	found = cache->old_count ? bsearch(&key, cache->old, cache->old_count,
					   sizeof(key), compare_rows) :
				   NULL;
	if (!found || memcmp(found, &key, offsetof(struct record, hash)) != 0)
		return false;
	*out = found->hash;
	return true;
}

void execgate_hash_cache_put(struct execgate_hash_cache *cache,
			     const struct stat *st,
			     const struct execgate_hash *hash)
{
	struct record record, *records;
	size_t room;

	if (!cache->path || st->st_ctim.tv_sec + SETTLE_SECONDS >= time(NULL))
		return;
	describe_file(st, &record);
	record.hash.classes = hash->classes;
	memcpy(record.hash.sha256, hash->sha256, sizeof(hash->sha256));
	memcpy(record.hash.md5, hash->md5, sizeof(hash->md5));
	pthread_mutex_lock(&cache->lock);
	records = cache->fresh;
	if (cache->fresh_count == cache->fresh_room) {
		room = cache->fresh_room ? 2 * cache->fresh_room : 1024;
		records = realloc(records, room * sizeof(*records));
		if (records) {
			cache->fresh = records;
			cache->fresh_room = room;
		}
	}
	/* Without memory the file is only hashed again next time. */
	if (records)
		records[cache->fresh_count++] = record;
	pthread_mutex_unlock(&cache->lock);
}

/* Both in order into one, a fresh record in place of an old one. */
static size_t merge_rows(const struct execgate_hash_cache *cache,
			 struct record *out)
{
	size_t old = 0, fresh = 0, to = 0;
	int order;

	while (fresh < cache->fresh_count || old < cache->old_count) {
		order = fresh == cache->fresh_count ?
				-1 :
			old == cache->old_count ?
				1 :
				compare_rows(&cache->old[old],
					     &cache->fresh[fresh]);
		if (order <= 0)
			out[to] = cache->old[old++];
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
	size_t head = sizeof(MAGIC) - 1, count;
	uint8_t *bytes;
	int ret;

	if (!cache->path || !cache->fresh_count)
		return 0;
	qsort(cache->fresh, cache->fresh_count, sizeof(*cache->fresh),
	      compare_rows);
	/* Files that are gone leave records: start anew before it is too much. */
	if (cache->old_count + cache->fresh_count > RECORDS_MAX)
		cache->old_count = 0;
	if (cache->fresh_count > RECORDS_MAX)
		return 0;
	bytes = malloc(head + (cache->old_count + cache->fresh_count) *
				      sizeof(struct record));
	if (!bytes)
		return execgate_error_errno(err, -ENOMEM, "cannot write %s",
					    cache->path);
	memcpy(bytes, MAGIC, head);
	count = merge_rows(cache, (struct record *)(bytes + head));
	ret = make_folder(cache->path);
	if (ret)
		ret = execgate_error_errno(err, ret, "cannot write %s",
					   cache->path);
	else
		ret = execgate_io_create_file(
			cache->path, 0600, true, bytes,
			head + count * sizeof(struct record), err);
	free(bytes);
	return ret;
}

void execgate_hash_cache_close(struct execgate_hash_cache *cache)
{
	if (!cache)
		return;
	pthread_mutex_destroy(&cache->lock);
	free(cache->fresh);
	free(cache->file);
	free(cache->path);
	free(cache);
}
