// SPDX-License-Identifier: GPL-2.0
/* A signer's Name: the only loops of cms.c. First one attribute, then any Name. */
#include "format/cms.c"
#include "contract_der.h"

void prove_attribute(void)
{
	ANY_OBJECT(in);
	struct eg_bytes rest = in;

	if (!take_name_attribute(&rest))
		return;
	HOLDS(rest.size <= in.size && in.size - rest.size >= EG_DER_HEADER_MIN);
	HOLDS(rest.data == in.data + (in.size - rest.size));
}

/* In the place of take_name_attribute(). */
bool any_attribute(struct eg_bytes *in)
{
	size_t size = nondet_size();

	HOLDS(is_readable(*in));
	if (nondet_bool())
		return false;
	ASSUME(size >= EG_DER_HEADER_MIN && size <= in->size);
	in->data += size;
	in->size -= size;
	return true;
}

void prove_name(void)
{
	ANY_OBJECT(in);
	is_name(in);
}
