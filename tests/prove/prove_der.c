// SPDX-License-Identifier: GPL-2.0
/*
 * One element, whatever stands there: what contract_der.h says of it. And an RSA
 * key, whatever it is.
 */
#include "format/der.h"
#include "prove.h"

static void next(void)
{
	struct eg_bytes before = { NULL, nondet_size() }, content = before;
	struct eg_bytes rest;
	size_t header;

	ANY_BYTES(in);
	rest = in;
	if (!eg_der_next(&rest, nondet_u8(), &content)) {
		HOLDS(rest.data == in.data && rest.size == in.size);
		HOLDS(content.data == before.data &&
		      content.size == before.size);
		return;
	}
	HOLDS(is_within(content, in) && is_within(rest, in));
	HOLDS(content.size <= in.size && rest.size <= in.size - content.size);
	header = in.size - content.size - rest.size;
	HOLDS(header >= EG_DER_HEADER_MIN && header <= EG_DER_HEADER_MAX);
	HOLDS(content.data == in.data + header);
	HOLDS(rest.data == content.data + content.size);
}

static void take(void)
{
	u8 encoded[11];
	size_t size = nondet_size();
	struct eg_bytes rest;

	ASSUME(size <= sizeof(encoded));
	ANY_BYTES(in);
	rest = in;
	if (!eg_der_take(&rest, encoded, size)) {
		HOLDS(rest.data == in.data && rest.size == in.size);
		return;
	}
	HOLDS(size <= in.size && rest.size == in.size - size);
	HOLDS(rest.data == in.data + size);
}

static void rsa_bits(void)
{
	u32 bits;

	ANY_BYTES(in);
	bits = eg_der_rsa_bits(in);
	HOLDS(bits <= 8 * EG_SIGNATURE_MAX && bits <= 8 * BOUND);
}

int main(void)
{
	next();
	take();
	rsa_bits();
	return 0;
}
