/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One layer of an image: a tar archive, packed or not. It is hashed and unpacked in one
 * pass, so what was verified is what was read, whoever writes to it meanwhile.
 */
#ifndef EXECGATE_OCI_LAYER_H
#define EXECGATE_OCI_LAYER_H

#include "lib/catalog/identities.h"
#include "lib/catalog/item.h"
#include "lib/oci/store.h"

#define EXECGATE_SHA1_SIZE 20

enum execgate_oci_type {
	EXECGATE_OCI_FILE,
	EXECGATE_OCI_FOLDER,
	EXECGATE_OCI_SYMLINK,
	EXECGATE_OCI_HARDLINK,
	EXECGATE_OCI_DEVICE, /* or FIFO: nothing that is read */
	EXECGATE_OCI_WHITEOUT,
	EXECGATE_OCI_OPAQUE, /* all below from earlier layers is gone */
};

/**
 * struct execgate_oci_entry - a member of the archive, in its order
 * @path: relative to the root, plain; of a whiteout, that it takes away; owned
 * @target: of a link, as it is written there; owned
 * @hash: of a file; no classes: it is not code
 * @sha1: of a file that is code
 * @kept: content of a file that packages are listed in, or NULL; owned
 */
struct execgate_oci_entry {
	char *path;
	char *target;
	enum execgate_oci_type type;
	struct execgate_hash hash;
	uint8_t sha1[EXECGATE_SHA1_SIZE];
	uint64_t size;
	uint64_t mtime;
	char *kept;
};

enum execgate_oci_packing {
	EXECGATE_OCI_ANY, /* it is not said: by its first bytes */
	EXECGATE_OCI_PLAIN,
	EXECGATE_OCI_GZIP,
	EXECGATE_OCI_ZSTD,
};

/**
 * struct execgate_oci_layer - what is known of a layer, and what is in it
 * @name: of the part that it is in; owned
 * @digest: SHA-256 as it is, if @has_digest; then it has @size bytes, too
 * @diff_id: SHA-256 unpacked
 * @entries: @count of them; owned
 */
struct execgate_oci_layer {
	char *name;
	enum execgate_oci_packing packing;
	uint8_t digest[EG_SHA256_SIZE];
	bool has_digest;
	uint64_t size;
	uint8_t diff_id[EG_SHA256_SIZE];
	struct execgate_oci_entry *entries;
	size_t count;
};

/**
 * execgate_oci_layer_read() - fill @entries
 *
 * Several threads may read different layers at once. Use the result after
 * success only: both digests are known at the end.
 */
int execgate_oci_layer_read(const struct execgate_oci_store *store,
			    struct execgate_oci_layer *layer,
			    const struct execgate_identities *identities,
			    struct execgate_oci_limits *limits,
			    struct execgate_error *err);
void execgate_oci_layer_free(struct execgate_oci_layer *layer);

/* Is it a file that packages are listed in? @path is plain. */
bool execgate_oci_is_database(const char *path);

#endif /* EXECGATE_OCI_LAYER_H */
