// SPDX-License-Identifier: GPL-2.0
/* What comes of a file at the gate, in which order, and what is kept. */
#include "gate.h"

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/magic.h>
#include <linux/sched.h>

#include "core/cache.h"
#include "cases.h"
#include "trust/floor.h"
#include "gated.h"
#include "support.h"

/* An unsigned file; the mode is the last thing that is looked at. */
static const struct {
	enum execgate_mode mode;
	bool gate; /* is on */
	bool told; /* by an earlier hook */
	int result;
	bool event;
	const char *why;
	bool constrained;
} modes[] = {
	{ OFF, true, false, 0, false, "off" },
	{ AUDIT, true, false, 0, true, "audit tells" },
	{ AUDIT, true, true, 0, false, "audit tells it once" },
	{ AUDIT, false, false, 0, false, "the gate is off" },
	{ ENFORCE, true, false, -EPERM, true, "enforce" },
	{ ENFORCE, true, true, -EPERM, true, "who denies always tells" },
	{ ENFORCE, false, false, 0, false, "the gate is off" },
	{ OFF, false, false, 0, false, "off, and constrained", true },
	{ AUDIT, false, false, 0, true, "audit tells of the constrained",
	  true },
	{ ENFORCE, false, false, -EPERM, true, "and enforce", true },
};

static void test_modes(void **state)
{
	struct eg_verdict verdict = { .reason = R(ANON_EXEC) };
	size_t i;

	gate_begin(0, 0);
	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		u32 gate = BIT(EXECGATE_GATE_EXEC);

		set_policy(modes[i].mode, gate, modes[i].gate ? gate : 0);
		req.reported = modes[i].told;
		req.constrained = modes[i].constrained;
		expect_equal(eg_gate_admit(&req), modes[i].result,
			     modes[i].why);
		expect_told(modes[i].event ? R(UNSIGNED) : R(ALLOWED),
			    modes[i].mode, modes[i].why);
		expect_equal(eg_gate_admit_to_map(&req), modes[i].result,
			     modes[i].why);
		expect_told(modes[i].event ? R(UNSIGNED) : R(ALLOWED),
			    modes[i].mode, modes[i].why);
		expect_equal(eg_gate_refuse(&req, R(MEMFD), -EACCES),
			     modes[i].result ? -EACCES : 0, modes[i].why);
		expect_told(modes[i].event ? R(MEMFD) : R(ALLOWED),
			    modes[i].mode, modes[i].why);
	}
	req.constrained = false;
	/* Off, nothing is looked at; and no mode makes a yes a no. */
	set_policy(OFF, 0, 0);
	i = misses();
	eg_gate_admit(&req);
	eg_gate_admit_to_map(&req);
	assert_int_equal(misses(), i);
	assert_int_equal(eg_gate_refuse(&req, R(ALLOWED), -EPERM), 0);
	/* The gate's own policy: told in any mode. */
	eg_gate_refuse_policy(&file, &verdict);
	expect_told(R(ANON_EXEC), ENFORCE, "policy");
	gate_end();
}

static void raise_tool(u64 below, enum eg_rule_strength strength)
{
	static const char name[] = "org.example/tool";
	struct eg_floor floor;

	eg_floor_fill(&floor,
		      (struct eg_bytes){ (const u8 *)name, sizeof(name) - 1 },
		      below, strength);
	assert_int_equal(eg_floor_raise(&floor, 1), 0);
}

