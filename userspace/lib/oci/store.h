/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the parts of an image are kept: a folder, or an archive. An archive is
 * unpacked into one file without a name, where its members stand one behind the other,
 * so that no name of an attacker's is ever used on this machine.
 */
#ifndef EXECGATE_OCI_STORE_H
#define EXECGATE_OCI_STORE_H

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

/**
 * struct execgate_oci_limits - what one image may cost
 * @entries: of all layers together
 * @bytes: of all of them, unpacked, and of the files in them
 * @memory: of names, links and databases of packages
 * @cancel: stops when it is set, or NULL
 * @used_entries and the others: counted by whoever reads; start at 0
 */
struct execgate_oci_limits {
	uint64_t entries;
	uint64_t bytes;
	uint64_t memory;
	const volatile sig_atomic_t *cancel;
	atomic_uint_fast64_t used_entries;
	atomic_uint_fast64_t used_bytes;
	atomic_uint_fast64_t used_memory;
};

#define EXECGATE_OCI_ENTRIES 1000000
#define EXECGATE_OCI_BYTES (128ull << 30)
#define EXECGATE_OCI_MEMORY (512ull << 20)

/* The bounds of an image, with nothing used yet. */
#define EXECGATE_OCI_LIMITS                      \
	{                                        \
		.entries = EXECGATE_OCI_ENTRIES, \
		.bytes = EXECGATE_OCI_BYTES,     \
		.memory = EXECGATE_OCI_MEMORY,   \
	}

/* Count, and refuse what is too much; -EINTR when cancelled. */
int execgate_oci_limits_entry(struct execgate_oci_limits *limits,
			      struct execgate_error *err);
int execgate_oci_limits_memory(struct execgate_oci_limits *limits,
			       uint64_t more, struct execgate_error *err);
int execgate_oci_limits_bytes(struct execgate_oci_limits *limits, uint64_t more,
			      struct execgate_error *err);

struct execgate_oci_store;

/* A part: @size bytes of @fd from @at on. */
struct execgate_oci_part {
	int fd;
	uint64_t at;
	uint64_t size;
};

/* A file without a name, for what must not stay; or -errno. */
int execgate_oci_spool(struct execgate_error *err);

/* @out is closed with execgate_oci_store_close(), after success only. */
int execgate_oci_store_folder(const char *path, struct execgate_oci_store **out,
			      struct execgate_error *err);
int execgate_oci_store_archive(const char *path,
			       struct execgate_oci_limits *limits,
			       struct execgate_oci_store **out,
			       struct execgate_error *err);
void execgate_oci_store_close(struct execgate_oci_store *store);

/* Several threads may do so at once. @out->fd is closed by the caller. */
int execgate_oci_store_get(const struct execgate_oci_store *store,
			   const char *name, struct execgate_oci_part *out,
			   struct execgate_error *err);

/* A small one as a whole: @data is freed by the caller. */
int execgate_oci_store_read(const struct execgate_oci_store *store,
			    const char *name, size_t max, uint8_t **data,
			    size_t *size, struct execgate_error *err);

/* Without "." and empty components; NULL if one is ".." or memory is short. */
char *execgate_oci_plain_path(const char *path);

#endif /* EXECGATE_OCI_STORE_H */
