// SPDX-License-Identifier: GPL-2.0
#include "lib/oci/cosign.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>
#include <openssl/pem.h>

#include "lib/oci/blob.h"

#define PAYLOAD_TYPE "application/vnd.dev.cosign.simplesigning.v1+json"
#define SIGNATURE_KEY "dev.cosignproject.cosign/signature"
#define CRITICAL_TYPE "cosign container image signature"
/* An attacker who may push can add many; each costs a signature's check. */
#define SIGNATURES_MAX 64
#define PAYLOAD_MAX (64u << 10)
/* RSA of 4096 bits, in base64, with room. */
#define SIGNATURE_MAX 1024
/* As strong as what may sign for us: RSA of 2048 bits, P-256. */
#define SECURITY_BITS 112

int execgate_oci_cosign_key(const char *path, EVP_PKEY **out,
			    struct execgate_error *err)
{
	BIO *bio = BIO_new_file(path, "r");

	if (!bio)
		return execgate_error_errno(err, -errno, "cannot open %s",
					    path);
	*out = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
	BIO_free(bio);
	if (!*out)
		return execgate_error_set(err, -EBADMSG, EXECGATE_EXIT_ERROR,
					  "%s is not a public key in PEM, as "
					  "\"cosign public-key\" writes it",
					  path);
	if (EVP_PKEY_get_security_bits(*out) >= SECURITY_BITS)
		return 0;
	EVP_PKEY_free(*out);
	*out = NULL;
	return execgate_error_set(err, -EKEYREJECTED,
				  EXECGATE_EXIT_KEY_NOT_TRUSTED,
				  "the key %s is too weak to be believed",
				  path);
}

/* Base64 of one line; the size, or 0: it is not that. */
static size_t decode_signature(const char *text, uint8_t out[SIGNATURE_MAX])
{
	size_t length = text ? strlen(text) : 0;
	int size;

	if (!length || length % 4 || length > SIGNATURE_MAX)
		return 0;
	size = EVP_DecodeBlock(out, (const unsigned char *)text, (int)length);
	if (size <= 0)
		return 0;
	size -= text[length - 1] == '=';
	size -= text[length - 2] == '=';
	return (size_t)size;
}

static bool is_signed_by(EVP_PKEY *key, const uint8_t *data, size_t size,
			 const char *text)
{
	const EVP_MD *md = EVP_PKEY_is_a(key, "ED25519") ? NULL : EVP_sha256();
	uint8_t signature[SIGNATURE_MAX];
	size_t length = decode_signature(text, signature);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool good = context && length &&
		    EVP_DigestVerifyInit(context, NULL, md, NULL, key) == 1 &&
		    EVP_DigestVerify(context, signature, length, data, size) ==
			    1;

	EVP_MD_CTX_free(context);
	return good;
}

static const char *text_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* The document that was signed: of which image it is. */
static bool names_image(const uint8_t *data, size_t size,
			const uint8_t image[EG_SHA256_SIZE])
{
	char digest[EXECGATE_OCI_DIGEST_TEXT];
	json_t *root = json_loadb((const char *)data, size,
				  JSON_REJECT_DUPLICATES, NULL);
	const json_t *critical = json_object_get(root, "critical");
	bool good;

	good = !strcmp(text_at(critical, "type"), CRITICAL_TYPE) &&
	       !strcmp(text_at(json_object_get(critical, "image"),
			       "docker-manifest-digest"),
		       execgate_oci_digest_text(image, digest));
	json_decref(root);
	return good;
}

static bool read_payload(const struct execgate_oci_store *store,
			 const json_t *layer, uint8_t **data, size_t *size)
{
	struct execgate_oci_descriptor from;

	return !execgate_oci_parse_descriptor(layer, &from, NULL) &&
	       !strcmp(from.media_type, PAYLOAD_TYPE) &&
	       !execgate_oci_blob_read(store, &from, PAYLOAD_MAX, data, size,
				       NULL);
}

/**
 * struct tally - what the signatures came to
 * @by_key: how many the key made
 * @good: one of those is of the image
 */
struct tally {
	size_t by_key;
	bool good;
};

/* The signature first: a document that nobody signed is not looked into. */
static void judge_layer(const struct execgate_oci_store *store,
			const json_t *layer, EVP_PKEY *key,
			const uint8_t image[EG_SHA256_SIZE],
			struct tally *tally)
{
	const json_t *notes = json_object_get(layer, "annotations");
	uint8_t *data;
	size_t size;

	if (!read_payload(store, layer, &data, &size))
		return;
	if (is_signed_by(key, data, size, text_at(notes, SIGNATURE_KEY))) {
		tally->by_key++;
		tally->good = tally->good || names_image(data, size, image);
	}
	free(data);
}

/* The one manifest that the folder lists. */
static int read_manifest(const struct execgate_oci_store *store, json_t **out,
			 struct execgate_error *err)
{
	struct execgate_oci_descriptors list;
	uint8_t *data;
	size_t size;
	int ret = execgate_oci_index_read(store, &list, err);

	if (ret)
		return ret;
	*out = NULL;
	if (list.count == 1 &&
	    !execgate_oci_blob_read(store, &list.list[0],
				    EXECGATE_OCI_DOCUMENT_MAX, &data, &size,
				    NULL)) {
		*out = json_loadb((const char *)data, size,
				  JSON_REJECT_DUPLICATES, NULL);
		free(data);
	}
	execgate_oci_descriptors_free(&list);
	return *out ? 0 :
		      execgate_error_set(err, -EBADMSG,
					 EXECGATE_EXIT_BAD_SIGNATURE,
					 "what is beside the image is not "
					 "signatures of cosign");
}

int execgate_oci_cosign_verify(const struct execgate_oci_store *store,
			       EVP_PKEY *key,
			       const uint8_t image[EG_SHA256_SIZE],
			       const char *name, struct execgate_error *err)
{
	struct tally tally = { .good = false };
	const json_t *layers;
	json_t *root;
	int ret = read_manifest(store, &root, err);

	if (ret)
		return ret;
	layers = json_object_get(root, "layers");
	for (size_t i = 0; i < json_array_size(layers) && i < SIGNATURES_MAX;
	     i++)
		judge_layer(store, json_array_get(layers, i), key, image,
			    &tally);
	json_decref(root);
	if (tally.good)
		return 0;
	if (tally.by_key)
		return execgate_error_set(err, -EBADMSG,
					  EXECGATE_EXIT_BAD_SIGNATURE,
					  "cosign's signature beside %s is of "
					  "another image",
					  name);
	return execgate_error_set(err, -ENOKEY, EXECGATE_EXIT_KEY_NOT_TRUSTED,
				  "no signature of cosign beside %s is by the "
				  "key that was given",
				  name);
}
