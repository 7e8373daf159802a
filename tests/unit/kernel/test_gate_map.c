// SPDX-License-Identifier: GPL-2.0
/* What is mapped, made executable, written to, and what it may do then. */
#include "gate.h"

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/sched.h>

#include "core/cache.h"
#include "cases.h"
#include "gated.h"
#include "support.h"

/* Mapping: who is kept out, and with which verdict. */
static const struct {
	enum execgate_mode mode;
	bool seal;
	bool overlay;
	char signer;
	int bridge;
	unsigned int bridges; /* asked for */
	bool excludes;
	enum execgate_reason reason;
	const char *why;
} maps[] = {
	{ ENFORCE, 1, 0, 'a', 0, 1, 1, R(ALLOWED), "sealed" },
	{ ENFORCE, 0, 0, 'a', 0, 0, 0, R(ALLOWED), "gate seal is off" },
	{ AUDIT, 1, 0, 'a', 0, 0, 0, R(ALLOWED), "audit keeps nobody out" },
	{ ENFORCE, 1, 0, 'u', 0, 0, 0, R(UNKNOWN_SIGNER), "not verified" },
	{ ENFORCE, 1, 0, 'a', -EBUSY, 1, 1, R(WRITER_OPEN), "a writer" },
	{ ENFORCE, 1, 0, 'a', -ENOMEM, 1, 1, R(NO_MEMORY), "no memory" },
	{ ENFORCE, 1, 0, 'a', -EINTR, 1, 1, R(INTERRUPTED), "it exits" },
	{ ENFORCE, 1, 1, 'a', 0, 1, 1, R(ALLOWED), "below an overlay" },
	{ ENFORCE, 0, 1, 'a', 0, 1, 0, R(ALLOWED), "there, not sealed" },
	{ AUDIT, 1, 1, 'a', 0, 1, 0, R(ALLOWED), "there, in audit" },
	{ ENFORCE, 1, 1, 'u', 0, 1, 0, R(UNKNOWN_SIGNER), "there, denied" },
	{ AUDIT, 0, 1, 'a', -ENOMEM, 1, 0, R(NO_MEMORY), "no memory there" },
	{ AUDIT, 1, 1, 'u', -ENOMEM, 1, 0, R(UNKNOWN_SIGNER),
	  "the first reason" },
};

static void test_maps(void **state)
{
	struct super_block overlay = { .s_magic = OVERLAYFS_SUPER_MAGIC,
				       .s_user_ns = &init_user_ns };
	struct inode upper = { .i_sb = &overlay, .i_mode = S_IFREG };
	size_t i;

	gate_begin('a', PROGRAM);
	for (i = 0; i < ARRAY_SIZE(maps); i++) {
		bytes_free(bytes);
		bytes = forge_program(maps[i].signer, PROGRAM);
		fake_file(&file, &inode, bytes);
		if (maps[i].overlay) {
			file.f_inode = &upper;
			file.f_path.dentry->real = &inode;
		}
		set_policy(maps[i].mode, BIT(EXECGATE_GATE_SEAL),
			   maps[i].seal ? BIT(EXECGATE_GATE_SEAL) : 0);
		bridges = 0;
		bridge_result = maps[i].bridge;
		expect_equal(eg_gate_admit_to_map(&req),
			     maps[i].reason && maps[i].mode == ENFORCE ?
				     -EPERM :
				     0,
			     maps[i].why);
		expect_told(maps[i].reason, maps[i].mode, maps[i].why);
		expect_equal(bridges, maps[i].bridges, maps[i].why);
		if (bridges) {
			expect_equal(bridge_excludes, maps[i].excludes,
				     maps[i].why);
			expect_equal(bridge_gfp, GFP_KERNEL, maps[i].why);
		}
		eg_cache_forget(&inode);
	}
	gate_end();
}

