// SPDX-License-Identifier: GPL-2.0
#include "lib/catalog/rows.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/io.h"

/*
 * A file that nobody else could have written, mapped: most of its rows are not asked for,
 * and a copy of them all is what reading it would cost. It is only ever replaced, never
 * cut short, so that it stays as long as it was here.
 */
static const uint8_t *map_file(const char *path, size_t size_max, size_t *size)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY |
				    O_CLOEXEC);
	void *map = MAP_FAILED;
	struct stat st;

	if (fd < 0)
		return NULL;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_size > 0 &&
	    (uint64_t)st.st_size <= size_max && st.st_uid == geteuid() &&
	    !(st.st_mode & 022)) {
		*size = (size_t)st.st_size;
		map = mmap(NULL, *size, PROT_READ, MAP_PRIVATE, fd, 0);
	}
	close(fd);
	return map == MAP_FAILED ? NULL : map;
}

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
	const uint8_t *file;
	size_t size = 0, count;

	memset(out, 0, sizeof(*out));
	file = map_file(path,
			format->head_size + format->rows_max * format->row_size,
			&size);
	if (!file)
		return;
	count = size < format->head_size ?
			0 :
			(size - format->head_size) / format->row_size;
	out->file = file;
	out->size = size;
	out->rows = file + format->head_size;
	out->count = count;
	if (!count || memcmp(file, format->head, format->head_size) != 0 ||
	    (size - format->head_size) % format->row_size ||
	    !is_in_order(out->rows, count, format))
		execgate_rows_free(out);
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
	if (rows->file)
		munmap((void *)rows->file, rows->size);
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
