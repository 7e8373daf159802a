/* SPDX-License-Identifier: GPL-2.0 */
/* libarchive, loaded when it is first needed. */
#ifndef EXECGATE_UNPACK_H
#define EXECGATE_UNPACK_H

#include <archive.h>
#include <archive_entry.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

#define EXECGATE_UNPACK_FUNCTIONS(X)        \
	X(archive_read_new)                 \
	X(archive_read_free)                \
	X(archive_read_support_filter_all)  \
	X(archive_read_support_filter_gzip) \
	X(archive_read_support_filter_zstd) \
	X(archive_read_support_format_ar)   \
	X(archive_read_support_format_raw)  \
	X(archive_read_support_format_tar)  \
	X(archive_read_open_fd)             \
	X(archive_read_open2)               \
	X(archive_read_next_header)         \
	X(archive_read_data)                \
	X(archive_error_string)             \
	X(archive_set_error)                \
	X(archive_entry_pathname)           \
	X(archive_entry_filetype)           \
	X(archive_entry_hardlink)           \
	X(archive_entry_symlink)            \
	X(archive_entry_size)               \
	X(archive_entry_mtime)

struct execgate_unpack {
#define X(name) __typeof__(name) *name;
	EXECGATE_UNPACK_FUNCTIONS(X)
#undef X
};

/* Stays loaded until the program ends. */
int execgate_unpack_load(const struct execgate_unpack **out,
			 struct execgate_error *err);

/**
 * execgate_unpack_file() - what the packed file open at @fd (xz, zstd, gzip) holds
 * @take: called with one piece after the other; non-zero ends it and is returned
 */
int execgate_unpack_file(int fd,
			 int (*take)(const uint8_t *data, size_t size,
				     void *arg),
			 void *arg);

#endif /* EXECGATE_UNPACK_H */
