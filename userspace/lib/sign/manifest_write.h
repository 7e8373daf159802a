/* SPDX-License-Identifier: GPL-2.0 */
/* The writer of what format/manifest.h describes, for one file. */
#ifndef EXECGATE_MANIFEST_WRITE_H
#define EXECGATE_MANIFEST_WRITE_H

#include <stddef.h>
#include <stdint.h>

#include "format/manifest.h"
#include "lib/base/error.h"

/**
 * struct execgate_manifest_file - what to say about one file
 * @digest: SHA-256 of its content
 * @size: of the content, in bytes
 * @classes: enum execgate_class bits, not 0
 * @identity: name; 1 to EG_MANIFEST_NAME_MAX bytes
 * @version: of the identity
 * @rules: of the identity, as format/rules.h has them; none: size 0
 * @created_at: seconds since 1970
 */
struct execgate_manifest_file {
	uint8_t digest[EG_SHA256_SIZE];
	uint64_t size;
	uint16_t classes;
	const char *identity;
	uint64_t version;
	struct eg_bytes rules;
	uint64_t created_at;
};

#define EXECGATE_MANIFEST_FILE_MAX                             \
	(EG_MANIFEST_HEADER_SIZE + EG_MANIFEST_IDENTITY_SIZE + \
	 EG_MANIFEST_ENTRY_SIZE + EG_MANIFEST_NAME_MAX + EG_RULES_SIZE_MAX)

/**
 * execgate_manifest_write_file() - the manifest of a file's own signature
 * @out: EXECGATE_MANIFEST_FILE_MAX bytes
 * @size: of what was written
 *
 * Reads its own output back through the parser before it reports success.
 */
int execgate_manifest_write_file(const struct execgate_manifest_file *file,
				 uint8_t *out, size_t *size,
				 struct execgate_error *err);

#endif /* EXECGATE_MANIFEST_WRITE_H */
