/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A catalog that is complete: as signed, NAME.cat, or as the manifest that is
 * yet to be signed. And the folders that hold them.
 */
#ifndef EXECGATE_CATALOG_FILE_H
#define EXECGATE_CATALOG_FILE_H

#include <limits.h>

#include "lib/crypto/verify.h"

#define EXECGATE_CATALOG_DIR "/etc/execgate/catalogs"
/* Catalogs that packages bring; used when its signer is trusted. */
#define EXECGATE_CATALOG_SHIPPED_DIR "/usr/share/execgate/catalogs"
#define EXECGATE_CATALOG_ENDING ".cat"

/**
 * struct execgate_catalog_file - one read into memory
 * @bytes: owned; the rest points into it
 * @is_signed: it is a message; @cms is set
 * @name: of the manifest, terminated; execgate_catalog_check_name() holds
 */
struct execgate_catalog_file {
	uint8_t *bytes;
	size_t size;
	bool is_signed;
	struct eg_cms cms;
	struct eg_manifest manifest;
	char name[EG_MANIFEST_NAME_MAX + 1];
};

/**
 * execgate_catalog_file_load() - read and hold against the profile
 * @out: freed by the caller, after success only
 *
 * -EBADMSG: it is not well formed. The signer is not checked.
 */
int execgate_catalog_file_load(const char *path,
			       struct execgate_catalog_file *out,
			       struct execgate_error *err);
/* The same for bytes that the caller has; takes them over, also on failure. */
int execgate_catalog_file_parse(const char *path, uint8_t *bytes, size_t size,
				struct execgate_catalog_file *out,
				struct execgate_error *err);
void execgate_catalog_file_free(struct execgate_catalog_file *file);

/**
 * execgate_catalog_file_verify() - who signed it, and is that one trusted
 * @signer: in @trust; may be set on failure too
 *
 * -ENODATA: it is not signed. -ENOKEY, -EKEYEXPIRED, -EKEYREJECTED.
 */
int execgate_catalog_file_verify(const char *path,
				 const struct execgate_catalog_file *file,
				 const struct execgate_trust *trust,
				 const struct execgate_certificate **signer,
				 struct execgate_error *err);

/* DIR/NAME.cat; -ENAMETOOLONG. */
int execgate_catalog_file_path(const char *dir, const char *name,
			       char out[PATH_MAX], struct execgate_error *err);

/* Keep a signed catalog for the next boot, atomically; makes the folder. */
int execgate_catalog_file_keep(const char *dir,
			       const struct execgate_catalog_file *file,
			       char path[PATH_MAX], struct execgate_error *err);

/* Non-zero ends the walk and is returned by it. */
typedef int (*execgate_catalog_file_visit)(const char *path, void *arg);
/* Every *.cat of a folder in order of their names; an absent one is empty. */
int execgate_catalog_file_list(const char *dir,
			       execgate_catalog_file_visit visit, void *arg,
			       struct execgate_error *err);

#endif /* EXECGATE_CATALOG_FILE_H */
