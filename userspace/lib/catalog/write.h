/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A catalog on its way: digests are collected in any order, and what is written
 * depends only on what was collected. The format is format/manifest.h.
 */
#ifndef EXECGATE_CATALOG_WRITE_H
#define EXECGATE_CATALOG_WRITE_H

#include <stddef.h>
#include <stdint.h>

#include "format/manifest.h"
#include "lib/base/error.h"

/**
 * struct execgate_catalog - what is collected; zeroed = nothing
 * @name: of the catalog; execgate_catalog_check_name() holds
 * @sequence: later catalogs of that name have a higher one
 * @created_at: seconds since 1970
 * @entries: @count of them; owned
 * @identities: @identity_count of them; owned, each name with its rules too
 */
struct execgate_catalog {
	char name[EG_MANIFEST_NAME_MAX + 1];
	uint64_t sequence;
	uint64_t created_at;
	struct execgate_catalog_entry {
		uint8_t digest[EG_SHA256_SIZE];
		uint64_t size;
		uint32_t identity;
		uint16_t classes;
		uint8_t kind;
	} *entries;
	size_t count;
	struct execgate_catalog_identity {
		char *name;
		uint64_t version;
		uint8_t *rules; /* in the memory of the name, behind it */
		size_t rules_size;
	} *identities;
	size_t identity_count;
};

/*
 * Letters, digits and "._+-", not a dot first, at most 200: it is the name of a
 * file too, and of lines in a terminal. -EINVAL.
 */
#define EXECGATE_CATALOG_NAME_FILE_MAX 200
int execgate_catalog_check_name(const char *name, size_t size,
				struct execgate_error *err);

/* The number of an identity with these rules, which is added when it is not there. */
int execgate_catalog_identity(struct execgate_catalog *catalog,
			      const char *name, uint64_t version,
			      struct eg_bytes rules, uint32_t *index,
			      struct execgate_error *err);

int execgate_catalog_add(struct execgate_catalog *catalog,
			 const struct execgate_catalog_entry *entry,
			 struct execgate_error *err);

/**
 * execgate_catalog_write() - the manifest, to be signed
 * @out: allocated; freed by the caller
 *
 * Sorts @catalog. One digest under several identities becomes one entry with
 * the classes and the rules of all and the identity that sorts first: by name,
 * newer versions before older ones. Identities that no entry names are left out,
 * but not those whose rules say what older versions are worth. The written bytes have
 * been read back.
 */
int execgate_catalog_write(struct execgate_catalog *catalog, uint8_t **out,
			   size_t *size, struct execgate_error *err);
void execgate_catalog_free(struct execgate_catalog *catalog);

#endif /* EXECGATE_CATALOG_WRITE_H */
