// SPDX-License-Identifier: GPL-2.0
#include "lib/base/unpack.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#define CHUNK (64 * 1024)
#define LIBRARY "libarchive.so.13"

static struct execgate_unpack functions;
static bool loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load_next(void)
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
	pthread_once(&once, load_next);
	*out = &functions;
	if (loaded)
		return 0;
	return execgate_error_set(err, -ELIBACC, EXECGATE_EXIT_ERROR,
				  "unpacking takes " LIBRARY
				  ", which cannot be loaded: install the "
				  "package libarchive13t64 (libarchive13 "
				  "before Debian 13)");
}

static int
unpack_entry(const struct execgate_unpack *a, struct archive *archive,
	     int (*take)(const uint8_t *data, size_t size, void *arg),
	     void *arg)
{
	struct archive_entry *entry;
	uint8_t *chunk;
	la_ssize_t n;
	int ret = 0;

	if (a->archive_read_next_header(archive, &entry) != ARCHIVE_OK)
		return -EBADMSG;
	chunk = malloc(CHUNK);
	if (!chunk)
		return -ENOMEM;
	do {
		n = a->archive_read_data(archive, chunk, CHUNK);
		if (n > 0)
			ret = take(chunk, (size_t)n, arg);
	} while (n > 0 && !ret);
	free(chunk);
	return n < 0 ? -EBADMSG : ret;
}

int execgate_unpack_file(int fd,
			 int (*take)(const uint8_t *data, size_t size,
				     void *arg),
			 void *arg)
{
	const struct execgate_unpack *a;
	struct archive *archive;
	int ret = execgate_unpack_load(&a, NULL);

	if (ret)
		return ret;
	archive = a->archive_read_new();
	if (!archive)
		return -ENOMEM;
	ret = -EBADMSG;
	if (lseek(fd, 0, SEEK_SET) == 0 &&
	    a->archive_read_support_filter_all(archive) == ARCHIVE_OK &&
	    a->archive_read_support_format_raw(archive) == ARCHIVE_OK &&
	    a->archive_read_open_fd(archive, fd, CHUNK) == ARCHIVE_OK)
		ret = unpack_entry(a, archive, take, arg);
	a->archive_read_free(archive);
	return ret;
}
