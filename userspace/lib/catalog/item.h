/* SPDX-License-Identifier: GPL-2.0 */
/* One file on its way into a catalog. */
#ifndef EXECGATE_CATALOG_ITEM_H
#define EXECGATE_CATALOG_ITEM_H

#include <signal.h>

#include "format/manifest.h"
#include "lib/catalog/hash_cache.h"

/* X(CONSTANT, name): what became of a file. */
#define EXECGATE_CATALOG_RESULTS(X)                                       \
	X(SKIPPED, "skipped") /* not code, or not there */                \
	X(TAKEN, "taken")                                                 \
	X(CHANGED, "changed")	    /* not what dpkg installed */         \
	X(UNRECORDED, "unrecorded") /* dpkg has no checksum to compare */ \
	X(FAILED, "failed")

enum execgate_catalog_result {
#define X(id, name) EXECGATE_CATALOG_##id,
	EXECGATE_CATALOG_RESULTS(X)
#undef X
};

/**
 * struct execgate_catalog_item - a file and what was found
 * @path: owned by whoever made the item
 * @md5: what it must have, if @has_md5
 * @must_match: without @md5 it is unrecorded
 * @required: named by the operator: not being code is a failure
 * @is_read: somebody reads files of its name as code
 * @is_data: it is there, and no code
 * @hash: of a file that is code; md5 only if it was needed
 * @digest: what a catalog says of it, of @kind; the SHA-256, or fs-verity's
 * @size: of the content
 * @mtime: seconds since 1970
 * @error: why it failed
 */
struct execgate_catalog_item {
	char *path;
	uint8_t md5[EXECGATE_MD5_SIZE];
	bool has_md5;
	bool must_match;
	bool required;
	bool is_read;
	bool is_data;
	enum execgate_catalog_result result;
	struct execgate_hash hash;
	uint8_t digest[EG_SHA256_SIZE];
	uint8_t kind;
	uint64_t size;
	uint64_t mtime;
	struct execgate_error *error;
};

/**
 * struct execgate_catalog_reading - how files are read
 * @cache: of digests
 * @verity: list a file that has fs-verity by that digest
 * @enable_verity: and turn it on where it is not
 */
struct execgate_catalog_reading {
	struct execgate_hash_cache *cache;
	bool verity;
	bool enable_verity;
};

/* Fill the result in; several threads may read different items at once. */
void execgate_catalog_item_read(struct execgate_catalog_item *item,
				const struct execgate_catalog_reading *how);

/*
 * Classes and SHA-256 of an open file's content. -ENOEXEC: it is not code. Used
 * for what is not on disk under its own name. @is_read: see the item.
 */
int execgate_catalog_item_hash(int fd, const char *name, uint64_t size,
			       bool is_read, struct execgate_hash *out,
			       struct execgate_error *err);

/*
 * Is it a compressed kernel module, by its ending and its first bytes? The
 * kernel unpacks these itself, so it judges the packed file.
 */
bool execgate_catalog_item_is_packed(int fd, const char *name, uint64_t size);

#endif /* EXECGATE_CATALOG_ITEM_H */
