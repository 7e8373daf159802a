// SPDX-License-Identifier: GPL-2.0
#include "core/counter.h"

#include <linux/kernel.h>

#include "cases.h"

static void test_sum(void **state)
{
	struct eg_counters total;

	for (shim_cpu = 0; shim_cpu < SHIM_CPUS; shim_cpu++) {
		eg_counter_inc(hook_calls[0]);
		eg_counter_inc(denies[EXECGATE_REASON_COUNT - 1]);
		eg_counter_add(bytes_hashed, 1ull << 40);
		eg_counter_add(inject, shim_cpu + 1);
	}
	memset(&total, 0xff, sizeof(total));
	eg_counter_sum(&total);
	assert_int_equal(total.hook_calls[0], SHIM_CPUS);
	assert_int_equal(total.hook_calls[1], 0);
	assert_int_equal(total.denies[EXECGATE_REASON_COUNT - 1], SHIM_CPUS);
	assert_int_equal(total.bytes_hashed, SHIM_CPUS * (1ull << 40));
	assert_int_equal(total.inject, SHIM_CPUS * (SHIM_CPUS + 1) / 2);
	assert_int_equal(total.verifies, 0);
}

int main(void)
{
	static const struct kernel_case cases[] = { KERNEL_CASE(test_sum) };

	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
