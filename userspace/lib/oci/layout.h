/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writing a folder in OCI's image layout: blobs first, and index.json, which is replaced
 * whole, when all that it leads to is there.
 */
#ifndef EXECGATE_OCI_LAYOUT_H
#define EXECGATE_OCI_LAYOUT_H

#include "lib/oci/parse.h"

#define EXECGATE_OCI_MANIFEST_TYPE "application/vnd.oci.image.manifest.v1+json"

/* An empty one; the folder is made if it is not there. */
int execgate_oci_layout_create(const char *folder, struct execgate_error *err);

/* @out: its digest, by which it is called. */
int execgate_oci_layout_blob(const char *folder, struct eg_bytes data,
			     uint8_t out[EG_SHA256_SIZE],
			     struct execgate_error *err);

/* How a document names a part: type, digest and size. */
json_t *execgate_oci_part_json(const char *media_type,
			       const uint8_t digest[EG_SHA256_SIZE],
			       uint64_t size);

/* One more that index.json lists, unless it does already. All that it says is kept. */
int execgate_oci_layout_add(const char *folder,
			    const struct execgate_oci_descriptor *descriptor,
			    struct execgate_error *err);

/**
 * execgate_oci_layout_adopt() - make a layout of what "skopeo copy" put in a "dir:"
 * @reference: what the image is called then
 *
 * Such a folder has the manifest byte for byte as the registry sent it, of whatever type,
 * so its digest is the registry's; "oci:" would have converted Docker's.
 */
int execgate_oci_layout_adopt(const char *folder, const char *reference,
			      struct execgate_error *err);

#endif /* EXECGATE_OCI_LAYOUT_H */
