/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For a library that is preloaded: it defines look(), which is called before each opening.
 * Return of look(): 0, or the errno with which the opening fails.
 *
 * A program calls the function by one of several names, which depend on how it was compiled: with
 * 64 bits of offsets, and fortified, as packages are.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>

static int look(const char *path, int flags);

static int look_and_open(int dir, const char *path, int flags, int mode)
{
	int (*next)(int, const char *, int, ...) = dlsym(RTLD_NEXT, "openat");
	int err = look(path, flags);

	if (!err)
		return next(dir, path, flags, mode);
	errno = err;
	return -1;
}

#define OPEN(name)                                                 \
	int name(const char *path, int flags, ...)                 \
	{                                                          \
		va_list args;                                      \
		int mode;                                          \
                                                                   \
		va_start(args, flags);                             \
		mode = va_arg(args, int);                          \
		va_end(args);                                      \
		return look_and_open(AT_FDCWD, path, flags, mode); \
	}

#define OPENAT(name)                                          \
	int name(int dir, const char *path, int flags, ...)   \
	{                                                     \
		va_list args;                                 \
		int mode;                                     \
                                                              \
		va_start(args, flags);                        \
		mode = va_arg(args, int);                     \
		va_end(args);                                 \
		return look_and_open(dir, path, flags, mode); \
	}

OPEN(open)
OPEN(open64)
OPEN(__open_2)
OPEN(__open64_2)
OPENAT(openat)
OPENAT(openat64)
OPENAT(__openat_2)
OPENAT(__openat64_2)
