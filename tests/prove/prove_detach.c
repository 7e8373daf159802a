// SPDX-License-Identifier: GPL-2.0
/*
 * Detaching a message of any size, also one that no parser has accepted: it
 * writes within its buffer. And a header is as long as it is said to be.
 */
#include "format/cms.c"
#include "contract_der.h"

/* In the place of memcpy(): nothing reads what it wrote. */
void *any_copy(void *to, const void *from, size_t size)
{
	HOLDS(__CPROVER_w_ok(to, size) &&
	      (!size || __CPROVER_r_ok(from, size)));
	HOLDS(!__CPROVER_same_object(to, from));
	return to;
}

static void header(void)
{
	u8 out[4];
	size_t size = nondet_size();

	ASSUME(size < EG_CMS_DETACHED_MAX);
	HOLDS(put_header(out, nondet_u8(), size) == out + header_size(size));
}

int main(void)
{
	u8 out[EG_CMS_DETACHED_MAX];

	ANY_OBJECT(in);
	HOLDS(eg_cms_detach(in, out) <= sizeof(out));
	header();
	return 0;
}
