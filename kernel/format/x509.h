/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A certificate (RFC 5280) says this about its own use: the kernel's parser looks
 * at neither its dates nor what its key is for. Strict DER, version 3, and each
 * extension that matters here once at most.
 */
#ifndef EG_X509_H
#define EG_X509_H

#include "format.h"

struct eg_x509 {
	u64 not_before;	       /* seconds since 1970; 0 for any time before */
	u64 not_after;	       /* the last second that it is valid in */
	bool says_use;	       /* there is an extended key usage, and it has: */
	bool signs_code;       /* codeSigning */
	bool signs_modules;    /* "Linux kernel module signing only" */
	bool unknown_critical; /* it must not be used by who does not know it */
	bool may_sign;	/* key usage has digitalSignature, or there is none */
	bool is_ca;	/* basic constraints say so */
	bool certifies; /* there is a key usage, and it has keyCertSign */
	bool is_strong; /* its own signature is RSA or ECDSA over SHA-256, 384, 512 */
};

/**
 * eg_x509_parse() - read dates and uses
 * @der: untrusted bytes, exactly one certificate
 *
 * Linear in the size of @der. Return: EG_FORMAT_OK or EG_FORMAT_MALFORMED.
 */
enum eg_format eg_x509_parse(struct eg_bytes der, struct eg_x509 *out);

#endif /* EG_X509_H */
