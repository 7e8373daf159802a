/* SPDX-License-Identifier: GPL-2.0 */
/* The files of dpkg's database as tables; for dpkg.c. */
#ifndef EXECGATE_DPKG_TABLES_H
#define EXECGATE_DPKG_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"
#include "lib/catalog/hash_cache.h"

/* A path with its leading slash, and its checksum. */
struct execgate_dpkg_sum {
	char *path;
	uint8_t md5[EXECGATE_MD5_SIZE];
};

/**
 * struct execgate_dpkg_sums - zeroed = none
 * @sums: @count of them, in order of their paths; owned
 * @text: what their paths point into, owned; without it each path is owned
 */
struct execgate_dpkg_sums {
	struct execgate_dpkg_sum *sums;
	size_t count;
	char *text;
};

/**
 * struct execgate_dpkg_tables - status and diversions; zeroed = nothing
 * @installed: names of packages whose files are there, in order
 * @conffiles: checksums that the packages shipped them with
 * @diversions: @diversion_count of them, in order of @from; @package does not follow
 *              its own
 */
struct execgate_dpkg_tables {
	char **installed;
	size_t installed_count;
	struct execgate_dpkg_sums conffiles;
	struct execgate_dpkg_diversion {
		char *from;
		char *to;
		char *package;
	} *diversions;
	size_t diversion_count;
};

/* A whole text file; an absent one is empty. Freed by the caller. */
int execgate_dpkg_text(const char *path, char **text,
		       struct execgate_error *err);

/* The line at *@text, without its end; *@text is the next one then. NULL: no more. */
char *execgate_dpkg_line(char **text);

/* A file as "md5sum" writes it, with paths relative to the root folder. */
int execgate_dpkg_sums_load(const char *path, struct execgate_dpkg_sums *out,
			    struct execgate_error *err);
const struct execgate_dpkg_sum *
execgate_dpkg_sums_find(const struct execgate_dpkg_sums *sums,
			const char *path);
void execgate_dpkg_sums_free(struct execgate_dpkg_sums *sums);

int execgate_dpkg_tables_load(const char *admindir,
			      struct execgate_dpkg_tables *out,
			      struct execgate_error *err);
void execgate_dpkg_tables_free(struct execgate_dpkg_tables *tables);

/* @package: as a file of info/ is called, "libc6:amd64" or "bash". */
bool execgate_dpkg_is_installed(const struct execgate_dpkg_tables *tables,
				const char *package);
/* Where @package's file @path is; @path itself when nobody diverted it. */
const char *execgate_dpkg_divert(const struct execgate_dpkg_tables *tables,
				 const char *path, const char *package);

#endif /* EXECGATE_DPKG_TABLES_H */
