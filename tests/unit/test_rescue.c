// SPDX-License-Identifier: GPL-2.0
/* Deadlines, counted boots, what is ignored, and remembered verdicts. */
#include <linux/execgate.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/config/boots.h"
#include "lib/config/deadline.h"
#include "lib/config/ignored.h"
#include "lib_support.h"
#include "lib/preflight/verdict_cache.h"

static char file[128];

static int make_rescue_dir(void **state)
{
	if (make_dir(state))
		return -1;
	snprintf(file, sizeof(file), "%s/file", dir);
	return 0;
}

static void write_text(const char *text)
{
	FILE *out = fopen(file, "w");

	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

static const struct {
	const char *text;
	uint64_t expected; /* 0: refused */
} times[] = {
	{ "60s", 60 },	   { "60", 60 },     { "5min", 300 }, { "2m", 120 },
	{ "1h", 3600 },	   { "24h", 86400 }, { "5", 5 },      { "4s", 0 },
	{ "25h", 0 },	   { "", 0 },	     { "s", 0 },      { "-60s", 0 },
	{ "60 s", 0 },	   { "1d", 0 },	     { "60S", 0 },    { "1.5h", 0 },
	{ "9999999s", 0 }, { "0", 0 },
};

static void test_times(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		uint64_t got = 0;
		int ret = execgate_deadline_parse(times[i].text, &got);

		if (times[i].expected ? ret || got != times[i].expected :
					ret != -EINVAL)
			fail_msg("\"%s\": %d, %llu", times[i].text, ret,
				 (unsigned long long)got);
	}
}

static void test_deadline(void **state)
{
	struct execgate_error err;
	uint64_t when;

	(void)state;
	assert_int_equal(execgate_deadline_read(dir, EXECGATE_DEADLINE_ASKED,
						&when),
			 -ENOENT);
	assert_int_equal(execgate_deadline_ask(dir, 5, &err), 0);
	assert_int_equal(execgate_deadline_ask(dir, 77, &err), 0);
	assert_int_equal(execgate_deadline_move(dir, EXECGATE_DEADLINE_ASKED,
						EXECGATE_DEADLINE_HELD),
			 0);
	assert_int_equal(execgate_deadline_read(dir, EXECGATE_DEADLINE_HELD,
						&when),
			 0);
	assert_int_equal(when, 77);
	/* There is one winner: who confirms, or who lets it pass. */
	assert_int_equal(execgate_deadline_remove(dir, EXECGATE_DEADLINE_HELD),
			 0);
	assert_int_equal(execgate_deadline_move(dir, EXECGATE_DEADLINE_HELD,
						EXECGATE_DEADLINE_PASSED),
			 -ENOENT);
	assert_int_equal(execgate_deadline_remove(dir, EXECGATE_DEADLINE_HELD),
			 -ENOENT);
}

static void test_bad_deadline(void **state)
{
	static const char *const texts[] = { "", "x\n", "-5\n", "12",
					     "99999999999999999999999\n" };
	uint64_t when;

	(void)state;
	snprintf(file, sizeof(file), "%s/deadline.held", dir);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		write_text(texts[i]);
		if (execgate_deadline_read(dir, EXECGATE_DEADLINE_HELD,
					   &when) != -EBADMSG)
			fail_msg("\"%s\" was taken", texts[i]);
	}
}

#define BOOT_A "00000000-0000-0000-0000-00000000000a"
#define BOOT_B "00000000-0000-0000-0000-00000000000b"

/* Each letter is a step: a digit a boot, h healthy, r reset; then what is so. */
static const struct {
	const char *why;
	const char *steps;
	unsigned int limit;
	bool may;
	unsigned int attempts;
} boots[] = {
	{ "the first", "1", 3, true, 1 },
	{ "the last that may", "123", 3, true, 3 },
	{ "one too many", "1234", 3, false, 3 },
	{ "and it stays so", "12345", 3, false, 3 },
	{ "a restart is no boot", "1111", 3, true, 1 },
	{ "a restart after falling back", "12344", 3, false, 3 },
	{ "healthy", "12h", 3, true, 0 },
	{ "healthy, then bad ones", "12h345", 3, true, 3 },
	{ "healthy after falling back is not", "1234h", 3, false, 3 },
	{ "nor is the next", "1234h5", 3, false, 3 },
	{ "decided anew", "1234r5", 3, true, 1 },
	{ "one attempt", "12", 1, false, 1 },
	{ "any number", "123456789", 0, true, 9 },
};

