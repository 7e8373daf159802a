// SPDX-License-Identifier: GPL-2.0
/*
 * The input as a file, and its end as the end of a larger one. What is accepted
 * adds up to the file and is what eg_trailer_write() writes; whatever length is
 * written is read back, or refused for its reason.
 */
#include "format/trailer.h"
#include "fuzz.h"

static void check_accepted(const struct eg_trailer *trailer,
			   struct eg_bytes tail, u64 file_size)
{
	u8 written[EG_TRAILER_SIZE];

	HOLDS(trailer->payload_size && trailer->cms_size);
	HOLDS(trailer->cms_size <= EG_CMS_FILE_MAX);
	HOLDS(trailer->payload_size < file_size);
	HOLDS(trailer->payload_size + trailer->cms_size + EG_TRAILER_SIZE ==
	      file_size);
	eg_trailer_write(written, trailer->cms_size);
	HOLDS(!memcmp(written, tail.data + tail.size - sizeof(written),
		      sizeof(written)));
}

static void check_written(u32 cms_size, u64 file_size)
{
	u8 written[EG_TRAILER_SIZE];
	struct eg_bytes tail = { written, sizeof(written) };
	enum eg_format expected = EG_FORMAT_OK;
	struct eg_trailer trailer;

	if (!cms_size || (u64)cms_size + EG_TRAILER_SIZE >= file_size ||
	    cms_size > EG_CMS_FILE_MAX)
		expected = EG_FORMAT_MALFORMED;
	eg_trailer_write(written, cms_size);
	HOLDS(eg_trailer_parse(tail, file_size, &trailer) == expected);
	if (expected == EG_FORMAT_OK) {
		HOLDS(trailer.cms_size == cms_size);
		check_accepted(&trailer, tail, file_size);
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct eg_bytes tail = { data, size };
	struct eg_trailer trailer;
	u64 file_size;

	if (eg_trailer_parse(tail, size, &trailer) == EG_FORMAT_OK)
		check_accepted(&trailer, tail, size);
	if (size < 12)
		return 0;
	/* A file of a size that the input names, ending in the input. */
	file_size = eg_le64(data) >> (data[0] & 63);
	check_written(eg_le32(data + 8) >> (data[1] & 31), file_size);
	tail.data += 12;
	tail.size -= 12;
	if (file_size >= tail.size &&
	    eg_trailer_parse(tail, file_size, &trailer) == EG_FORMAT_OK)
		check_accepted(&trailer, tail, file_size);
	return 0;
}
