/* SPDX-License-Identifier: GPL-2.0 */
/* Where a file's bytes come from, and whether they can be trusted to stay. */
#ifndef EG_FILESYSTEM_H
#define EG_FILESYSTEM_H

#include <linux/execgate.h>
#include <linux/fs.h>

struct eg_filesystem {
	unsigned long magic; /* super_block.s_magic, uapi/linux/magic.h */
	bool cacheable;	     /* a verdict may be kept */
	bool on_disk; /* a page dropped from the cache can be read again */
	bool anyones; /* judged when it was mounted in a user namespace, too */
};

/**
 * eg_filesystem_real_inode() - whose pages does a mapping of @file show?
 *
 * Its own inode's; below an overlay those of the layer that has the data, as of
 * now: copying up can change the answer, once and for ever.
 */
struct inode *eg_filesystem_real_inode(const struct file *file);

/*
 * The same but for where an overlay has a file's attributes and its data in two
 * layers (metacopy): there that with the attributes. Never sleeps, which finding
 * the data may. Any context.
 */
struct inode *eg_filesystem_layer_inode(const struct file *file);
/* The layer's name of an overlay's regular file; any other name is itself. Any context. */
struct dentry *eg_filesystem_layer_dentry(struct dentry *dentry);

/*
 * Whether overlays are judged by their layers' files, for which a hook must tell
 * which one is mapped; else they are refused, as they are to begin with.
 */
void eg_filesystem_judge_overlays(bool judge);

/* An overlay: its inodes have no pages of their own. */
bool eg_filesystem_stacked(const struct inode *inode);

/**
 * eg_filesystem_judge() - may a file be judged at all?
 * @inode: the file's real inode
 * @type: set on ALLOWED
 *
 * Return: ALLOWED or the reason not to: NOT_REGULAR, MEMFD, UNTRUSTED_FS.
 */
enum execgate_reason eg_filesystem_judge(const struct file *file,
					 const struct inode *inode,
					 const struct eg_filesystem **type);

#endif /* EG_FILESYSTEM_H */
