/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A signature appended to any file; laid out as the kernel appends one to a
 * module (include/linux/module_signature.h), with a magic line of our own:
 *
 *	+-------------------------------+ 0
 *	| payload: what was signed	|
 *	+-------------------------------+ payload_size
 *	| CMS message, DER		|
 *	+-------------------------------+ - 40
 *	| struct module_signature	| algo, hash, id_type = 2 (PKCS#7),
 *	|	12 bytes		| signer_len, key_id_len, pad[3] = 0,
 *	|				| sig_len, big endian
 *	+-------------------------------+ - 28
 *	| "~execgate signature v1 end~\n"
 *	+-------------------------------+ file size
 *
 * The magic is the very end of the file: bytes added behind it make the file
 * unsigned, and nothing before the CMS message is left out of the digest.
 */
#ifndef EG_TRAILER_H
#define EG_TRAILER_H

#include "format.h"

#define EG_TRAILER_MAGIC "~execgate signature v1 end~\n"
#define EG_TRAILER_MAGIC_SIZE 28
/* The kernel's own (include/linux/module_signature.h), written by sign-file. */
#define EG_TRAILER_MODSIG_MAGIC "~Module signature appended~\n"
#define EG_TRAILER_INFO_SIZE 12
#define EG_TRAILER_SIZE (EG_TRAILER_INFO_SIZE + EG_TRAILER_MAGIC_SIZE)
#define EG_TRAILER_ID_PKCS7 2

struct eg_trailer {
	u64 payload_size; /* bytes before the CMS message */
	u32 cms_size;	  /* 1 to EG_CMS_FILE_MAX */
};

/**
 * eg_trailer_parse() - read a file's last EG_TRAILER_SIZE bytes
 * @tail: those bytes; fewer when the whole file is smaller
 * @file_size: size of the whole file
 * @out: filled on EG_FORMAT_OK
 *
 * Return: EG_FORMAT_ABSENT without the magic, EG_FORMAT_MALFORMED for a payload
 * of no bytes, a length beyond the file or the bound, or any other field not as
 * above: no signature that anybody meant to make is that long.
 */
enum eg_format eg_trailer_parse(struct eg_bytes tail, u64 file_size,
				struct eg_trailer *out);

/* The same layout under the kernel's magic; its message is detached (cms.h). */
enum eg_format eg_trailer_parse_modsig(struct eg_bytes tail, u64 file_size,
				       struct eg_trailer *out);

/* Write the EG_TRAILER_SIZE bytes that follow a CMS message of @cms_size bytes. */
void eg_trailer_write(u8 out[EG_TRAILER_SIZE], u32 cms_size);

#endif /* EG_TRAILER_H */
