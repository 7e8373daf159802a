// SPDX-License-Identifier: GPL-2.0
/* Any end of a file of any size. */
#include "format/armor.h"
#include "prove.h"

int main(void)
{
	u64 file_size = nondet_u64();
	u8 buffer[BOUND];
	struct eg_armor out;

	ANY_BYTES(tail);
	if (eg_armor_parse(tail, file_size, buffer, sizeof(buffer), &out) !=
	    EG_FORMAT_OK)
		return 0;
	HOLDS(out.cms.data == buffer && out.cms.size);
	HOLDS(out.cms.size <= sizeof(buffer));
	HOLDS(out.payload_size && out.payload_size < file_size);
	return 0;
}
