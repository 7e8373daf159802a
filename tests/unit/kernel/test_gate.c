// SPDX-License-Identifier: GPL-2.0
/* The gate over its real cache, carriers and policy; writers are the test's. */
#include "filesystem.h"
#include "gate.h"

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "cache.h"
#include "cases.h"
#include "catalog.h"
#include "counter.h"
#include "event.h"
#include "fake.h"
#include "inode_mark.h"
#include "policy.h"
#include "support.h"
#include "writers.h"

#define R(reason) EXECGATE_REASON_##reason
#define PROGRAM EXECGATE_CLASS_PROGRAM
#define LIBRARY EXECGATE_CLASS_LIBRARY
#define OFF EXECGATE_MODE_OFF
#define AUDIT EXECGATE_MODE_AUDIT
#define ENFORCE EXECGATE_MODE_ENFORCE

/* writers.c: what the bridge gives, what it was asked, and who comes just then. */
static int bridge_result;
static unsigned int bridges;
static bool bridge_excludes;
static gfp_t bridge_gfp;
static void (*before_bridge)(void);

int eg_writers_bridge(struct file *file, struct inode *inode, bool exclude,
		      gfp_t gfp)
{
	bridges++;
	bridge_excludes = exclude;
	bridge_gfp = gfp;
	if (gfp & GFP_KERNEL)
		shim_may_sleep();
	if (before_bridge)
		before_bridge();
	return bridge_result;
}

bool eg_writers_present(const struct inode *inode)
{
	return inode->i_writecount.counter > 0;
}

static struct inode inode;
static struct file file;
static struct eg_bytes bytes;
static struct eg_request req;
static u64 reported;

static void set_policy(enum execgate_mode mode, u32 without, u32 with)
{
	struct eg_policy policy = eg_policy_get();

	policy.mode = mode;
	policy.gates = (policy.gates & ~without) | with;
	eg_policy_set(policy);
}

static void sink(void)
{
}

static void begin(char signer, u16 classes)
{
	bytes = signer ? forge_program(signer, classes) :
			 bytes_copy(FAKE_TEXT, sizeof(FAKE_TEXT) - 1);
	fake_file(&file, &inode, bytes);
	req = (struct eg_request){
		.hook = EXECGATE_HOOK_BPRM_CHECK,
		.gate = EXECGATE_GATE_EXEC,
		.classes = PROGRAM,
		.file = &file,
		.inode = &inode,
	};
	eg_event_init(sink);
	assert_int_equal(eg_catalog_init(), 0);
	assert_int_equal(eg_cache_init(), 0);
	eg_cache_enable(true);
	eg_filesystem_judge_overlays(true);
	set_policy(ENFORCE, 0, 0);
}

static void end(void)
{
	eg_event_stop();
	eg_event_exit();
	eg_catalog_exit();
	eg_cache_enable(false);
	eg_cache_exit();
	bytes_free(bytes);
	assert_int_equal(file.references, 0);
	assert_int_equal(shim_allocated(), 0);
}

/* Exactly one denial of this reason was told since the last time, or none. */
static void expect_told(enum execgate_reason reason, enum execgate_mode mode,
			const char *why)
{
	struct eg_event_counts counts;
	struct eg_counters counters;
	struct eg_event *event;

	eg_event_counts(&counts);
	expect_equal(counts.next - 1 - reported, reason != R(ALLOWED), why);
	reported = counts.next - 1;
	if (reason == R(ALLOWED))
		return;
	event = eg_event_get(reported);
	expect_equal(event->verdict.reason, reason, why);
	expect_equal(event->mode, mode, why);
	eg_event_put(event);
	eg_counter_sum(&counters);
	expect_equal(counters.denies[reason] > 0, true, why);
}

static u64 hits(void)
{
	struct eg_counters counters;

	eg_counter_sum(&counters);
	return counters.cache_hits;
}

static u64 misses(void)
{
	struct eg_counters counters;

	eg_counter_sum(&counters);
	return counters.cache_misses;
}

/* An unsigned file; the mode is the last thing that is looked at. */
static const struct {
	enum execgate_mode mode;
	bool gate; /* is on */
	bool told; /* by an earlier hook */
	int result;
	bool event;
	const char *why;
} modes[] = {
	{ OFF, true, false, 0, false, "off" },
	{ AUDIT, true, false, 0, true, "audit tells" },
	{ AUDIT, true, true, 0, false, "audit tells it once" },
	{ AUDIT, false, false, 0, false, "the gate is off" },
	{ ENFORCE, true, false, -EPERM, true, "enforce" },
	{ ENFORCE, true, true, -EPERM, true, "who denies always tells" },
	{ ENFORCE, false, false, 0, false, "the gate is off" },
};

