/* SPDX-License-Identifier: GPL-2.0 */
/* Memory that the kernel keeps in a file of its own, which no directory has. */
#ifndef EG_MEMORY_H
#define EG_MEMORY_H

#include <linux/fs.h>

enum eg_memory {
	EG_MEMORY_FILE,	     /* none: a file that was opened */
	EG_MEMORY_ANONYMOUS, /* mmap(MAP_ANONYMOUS), shared or of huge pages */
	EG_MEMORY_PASSED,    /* by a descriptor or a number: memfd, System V */
	EG_MEMORY_DEVICE,    /* /dev/zero, mapped as the file that it is */
};

enum eg_memory eg_memory_kind(const struct file *file);

/**
 * eg_memory_sealed() - can nothing change the content of this memfd any more?
 *
 * It is sealed against writing, growing, shrinking and further seals. A seal is
 * never taken away, so a yes stays one as long as the inode lives. Memory of huge
 * pages is never called sealed: nothing reads it.
 */
bool eg_memory_sealed(const struct inode *inode);

#endif /* EG_MEMORY_H */
