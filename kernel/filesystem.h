/* SPDX-License-Identifier: GPL-2.0 */
/* Where a file's bytes come from, and whether they can be trusted to stay. */
#ifndef EG_FILESYSTEM_H
#define EG_FILESYSTEM_H

#include <linux/execgate.h>
#include <linux/fs.h>

struct eg_filesystem {
	unsigned long magic; /* super_block.s_magic, uapi/linux/magic.h */
	bool cacheable;	     /* a verdict may be kept */
};

/**
 * eg_filesystem_judge() - may a file of this inode be judged at all?
 * @cacheable: set on ALLOWED: the verdict may be kept
 *
 * Return: ALLOWED or the reason not to: NOT_REGULAR, MEMFD, UNTRUSTED_FS.
 */
enum execgate_reason eg_filesystem_judge(const struct inode *inode,
					 bool *cacheable);

#endif /* EG_FILESYSTEM_H */
