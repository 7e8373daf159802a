/* SPDX-License-Identifier: GPL-2.0 */
/* The two halves of a faithful copy: the bytes, and what surrounds them. */
#ifndef EXECGATE_COPY_H
#define EXECGATE_COPY_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "lib/base/error.h"

/*
 * Make @to hold the first @size bytes of @from: shared extents where the file
 * system can, else only what is not a hole. 0, -errno, or -EINTR when @cancel.
 */
int execgate_copy_bytes(int from, int to, uint64_t size,
			const volatile sig_atomic_t *cancel);

/**
 * struct execgate_copy - one file that is to be like another
 * @path: of the old one, for messages
 * @from: descriptor of the old one
 * @to: descriptor of the copy
 * @st: the old one when it was opened
 * @keep_times: access and modification time too
 */
struct execgate_copy {
	const char *path;
	int from;
	int to;
	const struct stat *st;
	bool keep_times;
};

/* Mode, owner and extended attributes. */
int execgate_copy_attributes(const struct execgate_copy *copy,
			     struct execgate_error *err);

#endif /* EXECGATE_COPY_H */
