/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_PERCPU_H
#define SHIM_LINUX_PERCPU_H

#include <linux/types.h>

#include "shim.h"

/* The variable itself is the first CPU's; shim.c holds those of the others. */
#define DECLARE_PER_CPU(type, name) extern type name
#define DEFINE_PER_CPU(type, name)                                 \
	type name;                                                 \
	static void __attribute__((constructor)) shim_##name(void) \
	{                                                          \
		shim_per_cpu_add(&name, sizeof(name));             \
	}                                                          \
	_Static_assert(sizeof(name), "for the semicolon")

#define per_cpu_ptr(pointer, cpu) ((typeof(pointer))shim_per_cpu(pointer, cpu))
#define this_cpu_add(variable, n) \
	(*(typeof(variable) *)shim_per_cpu(&(variable), shim_cpu) += (n))
#define this_cpu_inc(variable) this_cpu_add(variable, 1)
#define this_cpu_dec(variable) this_cpu_add(variable, -1)
#define this_cpu_xchg(variable, value)                                         \
	({                                                                     \
		typeof(variable) *here_ = shim_per_cpu(&(variable), shim_cpu); \
		typeof(variable) was_ = *here_;                                \
		*here_ = (value);                                              \
		was_;                                                          \
	})
#define this_cpu_cmpxchg(variable, old, value)                                 \
	({                                                                     \
		typeof(variable) *here_ = shim_per_cpu(&(variable), shim_cpu); \
		typeof(variable) was_ = *here_;                                \
		if (was_ == (old))                                             \
			*here_ = (value);                                      \
		was_;                                                          \
	})
#define for_each_possible_cpu(cpu) for (cpu = 0; cpu < SHIM_CPUS; cpu++)

#endif /* SHIM_LINUX_PERCPU_H */