/* Told of at each use, also out of the cache, and it runs; then it is denied. */
static void test_reported(void **state)
{
	int i;

	gate_begin('a', PROGRAM);
	assert_int_equal(eg_gate_admit(&req), 0);
	expect_told(R(ALLOWED), ENFORCE, "not yet");
	raise_tool(100, EG_RULE_REPORT);
	for (i = 0; i < 3; i++) {
		assert_int_equal(eg_gate_admit(&req), 0);
		expect_told(R(ROLLBACK), AUDIT, "in enforce");
		assert_int_equal(eg_gate_admit_to_map(&req), 0);
		expect_told(R(ROLLBACK), AUDIT, "mapped in enforce");
	}
	assert_int_equal(misses(), 2);
	req.reported = true;
	assert_int_equal(eg_gate_admit_to_map(&req), 0);
	expect_told(R(ALLOWED), AUDIT, "once for an exec");
	req.reported = false;
	set_policy(AUDIT, 0, 0);
	assert_int_equal(eg_gate_admit(&req), 0);
	expect_told(R(ROLLBACK), AUDIT, "in audit");
	req.classes = LIBRARY;
	assert_int_equal(eg_gate_admit(&req), 0);
	expect_told(R(WRONG_CLASS), AUDIT, "what is wrong comes first");
	req.classes = PROGRAM;
	set_policy(OFF, 0, 0);
	assert_int_equal(eg_gate_admit(&req), 0);
	expect_told(R(ALLOWED), OFF, "off");
	set_policy(ENFORCE, BIT(EXECGATE_GATE_EXEC), 0);
	assert_int_equal(eg_gate_admit(&req), 0);
	expect_told(R(ALLOWED), OFF, "its gate is off");
	set_policy(ENFORCE, 0, BIT(EXECGATE_GATE_EXEC));
	raise_tool(100, EG_RULE_DENY);
	assert_int_equal(eg_gate_admit(&req), -EPERM);
	expect_told(R(ROLLBACK), ENFORCE, "denied");
	eg_floor_exit();
	gate_end();
}

/* The hook learns it where a verdict is made and where one is cached. */
static void expect_hardened(bool expected)
{
	int times;

	for (times = 0; times < 4; times++) {
		bool hardened = !expected;

		req.hardened = &hardened;
		if (times < 2)
			eg_gate_admit(&req);
		else
			eg_gate_admit_to_map(&req);
		assert_int_equal(hardened, expected);
	}
	req.hardened = NULL;
}

static void test_hardened(void **state)
{
	fake_hardened = true;
	gate_begin('a', PROGRAM);
	expect_hardened(true);
	req.classes = LIBRARY; /* it is denied, or runs unverified */
	expect_hardened(false);
	set_policy(AUDIT, 0, 0);
	expect_hardened(false);
	req.classes = PROGRAM;
	expect_hardened(true);
	gate_end();
}

static void test_not_hardened(void **state)
{
	gate_begin('a', PROGRAM);
	expect_hardened(false);
	gate_end();
}

/* One thing after another: the first that is wrong is the reason. */
static const struct {
	umode_t type;
	unsigned int sb_flags;
	unsigned long magic;
	int writers;
	int renewing;
	char signer;
	u16 wanted;
	enum execgate_reason reason;
	unsigned int verified; /* signatures */
	bool cached;
	const char *why;
	bool sealed;
} orders[] = {
	{ S_IFREG, 0, EXT4_SUPER_MAGIC, 0, 0, 'a', PROGRAM, R(ALLOWED), 1, true,
	  "all is well" },
	{ S_IFREG, 0, TMPFS_MAGIC, 0, 0, 'a', PROGRAM, R(ALLOWED), 1, true,
	  "the same on tmpfs" },
	{ S_IFREG, 0, MSDOS_SUPER_MAGIC, 0, 0, 'a', PROGRAM, R(ALLOWED), 1,
	  false, "vfat: it only seals" },
	{ S_IFREG, 0, EXT4_SUPER_MAGIC, -1, 0, 'a', PROGRAM, R(ALLOWED), 1,
	  true, "writers are kept out already" },
	{ S_IFREG, 0, EXT4_SUPER_MAGIC, 0, 0, 'a', LIBRARY, R(WRONG_CLASS), 1,
	  false, "not for this use" },
	{ S_IFREG, 0, EXT4_SUPER_MAGIC, 0, 0, 'u', PROGRAM, R(UNKNOWN_SIGNER),
	  1, false, "a stranger" },
	{ S_IFREG, 0, EXT4_SUPER_MAGIC, 0, 0, 0, PROGRAM, R(UNSIGNED), 0, false,
	  "unsigned" },
	{ S_IFREG, 0, EXT4_SUPER_MAGIC, 0, -EBUSY, 'a', LIBRARY, R(WRITER_OPEN),
	  0, false, "pages that somebody holds" },
	{ S_IFREG, 0, EXT4_SUPER_MAGIC, 0, -EINTR, 'a', PROGRAM, R(INTERRUPTED),
	  0, false, "killed" },
	{ S_IFREG, 0, EXT4_SUPER_MAGIC, 1, -EINTR, 'a', LIBRARY, R(WRITER_OPEN),
	  0, false, "a writer" },
	{ S_IFREG, 0, NFS_SUPER_MAGIC, 1, -EBUSY, 0, LIBRARY, R(UNTRUSTED_FS),
	  0, false, "a file system that is not known" },
	{ S_IFREG, SB_KERNMOUNT, TMPFS_MAGIC, 1, -EBUSY, 'a', LIBRARY, R(MEMFD),
	  0, false, "a memfd" },
	{ S_IFREG, SB_KERNMOUNT, TMPFS_MAGIC, 0, 0, 'a', PROGRAM, R(ALLOWED), 1,
	  true, "a memfd that is sealed", true },
	{ S_IFREG, SB_KERNMOUNT, TMPFS_MAGIC, 0, 0, 0, PROGRAM, R(UNSIGNED), 0,
	  false, "sealed and not signed", true },
	{ S_IFDIR, SB_KERNMOUNT, NFS_SUPER_MAGIC, 1, -EBUSY, 0, LIBRARY,
	  R(NOT_REGULAR), 0, false, "a directory" },
};