/* What is told to writers costs nothing; the bridge is for when that does not do. */
static void test_announced(void **state)
{
	static const struct {
		enum execgate_hook hook;
		enum execgate_mode mode;
		bool seal;
		bool works;
		int writers;
		unsigned int announced; /* judged or from the cache */
		unsigned int bridges;
		const char *why;
	} rows[] = {
		{ EXECGATE_HOOK_MMAP_FILE, ENFORCE, 1, 1, 0, 1, 0,
		  "announced" },
		{ EXECGATE_HOOK_MMAP_FILE, ENFORCE, 1, 1, -1, 1, 0,
		  "writers are kept out already" },
		{ EXECGATE_HOOK_MMAP_FILE, ENFORCE, 1, 0, 0, 1, 1,
		  "no place to announce it" },
		{ EXECGATE_HOOK_MMAP_FILE, ENFORCE, 0, 1, 0, 0, 0,
		  "gate seal is off" },
		{ EXECGATE_HOOK_MMAP_FILE, AUDIT, 1, 1, 0, 0, 0,
		  "audit keeps nobody out" },
		{ EXECGATE_HOOK_BPRM_CHECK, ENFORCE, 1, 1, 0, 0, 1,
		  "an exec that has no pid yet" },
	};
	size_t i;

	gate_begin('a', PROGRAM);
	/* Each judged, then twice from the cache. */
	for (i = 0; i < 3 * ARRAY_SIZE(rows); i++) {
		req.hook = rows[i / 3].hook;
		if (i % 3 == 0) {
			eg_cache_forget(&inode);
			set_policy(rows[i / 3].mode, BIT(EXECGATE_GATE_SEAL),
				   rows[i / 3].seal ? BIT(EXECGATE_GATE_SEAL) :
						      0);
		}
		inode.i_writecount.counter = rows[i / 3].writers;
		announce_works = rows[i / 3].works;
		announcements = 0;
		bridges = 0;
		expect_equal(eg_gate_admit_to_map(&req), 0, rows[i / 3].why);
		expect_told(R(ALLOWED), rows[i / 3].mode, rows[i / 3].why);
		expect_equal(announcements, rows[i / 3].announced,
			     rows[i / 3].why);
		expect_equal(bridges, rows[i / 3].bridges, rows[i / 3].why);
		expect_equal(hits(), i - i / 3, rows[i / 3].why);
	}
	gate_end();
}

static void a_writer_stays(void)
{
	a_writer_comes();
	inode.i_writecount.counter = 1;
}

/* One that comes between the verdict and the announcement is seen after it. */
static void test_writer_before_announcement(void **state)
{
	gate_begin('a', PROGRAM);
	req.hook = EXECGATE_HOOK_MMAP_FILE;
	announce_works = true;
	assert_int_equal(eg_gate_admit_to_map(&req), 0);
	/* It has come and gone: what it left is judged anew. */
	before_bridge = a_writer_comes;
	writers_left = 1;
	assert_int_equal(eg_gate_admit_to_map(&req), 0);
	assert_int_equal(misses(), 2);
	before_bridge = a_writer_stays;
	writers_left = 1;
	assert_int_equal(eg_gate_admit_to_map(&req), -EPERM);
	expect_told(R(WRITER_OPEN), ENFORCE, "a writer is there");
	assert_int_equal(bridges, 0);
	gate_end();
}

/* What it takes for a mapping to be let through at a glance; each row lacks one thing. */
static void test_at_once(void **state)
{
	static const struct {
		enum execgate_mode mode;
		u32 without, with;
		u16 wanted;
		int writers;
		bool works, held, origins, old;
		bool once;
		const char *why;
	} rows[] = {
		{ ENFORCE, 0, 0, PROGRAM | LIBRARY, 0, 1, 1, 0, 0, 1,
		  "in use" },
		{ ENFORCE, 0, 0, PROGRAM, -1, 1, 1, 0, 0, 1,
		  "writers kept out" },
		{ AUDIT, 0, 0, PROGRAM, 0, 1, 1, 0, 0, 0, "audit" },
		{ OFF, 0, 0, PROGRAM, 0, 1, 1, 0, 0, 0, "off" },
		{ ENFORCE, BIT(EXECGATE_GATE_SEAL), 0, PROGRAM, 0, 1, 1, 0, 0,
		  0, "not sealed" },
		{ ENFORCE, BIT(EXECGATE_GATE_MMAP), 0, PROGRAM, 0, 1, 1, 0, 0,
		  0, "mappings are not gated" },
		{ ENFORCE, 0, BIT(EXECGATE_GATE_REVERIFY), PROGRAM, 0, 1, 1, 0,
		  0, 0, "judged at each use" },
		{ ENFORCE, 0, 0, LIBRARY, 0, 1, 1, 0, 0, 0, "another use" },
		{ ENFORCE, 0, 0, PROGRAM, 1, 1, 1, 0, 0, 0, "a writer" },
		{ ENFORCE, 0, 0, PROGRAM, 0, 0, 1, 0, 0, 0, "not announced" },
		{ ENFORCE, 0, 0, PROGRAM, 0, 1, 0, 0, 0, 0, "never mapped" },
		{ ENFORCE, 0, 0, PROGRAM, 0, 1, 1, 1, 0, 0,
		  "there are rules of processes" },
		{ ENFORCE, 0, 0, PROGRAM, 0, 1, 1, 0, 1, 0,
		  "of an older epoch" },
	};
	struct eg_policy begun;
	size_t i;

	gate_begin('a', PROGRAM);
	begun = eg_policy_get();
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		eg_policy_set(begun);
		set_policy(rows[i].mode, rows[i].without, rows[i].with);
		inode.i_writecount.counter = 0;
		assert_int_equal(eg_gate_admit(&req), 0);
		if (rows[i].held)
			eg_cache_hold(&inode);
		if (rows[i].old)
			eg_policy_advance_epoch();
		inode.i_writecount.counter = rows[i].writers;
		announce_works = rows[i].works;
		eg_origin_want(rows[i].origins);
		expect_equal(eg_gate_maps_at_once(&inode, rows[i].wanted),
			     rows[i].once, rows[i].why);
		eg_origin_want(false);
		eg_cache_forget(&inode);
	}
	/* Nor a file that nobody judged, or one whose writer comes just then. */
	eg_policy_set(begun);
	announce_works = true;
	inode.i_writecount.counter = 0;
	assert_false(eg_gate_maps_at_once(&inode, PROGRAM));
	assert_int_equal(eg_gate_admit(&req), 0);
	eg_cache_hold(&inode);
	assert_true(eg_gate_maps_at_once(&inode, PROGRAM));
	before_bridge = a_writer_comes;
	writers_left = 1;
	assert_false(eg_gate_maps_at_once(&inode, PROGRAM));
	gate_end();
}

