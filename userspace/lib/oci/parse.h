/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The JSON documents of an image, as OCI's image specification and "docker save" have
 * them. Their bytes are an attacker's: every count and every text is bounded here, so
 * that nobody above has to.
 */
#ifndef EXECGATE_OCI_PARSE_H
#define EXECGATE_OCI_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "format/format.h"
#include "lib/base/error.h"

#define EXECGATE_OCI_DOCUMENT_MAX (4u << 20) /* what registries take */
#define EXECGATE_OCI_LIST_MAX 1024	     /* images of an index, tags */
#define EXECGATE_OCI_LAYERS_MAX 512	     /* overlayfs has no more */
#define EXECGATE_OCI_TEXT_MAX 256
#define EXECGATE_OCI_TYPE_MAX 128

/* For which machine; "" = not said. */
struct execgate_oci_platform {
	char os[32];
	char architecture[32];
	char variant[32];
};

enum execgate_oci_kind {
	EXECGATE_OCI_OTHER,
	EXECGATE_OCI_INDEX,
	EXECGATE_OCI_MANIFEST,
	EXECGATE_OCI_CONFIG,
	EXECGATE_OCI_LAYER,
	EXECGATE_OCI_LAYER_GZIP,
	EXECGATE_OCI_LAYER_ZSTD,
};

/**
 * struct execgate_oci_descriptor - one document names another
 * @kind: by its media type, which is @media_type
 * @artifact_type: it is not an image, but something beside one; "" = not said
 * @digest: SHA-256 of the @size bytes
 * @reference: what the image is called, from an annotation; "" = not said
 */
struct execgate_oci_descriptor {
	enum execgate_oci_kind kind;
	char media_type[EXECGATE_OCI_TYPE_MAX];
	char artifact_type[EXECGATE_OCI_TYPE_MAX];
	uint8_t digest[EG_SHA256_SIZE];
	uint64_t size;
	struct execgate_oci_platform platform;
	char reference[EXECGATE_OCI_TEXT_MAX];
};

/* Zeroed = none; @list is owned. */
struct execgate_oci_descriptors {
	struct execgate_oci_descriptor *list;
	size_t count;
};

/* Freed with execgate_oci_descriptors_free(), after success only. */
int execgate_oci_parse_index(struct eg_bytes text,
			     struct execgate_oci_descriptors *out,
			     struct execgate_error *err);
int execgate_oci_parse_manifest(struct eg_bytes text,
				struct execgate_oci_descriptor *config,
				struct execgate_oci_descriptors *layers,
				struct execgate_error *err);
void execgate_oci_descriptors_free(struct execgate_oci_descriptors *list);

/* "sha256:HEX", as documents name it. Returns @out. */
#define EXECGATE_OCI_SHA256 "sha256:"
#define EXECGATE_OCI_DIGEST_TEXT \
	(sizeof(EXECGATE_OCI_SHA256) + 2 * EG_SHA256_SIZE)
char *execgate_oci_digest_text(const uint8_t digest[EG_SHA256_SIZE],
			       char out[EXECGATE_OCI_DIGEST_TEXT]);

/* Where one document names another, or a part of the image. -EBADMSG: it does not. */
int execgate_oci_parse_descriptor(const json_t *object,
				  struct execgate_oci_descriptor *out,
				  struct execgate_error *err);

/**
 * struct execgate_oci_artifact - a manifest of one file that is about an image
 * @type: of what is in the file, which is @content
 * @subject: the image's manifest
 */
struct execgate_oci_artifact {
	char type[EXECGATE_OCI_TYPE_MAX];
	struct execgate_oci_descriptor subject;
	struct execgate_oci_descriptor content;
};

/* -EBADMSG: it is not one, or of more files, or says two types. */
int execgate_oci_parse_artifact(struct eg_bytes text,
				struct execgate_oci_artifact *out,
				struct execgate_error *err);

/* The types that a manifest says it is of; each "" = it does not. */
int execgate_oci_parse_types(struct eg_bytes text,
			     char media_type[EXECGATE_OCI_TYPE_MAX],
			     char artifact_type[EXECGATE_OCI_TYPE_MAX],
			     struct execgate_error *err);

/**
 * struct execgate_oci_config - what an image says of itself
 * @created: seconds since 1970; 0 = it does not say
 * @diff_ids: @count SHA-256 of the layers, unpacked; owned
 */
struct execgate_oci_config {
	struct execgate_oci_platform platform;
	uint64_t created;
	uint8_t (*diff_ids)[EG_SHA256_SIZE];
	size_t count;
};

/* Freed with free(@out->diff_ids), after success only. */
int execgate_oci_parse_config(struct eg_bytes text,
			      struct execgate_oci_config *out,
			      struct execgate_error *err);

/* An image of "docker save": names of members of the archive; all owned. */
struct execgate_oci_saved {
	char *config;
	char **tags;
	size_t tag_count;
	char **layers;
	size_t layer_count;
};

/**
 * execgate_oci_parse_saved() - manifest.json of "docker save"
 * @reference: which of its images, or NULL if there is only one
 * @out: freed with execgate_oci_saved_free(), always
 */
int execgate_oci_parse_saved(struct eg_bytes text, const char *reference,
			     struct execgate_oci_saved *out,
			     struct execgate_error *err);
void execgate_oci_saved_free(struct execgate_oci_saved *saved);

/* "2024-05-14T01:02:03.5Z", "...+02:00": RFC 3339; false if it is not. */
bool execgate_oci_parse_time(const char *text, uint64_t *out);
/* "linux/arm64/v8", "amd64"; false if it is not. */
bool execgate_oci_parse_platform(const char *text,
				 struct execgate_oci_platform *out);

#endif /* EXECGATE_OCI_PARSE_H */
