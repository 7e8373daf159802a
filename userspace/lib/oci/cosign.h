/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Signatures of cosign, by a key that is given, without a network: a layer of the
 * artifact is a "simple signing" document that names the image's digest, and an
 * annotation of the layer is the signature of that document.
 */
#ifndef EXECGATE_OCI_COSIGN_H
#define EXECGATE_OCI_COSIGN_H

#include <openssl/evp.h>

#include "format/format.h"
#include "lib/oci/store.h"

/**
 * execgate_oci_cosign_key() - a public key, PEM
 * @out: freed with EVP_PKEY_free(), after success only
 */
int execgate_oci_cosign_key(const char *path, EVP_PKEY **out,
			    struct execgate_error *err);

/**
 * execgate_oci_cosign_verify() - is one of the signatures by @key, and of the image?
 * @store: has the artifact, and nothing else
 * @name: of the image, for messages
 *
 * -ENOKEY: none is by the key. -EBADMSG: those that are name another image.
 */
int execgate_oci_cosign_verify(const struct execgate_oci_store *store,
			       EVP_PKEY *key,
			       const uint8_t image[EG_SHA256_SIZE],
			       const char *name, struct execgate_error *err);

#endif /* EXECGATE_OCI_COSIGN_H */
