// SPDX-License-Identifier: GPL-2.0
/* What preflight reports: each file once, and a command that mends many of them once. */
#include <fcntl.h>

#include "cli/common/output.c"
#include "cli/preflight/report.c"
#include "lib_support.h"

/* Of packages that every Debian has. */
static const char *const files[] = {
	"/usr/bin/env", "/usr/bin/dpkg", "/usr/bin/bash",
	"/usr/bin/sed", "/usr/bin/grep", "/usr/bin/tar",
};

/* The report, with its standard output in @out. */
static void report_to(const struct execgate_preflight *set, char *out,
		      size_t size)
{
	const struct preflight_result result = {
		.asked = set->count,
		.denied = set->count,
	};
	FILE *file = tmpfile();
	int saved = dup(STDOUT_FILENO);
	size_t got;

	assert_non_null(file);
	fflush(stdout);
	dup2(fileno(file), STDOUT_FILENO);
	preflight_report(set, &result, true);
	fflush(stdout);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	rewind(file);
	got = fread(out, 1, size - 1, file);
	out[got] = '\0';
	fclose(file);
}

static size_t times(const char *text, const char *what)
{
	size_t count = 0;

	while ((text = strstr(text, what))) {
		count++;
		text += strlen(what);
	}
	return count;
}

static void fill_set(struct execgate_preflight *set, uint32_t reason)
{
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		assert_true(execgate_preflight_add(set, files[i], NULL,
						   EXECGATE_PREFLIGHT_EXEC,
						   EXECGATE_PREFLIGHT_PATH,
						   NULL));
	for (size_t i = 0; i < set->count; i++)
		set->items[i].reason[EXECGATE_PREFLIGHT_EXEC] = reason;
}

/* A catalog mends them all, so that is said once, and not once a package. */
static void test_shared(void **state)
{
	struct execgate_preflight set = { 0 };
	static char out[65536];

	(void)state;
	fill_set(&set, EXECGATE_REASON_UNSIGNED);
	report_to(&set, out, sizeof(out));
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		assert_int_equal(times(out, files[i]), 1);
	assert_int_equal(times(out, "-> "), 1);
	assert_int_equal(times(out, "For 6 groups of these, once:"), 1);
	assert_int_equal(times(out, execgate_advice_packages()), 1);
	execgate_preflight_free(&set);
}

/* Each package has a command of its own, which stands with its files. */
static void test_own(void **state)
{
	struct execgate_preflight set = { 0 };
	static char out[65536];

	(void)state;
	fill_set(&set, EXECGATE_REASON_DIGEST_MISMATCH);
	report_to(&set, out, sizeof(out));
	assert_int_equal(times(out, "-> "), ARRAY_SIZE(files));
	assert_int_equal(times(out, "groups of these"), 0);
	assert_int_equal(times(out,
			       "-> apt-get install --reinstall coreutils\n"),
			 1);
	execgate_preflight_free(&set);
}

/* Files of no package are mended together, by one command that names each. */
static void test_nobodys(void **state)
{
	struct execgate_preflight set = { 0 };
	char folder[] = "/tmp/execgate-report-XXXXXX", path[3][64];
	static char out[65536];
	int fd;

	(void)state;
	assert_non_null(mkdtemp(folder));
	for (size_t i = 0; i < ARRAY_SIZE(path); i++) {
		snprintf(path[i], sizeof(path[i]), "%s/it's %zu", folder, i);
		fd = open(path[i], O_CREAT | O_WRONLY | O_CLOEXEC, 0755);
		assert_true(fd >= 0);
		close(fd);
		assert_true(execgate_preflight_add(&set, path[i], NULL,
						   EXECGATE_PREFLIGHT_EXEC,
						   EXECGATE_PREFLIGHT_ARGUMENT,
						   NULL));
		set.items[i].reason[EXECGATE_PREFLIGHT_EXEC] =
			EXECGATE_REASON_UNSIGNED;
	}
	report_to(&set, out, sizeof(out));
	assert_int_equal(times(out, "-> "), 1);
	assert_int_equal(times(out, execgate_advice_sign()), 1);
	assert_int_equal(times(out, "/it'\"'\"'s "), ARRAY_SIZE(path));
	for (size_t i = 0; i < ARRAY_SIZE(path); i++)
		unlink(path[i]);
	rmdir(folder);
	execgate_preflight_free(&set);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shared),
		cmocka_unit_test(test_own),
		cmocka_unit_test(test_nobodys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