/* Copied up while it was judged: what was read is not what is mapped. */
static struct inode copy;

static void is_copied_up(void)
{
	file.f_path.dentry->real = &copy;
}

static void test_copy_up(void **state)
{
	struct super_block overlay = { .s_magic = OVERLAYFS_SUPER_MAGIC,
				       .s_user_ns = &init_user_ns };
	struct inode upper = { .i_sb = &overlay, .i_mode = S_IFREG };

	gate_begin('a', PROGRAM);
	file.f_inode = &upper;
	file.f_path.dentry->real = &inode;
	fake_while_reading = is_copied_up;
	assert_int_equal(eg_gate_admit(&req), -EPERM);
	expect_told(R(WRITER_OPEN), ENFORCE, "copied up");
	assert_int_equal(eg_cache_entries(), 0);
	gate_end();
}

/* A writer between the verdict and the bridge. */
static void test_writer_before_bridge(void **state)
{
	gate_begin('a', PROGRAM);
	before_bridge = a_writer_comes;
	writers_left = 2;
	assert_int_equal(eg_gate_admit_to_map(&req), 0);
	assert_int_equal(bridges, 3);
	assert_int_equal(misses(), 3);
	writers_left = 100;
	assert_int_equal(eg_gate_admit_to_map(&req), -EPERM);
	expect_told(R(WRITER_OPEN), ENFORCE, "always a writer");
	/* The verdict that was there, and three tries with a new one. */
	assert_int_equal(bridges, 7);
	gate_end();
}

/* The verdict has no place: it may be run, but not be mapped, unsealed. */
static void test_no_place(void **state)
{
	gate_begin('a', PROGRAM);
	/* The evidence, the entry. */
	shim_fail_allocation(2);
	assert_int_equal(eg_gate_admit(&req), 0);
	assert_int_equal(eg_cache_entries(), 0);
	/* Once there is none, the second try may find one. */
	shim_fail_allocation(2);
	assert_int_equal(eg_gate_admit_to_map(&req), 0);
	assert_int_equal(eg_cache_entries(), 1);
	eg_cache_forget(&inode);
	shim_fail_allocation(1);
	assert_int_equal(eg_gate_admit(&req), -EPERM);
	shim_fail_allocation(0);
	expect_told(R(NO_MEMORY), ENFORCE, "no memory to judge");
	/* The cache is off: no verdict is kept, whatever memory there is. */
	eg_cache_enable(false);
	assert_int_equal(eg_gate_admit_to_map(&req), -EPERM);
	expect_told(R(WRITER_OPEN), ENFORCE, "no cache");
	gate_end();
}

