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
 * @algorithm: "rsa", "ecdsa-nist-p256", "ecdsa-nist-p384"
 * @description: the kernel's name of the key, or the certificate's subject
 */
struct execgate_key {
	uint8_t fingerprint[EXECGATE_FINGERPRINT_SIZE];
	uint64_t not_after;
	uint32_t bits;
	uint32_t purposes;
	bool revoked;
	char algorithm[32];
	char description[256];
};

/**
 * struct execgate_enrolment - what a key is to be trusted for
 * @purposes: bits of enum execgate_purpose
 * @replace: if it is enrolled, this is from now on what it is for
 */
struct execgate_enrolment {
	uint32_t purposes;
	bool replace;
};

#endif /* EXECGATE_KEY_H */
