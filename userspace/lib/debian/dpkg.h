/* SPDX-License-Identifier: GPL-2.0 */
/*
 * dpkg's database, read only: which files packages have installed, and the
 * checksums that it recorded for them (md5sums, and those of conffiles).
 *
 * dpkg-query is not asked, for two reasons. It hands out checksums of one package a call
 * only (--control-show): 100 calls took 2.2 s where all 838 packages are read here in
 * 0.24 s. And a dpkg may merge its updates into the status file while both are read; here
 * the updates come first, so that nothing is missed, whichever order dpkg-query has.
 */
#ifndef EXECGATE_DPKG_H
#define EXECGATE_DPKG_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/error.h"
#include "lib/catalog/code_paths.h"

#define EXECGATE_DPKG_ADMINDIR "/var/lib/dpkg"

struct execgate_dpkg_listing;

/**
 * struct execgate_dpkg_file - a file of a package
 * @path: where it is now, diversions followed
 * @listed: as its package's list has it
 * @list: what dpkg calls the list: the package, often with the architecture
 * @package: without the architecture
 * @listing, @known: for execgate_dpkg_checksum(); @known: of a package that was recalled
 * @is_script: a maintainer script of dpkg's own; dpkg records no checksum of it
 */
struct execgate_dpkg_file {
	const char *path;
	const char *listed;
	const char *list;
	const char *package;
	struct execgate_dpkg_listing *listing;
	const struct execgate_code_path *known;
	bool is_script;
};

typedef int (*execgate_dpkg_visit)(const struct execgate_dpkg_file *file,
				   void *arg, struct execgate_error *err);

/*
 * Is it known of a package, by the name of its list, which of its files matter? Then 1,
 * and these alone are visited, and nothing is read of it. 0: all are; or -errno.
 */
typedef int (*execgate_dpkg_recall)(const char *list, void *arg,
				    const struct execgate_code_path **files,
				    size_t *count);

/**
 * execgate_dpkg_list() - visit what is installed, in order of packages
 * @admindir: EXECGATE_DPKG_ADMINDIR
 * @recall: NULL = nothing is known
 * @arg: for both
 *
 * For a package that was removed but not purged, only the maintainer scripts
 * that purge it. Whether a path exists, or is a directory, is not asked.
 */
int execgate_dpkg_list(const char *admindir, execgate_dpkg_recall recall,
		       execgate_dpkg_visit visit, void *arg,
		       struct execgate_error *err);

/* Where a checksum is from. Those of conffiles change without the package's lists. */
enum execgate_dpkg_sum_of {
	EXECGATE_DPKG_SUM_NONE,
	EXECGATE_DPKG_SUM_OF_PACKAGE,
	EXECGATE_DPKG_SUM_OF_CONFFILE,
};

/**
 * execgate_dpkg_checksum() - what dpkg recorded of the file that is visited
 *
 * The checksums of a package are read when the first of them is asked for: most packages
 * of a transaction are as they were, and many of them bring no code.
 *
 * Return: enum execgate_dpkg_sum_of, or a negative errno.
 */
int execgate_dpkg_checksum(const struct execgate_dpkg_file *file,
			   uint8_t md5[EXECGATE_MD5_SIZE],
			   struct execgate_error *err);

#endif /* EXECGATE_DPKG_H */
