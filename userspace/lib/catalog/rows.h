/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files of this machine's own that hold rows of one size, in order, behind a head
 * that says what they are. They only ever spare work, so that whatever is wrong
 * with one is not an error: it is as if it were not there.
 */
#ifndef EXECGATE_ROWS_H
#define EXECGATE_ROWS_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

/**
 * struct execgate_rows_format - what makes a file one of a kind
 * @head: its first @head_size bytes, a multiple of 8, so that rows are aligned
 * @compare: the order of rows, as for qsort()
 */
struct execgate_rows_format {
	const void *head;
	size_t head_size;
	size_t row_size;
	size_t rows_max;
	int (*compare)(const void *a, const void *b);
};

/**
 * struct execgate_rows - what such a file holds; zeroed = nothing
 * @rows: @count of them, inside @file
 */
struct execgate_rows {
	const void *rows;
	size_t count;
	uint8_t *file;
};

/*
 * Nothing, when the file is absent, of another kind, out of order, or when anybody
 * else could have written it.
 */
void execgate_rows_load(struct execgate_rows *out, const char *path,
			const struct execgate_rows_format *format);
/* The row that compares as @key does, or NULL. */
const void *execgate_rows_find(const struct execgate_rows *rows,
			       const struct execgate_rows_format *format,
			       const void *key);
void execgate_rows_free(struct execgate_rows *rows);

/* Put @count rows that are in order into a file that only its owner reads. */
int execgate_rows_store(const char *path,
			const struct execgate_rows_format *format,
			const void *rows, size_t count,
			struct execgate_error *err);

#endif /* EXECGATE_ROWS_H */
