/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The gate's marks on an inode itself: two of the bits of
 * i_data.flags that no kernel uses (it takes the lower 32, see enum
 * mapping_flags in linux/pagemap.h).
 *
 * The kernel zeroes that word whenever an inode's memory gets a new life
 * (inode_init_always()), whoever keeps our inode_free hook from running. So a
 * mark is the proof that what we know of this address is about this inode, and
 * for all other inodes "nothing known" costs one look.
 */
#ifndef EG_INODE_MARK_H
#define EG_INODE_MARK_H

#include <linux/bitops.h>
#include <linux/fs.h>

enum eg_inode_mark {
	/* The file was judged, or is being judged: writers must be told of. */
	EG_INODE_JUDGED = 62,
	/* Somebody mapped it shared through a descriptor that may write. */
	EG_INODE_WRITE_MAPPED = 61,
};

static_assert(BITS_PER_LONG == 64);

static inline bool eg_inode_marked(const struct inode *inode,
				   enum eg_inode_mark mark)
{
	return test_bit(mark, &inode->i_data.flags);
}

/* Orders like a lock: what the caller does next is not seen before the mark. */
static inline bool eg_inode_test_and_mark(struct inode *inode,
					  enum eg_inode_mark mark)
{
	return test_and_set_bit(mark, &inode->i_data.flags);
}

#endif /* EG_INODE_MARK_H */
