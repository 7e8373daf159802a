/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_MM_H
#define SHIM_LINUX_MM_H

#include <linux/fs.h>
#include <linux/slab.h>

#define VM_EXEC 4u

struct vm_area_struct {
	unsigned long vm_flags;
	struct {
		struct rb_node rb;
	} shared;
};

static inline unsigned long totalram_pages(void)
{
	return 100000;
}

#endif /* SHIM_LINUX_MM_H */
