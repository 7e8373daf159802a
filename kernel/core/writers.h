/* SPDX-License-Identifier: GPL-2.0 */
/* Nobody may write to a verified file between the verdict and its use. */
#ifndef EG_WRITERS_H
#define EG_WRITERS_H

#include <linux/fs.h>

/*
 * Somebody has it open for writing now, which includes every shared writable
 * mapping: the mapping holds its file.
 */
bool eg_writers_present(const struct inode *inode);

int eg_writers_init(void);

/**
 * eg_writers_bridge() - keep writers out until current leaves the kernel
 * @inode: the real one of @file, which holds it; its verdict is yes: no other
 *	   file may be kept from writers
 * @exclude: in enforce; in audit it is only remembered for eg_writers_bridged()
 * @gfp: GFP_KERNEL where the caller may sleep
 *
 * For mmap: its hook comes before the mapping can be seen, and only a mapping
 * that can be seen seals the file (eg_cache_writer()).
 *
 * Return: 0; -ETXTBSY if there is a writer; -ENOMEM; -ESRCH if current exits.
 */
int eg_writers_bridge(struct file *file, struct inode *inode, bool exclude,
		      gfp_t gfp);

/*
 * Current has done that for a file of an overlay with this real inode, since it
 * came into the kernel. Any context.
 */
bool eg_writers_bridged(const struct inode *inode);

/* Wait until nothing of the above is pending. */
void eg_writers_exit(void);

#endif /* EG_WRITERS_H */