static void test_modes(void **state)
{
	struct eg_verdict verdict = { .reason = R(ANON_EXEC) };
	size_t i;

	begin(0, 0);
	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		u32 gate = BIT(EXECGATE_GATE_EXEC);

		set_policy(modes[i].mode, gate, modes[i].gate ? gate : 0);
		req.reported = modes[i].told;
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
	end();
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

	begin('a', PROGRAM);
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
		expect_equal(eg_cache_lookup(&inode, &kept),
			     orders[i / 2].cached, why);
		expect_equal(eg_cache_entries(),
			     orders[i / 2].reason == R(ALLOWED), why);
		if (orders[i / 2].verified)
			expect_equal(fake_on_disk, sb.s_magic != TMPFS_MAGIC,
				     why);
		eg_cache_forget(&inode);
	}
	end();
}

static void test_other_places(void **state)
{
	struct user_namespace theirs;
	struct super_block sb = { .s_magic = EXT4_SUPER_MAGIC,
				  .s_user_ns = &theirs };

	begin('a', PROGRAM);
	inode.i_sb = &sb;
	assert_int_equal(eg_gate_admit(&req), -EPERM);
	expect_told(R(UNTRUSTED_FS), ENFORCE, "a user's own mount");
	sb.s_user_ns = &init_user_ns;
	inode.i_flags = S_DAX;
	assert_int_equal(eg_gate_admit(&req), -EPERM);
	expect_told(R(UNTRUSTED_FS), ENFORCE, "a device in memory");
	inode.i_flags = 0;
	assert_int_equal(eg_gate_admit(&req), 0);
	end();
}

static void test_cached(void **state)
{
	struct eg_verdict verdict;

	begin('a', PROGRAM);
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
	end();
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

	begin('a', PROGRAM);
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
	end();
}

/* The same, but not with the gate off: a bad verdict leaves what stands. */
static void test_no_reverify(void **state)
{
	begin('a', PROGRAM);
	assert_int_equal(eg_gate_admit(&req), 0);
	eg_policy_advance_epoch();
	fake_removed = 'a';
	assert_int_equal(eg_gate_admit(&req), -EPERM);
	assert_int_equal(eg_cache_running_classes(&inode), PROGRAM);
	end();
}

static unsigned int writers_left;

/* Opens it for writing and closes it again. */
static void a_writer_comes(void)
{
	if (!writers_left)
		return;
	writers_left--;
	eg_cache_writer(&inode, true);
}

/* A writer that came and went: judged again, three times in all. */
static void test_writers_meanwhile(void **state)
{
	unsigned int reads, tries;
	struct eg_cached kept;

	begin('a', PROGRAM);
	fake_while_reading = a_writer_comes;
	assert_int_equal(eg_gate_admit(&req), 0);
	reads = fake_reads();
	eg_cache_forget(&inode);
	for (tries = 1; tries <= 3; tries++) {
		/* With the first read of each try. */
		writers_left = tries == 1 ? 0 : (tries - 2) * reads + 1;
		fake_verified = 0;
		assert_int_equal(eg_gate_admit(&req), 0);
		assert_int_equal(fake_verified, tries);
		assert_true(eg_cache_lookup(&inode, &kept));
		eg_cache_forget(&inode);
	}
	writers_left = 100;
	fake_verified = 0;
	assert_int_equal(eg_gate_admit(&req), -EPERM);
	expect_told(R(WRITER_OPEN), ENFORCE, "always a writer");
	assert_int_equal(fake_verified, 3);
	assert_false(eg_cache_lookup(&inode, &kept));
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
	end();
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

	begin(0, 0);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		set_policy(ENFORCE, 0, BIT(EXECGATE_GATE_EXEC));
		fake_while_reading = rows[i].change;
		assert_int_equal(eg_gate_admit(&req), rows[i].result);
		expect_told(rows[i].told ? R(UNSIGNED) : R(ALLOWED),
			    rows[i].told, "meanwhile");
	}
	end();
}

