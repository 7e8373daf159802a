/* SPDX-License-Identifier: GPL-2.0 */
/* fs-verity: the file system itself checks every page of a read-only file. */
#ifndef EXECGATE_VERITY_H
#define EXECGATE_VERITY_H

#include <stdint.h>

#include "format/format.h"
#include "lib/base/error.h"

/*
 * The file's fs-verity digest. -ENODATA: it has none, or not a SHA-256 one; the
 * same where the file system does not know fs-verity. @err is for the others.
 */
int execgate_verity_measure(int fd, const char *name,
			    uint8_t digest[EG_SHA256_SIZE],
			    struct execgate_error *err);

/* Turn it on, for ever: the content can never change again. Already on is 0. */
int execgate_verity_enable(int fd, const char *name,
			   struct execgate_error *err);

#endif /* EXECGATE_VERITY_H */
