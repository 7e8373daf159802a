/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Denials that the administrator has seen and wants as they are. One a line:
 * the reason, a space, the escaped path. They stay denied; "execgate review"
 * just does not ask about them again.
 */
#ifndef EXECGATE_IGNORED_H
#define EXECGATE_IGNORED_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/error.h"
#include "lib/config/boots.h"

#define EXECGATE_IGNORED_FILE EXECGATE_STATE_DIR "/ignored"

/**
 * struct execgate_ignored - the file; zeroed = empty
 * @text: all of it, @size bytes; owned
 */
struct execgate_ignored {
	char *text;
	size_t size;
};

/* A missing file is an empty one. */
int execgate_ignored_load(const char *path, struct execgate_ignored *out,
			  struct execgate_error *err);
void execgate_ignored_free(struct execgate_ignored *ignored);

bool execgate_ignored_has(const struct execgate_ignored *ignored,
			  unsigned int reason, const char *path);
/* Add one and write the file. */
int execgate_ignored_add(struct execgate_ignored *ignored, const char *file,
			 unsigned int reason, const char *path,
			 struct execgate_error *err);

#endif /* EXECGATE_IGNORED_H */
