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
 * eg_writers_announce() - current is about to map this file, or to make it executable
 * @inode: compared only; of a file whose verdict is yes, or of a layer of an overlay
 *
 * It is pending until current leaves its system call. Writers that came before are
 * there to be seen afterwards (eg_writers_present()). Any context but interrupts.
 *
 * Return: false if there is no place to say it: the bridge is left.
 */
bool eg_writers_announce(const struct inode *inode);

/*
 * Is anybody about to map it? Asked before mappings are looked at: what is not pending
 * any more shows there. Any context that may take a spin lock.
 */
bool eg_writers_announced(const struct inode *inode);

/**
 * eg_writers_bridge() - keep writers out until current leaves the kernel
 * @inode: the real one of @file, which holds it; its verdict is yes: no other
 *	   file may be kept from writers
 * @exclude: in enforce; in audit it is only remembered for eg_writers_bridged()
 * @gfp: GFP_KERNEL where the caller may sleep
 *
 * For exec, and for mmap where announcing it is not enough: its hook comes before the
 * mapping can be seen, and only a mapping that can be seen seals the file
 * (eg_cache_writer()).
 *
 * Return: 0; -EBUSY if there is a writer; -ENOMEM; -EINTR if current exits.
 */
int eg_writers_bridge(struct file *file, struct inode *inode, bool exclude,
		      gfp_t gfp);

/*
 * Current has done either for a file of an overlay with this real inode, since it
 * came into the kernel. Any context.
 */
bool eg_writers_bridged(const struct inode *inode);

/* Wait until nothing of the above is pending. */
void eg_writers_exit(void);

#endif /* EG_WRITERS_H */
