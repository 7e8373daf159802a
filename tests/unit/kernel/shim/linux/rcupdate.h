/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_RCUPDATE_H
#define SHIM_LINUX_RCUPDATE_H

#include <linux/kernel.h>

#include "shim.h"

static inline void rcu_read_lock(void)
{
	shim_rcu++;
}

static inline void rcu_read_unlock(void)
{
	BUG_ON(!shim_rcu);
	shim_rcu--;
}

/* What waits for readers to have gone is called by these two. */
void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head));
void synchronize_rcu(void);
/* Counts as freed at once, and is so when no reader can be left. */
void shim_free_later(void *pointer, struct rcu_head *head);
#define synchronize_rcu_tasks() synchronize_rcu()

static inline void rcu_barrier(void)
{
	synchronize_rcu();
}

#define rcu_dereference(pointer)    \
	({                          \
		BUG_ON(!shim_rcu);  \
		READ_ONCE(pointer); \
	})
#define rcu_dereference_check(pointer, condition)  \
	({                                         \
		BUG_ON(!shim_rcu && !(condition)); \
		READ_ONCE(pointer);                \
	})
#define lockdep_is_held(lock) ((lock)->held)
#define rcu_access_pointer(pointer) READ_ONCE(pointer)
#define kfree_rcu(pointer, member)                    \
	do {                                          \
		__typeof__(pointer) old_ = (pointer); \
		shim_free_later(old_, &old_->member); \
	} while (0)
#define rcu_dereference_protected(pointer, condition) \
	({                                            \
		BUG_ON(!(condition));                 \
		(pointer);                            \
	})
#define rcu_assign_pointer(pointer, value) WRITE_ONCE(pointer, value)
#define RCU_INIT_POINTER(pointer, value) WRITE_ONCE(pointer, value)

#endif /* SHIM_LINUX_RCUPDATE_H */
