/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_FSVERITY_H
#define SHIM_LINUX_FSVERITY_H

#include <linux/fs.h>

#define FS_VERITY_MAX_DIGEST_SIZE 64
#define FS_VERITY_HASH_ALG_SHA256 1

/* Return: the size of the digest. */
int fsverity_get_digest(struct inode *inode, u8 *digest, u8 *algorithm,
			void *none);

#endif /* SHIM_LINUX_FSVERITY_H */
