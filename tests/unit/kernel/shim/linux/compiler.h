/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_COMPILER_H
#define SHIM_LINUX_COMPILER_H

#define __rcu
#define __user
#define __must_check
#define READ_ONCE(x) (*(const volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, value) (*(volatile typeof(x) *)&(x) = (value))
#define likely(x) (x)
#define unlikely(x) (x)
#define barrier() __asm__ volatile("" ::: "memory")
#define smp_rmb() __sync_synchronize()
#define smp_mb() __sync_synchronize()
#define smp_mb__before_atomic() __sync_synchronize()
#define smp_mb__after_atomic() __sync_synchronize()

#endif /* SHIM_LINUX_COMPILER_H */
