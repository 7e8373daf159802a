/* SPDX-License-Identifier: GPL-2.0 */
/* Making a signing key with a certificate of its own. */
#ifndef EXECGATE_GENERATE_H
#define EXECGATE_GENERATE_H

#include "lib/crypto/certificate.h"

/* X(CONSTANT, name): the types of key that the gate verifies. */
#define EXECGATE_KEY_TYPES(X) \
	X(RSA3072, "rsa3072") \
	X(RSA4096, "rsa4096") \
	X(P256, "p256")       \
	X(P384, "p384")

enum execgate_key_type {
#define X(id, name) EXECGATE_KEY_##id,
	EXECGATE_KEY_TYPES(X)
#undef X
};

/**
 * struct execgate_generate - a key to make
 * @type: of key
 * @name: common name of the certificate; 1 to 64 bytes of UTF-8
 * @days: how long the certificate is valid from now on
 * @passphrase: to encrypt the private key with; or NULL
 * @key_path: where the private key goes, mode 0600; must not exist
 * @certificate_path: where the certificate goes; must not exist
 */
struct execgate_generate {
	enum execgate_key_type type;
	const char *name;
	unsigned int days;
	const char *passphrase;
	const char *key_path;
	const char *certificate_path;
};

/* The type of that name, or -EINVAL with the known names in the message. */
int execgate_generate_type(const char *name, enum execgate_key_type *type,
			   struct execgate_error *err);

/**
 * execgate_generate_key() - make and write both files, or none
 * @out: the certificate; freed by the caller, after success only
 */
int execgate_generate_key(const struct execgate_generate *options,
			  struct execgate_certificate *out,
			  struct execgate_error *err);

#endif /* EXECGATE_GENERATE_H */
