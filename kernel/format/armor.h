/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A signature in the comments of a text file, so that a signed script is still
 * a script. P is the comment prefix with one space, one of "# ", "// ", "-- ",
 * "; ", "% ", "\" ":
 *
 *	payload: every byte before the block, ends with \n
 *	P-----BEGIN EXECGATE SIGNATURE-----\n
 *	P<base64, 64 characters>\n		all lines but the last are full
 *	P<base64, 1 to 64 characters>\n
 *	P-----END EXECGATE SIGNATURE-----\n	the last bytes of the file
 *
 * Canonical base64 (RFC 4648 section 4, padded, no stray bits): one block has
 * one encoding only. The END line must be the end of the file.
 */
#ifndef EG_ARMOR_H
#define EG_ARMOR_H

#include "format.h"

#define EG_ARMOR_BEGIN "-----BEGIN EXECGATE SIGNATURE-----\n"
#define EG_ARMOR_END "-----END EXECGATE SIGNATURE-----\n"
#define EG_ARMOR_LINE 64
#define EG_ARMOR_PREFIX_MAX 3
/* What tells that a block ends there: the line before's end, and the END line. */
#define EG_ARMOR_END_SIZE (sizeof(EG_ARMOR_END) + EG_ARMOR_PREFIX_MAX)
/* The whole block, prefixes and markers included. */
#define EG_ARMOR_MAX (8 * 1024)

struct eg_armor {
	u64 payload_size;    /* bytes of the file before the block */
	struct eg_bytes cms; /* decoded, in the caller's buffer */
};

/**
 * eg_armor_ends() - may there be a block? Without decoding it
 * @tail: the file's last bytes: the whole file or at least EG_ARMOR_END_SIZE of it
 *
 * Return: false where eg_armor_parse() says EG_FORMAT_ABSENT.
 */
bool eg_armor_ends(struct eg_bytes tail);

/**
 * eg_armor_parse() - find and decode the block at the end of a file
 * @tail: the file's last bytes: the whole file or at least EG_ARMOR_MAX of it
 * @file_size: size of the whole file
 * @buffer: where the message is decoded to; may not overlap @tail
 * @buffer_size: at least EG_ARMOR_MAX
 * @out: filled on EG_FORMAT_OK
 *
 * Return: EG_FORMAT_ABSENT when the file does not end with an END line,
 * EG_FORMAT_MALFORMED for anything else that is not as above.
 */
enum eg_format eg_armor_parse(struct eg_bytes tail, u64 file_size, u8 *buffer,
			      size_t buffer_size, struct eg_armor *out);

/**
 * eg_armor_write() - write a block
 * @prefix: one of the comment prefixes above, with its space
 * @cms: the message
 * @out: where to write; at most @out_size bytes
 *
 * Return: the block's size in bytes; 0 if it does not fit or @prefix is unknown.
 */
size_t eg_armor_write(const char *prefix, struct eg_bytes cms, u8 *out,
		      size_t out_size);

#endif /* EG_ARMOR_H */
