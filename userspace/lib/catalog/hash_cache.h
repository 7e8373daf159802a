/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Digests of files that were hashed before. A file is the same one as long as
 * device, inode, size, mtime and ctime are; ctime cannot be set by who changed
 * the file. Digests read from here get signed, so a cache that others than its
 * user could have written is not believed.
 */
#ifndef EXECGATE_HASH_CACHE_H
#define EXECGATE_HASH_CACHE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "format/format.h"
#include "lib/base/error.h"

#define EXECGATE_MD5_SIZE 16

/**
 * struct execgate_hash - what is known of a file's content
 * @sha256: of all of it; both digests only if @classes is not 0
 * @md5: which dpkg recorded for it
 * @classes: enum execgate_class bits; 0 = it is not code
 * @by_name: it is code to those who read files of its name, and by its content
 *	     to nobody. Another name of the file, or other rules, may say otherwise
 */
struct execgate_hash {
	uint8_t sha256[EG_SHA256_SIZE];
	uint8_t md5[EXECGATE_MD5_SIZE];
	uint16_t classes;
	uint16_t by_name;
};

struct execgate_hash_cache;

/**
 * execgate_hash_cache_open() - read a cache
 * @path: a file that may be absent, damaged or not ours: then it is empty; NULL
 *	  for a cache that forgets everything at its end
 */
int execgate_hash_cache_open(const char *path, struct execgate_hash_cache **out,
			     struct execgate_error *err);

/* Several threads may use these two at once. */
bool execgate_hash_cache_find(struct execgate_hash_cache *cache,
			      const struct stat *st, struct execgate_hash *out);
/* Files that changed a moment ago are not kept: they may change again unseen. */
void execgate_hash_cache_put(struct execgate_hash_cache *cache,
			     const struct stat *st,
			     const struct execgate_hash *hash);

/* Write what is new, atomically; a cache without a path is not written. */
int execgate_hash_cache_save(struct execgate_hash_cache *cache,
			     struct execgate_error *err);
/* Accepts NULL. */
void execgate_hash_cache_close(struct execgate_hash_cache *cache);

#endif /* EXECGATE_HASH_CACHE_H */
