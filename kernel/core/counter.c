// SPDX-License-Identifier: GPL-2.0
#include "core/counter.h"

#include <linux/string.h>

DEFINE_PER_CPU(struct eg_counters, eg_counters);

void eg_counter_sum(struct eg_counters *total)
{
	u64 *to = (u64 *)total;
	int cpu, i;

	BUILD_BUG_ON(sizeof(*total) % sizeof(u64));
	memset(total, 0, sizeof(*total));
	for_each_possible_cpu(cpu) {
		const u64 *from = (const u64 *)per_cpu_ptr(&eg_counters, cpu);

		for (i = 0; i < sizeof(*total) / sizeof(u64); i++)
			to[i] += READ_ONCE(from[i]);
	}
}
