// SPDX-License-Identifier: GPL-2.0
#include "trailer.h"

/* All of struct module_signature that is constant: all but the length. */
static const u8 info_start[8] = { [2] = EG_TRAILER_ID_PKCS7 };

static enum eg_format parse(struct eg_bytes tail, u64 file_size,
			    const char *magic, struct eg_trailer *out)
{
	const u8 *info;
	u32 cms_size;

	if (tail.size < EG_TRAILER_MAGIC_SIZE ||
	    memcmp(tail.data + tail.size - EG_TRAILER_MAGIC_SIZE, magic,
		   EG_TRAILER_MAGIC_SIZE))
		return EG_FORMAT_ABSENT;
	if (tail.size < EG_TRAILER_SIZE || file_size < EG_TRAILER_SIZE)
		return EG_FORMAT_MALFORMED;
	info = tail.data + tail.size - EG_TRAILER_SIZE;
	if (memcmp(info, info_start, sizeof(info_start)))
		return EG_FORMAT_MALFORMED;

	/* Anybody writes this length: hold it against the file, then the bound. */
	cms_size = eg_be32(info + sizeof(info_start));
	if (!cms_size || cms_size >= file_size - EG_TRAILER_SIZE ||
	    cms_size > EG_CMS_FILE_MAX)
		return EG_FORMAT_MALFORMED;
	out->payload_size = file_size - EG_TRAILER_SIZE - cms_size;
	out->cms_size = cms_size;
	return EG_FORMAT_OK;
}

enum eg_format eg_trailer_parse(struct eg_bytes tail, u64 file_size,
				struct eg_trailer *out)
{
	return parse(tail, file_size, EG_TRAILER_MAGIC, out);
}

enum eg_format eg_trailer_parse_modsig(struct eg_bytes tail, u64 file_size,
				       struct eg_trailer *out)
{
	return parse(tail, file_size, EG_TRAILER_MODSIG_MAGIC, out);
}

void eg_trailer_write(u8 out[EG_TRAILER_SIZE], u32 cms_size)
{
	memcpy(out, info_start, sizeof(info_start));
	out += sizeof(info_start);
	*out++ = (u8)(cms_size >> 24);
	*out++ = (u8)(cms_size >> 16);
	*out++ = (u8)(cms_size >> 8);
	*out++ = (u8)cms_size;
	memcpy(out, EG_TRAILER_MAGIC, EG_TRAILER_MAGIC_SIZE);
}
