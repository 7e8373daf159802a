// SPDX-License-Identifier: GPL-2.0
/* What this very process executes from, and code that is in no file. */
#include <sys/mman.h>

#include "lib_support.h"
#include "lib/base/process_memory.h"
#include "lib/base/processes.h"

static unsigned int programs, libraries, others;

static void note_running(const struct execgate_running *running, void *arg)
{
	(void)arg;
	if (running->pid != getpid())
		return;
	programs += running->is_program;
	libraries += !running->is_program && strstr(running->path, "/libc.so");
	others += !S_ISREG(running->st.st_mode) || running->path[0] != '/';
}

static void test_walk(void **state)
{
	(void)state;
	execgate_processes_walk(note_running, NULL);
	assert_int_equal(programs, 1);
	assert_true(libraries > 0);
	assert_int_equal(others, 0);
}

static void test_free_code(void **state)
{
	void *page =
		mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)state;
	assert_ptr_not_equal(page, MAP_FAILED);
	assert_false(execgate_process_has_free_code(getpid()));
	assert_int_equal(mprotect(page, 4096, PROT_READ | PROT_EXEC), 0);
	assert_true(execgate_process_has_free_code(getpid()));
	munmap(page, 4096);
	assert_false(execgate_process_has_free_code(getpid()));
}

static bool stop_at_once(const struct execgate_mapping *mapping, void *arg)
{
	assert_true(mapping->from < mapping->to);
	++*(unsigned int *)arg;
	return false;
}

static void test_enough(void **state)
{
	unsigned int count = 0;

	(void)state;
	execgate_process_mappings(getpid(), stop_at_once, &count);
	assert_int_equal(count, 1);
	execgate_process_mappings(-1, stop_at_once, &count);
	assert_int_equal(count, 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walk),
		cmocka_unit_test(test_free_code),
		cmocka_unit_test(test_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
