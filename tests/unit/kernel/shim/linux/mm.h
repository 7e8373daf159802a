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

#define PAGE_SIZE 4096ul
#define offset_in_page(address) ((unsigned long)(address) & (PAGE_SIZE - 1))
#define FOLL_FORCE 1u

struct page {
	u8 bytes[PAGE_SIZE];
	int references;
};

/* Memory of a program that is to be: @pages from address 0 on; NULL: not there. */
long get_user_pages_remote(struct mm_struct *mm, unsigned long at,
			   unsigned long count, unsigned int flags,
			   struct page **pages, int *locked);

static inline void put_page(struct page *page)
{
	page->references--;
}

static inline void mmap_read_lock(struct mm_struct *mm)
{
	shim_may_sleep();
	mm->locked++;
}

static inline void mmap_read_unlock(struct mm_struct *mm)
{
	mm->locked--;
}

static inline unsigned long totalram_pages(void)
{
	return 100000;
}

#endif /* SHIM_LINUX_MM_H */
