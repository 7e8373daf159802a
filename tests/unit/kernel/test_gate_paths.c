// SPDX-License-Identifier: GPL-2.0
/* Path rules at the gate: kept with a verdict, and held against each use of it. */
#include "gate.h"

#include <linux/kernel.h>

#include "core/cache.h"
#include "cases.h"
#include "folders.h"
#include "gated.h"

/* A verdict in memory is of a content: where the file is is looked at each time. */
static void test_paths(void **state)
{
	struct super_block other = fake_disk;
	int i;

	fake_path = "/usr/bin/tool";
	folder_add("/usr/bin", &fake_disk, "/bin");
	gate_begin('a', PROGRAM);
	for (i = 0; i < 2; i++) {
		file.f_path.dentry->name = "/bin/tool";
		assert_int_equal(eg_gate_admit(&req), 0);
		assert_int_equal(eg_gate_admit_to_map(&req), 0);
		expect_told(R(ALLOWED), ENFORCE, "in its place");
		file.f_path.dentry->name = "/bin/other";
		assert_int_equal(eg_gate_admit(&req), -EPERM);
		expect_told(R(WRONG_PATH), ENFORCE, "renamed");
		assert_int_equal(eg_gate_admit_to_map(&req), -EPERM);
		expect_told(R(WRONG_PATH), ENFORCE, "renamed and mapped");
		file.f_path.dentry->name = "/bin/tool";
		folders[0].dentry.d_sb = &other;
		assert_int_equal(eg_gate_admit(&req), -EPERM);
		expect_told(R(WRONG_PATH), ENFORCE, "something over its place");
		folders[0].dentry.d_sb = &fake_disk;
	}
	/* One verdict served all of them. */
	assert_int_equal(misses(), 1);
	assert_int_equal(eg_cache_entries(), 1);
	assert_int_equal(folder_lookups, 10);
	/* mprotect may not sleep, so nothing is looked up there. */
	assert_int_equal(eg_gate_admit_cached(&req), -EPERM);
	expect_told(R(MPROTECT), ENFORCE, "made executable later");
	assert_int_equal(folder_lookups, 10);
	set_policy(ENFORCE, 0, BIT(EXECGATE_GATE_REVERIFY));
	assert_int_equal(eg_gate_admit(&req), 0);
	file.f_path.dentry->name = "/tool";
	assert_int_equal(eg_gate_admit(&req), -EPERM);
	expect_told(R(WRONG_PATH), ENFORCE, "judged anew");
	/* A wrong place makes no bad content. */
	assert_int_equal(eg_cache_entries(), 1);
	set_policy(AUDIT, BIT(EXECGATE_GATE_REVERIFY), 0);
	assert_int_equal(eg_gate_admit(&req), 0);
	expect_told(R(WRONG_PATH), AUDIT, "in audit");
	assert_true(folders_free());
	gate_end();
}

static void test_paths_reported(void **state)
{
	fake_path = "/usr/bin/tool";
	fake_path_strength = EG_RULE_REPORT;
	folder_add("/usr/bin", &fake_disk, "/bin");
	gate_begin('a', PROGRAM);
	file.f_path.dentry->name = "/bin/other";
	assert_int_equal(eg_gate_admit(&req), 0);
	expect_told(R(WRONG_PATH), AUDIT, "runs");
	assert_int_equal(eg_gate_admit_to_map(&req), 0);
	expect_told(R(WRONG_PATH), AUDIT, "is mapped");
	req.reported = true;
	assert_int_equal(eg_gate_admit_to_map(&req), 0);
	expect_told(R(ALLOWED), AUDIT, "once for an exec");
	/* What is only reported is not refused for want of a lookup. */
	assert_int_equal(eg_gate_admit_cached(&req), 0);
	expect_told(R(ALLOWED), AUDIT, "made executable later");
	file.f_path.dentry->name = "/bin/tool";
	assert_int_equal(eg_gate_admit(&req), 0);
	expect_told(R(ALLOWED), AUDIT, "in its place");
	gate_end();
}

/* What is asked tells of the place that was asked about. */
static void test_paths_explained(void **state)
{
	struct eg_verdict verdict;
	int i;

	fake_path = "/usr/bin/tool";
	folder_add("/usr/bin", &fake_disk, "/bin");
	gate_begin('a', PROGRAM);
	for (i = 0; i < 2; i++) {
		file.f_path.dentry->name = "/bin/tool";
		eg_gate_explain(&req, &verdict);
		assert_int_equal(verdict.reason, R(ALLOWED));
		assert_int_equal(verdict.cached, i);
		assert_null(verdict.paths);
		file.f_path.dentry->name = "/tool";
		eg_gate_explain(&req, &verdict);
		assert_int_equal(verdict.reason, R(WRONG_PATH));
		assert_null(verdict.paths);
		/* By a verdict in memory, while a writer keeps a new one from it. */
		inode.i_writecount.counter = i;
		eg_gate_explain(&req, &verdict);
		assert_int_equal(verdict.reason, R(WRONG_PATH));
		inode.i_writecount.counter = 0;
		file.f_path.dentry->name = "/bin/tool";
		assert_int_equal(eg_gate_admit(&req), 0);
	}
	gate_end();
}

/* Whichever allocation fails: nothing runs but from its place. */
static void test_paths_no_memory(void **state)
{
	unsigned int nth;
	int err = -1;

	fake_path = "/usr/bin/tool";
	folder_add("/usr/bin", &fake_disk, "/bin");
	gate_begin('a', PROGRAM);
	file.f_path.dentry->name = "/tool";
	for (nth = 1; nth < 20; nth++) {
		shim_fail_allocation(nth);
		assert_int_equal(eg_gate_admit(&req), -EPERM);
		shim_fail_allocation(0);
		eg_cache_forget(&inode);
	}
	file.f_path.dentry->name = "/bin/tool";
	for (nth = 1; err; nth++) {
		shim_fail_allocation(nth);
		err = eg_gate_admit(&req);
		shim_fail_allocation(0);
		eg_cache_forget(&inode);
	}
	assert_true(nth > 3);
	assert_true(folders_free());
	gate_end();
}

int main(void)
{
	static const struct kernel_case cases[] = {
		KERNEL_CASE(test_paths),
		KERNEL_CASE(test_paths_reported),
		KERNEL_CASE(test_paths_explained),
		KERNEL_CASE(test_paths_no_memory),
	};

	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
