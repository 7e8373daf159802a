/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_BINFMTS_H
#define SHIM_LINUX_BINFMTS_H

#include <linux/fs.h>

/* The words of a program that is to be are from @p to @exec of its memory. */
struct linux_binprm {
	struct mm_struct *mm;
	unsigned long p;
	unsigned long exec;
	int argc;
};

#endif /* SHIM_LINUX_BINFMTS_H */
