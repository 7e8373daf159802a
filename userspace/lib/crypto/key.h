/* SPDX-License-Identifier: GPL-2.0 */
/* Signing keys and the certificates that the kernel trusts. */
#ifndef EXECGATE_KEY_H
#define EXECGATE_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/execgate.h>

#include "lib/base/error.h"

/**
 * struct execgate_key - a trusted key, as the kernel or a certificate tells it
 * @fingerprint: SHA-256 of the certificate's DER
 * @not_after: seconds since 1970; 0 = never expires
 * @bits: size of the public key
 * @purposes: what it is trusted to sign, bits of enum execgate_purpose
 * @revoked: what it signed is denied
 * @is_ca: it signs certificates and nothing else
 * @is_leaf: it is trusted because a CA signed its certificate
 * @issuer: fingerprint of that, if the kernel tells
 * @algorithm: "rsa", "ecdsa-nist-p256", "ecdsa-nist-p384"
 * @description: the kernel's name of the key, or the certificate's subject
 */
struct execgate_key {
	uint8_t fingerprint[EXECGATE_FINGERPRINT_SIZE];
	uint64_t not_after;
	uint32_t bits;
	uint32_t purposes;
	bool revoked;
	bool is_ca;
	bool is_leaf;
	uint8_t issuer[EXECGATE_FINGERPRINT_SIZE];
	char algorithm[32];
	char description[256];
};

enum execgate_role {
	EXECGATE_ROLE_KEY,
	EXECGATE_ROLE_CA,   /* signs certificates and nothing else */
	EXECGATE_ROLE_LEAF, /* trusted because a CA that is enrolled signed it */
};

/**
 * struct execgate_enrolment - what a key is to be trusted for
 * @role: and how
 * @purposes: bits of enum execgate_purpose; of a leaf 0: all that its CA is for
 * @replace: if it is enrolled, this is from now on what it is for
 */
struct execgate_enrolment {
	enum execgate_role role;
	uint32_t purposes;
	bool replace;
};

#endif /* EXECGATE_KEY_H */