static void test_order(void **state)
{
	struct super_block sb = { .s_user_ns = &init_user_ns };
	struct eg_verdict verdict;
	struct eg_cached kept;
	bool map = false;
	size_t i;

	gate_begin('a', PROGRAM);
	/* Each as an exec, and as a mapping. */
	for (i = 0; i < 2 * ARRAY_SIZE(orders); i++, map = !map) {
		const char *why = orders[i / 2].why;

		bytes_free(bytes);
		bytes = orders[i / 2].signer ?
				forge_program(orders[i / 2].signer, PROGRAM) :
				bytes_copy(FAKE_TEXT, sizeof(FAKE_TEXT) - 1);
		fake_file(&file, &inode, bytes);
		sb.s_magic = orders[i / 2].magic;
		sb.s_flags = orders[i / 2].sb_flags;
		inode.i_sb = &sb;
		inode.i_mode = orders[i / 2].type;
		inode.i_writecount.counter = orders[i / 2].writers;
		fake_renewing = orders[i / 2].renewing;
		fake_sealed = orders[i / 2].sealed;
		req.classes = orders[i / 2].wanted;

		eg_gate_explain(&req, &verdict);
		expect_equal(verdict.reason, orders[i / 2].reason, why);
		expect_equal(verdict.cached, false, why);
		expect_told(R(ALLOWED), ENFORCE, why);
		expect_equal(eg_cache_entries(), 0, why);

		fake_verified = 0;
		expect_equal(map ? eg_gate_admit_to_map(&req) :
				   eg_gate_admit(&req),
			     orders[i / 2].reason ? -EPERM : 0, why);
		expect_told(orders[i / 2].reason, ENFORCE, why);
		expect_equal(fake_verified, orders[i / 2].verified, why);
		expect_equal(eg_cache_lookup(&inode, &kept, false),
			     orders[i / 2].cached, why);
		expect_equal(eg_cache_entries(),
			     orders[i / 2].reason == R(ALLOWED), why);
		if (orders[i / 2].verified)
			expect_equal(fake_on_disk, sb.s_magic != TMPFS_MAGIC,
				     why);
		eg_cache_forget(&inode);
	}
	gate_end();
}

static void test_cached(void **state)
{
	struct eg_verdict verdict;

	gate_begin('a', PROGRAM);
	assert_int_equal(eg_gate_admit(&req), 0);
	assert_int_equal(misses(), 1);
	assert_int_equal(eg_gate_admit(&req), 0);
	assert_int_equal(eg_gate_admit_to_map(&req), 0);
	assert_int_equal(hits(), 2);
	assert_int_equal(misses(), 1);
	/* From memory, and still not for every use. */
	req.classes = LIBRARY;
	assert_int_equal(eg_gate_admit(&req), -EPERM);
	expect_told(R(WRONG_CLASS), ENFORCE, "another use");
	assert_int_equal(misses(), 1);
	eg_gate_explain(&req, &verdict);
	assert_int_equal(verdict.reason, R(WRONG_CLASS));
	assert_true(verdict.cached);
	eg_policy_advance_epoch();
	req.classes = PROGRAM;
	assert_int_equal(eg_gate_admit(&req), 0);
	assert_int_equal(misses(), 2);
	gate_end();
}