static void test_boots(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(boots); i++) {
		struct execgate_boots now = { "", 0, false };
		char id[2] = "0";
		bool may = true;

		for (const char *step = boots[i].steps; *step; step++) {
			if (*step == 'h') {
				execgate_boots_healthy(&now, id);
			} else if (*step == 'r') {
				execgate_boots_reset(&now, id);
			} else {
				id[0] = *step;
				may = execgate_boots_begin(&now, id,
							   boots[i].limit);
			}
		}
		if (may != boots[i].may || now.attempts != boots[i].attempts)
			fail_msg("%s: %d, %u", boots[i].why, may, now.attempts);
	}
}

static void test_boots_file(void **state)
{
	struct execgate_boots boots = { BOOT_A, 2, true }, read;
	struct execgate_error err;

	(void)state;
	execgate_boots_load(file, &read);
	assert_int_equal(read.attempts, 0);
	assert_int_equal(execgate_boots_store(file, &boots, &err), 0);
	execgate_boots_load(file, &read);
	assert_string_equal(read.boot, BOOT_A);
	assert_int_equal(read.attempts, 2);
	assert_true(read.fell_back);
	write_text("execgate-boots 1\nboot " BOOT_B "\nattempts 4000000000\n"
		   "fell-back 0\n");
	execgate_boots_load(file, &read);
	assert_int_equal(read.attempts, 0);
	write_text("execgate-boots 1\nboot " BOOT_B "\nattempts 2\n");
	execgate_boots_load(file, &read);
	assert_int_equal(read.attempts, 0);
}

static void test_ignored(void **state)
{
	struct execgate_ignored ignored;
	struct execgate_error err;

	(void)state;
	assert_int_equal(execgate_ignored_load(file, &ignored, &err), 0);
	assert_false(execgate_ignored_has(&ignored, 1, "/a"));
	assert_int_equal(execgate_ignored_add(&ignored, file, 1, "/a b\n",
					      &err),
			 0);
	assert_int_equal(execgate_ignored_add(&ignored, file, 2, "/c", &err),
			 0);
	execgate_ignored_free(&ignored);

	assert_int_equal(execgate_ignored_load(file, &ignored, &err), 0);
	assert_true(execgate_ignored_has(&ignored, 1, "/a b\n"));
	assert_true(execgate_ignored_has(&ignored, 2, "/c"));
	/* Another reason is another denial, and a part of a path is not it. */
	assert_false(execgate_ignored_has(&ignored, 2, "/a b\n"));
	assert_false(execgate_ignored_has(&ignored, 1, "/a"));
	assert_false(execgate_ignored_has(&ignored, 2, "/c/d"));
	assert_false(execgate_ignored_has(&ignored, 2, "c"));
	execgate_ignored_free(&ignored);
}

static void test_verdicts(void **state)
{
	uint8_t now[EXECGATE_GENERATION_SIZE] = { 1 }, later[32] = { 2 };
	struct execgate_verdict_cache cache = { 0 };
	struct stat old = { .st_dev = 1, .st_ino = 2, .st_size = 3 }, changed;

	(void)state;
	old.st_ctim.tv_sec = 100;
	changed = old;
	changed.st_ctim.tv_nsec = 1;
	execgate_verdict_cache_add(&cache, &old, 0, 200);
	/* Changed in this very moment: it may change again unseen. */
	execgate_verdict_cache_add(&cache, &changed, 0, 101);
	execgate_verdict_cache_store(&cache, file, now);
	execgate_verdict_cache_free(&cache);

	execgate_verdict_cache_load(&cache, file, now);
	assert_int_equal(cache.known.count, 1);
	assert_true(execgate_verdict_cache_has(&cache, &old, 0));
	assert_false(execgate_verdict_cache_has(&cache, &old, 1));
	assert_false(execgate_verdict_cache_has(&cache, &changed, 0));
	execgate_verdict_cache_free(&cache);

	execgate_verdict_cache_load(&cache, file, later);
	assert_int_equal(cache.known.count, 0);
	execgate_verdict_cache_free(&cache);
	/* Others could have written it. */
	assert_int_equal(chmod(file, 0666), 0);
	execgate_verdict_cache_load(&cache, file, now);
	assert_int_equal(cache.known.count, 0);
	execgate_verdict_cache_free(&cache);
}

#define WITH_DIR(test) \
	cmocka_unit_test_setup_teardown(test, make_rescue_dir, remove_dir)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times), WITH_DIR(test_deadline),
		WITH_DIR(test_bad_deadline),  cmocka_unit_test(test_boots),
		WITH_DIR(test_boots_file),    WITH_DIR(test_ignored),
		WITH_DIR(test_verdicts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
