// SPDX-License-Identifier: GPL-2.0
#include "lib/sign/manifest_write.h"

#include <errno.h>
#include <string.h>

static void put(uint8_t *to, uint64_t value, size_t bytes)
{
	size_t i;

	for (i = 0; i < bytes; i++)
		to[i] = (uint8_t)(value >> (8 * i));
}

int execgate_manifest_write_file(const struct execgate_manifest_file *file,
				 uint8_t *out, size_t *size,
				 struct execgate_error *err)
{
	uint8_t *identity = out + EG_MANIFEST_HEADER_SIZE;
	uint8_t *entry = identity + EG_MANIFEST_IDENTITY_SIZE;
	uint8_t *strings = entry + EG_MANIFEST_ENTRY_SIZE;
	size_t name_size = strlen(file->identity);
	size_t strings_size = name_size + file->rules.size;
	struct eg_manifest check;

	if (!name_size || name_size > EG_MANIFEST_NAME_MAX)
		return execgate_error_set(
			err, -EINVAL, EXECGATE_EXIT_USAGE,
			"the identity \"%s\" must have 1 to %u bytes; give "
			"another with --identity",
			file->identity, EG_MANIFEST_NAME_MAX);
	/* As execgate_rules_add() makes them only this can be wrong. */
	if (file->rules.size > EG_RULES_SIZE_MAX ||
	    !eg_rules_check(file->rules, file->version))
		return execgate_error_set(
			err, -EINVAL, EXECGATE_EXIT_USAGE,
			"the rules of \"%s\" name a version above its own, "
			"%llu; give it another with --version",
			file->identity, (unsigned long long)file->version);
	memset(out, 0, strings - out);
	*size = (size_t)(strings - out) + strings_size;

	memcpy(out, EG_MANIFEST_MAGIC, 8);
	put(out + 8, EG_MANIFEST_VERSION, 2);
	put(out + 10, EG_MANIFEST_HEADER_SIZE, 2);
	put(out + 12, *size, 4);
	put(out + 16, 1, 4);
	put(out + 20, 1, 4);
	put(out + 24, strings_size, 4);
	put(out + 28, EG_MANIFEST_DIGEST_SHA256, 4);
	put(out + 32, file->created_at, 8);

	put(identity + 4, name_size, 4);
	put(identity + 8, file->rules.size ? name_size : 0, 4);
	put(identity + 12, file->rules.size, 4);
	put(identity + 16, file->version, 8);

	memcpy(entry, file->digest, EG_SHA256_SIZE);
	put(entry + 32, file->size, 8);
	put(entry + 44, file->classes, 2);

	memcpy(strings, file->identity, name_size);
	if (file->rules.size)
		memcpy(strings + name_size, file->rules.data, file->rules.size);
	if (eg_manifest_parse((struct eg_bytes){ out, *size }, &check))
		return execgate_error_set(
			err, -EINVAL, EXECGATE_EXIT_ERROR,
			"the manifest for \"%s\" does not parse; this is a "
			"defect of execgate, please report it",
			file->identity);
	return 0;
}
