// SPDX-License-Identifier: GPL-2.0
#include "lib/fleet/curl_library.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>

/* Debian's libcurl4 and libcurl4t64: the one that uses OpenSSL. */
#define FILE_NAME "libcurl.so.4"

static bool load_functions(struct execgate_curl_library *library)
{
	void *handle = dlopen(FILE_NAME, RTLD_NOW | RTLD_LOCAL);

	if (!handle)
		return false;
#define X(name)                                                          \
	library->name = (__typeof__(library->name))dlsym(handle, #name); \
	if (!library->name)                                              \
		return false;
	EXECGATE_CURL_FUNCTIONS(X)
#undef X
	return !library->curl_global_init(CURL_GLOBAL_DEFAULT);
}

const struct execgate_curl_library *
execgate_curl_library(struct execgate_error *err)
{
	static struct execgate_curl_library library;
	static bool is_loaded;
	const char *why;

	if (!is_loaded)
		is_loaded = load_functions(&library);
	if (is_loaded)
		return &library;
	why = dlerror();
	execgate_error_set(err, -ENOPKG, EXECGATE_EXIT_ERROR,
			   "a server cannot be asked: %.200s; install the "
			   "package libcurl4t64 (libcurl4 before Debian 13), "
			   "or see whether it is trusted",
			   why ? why : FILE_NAME " does not start");
	return NULL;
}
