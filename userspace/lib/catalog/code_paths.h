/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which files of a package are code. Most are not, and to look at each again, after
 * every change of any package, is what takes the time. Believed of a package for as
 * long as dpkg has not touched its lists; what is believed is only that a file need
 * not be looked at, never that it may run.
 */
#ifndef EXECGATE_CODE_PATHS_H
#define EXECGATE_CODE_PATHS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/format.h"
#include "lib/base/error.h"

struct execgate_code_paths;

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
 *
 * Return: whether its code is known. 0, 1 or -ENOMEM.
 */
int execgate_code_paths_package(struct execgate_code_paths *all,
				const char *admindir, const char *name);
/* Of a package that is known, the files in dpkg's order: is this one code? */
bool execgate_code_paths_has(struct execgate_code_paths *all, const char *path);
/*
 * For an unknown package, by its number from 0 on: this one may be code. In
 * order.
 */
int execgate_code_paths_add(struct execgate_code_paths *all, size_t package,
			    const char *path);
/* The number of the last package, from 0 on. */
size_t execgate_code_paths_number(const struct execgate_code_paths *all);

/* Write the present state, atomically. */
int execgate_code_paths_save(const struct execgate_code_paths *all,
			     struct execgate_error *err);
/* Accepts NULL. */
void execgate_code_paths_close(struct execgate_code_paths *all);

#endif /* EXECGATE_CODE_PATHS_H */