/* Judged anew each time; what stands is dropped by a bad content alone. */
static void test_reverify(void **state)
{
	static const struct {
		int writers, renewing, read;
		u16 wanted;
		char key_gone;
		enum execgate_reason reason;
		bool stays;
	} rows[] = {
		{ 0, 0, 0, PROGRAM, 0, R(ALLOWED), true },
		{ 0, 0, 0, LIBRARY, 0, R(WRONG_CLASS), true },
		{ 1, 0, 0, PROGRAM, 0, R(WRITER_OPEN), true },
		{ 0, -EBUSY, 0, PROGRAM, 0, R(WRITER_OPEN), true },
		{ 0, 0, -EIO, PROGRAM, 0, R(IO_ERROR), true },
		{ 0, 0, -ENOMEM, PROGRAM, 0, R(NO_MEMORY), true },
		{ 0, 0, -EINTR, PROGRAM, 0, R(INTERRUPTED), true },
		{ 0, 0, 0, PROGRAM, 'a', R(UNKNOWN_SIGNER), false },
	};
	size_t i;

	gate_begin('a', PROGRAM);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		set_policy(ENFORCE, BIT(EXECGATE_GATE_REVERIFY), 0);
		assert_int_equal(eg_gate_admit(&req), 0);
		set_policy(ENFORCE, 0, BIT(EXECGATE_GATE_REVERIFY));
		inode.i_writecount.counter = rows[i].writers;
		fake_renewing = rows[i].renewing;
		fake_fail_read(rows[i].read ? 1 : 0, rows[i].read);
		fake_removed = rows[i].key_gone;
		req.classes = rows[i].wanted;
		assert_int_equal(eg_gate_admit(&req),
				 rows[i].reason ? -EPERM : 0);
		expect_told(rows[i].reason, ENFORCE, "reverify");
		assert_int_equal(eg_cache_running_classes(&inode),
				 rows[i].stays ? PROGRAM : 0);
		inode.i_writecount.counter = 0;
		fake_renewing = 0;
		fake_fail_read(0, 0);
		fake_removed = 0;
		req.classes = PROGRAM;
	}
	fake_verified = 0;
	assert_int_equal(eg_gate_admit(&req), 0);
	assert_int_equal(eg_gate_admit(&req), 0);
	assert_int_equal(fake_verified, 2);
	gate_end();
}

/* The same, but not with the gate off: a bad verdict leaves what stands. */
static void test_no_reverify(void **state)
{
	gate_begin('a', PROGRAM);
	assert_int_equal(eg_gate_admit(&req), 0);
	eg_policy_advance_epoch();
	fake_removed = 'a';
	assert_int_equal(eg_gate_admit(&req), -EPERM);
	assert_int_equal(eg_cache_running_classes(&inode), PROGRAM);
	gate_end();
}

