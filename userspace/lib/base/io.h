/* SPDX-License-Identifier: GPL-2.0 */
/* Whole small files, bounded reads and complete writes. */
#ifndef EXECGATE_IO_H
#define EXECGATE_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/base/error.h"

/**
 * execgate_io_read_file() - read a whole regular file
 * @max: refuse a larger one
 * @data: allocated; freed by the caller
 */
int execgate_io_read_file(const char *path, size_t max, uint8_t **data,
			  size_t *size, struct execgate_error *err);

/**
 * execgate_io_create_file() - write a new file: all of it and on disk, or none
 * @replace: let it take the place of an existing one, else that is -EEXIST.
 *	     A device never makes room, nor a link to one: that is -EINVAL
 */
int execgate_io_create_file(const char *path, mode_t mode, bool replace,
			    const void *data, size_t size,
			    struct execgate_error *err);

/**
 * execgate_io_write_output() - write where the operator said
 * @to_stdout: set to whether @path is where standard output goes
 *
 * A regular file is replaced as by execgate_io_create_file(), or made, behind a
 * symbolic link too. All else (a device, a FIFO) is written to: a rename would
 * put a file in the place of /dev/null.
 */
int execgate_io_write_output(const char *path, const void *data, size_t size,
			     bool *to_stdout, struct execgate_error *err);

/**
 * execgate_io_lock_folder() - make the folder of @path, and have it alone
 *
 * The file itself is replaced by a rename and cannot carry a lock.
 * Return: a descriptor, which ends the lock when it is closed; -errno.
 */
int execgate_io_lock_folder(const char *path, struct execgate_error *err);

/*
 * The first line of a file of /proc or /sys, without its end; cut if it is longer.
 * False, and @out is as it was, when there is none to be read.
 */
bool execgate_io_read_line(const char *path, char *out, size_t size);

/*
 * A regular file of this user, which nobody else may write to: what it says may be
 * believed. A link is not followed.
 */
bool execgate_io_is_ours_alone(const char *path);

/* All of it at @offset, whatever signals come; 0 or -errno, -EIO at the end. */
int execgate_io_pread(int fd, void *data, size_t size, uint64_t offset);
/* All of it, whatever signals come; 0 or -errno. */
int execgate_io_write(int fd, const void *data, size_t size);

#endif /* EXECGATE_IO_H */
