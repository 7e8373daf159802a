// SPDX-License-Identifier: GPL-2.0
/*
 * Elements taken off the front: each lies in the input, and written again it is
 * the bytes that were taken. A run of them never takes more than there is.
 */
#include "encode.h"
#include "format/der.h"

static void check_element(struct eg_bytes before, struct eg_bytes after, u8 tag,
			  struct eg_bytes content)
{
	size_t size = before.size - after.size;
	struct encoder e;

	HOLDS(after.size < before.size);
	HOLDS(after.data == before.data + size);
	HOLDS(is_within(content, before));
	HOLDS(content.data + content.size == after.data);
	e.start = malloc(size);
	HOLDS(e.start);
	e.at = e.end = e.start + size;
	put_element(&e, tag, content.data, content.size);
	HOLDS(e.at == e.start);
	HOLDS(!memcmp(e.start, before.data, size));
	free(e.start);
}

/* What a key of @bits looks like from outside: not smaller than its number. */
static void check_bits(struct eg_bytes in)
{
	u32 bits = eg_der_rsa_bits(in);

	HOLDS(bits <= 8 * EG_SIGNATURE_MAX);
	HOLDS(!bits || (bits + 7) / 8 < in.size);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct eg_bytes in = { data, size };

	check_bits(in);
	while (in.size) {
		struct eg_bytes before = in, content, taken = in;
		u8 tag = in.data[0];

		if (!eg_der_next(&in, tag, &content)) {
			HOLDS(in.data == before.data && in.size == before.size);
			break;
		}
		HOLDS(!eg_der_next(&before, (u8)(tag ^ 1), &content));
		HOLDS(eg_der_next(&before, tag, &content));
		check_element(taken, in, tag, content);
		HOLDS(eg_der_take(&taken, taken.data, taken.size - in.size));
		HOLDS(taken.data == in.data && taken.size == in.size);
		/* Down into it, as far as it goes. */
		if (tag & 0x20)
			in = content;
	}
	return 0;
}
