/* SPDX-License-Identifier: GPL-2.0 */
/*
 * In the place of der.c: anything that prove_der.c proves its functions may do,
 * and no data is read, so that what calls them is proven for inputs of any size.
 * What they ask of their callers is proven of each call.
 */
#ifndef EG_CONTRACT_DER_H
#define EG_CONTRACT_DER_H

#include "format/der.h"
#include "prove.h"

bool eg_der_next(struct eg_bytes *in, u8 tag, struct eg_bytes *content)
{
	size_t header = nondet_size(), length = nondet_size();

	(void)tag;
	HOLDS(is_readable(*in) && (const void *)in != (const void *)content);
	if (nondet_bool())
		return false;
	ASSUME(header >= EG_DER_HEADER_MIN && header <= EG_DER_HEADER_MAX &&
	       header <= in->size && length <= in->size - header);
	content->data = in->data + header;
	content->size = length;
	in->data += header + length;
	in->size -= header + length;
	return true;
}

bool eg_der_take(struct eg_bytes *in, const u8 *encoded, size_t size)
{
	HOLDS(is_readable(*in) && __CPROVER_r_ok(encoded, size));
	if (in->size < size || nondet_bool())
		return false;
	in->data += size;
	in->size -= size;
	return true;
}

#endif /* EG_CONTRACT_DER_H */
