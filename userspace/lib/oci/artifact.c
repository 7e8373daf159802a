// SPDX-License-Identifier: GPL-2.0
#include "lib/oci/artifact.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include <linux/execgate.h>

#include "lib/base/digits.h"
#include "lib/catalog/file.h"
#include "lib/oci/blob.h"
#include "lib/oci/layout.h"

#define EMPTY_TYPE "application/vnd.oci.empty.v1+json"

char *execgate_oci_artifact_tag(const uint8_t image[EG_SHA256_SIZE],
				const char *ending,
				char out[EXECGATE_OCI_TAG_SIZE])
{
	char hex[EXECGATE_HEX_SIZE(EG_SHA256_SIZE)];

	snprintf(out, EXECGATE_OCI_TAG_SIZE, "sha256-%s%s",
		 execgate_hex_write(hex, image, EG_SHA256_SIZE), ending);
	return out;
}

/* The same catalog makes the same bytes. */
static char *compose_manifest(const struct execgate_oci_image *image,
			      const uint8_t empty[EG_SHA256_SIZE],
			      const uint8_t catalog[EG_SHA256_SIZE],
			      uint64_t size)
{
	json_t *root =
		json_pack("{s:i, s:s, s:s, s:o, s:[o], s:o}", "schemaVersion",
			  2, "mediaType", EXECGATE_OCI_MANIFEST_TYPE,
			  "artifactType", EXECGATE_OCI_CATALOG_TYPE, "config",
			  execgate_oci_part_json(EMPTY_TYPE, empty, 2),
			  "layers",
			  execgate_oci_part_json(EXECGATE_OCI_CATALOG_TYPE,
						 catalog, size),
			  "subject",
			  execgate_oci_part_json(image->media_type,
						 image->digest, image->size));
	char *text = json_dumps(root, JSON_COMPACT);

	json_decref(root);
	return text;
}

int execgate_oci_artifact_write(const char *folder,
				const struct execgate_oci_image *image,
				struct eg_bytes catalog,
				struct execgate_error *err)
{
	static const uint8_t empty[] = { '{', '}' };
	struct execgate_oci_descriptor found = {
		.media_type = EXECGATE_OCI_MANIFEST_TYPE,
		.artifact_type = EXECGATE_OCI_CATALOG_TYPE,
	};
	uint8_t config[EG_SHA256_SIZE], content[EG_SHA256_SIZE];
	struct eg_bytes text;
	char *manifest;
	int ret = execgate_oci_layout_blob(
		folder, (struct eg_bytes){ empty, sizeof(empty) }, config, err);

	if (!ret)
		ret = execgate_oci_layout_blob(folder, catalog, content, err);
	if (ret)
		return ret;
	manifest = compose_manifest(image, config, content, catalog.size);
	if (!manifest)
		return execgate_error_errno(err, -ENOMEM,
					    "cannot write the catalog");
	text = (struct eg_bytes){ (const uint8_t *)manifest, strlen(manifest) };
	found.size = text.size;
	ret = execgate_oci_layout_blob(folder, text, found.digest, err);
	free(manifest);
	return ret ? ret : execgate_oci_layout_add(folder, &found, err);
}

int execgate_oci_artifact_list(const struct execgate_oci_store *store,
			       struct execgate_oci_descriptors *out,
			       struct execgate_error *err)
{
	size_t i, kept = 0;
	int ret = execgate_oci_index_read(store, out, err);

	if (ret)
		return ret;
	for (i = 0; i < out->count; i++)
		if (!strcmp(out->list[i].artifact_type,
			    EXECGATE_OCI_CATALOG_TYPE))
			out->list[kept++] = out->list[i];
	out->count = kept;
	return 0;
}

int execgate_oci_artifact_read(const struct execgate_oci_store *store,
			       const struct execgate_oci_descriptor *from,
			       const uint8_t image[EG_SHA256_SIZE],
			       uint8_t **catalog, size_t *size,
			       struct execgate_error *err)
{
	struct execgate_oci_artifact found;
	uint8_t *data;
	int ret = execgate_oci_blob_read(store, from, EXECGATE_OCI_DOCUMENT_MAX,
					 &data, size, err);

	*catalog = NULL;
	if (ret)
		return ret;
	ret = execgate_oci_parse_artifact((struct eg_bytes){ data, *size },
					  &found, err);
	free(data);
	if (ret)
		return ret;
	if (strcmp(found.type, EXECGATE_OCI_CATALOG_TYPE) != 0 ||
	    memcmp(found.subject.digest, image, EG_SHA256_SIZE) != 0)
		return 0;
	return execgate_oci_blob_read(store, &found.content,
				      EXECGATE_CATALOG_SIZE_MAX, catalog, size,
				      err);
}

bool execgate_oci_artifact_binds(const struct eg_manifest *catalog,
				 const struct execgate_oci_image *image)
{
	struct eg_manifest_identity identity;
	struct eg_manifest_entry entry;

	if (!eg_manifest_find(catalog, EG_DIGEST_CONTENT, image->digest,
			      &entry) ||
	    entry.size != image->size)
		return false;
	eg_manifest_identity_at(catalog, entry.identity, &identity);
	return (entry.classes & EXECGATE_CLASS_DATA) &&
	       identity.name.size == strlen(EXECGATE_OCI_BOUND) &&
	       !memcmp(identity.name.data, EXECGATE_OCI_BOUND,
		       identity.name.size);
}
