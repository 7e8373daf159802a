/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which files of a package are code. Most are not, and to look at each again, after
 * every change of any package, is what takes the time. It is believed of a package for as
 * long as dpkg has not touched its lists: that its other files need not be looked at, and
 * which checksums its md5sums has of these. Those of conffiles are not noted: dpkg
 * changes them without touching the lists.
 */
#ifndef EXECGATE_CODE_PATHS_H
#define EXECGATE_CODE_PATHS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/format.h"
#include "lib/base/error.h"
#include "lib/catalog/hash_cache.h"

struct execgate_code_paths;

/**
 * struct execgate_code_path - one file
 * @listed: as its package's list has it
 * @md5: of its package's md5sums; if @has_md5
 */
struct execgate_code_path {
	const char *listed;
	bool has_md5;
	uint8_t md5[EXECGATE_MD5_SIZE];
};

/**
 * execgate_code_paths_open() - what was noted before
 * @path: a file that may be absent or damaged: then nothing is known
 * @readers: what is code by its name; noted under other rules, nothing is known
 */
int execgate_code_paths_open(const char *path,
			     const uint8_t readers[EG_SHA256_SIZE],
			     struct execgate_code_paths **out,
			     struct execgate_error *err);

/**
 * execgate_code_paths_package() - the next package
 * @name: as a file of dpkg's info/ is called, without its ending
 * @files: if its code is known, @count files in the order of dpkg's list; good until
 *	   execgate_code_paths_close()
 *
 * Return: whether its code is known. 0, 1 or -ENOMEM.
 */
int execgate_code_paths_package(struct execgate_code_paths *all,
				const char *admindir, const char *name,
				const struct execgate_code_path **files,
				size_t *count);
/*
 * For an unknown package, by its number from 0 on: this one may be code. In
 * order. @md5: of md5sums, or NULL
 */
int execgate_code_paths_add(struct execgate_code_paths *all, size_t package,
			    const char *path, const uint8_t *md5);
/* The number of the last package, from 0 on. */
size_t execgate_code_paths_number(const struct execgate_code_paths *all);

/* Write the present state, atomically. */
int execgate_code_paths_save(const struct execgate_code_paths *all,
			     struct execgate_error *err);
/* Accepts NULL. */
void execgate_code_paths_close(struct execgate_code_paths *all);

#endif /* EXECGATE_CODE_PATHS_H */
