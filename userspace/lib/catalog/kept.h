/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files of lines that the kernel is told of anew at each boot: one item a line, "#" begins
 * a comment. Tools put single lines in and take them out, and leave the rest as it is.
 */
#ifndef EXECGATE_KEPT_H
#define EXECGATE_KEPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "lib/base/error.h"

/**
 * struct execgate_kept - a kind of such files
 * @text_max: larger ones are refused, in bytes
 * @item_size: of one item, in bytes
 * @head: comment that a new file begins with
 * @malformed: of a line that is not understood: the end of "FILE:LINE: "
 * @parse: fills @item. 0; 1: the line says nothing; -EBADMSG. It may change @line
 * @take: a line that was read, into the caller's @list. 0 or -ENOMEM
 * @same: are they about the same thing, of which a file has one line?
 * @merge: @old stands in the file in the place of @item; NULL: it is forgotten
 * @print: one line
 */
struct execgate_kept {
	size_t text_max;
	size_t item_size;
	const char *head;
	const char *malformed;
	int (*parse)(char *line, void *item);
	int (*take)(const void *item, void *list);
	bool (*same)(const void *a, const void *b);
	void (*merge)(void *item, const void *old);
	void (*print)(FILE *out, const void *item);
};

/*
 * All lines that are understood, also when others are not: then the result is -EBADMSG
 * and @err names the first. An absent file is empty.
 */
int execgate_kept_load(const struct execgate_kept *kind, const char *path,
		       void *list, struct execgate_error *err);

/*
 * Put @item in, or take it out; -ENOENT: it is not there. Others may do the same
 * meanwhile: the file is read again under a lock. One that is not understood is not
 * touched.
 */
int execgate_kept_put(const struct execgate_kept *kind, const char *path,
		      const void *item, struct execgate_error *err);
int execgate_kept_remove(const struct execgate_kept *kind, const char *path,
			 const void *item, struct execgate_error *err);

#endif /* EXECGATE_KEPT_H */
