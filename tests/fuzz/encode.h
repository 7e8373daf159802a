/* SPDX-License-Identifier: GPL-2.0 */
/* A DER writer that fills a buffer from its end, so that lengths are known. */
#ifndef EG_FUZZ_ENCODE_H
#define EG_FUZZ_ENCODE_H

#include "fuzz.h"

struct encoder {
	u8 *start;
	u8 *at;	 /* what is written begins here */
	u8 *end; /* and ends here */
};

static inline void put_bytes(struct encoder *e, const void *data, size_t size)
{
	HOLDS((size_t)(e->at - e->start) >= size);
	e->at -= size;
	if (size)
		memcpy(e->at, data, size);
}

/* Tag and minimal length before what was written since @end. */
static inline void put_header(struct encoder *e, u8 tag, const u8 *end)
{
	size_t size = (size_t)(end - e->at), left;
	u8 first = (u8)size, octet;

	if (size >= 0x80) {
		first = 0x80;
		for (left = size; left; left >>= 8, first++) {
			octet = (u8)left;
			put_bytes(e, &octet, 1);
		}
	}
	put_bytes(e, &first, 1);
	put_bytes(e, &tag, 1);
}

static inline void put_element(struct encoder *e, u8 tag, const void *data,
			       size_t size)
{
	const u8 *end = e->at;

	put_bytes(e, data, size);
	put_header(e, tag, end);
}

#endif /* EG_FUZZ_ENCODE_H */
