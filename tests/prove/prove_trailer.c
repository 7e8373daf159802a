// SPDX-License-Identifier: GPL-2.0
/* A file of any size; and every size of a message is read as it was written. */
#include "format/trailer.h"
#include "prove.h"

static void read_any(void)
{
	u64 file_size = nondet_u64();
	struct eg_trailer out;
	enum eg_format result;

	ANY_BYTES(tail);
	result = nondet_bool() ? eg_trailer_parse(tail, file_size, &out) :
				 eg_trailer_parse_modsig(tail, file_size, &out);
	if (result != EG_FORMAT_OK)
		return;
	HOLDS(out.cms_size && out.cms_size <= EG_CMS_FILE_MAX);
	HOLDS(out.payload_size && out.payload_size < file_size);
	HOLDS(out.payload_size + out.cms_size + EG_TRAILER_SIZE == file_size);
}

static void read_written(void)
{
	u64 file_size = nondet_u64();
	u32 cms_size = nondet_u32();
	u8 written[EG_TRAILER_SIZE];
	struct eg_bytes tail = { written, sizeof(written) };
	struct eg_trailer out;
	bool fits = cms_size && cms_size <= EG_CMS_FILE_MAX &&
		    file_size > EG_TRAILER_SIZE &&
		    file_size - EG_TRAILER_SIZE > cms_size;

	eg_trailer_write(written, cms_size);
	if (eg_trailer_parse(tail, file_size, &out) != EG_FORMAT_OK)
		HOLDS(!fits);
	else
		HOLDS(fits && out.cms_size == cms_size);
}

int main(void)
{
	read_any();
	read_written();
	return 0;
}