/* From the cache alone, where nothing may sleep. */
static void test_admit_cached(void **state)
{
	static const struct {
		bool kept;
		enum execgate_mode mode;
		u16 wanted;
		int bridge;
		bool writer;
		unsigned int bridges;
		enum execgate_reason reason;
		const char *why;
	} rows[] = {
		{ 0, ENFORCE, PROGRAM, 0, 0, 0, R(MPROTECT), "never judged" },
		{ 1, ENFORCE, PROGRAM, 0, 0, 1, R(ALLOWED), "judged" },
		{ 1, AUDIT, PROGRAM, 0, 0, 0, R(ALLOWED), "in audit" },
		{ 0, AUDIT, PROGRAM, 0, 0, 0, R(MPROTECT), "in audit, never" },
		{ 1, ENFORCE, LIBRARY, 0, 0, 0, R(WRONG_CLASS), "other use" },
		{ 1, ENFORCE, PROGRAM, -EBUSY, 0, 1, R(WRITER_OPEN),
		  "a writer is there" },
		{ 1, ENFORCE, PROGRAM, -ENOMEM, 0, 1, R(NO_MEMORY),
		  "no memory" },
		{ 1, ENFORCE, PROGRAM, 0, 1, 1, R(MPROTECT),
		  "a writer has been there" },
	};
	size_t i;

	gate_begin('a', PROGRAM);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		set_policy(rows[i].mode, 0, 0);
		req.classes = PROGRAM;
		if (rows[i].kept)
			assert_int_equal(eg_gate_admit(&req), 0);
		req.classes = rows[i].wanted;
		bridge_result = rows[i].bridge;
		bridges = 0;
		before_bridge = rows[i].writer ? a_writer_comes : NULL;
		writers_left = 1;
		shim_atomic++;
		req.hook = EXECGATE_HOOK_FILE_MPROTECT;
		expect_equal(eg_gate_admit_cached(&req),
			     rows[i].reason && rows[i].mode == ENFORCE ?
				     -EPERM :
				     0,
			     rows[i].why);
		shim_atomic--;
		req.hook = EXECGATE_HOOK_BPRM_CHECK;
		expect_told(rows[i].reason, rows[i].mode, rows[i].why);
		expect_equal(bridges, rows[i].bridges, rows[i].why);
		if (bridges) {
			expect_equal(bridge_gfp, GFP_ATOMIC | __GFP_NOWARN,
				     rows[i].why);
			expect_equal(bridge_excludes, true, rows[i].why);
		}
		eg_cache_forget(&inode);
	}
	gate_end();
}

/* Who may write, and what it does to the verdict. */
static void test_write(void **state)
{
	static const struct {
		bool used; /* mapped executable */
		enum execgate_mode mode;
		bool seal;
		int result;
		bool stays;
	} rows[] = {
		{ 0, ENFORCE, 1, 0, 0 }, { 1, ENFORCE, 1, -ETXTBSY, 1 },
		{ 1, ENFORCE, 0, 0, 0 }, { 1, AUDIT, 1, 0, 0 },
		{ 1, AUDIT, 0, 0, 0 },
	};
	struct vm_area_struct area;
	size_t i;

	gate_begin('a', PROGRAM);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		set_policy(rows[i].mode, BIT(EXECGATE_GATE_SEAL),
			   rows[i].seal ? BIT(EXECGATE_GATE_SEAL) : 0);
		req.gate = EXECGATE_GATE_EXEC;
		assert_int_equal(eg_gate_admit(&req), 0);
		assert_true(eg_cache_hold(&inode));
		if (rows[i].used) {
			area.vm_flags = VM_EXEC;
			rb_link_node(&area.shared.rb, NULL,
				     &inode.i_data.i_mmap.rb_root.rb_node);
		}
		req.gate = EXECGATE_GATE_SEAL;
		assert_int_equal(eg_gate_write(&req, &inode), rows[i].result);
		expect_told(rows[i].used && rows[i].seal ? R(SEALED) :
							   R(ALLOWED),
			    rows[i].mode, "sealed");
		assert_int_equal(eg_cache_entries(), rows[i].stays);
		eg_cache_forget(&inode);
	}
	gate_end();
}

/* What the program that asks was signed for. */
static void test_program(void **state)
{
	struct mm_struct mm = {};

	gate_begin('a', PROGRAM | EXECGATE_CLASS_MAY_JIT);
	shim_current.mm = NULL;
	assert_true(eg_gate_program_may(EXECGATE_CLASS_MAY_JIT));
	assert_null(eg_gate_program(NULL));
	shim_current.mm = &mm;
	assert_false(eg_gate_program_may(EXECGATE_CLASS_MAY_JIT));
	assert_null(eg_gate_program(&mm));
	mm.exe_file = &file;
	assert_false(eg_gate_program_may(EXECGATE_CLASS_MAY_JIT));
	assert_int_equal(eg_gate_admit(&req), 0);
	assert_true(eg_gate_program_may(EXECGATE_CLASS_MAY_JIT));
	assert_false(eg_gate_program_may(EXECGATE_CLASS_DEBUGGER));
	/* Programs that run go on, whatever has become of the trust. */
	eg_policy_advance_epoch();
	assert_true(eg_gate_program_may(EXECGATE_CLASS_MAY_JIT));
	assert_ptr_equal(eg_gate_program(&mm), &file);
	fput(&file);
	gate_end();
}

int main(void)
{
	static const struct kernel_case cases[] = {
		KERNEL_CASE(test_maps),
		KERNEL_CASE(test_announced),
		KERNEL_CASE(test_writer_before_announcement),
		KERNEL_CASE(test_at_once),
		KERNEL_CASE(test_copy_up),
		KERNEL_CASE(test_writer_before_bridge),
		KERNEL_CASE(test_no_place),
		KERNEL_CASE(test_admit_cached),
		KERNEL_CASE(test_write),
		KERNEL_CASE(test_program),
	};

	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
