/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files that interpreters have open as code. A verdict is of a content, and an
 * interpreter reads later, and piece by piece. So each of its reads is held against the
 * content that was judged: it fails if anybody came to write to the file since.
 *
 * Nobody is kept from writing: whoever can read a file could keep its owner away.
 */
#ifndef EG_READING_H
#define EG_READING_H

#include <linux/fs.h>
#include <linux/uidgid.h>

#include "core/request.h"

int eg_reading_init(void);
/* No hook runs: wait for reads that are under way. */
void eg_reading_exit(void);

/* Only while the hook is attached that sees files close; off: nothing is known. */
void eg_reading_enable(bool on);

/**
 * eg_reading_begin() - judge a file that current's program reads as code
 * @req: with file and inode; gate, classes, reports and quiet say what a denial is
 *
 * Sleeps. Return: 0 or -EPERM, the mode applied.
 */
int eg_reading_begin(const struct eg_request *req);

/*
 * May nobody but root write to it, as far as owner and mode tell? The group's bits are
 * the mask of an access list, too, so that group root is not root.
 */
static inline bool eg_reading_root_writes(const struct inode *inode)
{
	return uid_eq(inode->i_uid, GLOBAL_ROOT_UID) &&
	       !(inode->i_mode & (S_IWGRP | S_IWOTH));
}

#endif /* EG_READING_H */
