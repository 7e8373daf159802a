// SPDX-License-Identifier: GPL-2.0
#include "lib/oci/blob.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "lib/base/digits.h"

void execgate_oci_blob_name(const uint8_t digest[EG_SHA256_SIZE],
			    char out[EXECGATE_OCI_BLOB_NAME])
{
	strcpy(out, EXECGATE_OCI_BLOBS);
	execgate_hex_write(out + strlen(out), digest, EG_SHA256_SIZE);
}

int execgate_oci_blob_changed(const char *name, struct execgate_error *err)
{
	return execgate_error_set(err, -EBADMSG, EXECGATE_EXIT_BAD_SIGNATURE,
				  "\"%s\" of the image is not what its digest "
				  "says: it was damaged or changed, so get the "
				  "image again",
				  name);
}

int execgate_oci_blob_read(const struct execgate_oci_store *store,
			   const struct execgate_oci_descriptor *from,
			   size_t max, uint8_t **data, size_t *size,
			   struct execgate_error *err)
{
	char name[EXECGATE_OCI_BLOB_NAME];
	uint8_t found[EG_SHA256_SIZE];
	int ret;

	execgate_oci_blob_name(from->digest, name);
	ret = execgate_oci_store_read(store, name, max, data, size, err);
	if (ret)
		return ret;
	if (*size == from->size &&
	    EVP_Digest(*data, *size, found, NULL, EVP_sha256(), NULL) == 1 &&
	    !memcmp(found, from->digest, sizeof(found)))
		return 0;
	free(*data);
	*data = NULL;
	return execgate_oci_blob_changed(name, err);
}

int execgate_oci_index_read(const struct execgate_oci_store *store,
			    struct execgate_oci_descriptors *out,
			    struct execgate_error *err)
{
	uint8_t *data;
	size_t size;
	int ret = execgate_oci_store_read(store, "index.json",
					  EXECGATE_OCI_DOCUMENT_MAX, &data,
					  &size, err);

	if (ret)
		return ret;
	ret = execgate_oci_parse_index((struct eg_bytes){ data, size }, out,
				       err);
	free(data);
	return ret;
}
