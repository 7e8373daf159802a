// SPDX-License-Identifier: GPL-2.0
#include "lib/config/ignored.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <linux/execgate.h>

#include "lib/base/escape.h"
#include "lib/base/io.h"
#include "lib/base/names.h"

#define FILE_MAX_SIZE (4u << 20)
#define LINE_SIZE (EXECGATE_ESCAPE_SIZE(EXECGATE_PATH_MAX) + 64)

int execgate_ignored_load(const char *path, struct execgate_ignored *out,
			  struct execgate_error *err)
{
	uint8_t *data;

	memset(out, 0, sizeof(*out));
	if (access(path, F_OK) && errno == ENOENT)
		return 0;
	if (execgate_io_read_file(path, FILE_MAX_SIZE, &data, &out->size, err))
		return -EIO;
	out->text = (char *)data;
	return 0;
}

void execgate_ignored_free(struct execgate_ignored *ignored)
{
	free(ignored->text);
	memset(ignored, 0, sizeof(*ignored));
}

/* Never cut: a cut path would ignore others, too. */
static size_t make_line(unsigned int reason, const char *path, char *out)
{
	char escaped[EXECGATE_ESCAPE_SIZE(EXECGATE_PATH_MAX)];

	execgate_escape(escaped, path, strnlen(path, EXECGATE_PATH_MAX));
	return (size_t)snprintf(out, LINE_SIZE, "%s %s\n",
				execgate_reason_name(reason), escaped);
}

bool execgate_ignored_has(const struct execgate_ignored *ignored,
			  unsigned int reason, const char *path)
{
	char line[LINE_SIZE];
	size_t size = make_line(reason, path, line);
	const char *at = ignored->text;

	while (at && (at = strstr(at, line))) {
		if (at == ignored->text || at[-1] == '\n')
			return true;
		at += size;
	}
	return false;
}

int execgate_ignored_add(struct execgate_ignored *ignored, const char *file,
			 unsigned int reason, const char *path,
			 struct execgate_error *err)
{
	char line[LINE_SIZE];
	size_t size = make_line(reason, path, line);
	char *text;

	if (execgate_ignored_has(ignored, reason, path))
		return 0;
	if (ignored->size + size > FILE_MAX_SIZE)
		return execgate_error_set(err, -EFBIG, EXECGATE_EXIT_ERROR,
					  "%s is full: remove lines that are "
					  "no longer needed",
					  file);
	text = realloc(ignored->text, ignored->size + size + 1);
	if (!text)
		return execgate_error_errno(err, -ENOMEM, "cannot ignore %s",
					    path);
	memcpy(text + ignored->size, line, size + 1);
	ignored->text = text;
	ignored->size += size;
	return execgate_io_create_file(file, 0600, true, text, ignored->size,
				       err);
}
