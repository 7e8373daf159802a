/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_REFCOUNT_H
#define SHIM_LINUX_REFCOUNT_H

#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/spinlock.h>

typedef struct {
	atomic_t refs;
} refcount_t;

static inline void refcount_set(refcount_t *r, int value)
{
	atomic_set(&r->refs, value);
}

static inline int refcount_read(const refcount_t *r)
{
	return atomic_read(&r->refs);
}

/* A reference out of nothing is a use after free to be. */
static inline void refcount_inc(refcount_t *r)
{
	BUG_ON(refcount_read(r) <= 0);
	atomic_inc(&r->refs);
}

static inline bool refcount_inc_not_zero(refcount_t *r)
{
	if (!refcount_read(r))
		return false;
	refcount_inc(r);
	return true;
}

static inline bool refcount_dec_and_test(refcount_t *r)
{
	BUG_ON(refcount_read(r) <= 0);
	return atomic_dec_and_test(&r->refs);
}

#define refcount_dec_and_lock_irqsave(r, lock, flags)  \
	({                                             \
		bool last_ = refcount_dec_and_test(r); \
		*(flags) = 0;                          \
		if (last_)                             \
			spin_lock(lock);               \
		last_;                                 \
	})

#endif /* SHIM_LINUX_REFCOUNT_H */
