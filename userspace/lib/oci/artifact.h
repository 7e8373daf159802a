/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A signed catalog beside the image that it is of, as OCI 1.1 has artifacts: a manifest
 * that names the image as its subject, and the catalog as its one file. Nothing of it is
 * signed but the catalog, so whose it is says an entry in that: the image's manifest, as
 * a file that is not code.
 */
#ifndef EXECGATE_OCI_ARTIFACT_H
#define EXECGATE_OCI_ARTIFACT_H

#include "format/manifest.h"
#include "lib/oci/image.h"

#define EXECGATE_OCI_CATALOG_TYPE "application/vnd.execgate.catalog.v1"
/* The identity of the entry that is the image's manifest. */
#define EXECGATE_OCI_BOUND "org.opencontainers.image.manifest"
/* Behind "sha256-HEX", in a registry: of ours, and of cosign's signatures. */
#define EXECGATE_OCI_TAG_CATALOG ".execgate"
#define EXECGATE_OCI_TAG_COSIGN ".sig"
#define EXECGATE_OCI_TAG_SIZE (7 + 2 * EG_SHA256_SIZE + 9 + 1)

/* Where in the image's repository that is which has the @ending. Returns @out. */
char *execgate_oci_artifact_tag(const uint8_t image[EG_SHA256_SIZE],
				const char *ending,
				char out[EXECGATE_OCI_TAG_SIZE]);

/* Into the layout in @folder, beside what it has. */
int execgate_oci_artifact_write(const char *folder,
				const struct execgate_oci_image *image,
				struct eg_bytes catalog,
				struct execgate_error *err);

/**
 * execgate_oci_artifact_list() - what @store has of our type, the newest last
 * @out: freed with execgate_oci_descriptors_free(), after success only
 */
int execgate_oci_artifact_list(const struct execgate_oci_store *store,
			       struct execgate_oci_descriptors *out,
			       struct execgate_error *err);

/**
 * execgate_oci_artifact_read() - one of those, if it is about the image
 * @catalog: freed by the caller; NULL: it is about another
 */
int execgate_oci_artifact_read(const struct execgate_oci_store *store,
			       const struct execgate_oci_descriptor *from,
			       const uint8_t image[EG_SHA256_SIZE],
			       uint8_t **catalog, size_t *size,
			       struct execgate_error *err);

/* Does the catalog say that it is of this image? Believe it when its signer is known. */
bool execgate_oci_artifact_binds(const struct eg_manifest *catalog,
				 const struct execgate_oci_image *image);

#endif /* EXECGATE_OCI_ARTIFACT_H */
