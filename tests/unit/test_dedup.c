// SPDX-License-Identifier: GPL-2.0
#include "lib/events/dedup.h"
#include "lib_support.h"

#define WINDOW EXECGATE_DEDUP_WINDOW_NSEC

/* What was shown, in order. */
static struct {
	uint64_t sequence[512];
	uint64_t count[512];
	bool repeated[512];
	size_t used;
} shown;

static struct execgate_dedup dedup;

static void show(const struct execgate_event *event, uint64_t count,
		 bool repeated, void *arg)
{
	assert_ptr_equal(arg, &shown);
	assert_true(shown.used < ARRAY_SIZE(shown.sequence));
	shown.sequence[shown.used] = event->sequence;
	shown.count[shown.used] = count;
	shown.repeated[shown.used++] = repeated;
}

static struct execgate_event base_event(void)
{
	struct execgate_event event = {
		.reason = EXECGATE_REASON_UNSIGNED,
		.hook = EXECGATE_HOOK_BPRM_CHECK,
		.mode = EXECGATE_MODE_ENFORCE,
		.dev = 5,
		.ino = 7,
		.uid = 1000,
		.path = "/tmp/x",
		.exe = "/usr/bin/bash",
	};

	return event;
}

static void add(struct execgate_event event, uint64_t sequence, uint64_t now)
{
	event.sequence = sequence;
	execgate_dedup_add(&dedup, &event, now, show, &shown);
}

static void expect(size_t at, uint64_t sequence, uint64_t count, bool repeated)
{
	assert_true(at < shown.used);
	assert_int_equal(shown.sequence[at], sequence);
	assert_int_equal(shown.count[at], count);
	assert_int_equal(shown.repeated[at], repeated);
}

static int reset(void **state)
{
	(void)state;
	memset(&dedup, 0, sizeof(dedup));
	memset(&shown, 0, sizeof(shown));
	return 0;
}

static void test_first_at_once_then_a_count(void **state)
{
	struct execgate_event event = base_event();

	(void)state;
	add(event, 1, 0);
	expect(0, 1, 1, false);
	for (uint64_t i = 2; i <= 100; i++)
		add(event, i, i);
	assert_int_equal(shown.used, 1);
	assert_int_equal(execgate_dedup_next(&dedup), WINDOW);
	execgate_dedup_expire(&dedup, WINDOW - 1, show, &shown);
	assert_int_equal(shown.used, 1);
	execgate_dedup_expire(&dedup, WINDOW, show, &shown);
	expect(1, 100, 99, true);
	/* It goes on: still only a count, in a window of its own. */
	add(event, 101, WINDOW + 1);
	assert_int_equal(shown.used, 2);
	execgate_dedup_expire(&dedup, 2 * WINDOW, show, &shown);
	expect(2, 101, 1, true);
}

static void test_quiet_window_ends_it(void **state)
{
	struct execgate_event event = base_event();

	(void)state;
	add(event, 1, 0);
	execgate_dedup_expire(&dedup, WINDOW, show, &shown);
	assert_int_equal(shown.used, 1);
	assert_true(execgate_dedup_next(&dedup) == UINT64_MAX);
	add(event, 2, WINDOW + 5);
	expect(1, 2, 1, false);
}

/* Each of these makes it another denial. */
static void test_what_tells_apart(void **state)
{
	struct execgate_event events[10];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(events); i++)
		events[i] = base_event();
	events[1].reason = EXECGATE_REASON_MALFORMED;
	events[2].hook = EXECGATE_HOOK_MMAP_FILE;
	events[3].dev++;
	events[4].ino++;
	events[5].uid++;
	strcpy(events[6].path, "/tmp/y");
	strcpy(events[7].exe, "/usr/bin/dash");
	events[8].mode = EXECGATE_MODE_AUDIT;
	strcpy(events[9].cgroup_path, "/system.slice/web.service");
	for (size_t i = 0; i < ARRAY_SIZE(events); i++)
		add(events[i], i + 1, 0);
	assert_int_equal(shown.used, ARRAY_SIZE(events));
	for (size_t i = 0; i < ARRAY_SIZE(events); i++)
		expect(i, i + 1, 1, false);
}

/* And each of these does not: a loop of new processes is still one denial. */
static void test_what_does_not(void **state)
{
	struct execgate_event event = base_event();

	(void)state;
	add(event, 1, 0);
	event.pid = 4711;
	event.tid = 4712;
	event.time_nsec = 99;
	strcpy(event.comm, "other");
	add(event, 2, 0);
	assert_int_equal(shown.used, 1);
}

static void test_full_table_drops_no_count(void **state)
{
	struct execgate_event event = base_event();
	uint64_t sequence = 1, sum = 0;

	(void)state;
	/* The oldest has a count when it has to make room. */
	add(event, sequence++, 0);
	add(event, sequence++, 0);
	for (size_t i = 0; i < 2 * EXECGATE_DEDUP_SLOTS; i++) {
		event.ino++;
		add(event, sequence++, i + 1);
		add(event, sequence++, i + 1);
	}
	execgate_dedup_flush(&dedup, show, &shown);
	for (size_t i = 0; i < shown.used; i++)
		sum += shown.count[i];
	assert_int_equal(sum, sequence - 1);
	execgate_dedup_flush(&dedup, show, &shown);
	assert_true(execgate_dedup_next(&dedup) == UINT64_MAX);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_first_at_once_then_a_count, reset),
		cmocka_unit_test_setup(test_quiet_window_ends_it, reset),
		cmocka_unit_test_setup(test_what_tells_apart, reset),
		cmocka_unit_test_setup(test_what_does_not, reset),
		cmocka_unit_test_setup(test_full_table_drops_no_count, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
