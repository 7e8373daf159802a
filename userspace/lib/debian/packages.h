/* SPDX-License-Identifier: GPL-2.0 */
/* Which Debian package a file belongs to. */
#ifndef EXECGATE_PACKAGES_H
#define EXECGATE_PACKAGES_H

#include <stddef.h>

#include "lib/debian/dpkg.h"

/**
 * struct execgate_package_query - one file whose package is wanted
 * @path: canonical: absolute, no symbolic link in it
 * @package: filled: its name without architecture; "" if none has the file
 * @md5: filled: what dpkg recorded of it, if @has_md5
 */
struct execgate_package_query {
	const char *path;
	char package[128];
	bool has_md5;
	uint8_t md5[EXECGATE_MD5_SIZE];
};

/**
 * execgate_packages_find() - read dpkg's database once and fill @queries
 * @admindir: EXECGATE_DPKG_ADMINDIR
 *
 * Debian's lists may say /bin/x where the machine has /usr/bin/x, so both match.
 * Without a database nothing has a package: that is not a failure.
 * Return: 0 or -ENOMEM.
 */
int execgate_packages_find(const char *admindir,
			   struct execgate_package_query *queries,
			   size_t count);

#endif /* EXECGATE_PACKAGES_H */
