/* SPDX-License-Identifier: GPL-2.0 */
/* Parts of an image that are called by their digests: what is read is what was named. */
#ifndef EXECGATE_OCI_BLOB_H
#define EXECGATE_OCI_BLOB_H

#include "lib/oci/parse.h"
#include "lib/oci/store.h"

#define EXECGATE_OCI_BLOBS "blobs/sha256/"
#define EXECGATE_OCI_BLOB_NAME 96

/* Made of the digest alone, so no text of an image becomes a path. */
void execgate_oci_blob_name(const uint8_t digest[EG_SHA256_SIZE],
			    char out[EXECGATE_OCI_BLOB_NAME]);

/* The failure: -EBADMSG. */
int execgate_oci_blob_changed(const char *name, struct execgate_error *err);

/**
 * execgate_oci_blob_read() - a part as a whole, of the size and digest that @from says
 * @max: refuse a larger one
 * @data: freed by the caller
 */
int execgate_oci_blob_read(const struct execgate_oci_store *store,
			   const struct execgate_oci_descriptor *from,
			   size_t max, uint8_t **data, size_t *size,
			   struct execgate_error *err);

/* All that index.json lists; freed with execgate_oci_descriptors_free(), after success only. */
int execgate_oci_index_read(const struct execgate_oci_store *store,
			    struct execgate_oci_descriptors *out,
			    struct execgate_error *err);

#endif /* EXECGATE_OCI_BLOB_H */
