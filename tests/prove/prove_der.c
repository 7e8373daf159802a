// SPDX-License-Identifier: GPL-2.0
/* One element, whatever stands there; and an RSA key, whatever it is. */
#include "format/der.h"
#include "prove.h"

static void next(void)
{
	struct eg_bytes rest, content;

	ANY_BYTES(in);
	rest = in;
	if (!eg_der_next(&rest, nondet_u8(), &content)) {
		HOLDS(rest.data == in.data && rest.size == in.size);
		return;
	}
	HOLDS(is_within(content, in) && is_within(rest, in));
	HOLDS(content.size + 2 + rest.size <= in.size);
	HOLDS(rest.data == content.data + content.size);
	HOLDS(rest.data + rest.size == in.data + in.size);
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
	rsa_bits();
	return 0;
}
