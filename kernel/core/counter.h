/* SPDX-License-Identifier: GPL-2.0 */
/* Counters for status: per CPU, exact, never reset while the module is loaded. */
#ifndef EG_COUNTER_H
#define EG_COUNTER_H

#include <linux/execgate.h>
#include <linux/percpu.h>

struct eg_counters {
	u64 hook_calls[EXECGATE_HOOK_COUNT];
	u64 denies[EXECGATE_REASON_COUNT];
	u64 denied; /* of those, in force */
	u64 cache_hits;
	u64 cache_misses;
	u64 verifies;
	u64 bytes_hashed;
	u64 anon_exec;
	u64 inject;
	u64 inline_code;
};

DECLARE_PER_CPU(struct eg_counters, eg_counters);

#define eg_counter_add(field, n) this_cpu_add(eg_counters.field, n)
#define eg_counter_inc(field) this_cpu_inc(eg_counters.field)

/* Sum over all CPUs that ever were. */
void eg_counter_sum(struct eg_counters *total);

#endif /* EG_COUNTER_H */
