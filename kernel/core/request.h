/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EG_REQUEST_H
#define EG_REQUEST_H

#include <linux/execgate.h>
#include <linux/fs.h>

#include "rules/origin.h"

struct linux_binprm;

/* What a hook asks: may this file be used so? Lives on the hook's stack. */
struct eg_request {
	enum execgate_hook hook;
	enum execgate_gate gate; /* of whose denials this would be one */
	u16 classes;		 /* any of these in the manifest will do */
	struct file *file; /* borrowed; NULL when only a dentry, or nothing */
	/*
	 * Whose pages would run: the file's inode, or the one below an overlay
	 * (filesystem.h), looked up once so that all is said about the same.
	 * It lives as long as the file.
	 */
	struct inode *inode;
	struct dentry *dentry; /* borrowed; used when there is no file; or NULL:
				* what is asked about is in memory only */
	const struct linux_binprm *bprm; /* of an exec, borrowed; or NULL */
	bool reported; /* an earlier hook of this exec told it already */
	bool atomic;   /* must not sleep, though other calls of @hook may */
	bool reports; /* a rule that only reports asks: told of, and let through */
	bool constrained; /* though the gate is off: for current's user or unit it is on */
	bool quiet;	/* a denial is counted and not told of */
	bool *hardened; /* or NULL: filled when it is admitted by its verdict */
	struct eg_origin **origin; /* the same; the reference is the caller's */
	bool unruled; /* nobody had rules of processes when this was asked */
};

#endif /* EG_REQUEST_H */
