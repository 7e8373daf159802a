// SPDX-License-Identifier: GPL-2.0
#include "core/flight.h"

#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sched.h>

#include "cases.h"

static struct inode a, b;
static struct eg_flight first, second, third;
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
	shim_while_waiting = must_not_wait;
	assert_int_equal(eg_flight_begin(&first, &a), 0);
	assert_int_equal(eg_flight_begin(&second, &b), 0);
	eg_flight_end(&first);
	/* It has ended: the next one leads. */
	assert_int_equal(eg_flight_begin(&third, &a), 0);
	eg_flight_end(&third);
	eg_flight_end(&second);
	assert_int_equal(shim_atomic, 0);
}

static void test_second(void **state)
{
	assert_int_equal(eg_flight_begin(&first, &a), 0);
	leader = &first;
	shim_while_waiting = lands;
	assert_int_equal(eg_flight_begin(&second, &a), -EAGAIN);
	assert_int_equal(waited, HZ);
	/* Nobody leads now. */
	shim_while_waiting = must_not_wait;
	assert_int_equal(eg_flight_begin(&second, &a), 0);
	eg_flight_end(&second);
}

/* Several wait for one leader, one inside the other. */
static void another_waits(unsigned long ticks)
{
	shim_while_waiting = lands;
	assert_int_equal(eg_flight_begin(&third, &a), -EAGAIN);
}

static void test_third(void **state)
{
	assert_int_equal(eg_flight_begin(&first, &a), 0);
	leader = &first;
	shim_while_waiting = another_waits;
	assert_int_equal(eg_flight_begin(&second, &a), -EAGAIN);
	assert_int_equal(shim_atomic, 0);
}

/* One that has waited a second leads as well, and others follow it. */
static void test_patience(void **state)
{
	assert_int_equal(eg_flight_begin(&first, &a), 0);
	shim_while_waiting = takes_long;
	assert_int_equal(eg_flight_begin(&second, &a), 0);
	assert_int_equal(waited, HZ);
	leader = &second;
	shim_while_waiting = lands;
	assert_int_equal(eg_flight_begin(&third, &a), -EAGAIN);
	/* The first has not landed yet. */
	leader = &first;
	assert_int_equal(eg_flight_begin(&third, &a), -EAGAIN);
}

static void test_killed(void **state)
{
	assert_int_equal(eg_flight_begin(&first, &a), 0);
	shim_while_waiting = is_killed;
	assert_int_equal(eg_flight_begin(&second, &a), -EINTR);
	/* Its place among those who wait has gone with it. */
	eg_flight_end(&first);
	shim_while_waiting = must_not_wait;
	assert_int_equal(eg_flight_begin(&first, &a), 0);
	eg_flight_end(&first);
}

int main(void)
{
	static const struct kernel_case cases[] = {
		KERNEL_CASE(test_alone),  KERNEL_CASE(test_second),
		KERNEL_CASE(test_third),  KERNEL_CASE(test_patience),
		KERNEL_CASE(test_killed),
	};

	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
