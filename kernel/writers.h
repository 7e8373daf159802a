/* SPDX-License-Identifier: GPL-2.0 */
/* Nobody may write to a file while it is judged, or between verdict and use. */
#ifndef EG_WRITERS_H
#define EG_WRITERS_H

#include <linux/fs.h>

/**
 * eg_writers_exclude() - open no file for writing until eg_writers_admit()
 *
 * Return: false if somebody has it open for writing already, which includes
 * every shared writable mapping: the mapping holds its file.
 */
bool eg_writers_exclude(struct inode *inode);
void eg_writers_admit(struct inode *inode);

/* Nobody can open it for writing now. */
bool eg_writers_excluded(const struct inode *inode);

/* Somebody has it open for writing now. */
bool eg_writers_present(const struct inode *inode);

/**
 * eg_writers_pinned() - pages of the file are pinned
 *
 * A registered io_uring buffer or direct I/O under way over what was a shared
 * writable mapping goes on writing to the page cache after munmap() and
 * close(), with no writer in sight. Only a writer can take such a pin, so with
 * writers excluded the answer stays true.
 */
bool eg_writers_pinned(struct inode *inode);

/**
 * eg_writers_bridge() - keep writers out until current leaves the kernel
 * @inode: the real one of @file, which holds it
 * @exclude: in enforce; in audit it is only remembered for eg_writers_bridged()
 *
 * For mmap: its hook comes before the mapping can be seen, and only a mapping
 * that can be seen seals the file (eg_cache_writer()).
 *
 * Return: 0; -ETXTBSY if there is a writer; -ENOMEM; -ESRCH if current exits.
 */
int eg_writers_bridge(struct file *file, struct inode *inode, bool exclude);

/* Current has done that, since it came into the kernel. Any context. */
bool eg_writers_bridged(const struct inode *inode);

/* Wait until nothing of the above is pending. */
void eg_writers_exit(void);

#endif /* EG_WRITERS_H */
