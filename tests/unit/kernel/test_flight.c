// SPDX-License-Identifier: GPL-2.0
#include "core/flight.h"

#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sched.h>

#include "cases.h"

static struct inode a, b;
static struct eg_flight *leader;
static unsigned long waited;

static void lands(unsigned long ticks)
{
	waited += ticks;
	eg_flight_end(leader);
}

static void takes_long(unsigned long ticks)
{
	waited += ticks;
}

static void is_killed(unsigned long ticks)
{
	shim_current.killed = true;
}

static void must_not_wait(unsigned long ticks)
{
	fail_msg("it waits");
}

static void test_alone(void **state)
{
	struct eg_flight *other;

	shim_while_waiting = must_not_wait;
	leader = eg_flight_begin(&a);
	other = eg_flight_begin(&b);
	assert_false(IS_ERR_OR_NULL(leader));
	assert_false(IS_ERR_OR_NULL(other));
	eg_flight_end(leader);
	/* It has ended: the next one leads. */
	leader = eg_flight_begin(&a);
	assert_false(IS_ERR_OR_NULL(leader));
	eg_flight_end(leader);
	eg_flight_end(other);
	assert_int_equal(shim_allocated(), 0);
}

static void test_second(void **state)
{
	leader = eg_flight_begin(&a);
	shim_while_waiting = lands;
	assert_null(eg_flight_begin(&a));
	assert_int_equal(waited, HZ);
	assert_int_equal(shim_allocated(), 0);
}

/* Whoever has waited a second leads as well, and others follow him. */
static void test_patience(void **state)
{
	struct eg_flight *first = eg_flight_begin(&a), *second;

	shim_while_waiting = takes_long;
	second = eg_flight_begin(&a);
	assert_int_equal(waited, HZ);
	assert_false(IS_ERR_OR_NULL(second));
	assert_ptr_not_equal(first, second);
	leader = second;
	shim_while_waiting = lands;
	assert_null(eg_flight_begin(&a));
	/* The first has not landed yet. */
	leader = first;
	assert_null(eg_flight_begin(&a));
	assert_int_equal(shim_allocated(), 0);
}

static void test_killed(void **state)
{
	leader = eg_flight_begin(&a);
	shim_while_waiting = is_killed;
	assert_int_equal(PTR_ERR(eg_flight_begin(&a)), -EINTR);
	assert_int_equal(shim_allocated(), 1);
	eg_flight_end(leader);
	assert_int_equal(shim_allocated(), 0);
}

static void test_no_memory(void **state)
{
	shim_fail_allocation(1);
	assert_int_equal(PTR_ERR(eg_flight_begin(&a)), -ENOMEM);
}

int main(void)
{
	static const struct kernel_case cases[] = {
		KERNEL_CASE(test_alone),     KERNEL_CASE(test_second),
		KERNEL_CASE(test_patience),  KERNEL_CASE(test_killed),
		KERNEL_CASE(test_no_memory),
	};

	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
