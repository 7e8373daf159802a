/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Replacing a file by a changed copy of itself: whoever looks, and whenever the
 * power fails, finds the old file or the new one. A running program keeps its
 * old inode. Nothing is ever written to the old file.
 */
#ifndef EXECGATE_REPLACE_H
#define EXECGATE_REPLACE_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "lib/base/error.h"

/**
 * struct execgate_replace - one replacement on its way
 * @path: the file itself, symlinks resolved; owned
 * @base: its last component, inside @path
 * @is_symlink: the name that was given is a link to @path
 * @directory: fd of its folder
 * @source: fd of the old file, read only
 * @temp: fd of the copy, or -1
 * @temp_name: name of the copy in the folder, "" as long as it has none
 * @st: the old file when it was opened
 * @cancel: set by a signal handler to give up; or NULL
 */
struct execgate_replace {
	char *path;
	const char *base;
	bool is_symlink;
	int directory;
	int source;
	int temp;
	char temp_name[40];
	struct stat st;
	const volatile sig_atomic_t *cancel;
};

/* Flags of execgate_replace_commit(). */
#define EXECGATE_REPLACE_KEEP_TIMES 1 /* access and modification time too */
#define EXECGATE_REPLACE_NO_SYNC 2    /* a power cut may leave an empty file */

/**
 * execgate_replace_begin() - open a regular file to be replaced
 * @follow: if the name is a symlink, replace what it leads to; else -ELOOP
 * @r: ended by the caller with execgate_replace_end(), after success only
 */
int execgate_replace_begin(struct execgate_replace *r, const char *name,
			   bool follow, const volatile sig_atomic_t *cancel,
			   struct execgate_error *err);

/* Make the copy: the first @size bytes, holes and shared extents kept. */
int execgate_replace_copy(struct execgate_replace *r, uint64_t size,
			  struct execgate_error *err);

/* Append to the copy. */
int execgate_replace_append(struct execgate_replace *r, const void *data,
			    size_t size, struct execgate_error *err);

/*
 * Give the copy the mode, owner and extended attributes of the old file, get it
 * onto the disk, and put it in the old one's place. Refuses if somebody has
 * changed or replaced the file since execgate_replace_begin().
 */
int execgate_replace_commit(struct execgate_replace *r, unsigned int flags,
			    struct execgate_error *err);

/* Drops the copy if it was not committed. */
void execgate_replace_end(struct execgate_replace *r);

#endif /* EXECGATE_REPLACE_H */
