/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_SLAB_H
#define SHIM_LINUX_SLAB_H

#include <linux/types.h>

#define GFP_KERNEL 1u
#define GFP_ATOMIC 2u
#define GFP_NOWAIT 4u
#define __GFP_NOWARN 8u
#define __GFP_ACCOUNT 16u
#define __GFP_ZERO 32u
#define GFP_KERNEL_ACCOUNT (GFP_KERNEL | __GFP_ACCOUNT)

void *kmalloc(size_t size, gfp_t flags);
void kfree(const void *pointer);

static inline void *kzalloc(size_t size, gfp_t flags)
{
	return kmalloc(size, flags | __GFP_ZERO);
}

static inline void *kvmalloc(size_t size, gfp_t flags)
{
	return kmalloc(size, flags);
}

static inline void *kvzalloc(size_t size, gfp_t flags)
{
	return kmalloc(size, flags | __GFP_ZERO);
}

static inline void *kvmalloc_array(size_t count, size_t size, gfp_t flags)
{
	size_t all;

	return __builtin_mul_overflow(count, size, &all) ? NULL :
							   kmalloc(all, flags);
}

static inline void *kvcalloc(size_t count, size_t size, gfp_t flags)
{
	return kvmalloc_array(count, size, flags | __GFP_ZERO);
}

struct kmem_cache {
	size_t size;
	unsigned int objects; /* nobody has freed */
};

#define SLAB_ACCOUNT 1u

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size,
				     unsigned int align, gfp_t flags,
				     void *none);
void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags);
void kmem_cache_free(struct kmem_cache *cache, void *object);
/* Ends the test if an object is left. */
void kmem_cache_destroy(struct kmem_cache *cache);

static inline void kvfree(const void *pointer)
{
	kfree(pointer);
}

#endif /* SHIM_LINUX_SLAB_H */
