// SPDX-License-Identifier: GPL-2.0
#include "lib/crypto/tpm_library.h"

#ifdef EXECGATE_TPM_BUILT

#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* All three have had this version since tpm2-tss 2; it comes with its functions' types. */
#define FILE_NAME "libtss2-%s.so.0"

static void *find_function(const char *library, const char *function,
			   struct execgate_error *err)
{
	char file[64];
	void *handle, *found;

	snprintf(file, sizeof(file), FILE_NAME, library);
	/* The same handle each time, and one reference more, which nothing takes back. */
	handle = dlopen(file, RTLD_NOW | RTLD_LOCAL);
	found = handle ? dlsym(handle, function) : NULL;
	if (!found)
		execgate_error_set(
			err, -ENOPKG, EXECGATE_EXIT_ERROR,
			"the TPM cannot be asked: %.200s; install the packages "
			"of libtss2-esys, libtss2-tctildr, libtss2-rc and "
			"libtss2-tcti-device, or see whether they are trusted",
			dlerror());
	return found;
}

const struct execgate_tpm_library *
execgate_tpm_library(struct execgate_error *err)
{
	static struct execgate_tpm_library library;
	static bool is_loaded;

	if (is_loaded)
		return &library;
	/* It would write to standard error by itself; what fails is told by us. */
	setenv("TSS2_LOG", "all+none", 0);
#define X(name, function)                                                    \
	library.function =                                                   \
		(__typeof__(function) *)find_function(name, #function, err); \
	if (!library.function)                                               \
		return NULL;
	EXECGATE_TPM_FUNCTIONS(X)
#undef X
	is_loaded = true;
	return &library;
}

#endif
