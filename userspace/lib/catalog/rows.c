// SPDX-License-Identifier: GPL-2.0
#include "lib/catalog/rows.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/io.h"

static bool is_in_order(const uint8_t *rows, size_t count,
			const struct execgate_rows_format *format)
{
	for (size_t i = 1; i < count; i++)
		if (format->compare(rows + (i - 1) * format->row_size,
				    rows + i * format->row_size) >= 0)
			return false;
	return true;
}

void execgate_rows_load(struct execgate_rows *out, const char *path,
			const struct execgate_rows_format *format)
{
	size_t size, count;
	uint8_t *file;

	memset(out, 0, sizeof(*out));
	if (!execgate_io_is_ours_alone(path) ||
	    execgate_io_read_file(path,
				  format->head_size +
					  format->rows_max * format->row_size,
				  &file, &size, NULL))
		return;
	count = size < format->head_size ?
			0 :
			(size - format->head_size) / format->row_size;
	if (!count || memcmp(file, format->head, format->head_size) != 0 ||
	    (size - format->head_size) % format->row_size ||
	    !is_in_order(file + format->head_size, count, format)) {
		free(file);
		return;
	}
	out->file = file;
	out->rows = file + format->head_size;
	out->count = count;
}

const void *execgate_rows_find(const struct execgate_rows *rows,
			       const struct execgate_rows_format *format,
			       const void *key)
{
	return rows->count ? bsearch(key, rows->rows, rows->count,
				     format->row_size, format->compare) :
			     NULL;
}

void execgate_rows_free(struct execgate_rows *rows)
{
	free(rows->file);
	memset(rows, 0, sizeof(*rows));
}

int execgate_rows_store(const char *path,
			const struct execgate_rows_format *format,
			const void *rows, size_t count,
			struct execgate_error *err)
{
	size_t size = count * format->row_size;
	uint8_t *file = malloc(format->head_size + size);
	int ret;

	if (!file)
		return execgate_error_errno(err, -ENOMEM, "cannot write %s",
					    path);
	memcpy(file, format->head, format->head_size);
	if (size)
		memcpy(file + format->head_size, rows, size);
	ret = execgate_io_create_file(path, 0600, true, file,
				      format->head_size + size, err);
	free(file);
	return ret;
}
