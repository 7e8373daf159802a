/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The packages of an image, by the databases in it. They are worth what the image is:
 * a file counts as a package's only if it has the checksum that is recorded there, so that
 * what was changed later is not taken for it. Nobody checks that the package is what its
 * distribution made: that is for whoever signs the catalog.
 */
#ifndef EXECGATE_OCI_PACKAGES_H
#define EXECGATE_OCI_PACKAGES_H

#include "lib/oci/layer.h"

/**
 * struct execgate_oci_claim - a package says that a file is its own
 * @origin: what its identity begins with, "org.debian."
 * @package: its name
 * @version: as a number; 0: it has none but the time of its newest file
 * @path: where the file is, relative to the root
 * @sum: its checksum, of @sum_size bytes: an MD5, or a SHA-1
 */
struct execgate_oci_claim {
	const char *origin;
	const char *package;
	uint64_t version;
	const char *path;
	uint8_t sum[EXECGATE_SHA1_SIZE];
	size_t sum_size;
};

typedef void (*execgate_oci_visit)(const struct execgate_oci_claim *claim,
				   void *arg);

/* Reads a file that execgate_oci_is_database() holds for one; changes @text. */
void execgate_oci_packages_read(const char *path, char *text,
				execgate_oci_visit visit, void *arg);

#endif /* EXECGATE_OCI_PACKAGES_H */