/* Trust that goes while a file is judged: the verdict is not kept as current. */
static void test_epoch_meanwhile(void **state)
{
	struct eg_cached kept;

	begin('a', PROGRAM);
	fake_while_reading = eg_policy_advance_epoch;
	assert_int_equal(eg_gate_admit(&req), 0);
	assert_false(eg_cache_lookup(&inode, &kept));
	fake_while_reading = NULL;
	assert_int_equal(eg_gate_admit(&req), 0);
	assert_true(eg_cache_lookup(&inode, &kept));
	end();
}

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
	{ ENFORCE, 1, 0, 'a', -ETXTBSY, 1, 1, R(WRITER_OPEN), "a writer" },
	{ ENFORCE, 1, 0, 'a', -ENOMEM, 1, 1, R(NO_MEMORY), "no memory" },
	{ ENFORCE, 1, 0, 'a', -ESRCH, 1, 1, R(INTERRUPTED), "it exits" },
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

	begin('a', PROGRAM);
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
	end();
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

	begin('a', PROGRAM);
	file.f_inode = &upper;
	file.f_path.dentry->real = &inode;
	fake_while_reading = is_copied_up;
	assert_int_equal(eg_gate_admit(&req), -EPERM);
	expect_told(R(WRITER_OPEN), ENFORCE, "copied up");
	assert_int_equal(eg_cache_entries(), 0);
	end();
}

/* A writer between the verdict and the bridge. */
static void test_writer_before_bridge(void **state)
{
	begin('a', PROGRAM);
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
	end();
}

/* The verdict has no place: it may be run, but not be mapped, unsealed. */
static void test_no_place(void **state)
{
	unsigned int nth;

	begin('a', PROGRAM);
	/* The flight's, the evidence, the entry. */
	shim_fail_allocation(3);
	assert_int_equal(eg_gate_admit(&req), 0);
	assert_int_equal(eg_cache_entries(), 0);
	/* Once there is none, the second try may find one. */
	shim_fail_allocation(3);
	assert_int_equal(eg_gate_admit_to_map(&req), 0);
	assert_int_equal(eg_cache_entries(), 1);
	eg_cache_forget(&inode);
	for (nth = 1; nth <= 2; nth++) {
		shim_fail_allocation(nth);
		assert_int_equal(eg_gate_admit(&req), -EPERM);
		shim_fail_allocation(0);
		expect_told(R(NO_MEMORY), ENFORCE, "no memory to judge");
	}
	/* The cache is off: no verdict is kept, whatever memory there is. */
	eg_cache_enable(false);
	assert_int_equal(eg_gate_admit_to_map(&req), -EPERM);
	expect_told(R(WRITER_OPEN), ENFORCE, "no cache");
	end();
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
		{ 1, ENFORCE, PROGRAM, -ETXTBSY, 0, 1, R(WRITER_OPEN),
		  "a writer is there" },
		{ 1, ENFORCE, PROGRAM, -ENOMEM, 0, 1, R(NO_MEMORY),
		  "no memory" },
		{ 1, ENFORCE, PROGRAM, 0, 1, 1, R(MPROTECT),
		  "a writer has been there" },
	};
	size_t i;

	begin('a', PROGRAM);
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
	end();
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

	begin('a', PROGRAM);
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
	end();
}

/* What the program that asks was signed for. */
static void test_program(void **state)
{
	struct mm_struct mm = {};

	begin('a', PROGRAM | EXECGATE_CLASS_MAY_JIT);
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
	end();
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
	begin('a', PROGRAM);
	fake_while_reading = judge_beside;
	assert_int_equal(eg_gate_admit(&req), 0);
	assert_int_equal((int)waits, -EPERM);
	expect_told(R(INTERRUPTED), ENFORCE, "killed while it waited");
	end();
}

int main(void)
{
	static const struct kernel_case cases[] = {
		KERNEL_CASE(test_modes),
		KERNEL_CASE(test_order),
		KERNEL_CASE(test_other_places),
		KERNEL_CASE(test_cached),
		KERNEL_CASE(test_reverify),
		KERNEL_CASE(test_no_reverify),
		KERNEL_CASE(test_writers_meanwhile),
		KERNEL_CASE(test_policy_meanwhile),
		KERNEL_CASE(test_epoch_meanwhile),
		KERNEL_CASE(test_maps),
		KERNEL_CASE(test_copy_up),
		KERNEL_CASE(test_writer_before_bridge),
		KERNEL_CASE(test_no_place),
		KERNEL_CASE(test_admit_cached),
		KERNEL_CASE(test_write),
		KERNEL_CASE(test_program),
		KERNEL_CASE(test_killed_waiting),
	};

	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
