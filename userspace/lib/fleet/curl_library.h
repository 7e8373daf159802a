/* SPDX-License-Identifier: GPL-2.0 */
/*
 * libcurl, loaded when a server is asked: a machine without one does not need it installed,
 * nor the thirty libraries behind it trusted.
 */
#ifndef EXECGATE_CURL_LIBRARY_H
#define EXECGATE_CURL_LIBRARY_H

/* Its checks of types are macros, which functions behind a pointer cannot have. */
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include "lib/base/error.h"

/* X(function): all that is used of it */
#define EXECGATE_CURL_FUNCTIONS(X) \
	X(curl_global_init)        \
	X(curl_easy_init)          \
	X(curl_easy_setopt)        \
	X(curl_easy_perform)       \
	X(curl_easy_getinfo)       \
	X(curl_easy_header)        \
	X(curl_easy_reset)         \
	X(curl_easy_strerror)      \
	X(curl_easy_cleanup)       \
	X(curl_slist_append)       \
	X(curl_slist_free_all)

struct execgate_curl_library {
#define X(function) __typeof__(function) *function;
	EXECGATE_CURL_FUNCTIONS(X)
#undef X
};

/* Loaded once, and for good. NULL: it is not there, and @err says what to install. */
const struct execgate_curl_library *
execgate_curl_library(struct execgate_error *err);

#endif /* EXECGATE_CURL_LIBRARY_H */
