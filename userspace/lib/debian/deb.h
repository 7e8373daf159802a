/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The contents of a .deb, before dpkg unpacks it. Reading it takes libarchive, which
 * is loaded only then: it is large, and most machines of a fleet never do this.
 */
#ifndef EXECGATE_DEB_H
#define EXECGATE_DEB_H

#include "lib/catalog/identities.h"
#include "lib/catalog/item.h"

/**
 * struct execgate_deb - the code of a package; freed with execgate_deb_free()
 * @package: its name
 * @files: @count that can run, maintainer scripts among them; owned, and their
 *         paths, which are absolute; of a maintainer script it means nothing
 */
struct execgate_deb {
	char package[EG_MANIFEST_NAME_MAX + 1];
	struct execgate_deb_file {
		char *path;
		struct execgate_hash hash;
		uint64_t size;
		uint64_t mtime;
	} *files;
	size_t count;
};

/*
 * Safe to call from several threads. @identities: what is code by its name.
 * @out is freed by the caller, always.
 */
int execgate_deb_read(const char *path,
		      const struct execgate_identities *identities,
		      struct execgate_deb *out, struct execgate_error *err);
void execgate_deb_free(struct execgate_deb *deb);

#endif /* EXECGATE_DEB_H */