/* A writer that came and went: judged again, three times in all. */
static void test_writers_meanwhile(void **state)
{
	unsigned int reads, tries;
	struct eg_cached kept;

	gate_begin('a', PROGRAM);
	fake_while_reading = a_writer_comes;
	eg_gate_admit(&req);
	reads = fake_reads();
	eg_cache_forget(&inode);
	for (tries = 1; tries <= 3; tries++) {
		/* With the first read of each try. */
		writers_left = tries == 1 ? 0 : (tries - 2) * reads + 1;
		fake_verified = 0;
		assert_int_equal(eg_gate_admit(&req), 0);
		assert_int_equal(fake_verified, tries);
		assert_true(eg_cache_lookup(&inode, &kept, false));
		eg_cache_forget(&inode);
	}
	writers_left = 100;
	fake_verified = 0;
	assert_int_equal(eg_gate_admit(&req), -EPERM);
	expect_told(R(WRITER_OPEN), ENFORCE, "always a writer");
	assert_int_equal(fake_verified, 3);
	assert_false(eg_cache_lookup(&inode, &kept, false));
	assert_int_equal(eg_cache_entries(), 0);
	/* Who is killed does not try again. */
	writers_left = 100;
	fake_renewing = -EINTR;
	fake_verified = 0;
	assert_int_equal(eg_gate_admit(&req), -EPERM);
	expect_told(R(INTERRUPTED), ENFORCE, "killed");
	fake_renewing = 0;
	fake_fail_read(1, -EINTR);
	assert_int_equal(eg_gate_admit(&req), -EPERM);
	expect_told(R(INTERRUPTED), ENFORCE, "killed while reading");
	assert_int_equal(fake_reads(), 1);
	gate_end();
}

static void policy_off(void)
{
	set_policy(OFF, 0, 0);
}

static void policy_audit(void)
{
	set_policy(AUDIT, 0, 0);
}

static void gate_off(void)
{
	set_policy(ENFORCE, BIT(EXECGATE_GATE_EXEC), 0);
}

static void all_but(void)
{
	set_policy(ENFORCE, BIT(EXECGATE_GATE_MMAP), 0);
}

/* The policy changes while a file is judged: the last one counts. */
static void test_policy_meanwhile(void **state)
{
	static const struct {
		void (*change)(void);
		enum execgate_mode told; /* OFF: it is not */
		int result;
	} rows[] = {
		{ policy_off, OFF, 0 },
		{ policy_audit, AUDIT, 0 },
		{ gate_off, OFF, 0 },
		{ all_but, ENFORCE, -EPERM },
	};
	size_t i;

	gate_begin(0, 0);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		set_policy(ENFORCE, 0, BIT(EXECGATE_GATE_EXEC));
		fake_while_reading = rows[i].change;
		assert_int_equal(eg_gate_admit(&req), rows[i].result);
		expect_told(rows[i].told ? R(UNSIGNED) : R(ALLOWED),
			    rows[i].told, "meanwhile");
	}
	gate_end();
}

/* Trust that goes while a file is judged: the verdict is not kept as current. */
static void test_epoch_meanwhile(void **state)
{
	struct eg_cached kept;

	gate_begin('a', PROGRAM);
	fake_while_reading = eg_policy_advance_epoch;
	assert_int_equal(eg_gate_admit(&req), 0);
	assert_false(eg_cache_lookup(&inode, &kept, false));
	fake_while_reading = NULL;
	assert_int_equal(eg_gate_admit(&req), 0);
	assert_true(eg_cache_lookup(&inode, &kept, false));
	gate_end();
}

/* Somebody else's judgement: his verdict, or why there is none. */
static void is_killed(unsigned long ticks)
{
	shim_current.killed = true;
}

static unsigned int waits;

static void judge_beside(void)
{
	fake_while_reading = NULL;
	shim_while_waiting = is_killed;
	waits = eg_gate_admit(&req);
	shim_current.killed = false;
}

static void test_killed_waiting(void **state)
{
	gate_begin('a', PROGRAM);
	fake_while_reading = judge_beside;
	assert_int_equal(eg_gate_admit(&req), 0);
	assert_int_equal((int)waits, -EPERM);
	expect_told(R(INTERRUPTED), ENFORCE, "killed while it waited");
	gate_end();
}

int main(void)
{
	static const struct kernel_case cases[] = {
		KERNEL_CASE(test_modes),
		KERNEL_CASE(test_reported),
		KERNEL_CASE(test_hardened),
		KERNEL_CASE(test_not_hardened),
		KERNEL_CASE(test_order),
		KERNEL_CASE(test_cached),
		KERNEL_CASE(test_reverify),
		KERNEL_CASE(test_no_reverify),
		KERNEL_CASE(test_writers_meanwhile),
		KERNEL_CASE(test_policy_meanwhile),
		KERNEL_CASE(test_epoch_meanwhile),
		KERNEL_CASE(test_killed_waiting),
	};

	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
