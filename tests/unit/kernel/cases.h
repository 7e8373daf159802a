/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The units of kernel/ keep their state in statics and begin once: so each case
 * runs in a process of its own, and what it leaks shows when that ends.
 */
#ifndef KERNEL_CASES_H
#define KERNEL_CASES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "shim.h"

struct kernel_case {
	const char *name;
	void (*run)(void **state);
};

#define KERNEL_CASE(function) { #function, function }

/* Return: what main() is to return. */
int kernel_cases_run(const struct kernel_case *cases, size_t count);

/* Like assert_int_equal(), and says which row of a table it is. */
#define expect_equal(got, expected, why)                                      \
	do {                                                                  \
		long long got_ = (long long)(got);                            \
		long long expected_ = (long long)(expected);                  \
		if (got_ != expected_)                                        \
			fail_msg("%s: %s is %lld, not %lld", why, #got, got_, \
				 expected_);                                  \
	} while (0)

#endif /* KERNEL_CASES_H */
