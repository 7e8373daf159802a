// SPDX-License-Identifier: GPL-2.0
#include "der.h"

/* Any length above this has more bytes than a u32 counts: nobody's message. */
#define LENGTH_OCTETS_MAX 4

/*
 * The length octets at the front of @in. Indefinite and non-minimal forms are
 * refused: one value must have one encoding only, or the bytes that we judge
 * and the bytes that a laxer parser sees behind us could differ.
 */
static bool take_length(struct eg_bytes *in, size_t *length)
{
	size_t octets, i;
	u32 value = 0;
	u8 first;

	if (!in->size)
		return false;
	first = in->data[0];
	in->data++;
	in->size--;
	if (first < 0x80) {
		*length = first;
		return true;
	}
	octets = first & 0x7f;
	if (!octets || octets > LENGTH_OCTETS_MAX || octets > in->size)
		return false;
	for (i = 0; i < octets; i++)
		value = value << 8 | in->data[i];
	if (!in->data[0] || value < 0x80)
		return false;
	in->data += octets;
	in->size -= octets;
	*length = value;
	return true;
}

bool eg_der_next(struct eg_bytes *in, u8 tag, struct eg_bytes *content)
{
	struct eg_bytes rest = *in;
	size_t length;

	if (!rest.size || rest.data[0] != tag)
		return false;
	rest.data++;
	rest.size--;
	if (!take_length(&rest, &length) || length > rest.size)
		return false;
	content->data = rest.data;
	content->size = length;
	in->data = rest.data + length;
	in->size = rest.size - length;
	return true;
}

bool eg_der_take(struct eg_bytes *in, const u8 *encoded, size_t size)
{
	if (in->size < size || memcmp(in->data, encoded, size))
		return false;
	in->data += size;
	in->size -= size;
	return true;
}

/* A positive INTEGER in its one encoding, without the sign octet. */
static bool take_positive(struct eg_bytes *in, struct eg_bytes *magnitude)
{
	struct eg_bytes n;

	if (!eg_der_next(in, EG_DER_INTEGER, &n) || !n.size)
		return false;
	if (n.data[0] & 0x80)
		return false;
	if (!n.data[0]) {
		n.data++;
		n.size--;
		/* Zero itself, or a sign octet that no sign needed. */
		if (!n.size || !(n.data[0] & 0x80))
			return false;
	}
	*magnitude = n;
	return true;
}

u32 eg_der_rsa_bits(struct eg_bytes rsa_public_key)
{
	struct eg_bytes body, modulus, exponent;
	u32 bits;
	u8 top;

	if (!eg_der_next(&rsa_public_key, EG_DER_SEQUENCE, &body) ||
	    rsa_public_key.size || !take_positive(&body, &modulus) ||
	    !take_positive(&body, &exponent) || body.size)
		return 0;
	/* A longer one could only make signatures that are refused anyway. */
	if (modulus.size > EG_SIGNATURE_MAX)
		return 0;
	bits = (u32)modulus.size * 8;
	for (top = modulus.data[0]; !(top & 0x80); top <<= 1)
		bits--;
	return bits;
}
