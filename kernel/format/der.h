/* SPDX-License-Identifier: GPL-2.0 */
/* A DER reader (X.690): one element at a time, minimal definite lengths only. */
#ifndef EG_DER_H
#define EG_DER_H

#include "format.h"

enum eg_der_tag {
	EG_DER_INTEGER = 0x02,
	EG_DER_BIT_STRING = 0x03,
	EG_DER_OCTET_STRING = 0x04,
	EG_DER_NULL = 0x05,
	EG_DER_OID = 0x06,
	EG_DER_SEQUENCE = 0x30,
	EG_DER_SET = 0x31,
	EG_DER_CONTEXT_0 = 0x80,	     /* [0] IMPLICIT, primitive */
	EG_DER_CONTEXT_0_CONSTRUCTED = 0xa0, /* [0] EXPLICIT */
};

/**
 * eg_der_next() - take one element with a given tag off the front
 * @in: advanced past the element on success, unchanged otherwise
 * @tag: the identifier octet that must stand there
 * @content: set to the element's content octets
 *
 * Return: false if the next element is anything else, is longer than what is
 * left, or its length is not in minimal definite form.
 */
bool eg_der_next(struct eg_bytes *in, u8 tag, struct eg_bytes *content);

/* Take one element off the front if it is exactly these encoded bytes. */
bool eg_der_take(struct eg_bytes *in, const u8 *encoded, size_t size);

/* An RSAPublicKey (RFC 8017 A.1.1): the modulus size in bits, or 0 if it is none. */
u32 eg_der_rsa_bits(struct eg_bytes rsa_public_key);

#endif /* EG_DER_H */
