/* SPDX-License-Identifier: GPL-2.0 */
/* A private key with its certificate, and the messages they make. */
#ifndef EXECGATE_SIGNER_H
#define EXECGATE_SIGNER_H

#include "format/format.h"
#include "lib/crypto/certificate.h"

/* Fill @buffer with the passphrase or PIN; its length, or -1 to give up. */
typedef int (*execgate_signer_passphrase)(char *buffer, int size, void *arg);

/**
 * struct execgate_signer - ready to sign
 * @certificate: checked to be one that a kernel can be asked to trust
 * @key: the private key, or a handle of one in a token; fits @certificate
 * @in_token: the key is not in a file: sign one message at a time
 */
struct execgate_signer {
	struct execgate_certificate certificate;
	EVP_PKEY *key;
	bool in_token;
};

/**
 * execgate_signer_open() - load a key and its certificate
 * @key: a file (PEM, DER, PKCS#12) or a "pkcs11:" URI (RFC 7512)
 * @certificate: a file
 * @passphrase: asked at most once, only when the key needs it; or NULL
 * @now: for the certificate's dates
 * @out: closed by the caller with execgate_signer_close(), after success only
 */
int execgate_signer_open(const char *key, const char *certificate,
			 execgate_signer_passphrase passphrase, void *arg,
			 uint64_t now, struct execgate_signer *out,
			 struct execgate_error *err);
void execgate_signer_close(struct execgate_signer *signer);

/**
 * execgate_signer_sign() - make the message of format/cms.h around a manifest
 * or a policy object
 * @message: allocated; freed by the caller
 *
 * The result has been parsed and verified again with what the kernel uses, so
 * a fault in the key or the library never reaches a file. Safe to call from
 * several threads unless in_token.
 */
int execgate_signer_sign(const struct execgate_signer *signer,
			 struct eg_bytes manifest, uint8_t **message,
			 size_t *size, struct execgate_error *err);

#endif /* EXECGATE_SIGNER_H */
