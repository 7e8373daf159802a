/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An image of a container: what it says of itself, and the code in it. Every digest of
 * the chain is verified: index, manifest, configuration, layers, and these unpacked.
 */
#ifndef EXECGATE_OCI_IMAGE_H
#define EXECGATE_OCI_IMAGE_H

#include "lib/oci/layer.h"
#include "lib/oci/parse.h"
#include "lib/oci/tree.h"

/**
 * struct execgate_oci_file - code of the image
 * @path: absolute, owned
 * @entry: what is known of its content
 * @package: that has it, owned, or NULL; @origin: what its identity begins with
 * @version: of the package
 */
struct execgate_oci_file {
	char *path;
	const struct execgate_oci_entry *entry;
	char *package;
	const char *origin;
	uint64_t version;
};

/**
 * struct execgate_oci_image - zeroed = nothing
 * @path: of the folder or file that @store is in; owned
 * @reference: what it is called, "docker.io/library/nginx:1.27"; "" = it is not said
 * @digest: of its manifest; of its configuration, from "docker save"
 * @media_type: of its manifest, which has @size bytes; "" from "docker save"
 * @config: with the time of its making
 * @layers: @layer_count of them, the lowest first
 * @files: @file_count, filled by execgate_oci_image_merge()
 */
struct execgate_oci_image {
	char *path;
	struct execgate_oci_store *store;
	char reference[EXECGATE_OCI_TEXT_MAX];
	uint8_t digest[EG_SHA256_SIZE];
	char media_type[EXECGATE_OCI_TYPE_MAX];
	uint64_t size;
	struct execgate_oci_config config;
	struct execgate_oci_layer *layers;
	size_t layer_count;
	struct execgate_oci_tree tree;
	struct execgate_oci_file *files;
	size_t file_count;
};

/* Is it a place that execgate_oci_image_open() knows? */
bool execgate_oci_image_is_local(const char *source);

/**
 * execgate_oci_image_open() - find the image, verify all but its layers
 * @source: "oci:FOLDER[:NAME]", "oci-archive:FILE[:NAME]", "docker-archive:FILE[:NAME:TAG]"
 * @platform: for which machine; of images for several the one for it is chosen
 * @image: closed with execgate_oci_image_close(), always
 */
int execgate_oci_image_open(const char *source,
			    const struct execgate_oci_platform *platform,
			    struct execgate_oci_limits *limits,
			    struct execgate_oci_image *image,
			    struct execgate_error *err);
/* Each layer then, from any thread, with execgate_oci_layer_read(); and at last this. */
int execgate_oci_image_merge(struct execgate_oci_image *image,
			     struct execgate_oci_limits *limits,
			     struct execgate_error *err);
void execgate_oci_image_close(struct execgate_oci_image *image);

/* The machine that this runs on. */
void execgate_oci_image_here(struct execgate_oci_platform *out);

/* How much of a reference is its repository: what is before the tag and the digest. */
size_t execgate_oci_image_repository(const char *reference);

/*
 * The repository of a reference as the name of a catalog: no tag and no digest, "+" for
 * a slash, "_" for the colon of a port; neither is in names of repositories, or hosts, so
 * that no two become one. -EINVAL: there is none, or it is not one.
 */
int execgate_oci_image_name(const char *reference, char *out, size_t size,
			    struct execgate_error *err);

#endif /* EXECGATE_OCI_IMAGE_H */
