/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Operands: the files that a process was told by its command line to read as code
 * (format/cmdline.h). Immutable but for which of them were opened, counted, and
 * shared by a process and what is forked from it.
 */
#ifndef EG_OPERANDS_H
#define EG_OPERANDS_H

#include <linux/fs.h>
#include <linux/types.h>

#include "format/cmdline.h"
#include "format/rules.h"

struct eg_operands;

/**
 * eg_operands_with() - these, and what a command line says besides
 * @old: or NULL
 * @found: its names are copied. Lost ones make every file count
 *
 * Return: a reference; NULL: -ENOMEM.
 */
struct eg_operands *eg_operands_with(const struct eg_operands *old,
				     const struct eg_cmdline *found, gfp_t gfp);

/* NULL is none. */
struct eg_operands *eg_operands_get(struct eg_operands *operands);
void eg_operands_put(struct eg_operands *operands);

/**
 * eg_operands_have() - is a file that current opens one of them?
 *
 * By the last component of the names, since interpreters look along paths, or by
 * the file, since some resolve links first. The file is asked for until an operand
 * was met, and only in the kernel's cache of names: no file system's time is taken.
 */
bool eg_operands_have(struct eg_operands *operands,
		      const struct eg_opened *opened,
		      const struct inode *inode);

/* Does a name lead to this file, as far as the kernel's cache of names knows? */
bool eg_operands_lead_to(const u8 *name, const struct inode *inode);

#endif /* EG_OPERANDS_H */
