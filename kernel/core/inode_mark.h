/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The gate's marks on an inode itself.
 *
 * A module has two of the bits of i_data.flags that no kernel uses (it takes the
 * lower 32, see enum mapping_flags in linux/pagemap.h). The kernel zeroes that word
 * whenever an inode's memory gets a new life (inode_init_always()), whoever keeps our
 * inode_free hook from running. So a mark is the proof that what we know of this
 * address is about this inode, and for all other inodes "nothing known" costs one
 * look.
 *
 * Built in, each inode has memory of ours, its blob: the marks are there, and so are
 * its verdict and watches (core/cache.c).
 */
#ifndef EG_INODE_MARK_H
#define EG_INODE_MARK_H

#include <linux/bitops.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/list_bl.h>
#ifdef EG_BUILT_IN
#include <linux/lsm_hooks.h>
#endif

enum eg_inode_mark {
	/* The file was judged, or is being judged: writers must be told of. */
	EG_INODE_JUDGED = 62,
	/* Somebody mapped it shared through a descriptor that may write. */
	EG_INODE_WRITE_MAPPED = 61,
};

static_assert(BITS_PER_LONG == 64);

/* Verdicts and judgements (core/cache.c) of some inodes, or built in of one. */
struct eg_bucket {
	struct hlist_bl_head entries; /* its bit lock is the bucket's lock */
	struct hlist_head watches;
};

#ifdef EG_BUILT_IN
/*
 * The kernel makes it zeroed with the inode and frees it an RCU grace period after
 * the inode_free hook (security_inode_free()): who found it under the RCU read lock
 * may look at it until the end of that.
 */
struct eg_inode_blob {
	struct eg_bucket bucket;
	unsigned long marks;
};

/* Asked for in hooks/lsm.c; from then on where ours is among those of all modules. */
extern struct lsm_blob_sizes eg_inode_blob_sizes;

static inline struct eg_inode_blob *eg_inode_blob(const struct inode *inode)
{
	return inode->i_security + eg_inode_blob_sizes.lbs_inode;
}

static inline unsigned long *eg_inode_marks(const struct inode *inode)
{
	return &eg_inode_blob(inode)->marks;
}
#else
static inline unsigned long *eg_inode_marks(const struct inode *inode)
{
	return (unsigned long *)&inode->i_data.flags;
}
#endif

static inline bool eg_inode_marked(const struct inode *inode,
				   enum eg_inode_mark mark)
{
	return test_bit(mark, eg_inode_marks(inode));
}

/* Orders like a lock: what the caller does next is not seen before the mark. */
static inline bool eg_inode_test_and_mark(struct inode *inode,
					  enum eg_inode_mark mark)
{
	return test_and_set_bit(mark, eg_inode_marks(inode));
}

#endif /* EG_INODE_MARK_H */
