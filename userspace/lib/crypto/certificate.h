/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Certificates, and what one must be before the kernel is asked to trust it.
 * The kernel looks at neither extended key usage nor dates, so the program that
 * enrolls a certificate is the one that has to.
 */
#ifndef EXECGATE_CERTIFICATE_H
#define EXECGATE_CERTIFICATE_H

#include <stdbool.h>
#include <stddef.h>

#include <openssl/x509.h>

#include "lib/crypto/key.h"

/**
 * struct execgate_certificate - one certificate, read and taken apart
 * @key: what it says, with the subject as description
 * @not_before: seconds since 1970
 * @written: when its file was, seconds since 1970; 0: unknown
 * @x509: owned
 * @der: its encoding, @size bytes; owned
 */
struct execgate_certificate {
	struct execgate_key key;
	uint64_t not_before;
	uint64_t written;
	X509 *x509;
	uint8_t *der;
	size_t size;
};

/**
 * execgate_certificate_load() - read a certificate from a PEM or DER file
 * @out: freed by the caller with execgate_certificate_free(), after success only
 */
int execgate_certificate_load(const char *path,
			      struct execgate_certificate *out,
			      struct execgate_error *err);
/* The same from memory; @name stands for the path in messages. */
int execgate_certificate_parse(const char *name, const void *data, size_t size,
			       struct execgate_certificate *out,
			       struct execgate_error *err);
void execgate_certificate_free(struct execgate_certificate *cert);

/**
 * execgate_certificate_check_form() - may its signatures be trusted at all?
 * @name: its file, for messages
 * @as: what for, and how
 *
 * Whatever the time is: for a key that was enrolled in its time. Its end counts
 * against what it signs later only.
 *
 * RSA of 2048, 3072 or 4096 bits (the sizes that the kernel verifies), P-256 or
 * P-384; extended key usage codeSigning, or, when it is to sign kernel modules
 * only, that of module signing or none at all; key usage digitalSignature if there is
 * a key usage at all. A CA: CA:TRUE and keyCertSign instead; a leaf must be none, and
 * its own signature a strong one. Failure code: KEY_NOT_TRUSTED.
 */
int execgate_certificate_check_form(const char *name,
				    const struct execgate_certificate *cert,
				    const struct execgate_enrolment *as,
				    struct execgate_error *err);
/*
 * To sign with it, or to enroll it, now: inside its dates as well.
 * @allow_expired: let notAfter be in the past
 */
int execgate_certificate_check(const char *name,
			       const struct execgate_certificate *cert,
			       const struct execgate_enrolment *as,
			       uint64_t now, bool allow_expired,
			       struct execgate_error *err);

/*
 * The end to hand to the kernel: notAfter, or 0 (never) when the operator has
 * allowed it past that. Not by the clock, which may be wrong in this boot.
 */
uint64_t execgate_certificate_expiry(const struct execgate_certificate *cert,
				     bool allow_expired);

#endif /* EXECGATE_CERTIFICATE_H */
