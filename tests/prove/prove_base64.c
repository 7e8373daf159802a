// SPDX-License-Identifier: GPL-2.0
/* A group of base64: read back as it was written, or refused; written as read. */
#include "format/armor.c"
#include "prove.h"

int main(void)
{
	u8 in[4], bytes[3], out[4], back[3];
	bool last = nondet_bool();
	size_t size = decode_group(in, last, bytes), i;

	HOLDS(size <= 3 && (last || !size || size == 3));
	if (size) {
		encode_group(bytes, size, out);
		for (i = 0; i < 4; i++)
			HOLDS(out[i] == in[i]);
	}
	size = nondet_size();
	ASSUME(size >= 1 && size <= 3);
	encode_group(bytes, size, out);
	HOLDS(decode_group(out, true, back) == size);
	for (i = 0; i < size; i++)
		HOLDS(back[i] == bytes[i]);
	return 0;
}
