// SPDX-License-Identifier: GPL-2.0
#include "unpack.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>

#define LIBRARY "libarchive.so.13"

static struct execgate_unpack functions;
static bool loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void)
{
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return;
	loaded = true;
#define X(name)                                                             \
	functions.name = (__typeof__(functions.name))dlsym(library, #name); \
	loaded = loaded && functions.name;
	EXECGATE_UNPACK_FUNCTIONS(X)
#undef X
}

int execgate_unpack_load(const struct execgate_unpack **out,
			 struct execgate_error *err)
{
	pthread_once(&once, load);
	*out = &functions;
	if (loaded)
		return 0;
	return execgate_error_set(err, -ELIBACC, EXECGATE_EXIT_ERROR,
				  "unpacking takes " LIBRARY
				  ", which cannot be loaded: install the "
				  "package libarchive13t64 (libarchive13 "
				  "before Debian 13)");
}
