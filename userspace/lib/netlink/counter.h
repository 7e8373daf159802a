/* SPDX-License-Identifier: GPL-2.0 */
/* The plain counters of the kernel's status: one table for JSON and for metrics. */
#ifndef EXECGATE_COUNTER_H
#define EXECGATE_COUNTER_H

#include <stddef.h>

#include "lib/netlink/event.h"

/**
 * struct execgate_counter - one counter of struct execgate_counters
 * @name: the key in JSON; stable
 * @metric: its name for Prometheus, behind "execgate_"; "_total" at its end says that it
 *	    only grows while the module stays loaded
 * @text: one sentence without its end
 * @offset: of the uint64_t
 */
struct execgate_counter {
	const char *name;
	const char *metric;
	const char *text;
	size_t offset;
};

#define EXECGATE_COUNTERS_MAX 19
extern const struct execgate_counter
	execgate_counter_table[EXECGATE_COUNTERS_MAX];

uint64_t execgate_counter_value(const struct execgate_counters *counters,
				const struct execgate_counter *counter);

#endif /* EXECGATE_COUNTER_H */
