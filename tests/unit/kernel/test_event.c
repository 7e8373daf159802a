// SPDX-License-Identifier: GPL-2.0
#include "core/event.h"

#include <linux/cred.h>
#include <linux/kdev_t.h>
#include <linux/pid_namespace.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "cases.h"

static unsigned int sunk;

static void sink(void)
{
	assert_int_equal(shim_atomic, 0);
	sunk++;
}

static struct super_block sb = { .s_dev = MKDEV(8, 17) };
static struct super_block overlay_sb = { .s_dev = MKDEV(0, 41) };
static struct inode layer = { .i_ino = 12, .i_sb = &sb };
static struct inode shown = { .i_ino = 34, .i_sb = &overlay_sb };
static struct dentry layer_dentry = { .name = "/lower/a/b/c/d/x",
				      .d_sb = &sb,
				      .d_inode = &layer };
static struct dentry shown_dentry = { .name = "/merged/x", .d_inode = &shown };
static struct file file = {
	.f_inode = &layer,
	.f_path.dentry = &layer_dentry,
	.user_path.dentry = &shown_dentry,
};
static struct dentry exe_dentry = { .name = "/usr/bin/bash",
				    .d_inode = &layer };
static struct file exe = {
	.f_path.dentry = &exe_dentry,
	.user_path.dentry = &exe_dentry,
};
static struct mm_struct mm = { &exe };
static struct cred cred = { .user_ns = &init_user_ns };

static void become(u32 uid)
{
	cred.uid.val = uid;
	shim_current.cred = &cred;
}

static const struct eg_request by_file = {
	.hook = EXECGATE_HOOK_MMAP_FILE,
	.file = &file,
};
static const struct eg_request by_nothing = {
	.hook = EXECGATE_HOOK_LOCKED_DOWN,
};
static const struct eg_verdict unsigned_file = {
	.reason = EXECGATE_REASON_UNSIGNED,
};

static void report(u32 uid, unsigned int times)
{
	become(uid);
	while (times--)
		eg_event_report(&by_nothing, &unsigned_file,
				EXECGATE_MODE_ENFORCE);
}

static void expect_text(const struct eg_event *event, enum eg_event_text text,
			const char *value)
{
	assert_int_equal(event->size[text], strlen(value));
	assert_memory_equal(eg_event_text(event, text), value, strlen(value));
}

/* How many of a user's events are held, and the first one's number. */
static unsigned int held_of(u32 uid, u64 *first)
{
	struct eg_event *event;
	unsigned int count = 0;
	u64 sequence = 0;

	while ((event = eg_event_get(sequence))) {
		if (event->uid == uid && !count++ && first)
			*first = event->sequence;
		sequence = event->sequence + 1;
		eg_event_put(event);
	}
	return count;
}

static void expect_counts(u64 emitted, u64 suppressed, u64 dropped, u64 held)
{
	struct eg_event_counts counts;

	eg_event_counts(&counts);
	assert_int_equal(counts.emitted, emitted);
	assert_int_equal(counts.suppressed, suppressed);
	assert_int_equal(counts.dropped, dropped);
	assert_int_equal(counts.held, held);
	assert_int_equal(counts.next, emitted + suppressed + dropped + 1);
}

static void end(void)
{
	eg_event_stop();
	eg_event_exit();
	assert_int_equal(shim_allocated(), 0);
}

static void test_content(void **state)
{
	struct eg_verdict verdict = {
		.reason = EXECGATE_REASON_REVOKED,
		.carrier = EXECGATE_CARRIER_ARMOR,
		.identity_size = 3,
		.identity = "abc",
	};
	struct eg_event *event;

	eg_event_init(sink);
	become(1000);
	shim_current.mm = &mm;
	shim_current.pid = 78;
	shim_current.tgid = 77;
	strcpy(shim_current.comm, "fifteen letters");
	eg_event_report(&by_file, &verdict, EXECGATE_MODE_AUDIT);
	event = eg_event_get(0);
	assert_int_equal(event->sequence, 1);
	assert_int_equal(event->time, (u64)shim_now * 1000000000);
	assert_int_equal(event->device, 41);
	assert_int_equal(event->inode, 34);
	assert_int_equal(event->pid, 77);
	assert_int_equal(event->tid, 78);
	assert_int_equal(event->uid, 1000);
	assert_int_equal(event->hook, EXECGATE_HOOK_MMAP_FILE);
	assert_int_equal(event->mode, EXECGATE_MODE_AUDIT);
	assert_memory_equal(&event->verdict, &verdict, sizeof(verdict));
	assert_string_equal(event->comm, "fifteen letters");
	assert_false(event->path_cut);
	expect_text(event, EG_EVENT_PATH, "/merged/x");
	expect_text(event, EG_EVENT_EXE, "/usr/bin/bash");
	/* The layer's, which is what the host has. */
	expect_text(event, EG_EVENT_REAL, "/lower/a/b/c/d/x");
	assert_int_equal(event->real_device, 8 << 20 | 17);
	eg_event_put(event);
	assert_int_equal(file.references + exe.references, 0);
	assert_int_equal(shim_run_work(), 1);
	assert_int_equal(sunk, 1);
	end();
}

static void expect_terminal(struct tty_struct *tty, const char *name)
{
	struct eg_event *event;

	shim_tty = tty;
	event = eg_event_new(&by_nothing, &unsigned_file,
			     EXECGATE_MODE_ENFORCE);
	shim_tty = NULL;
	assert_int_equal(event->tty_size, strlen(name));
	assert_memory_equal(event->tty, name, strlen(name));
	assert_int_equal(tty ? tty->references : 0, 0);
	eg_event_put(event);
}

static void test_terminal(void **state)
{
	struct tty_struct pty = { "pts1048575" };
	struct tty_struct line = { "ttyS0" };
	struct tty_struct longest = {
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	};
	struct pid_namespace container;

	become(1000);
	expect_terminal(NULL, "");
	expect_terminal(&pty, "pts/1048575");
	expect_terminal(&line, "ttyS0");
	expect_terminal(&longest, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
	shim_current.pid_ns = &container;
	expect_terminal(&pty, "");
	shim_current.pid_ns = NULL;
	shim_current.flags = PF_EXITING;
	expect_terminal(&pty, "");
	shim_current.flags = PF_KTHREAD;
	expect_terminal(&pty, "");
	shim_current.flags = 0;
	expect_terminal(&pty, "pts/1048575");
}

static void test_subjects(void **state)
{
	struct dentry dentry = { .name = "/only/a/dentry",
				 .d_inode = &layer,
				 .d_sb = &sb };
	struct dentry unreachable = { .name = NULL,
				      .d_inode = &layer,
				      .d_sb = &sb };
	struct eg_request req = { .hook = EXECGATE_HOOK_INODE_SETATTR };
	struct eg_event *event;

	shim_current.mm = NULL;
	req.dentry = &dentry;
	event = eg_event_new(&req, &unsigned_file, EXECGATE_MODE_ENFORCE);
	assert_int_equal(event->device, 8 << 20 | 17);
	assert_int_equal(event->inode, 12);
	expect_text(event, EG_EVENT_PATH, "/only/a/dentry");
	expect_text(event, EG_EVENT_REAL, "/only/a/dentry");
	expect_text(event, EG_EVENT_EXE, "");
	eg_event_put(event);

	req.dentry = &unreachable;
	event = eg_event_new(&req, &unsigned_file, EXECGATE_MODE_ENFORCE);
	expect_text(event, EG_EVENT_PATH, "");
	expect_text(event, EG_EVENT_REAL, "");
	assert_int_equal(event->inode, 12);
	eg_event_put(event);

	req.dentry = NULL;
	event = eg_event_new(&req, &unsigned_file, EXECGATE_MODE_ENFORCE);
	expect_text(event, EG_EVENT_PATH, "");
	expect_text(event, EG_EVENT_REAL, "");
	assert_int_equal(event->device, 0);
	assert_int_equal(event->inode, 0);
	eg_event_put(event);

	mm.exe_file = NULL;
	shim_current.mm = &mm;
	event = eg_event_new(&req, &unsigned_file, EXECGATE_MODE_ENFORCE);
	expect_text(event, EG_EVENT_EXE, "");
	eg_event_put(event);
	eg_event_put(NULL);
	assert_int_equal(shim_allocated(), 0);
}

/* Where each hook is called from: kernel 6.12 to 7.3, security/security.c. */
static const enum {
	SLEEPS,
	ATOMIC,
	TASKLIST
} contexts[] = {
	[EXECGATE_HOOK_BPRM_CHECK] = SLEEPS,
	[EXECGATE_HOOK_BPRM_CREDS] = SLEEPS,
	[EXECGATE_HOOK_MMAP_FILE] = SLEEPS,
	[EXECGATE_HOOK_FILE_MPROTECT] = ATOMIC,
	[EXECGATE_HOOK_FILE_OPEN] = ATOMIC,
	[EXECGATE_HOOK_INODE_SETATTR] = ATOMIC,
	[EXECGATE_HOOK_INODE_FREE] = SLEEPS,
	[EXECGATE_HOOK_CHECK] = SLEEPS,
	[EXECGATE_HOOK_BPF_PROG] = SLEEPS,
	[EXECGATE_HOOK_KERNEL_READ_FILE] = SLEEPS,
	[EXECGATE_HOOK_KERNEL_LOAD_DATA] = ATOMIC,
	[EXECGATE_HOOK_LOCKED_DOWN] = ATOMIC,
	[EXECGATE_HOOK_MMAP_BACKING] = ATOMIC,
	[EXECGATE_HOOK_PTRACE_ACCESS] = ATOMIC,
	[EXECGATE_HOOK_PTRACE_TRACEME] = TASKLIST,
	[EXECGATE_HOOK_TASK_PRCTL] = ATOMIC,
	[EXECGATE_HOOK_USERFAULTFD] = ATOMIC,
	[EXECGATE_HOOK_CAPABLE] = ATOMIC,
	[EXECGATE_HOOK_POLICY] = SLEEPS,
	[EXECGATE_HOOK_MMAP_ADDR] = ATOMIC,
	[EXECGATE_HOOK_BPF_LOAD] = SLEEPS,
	[EXECGATE_HOOK_KERNEL_POST_READ] = ATOMIC,
	[EXECGATE_HOOK_FILE_IOCTL] = ATOMIC,
	[EXECGATE_HOOK_QUOTA_ON] = ATOMIC,
	[EXECGATE_HOOK_TASK_ALLOC] = ATOMIC,
	[EXECGATE_HOOK_READ_OPEN] = SLEEPS,
	[EXECGATE_HOOK_FILE_READ] = ATOMIC,
	[EXECGATE_HOOK_FILE_FREE] = SLEEPS,
};

static void test_contexts(void **state)
{
	struct eg_request req = by_file;
	struct eg_event *event;
	size_t i;

	_Static_assert(ARRAY_SIZE(contexts) == EXECGATE_HOOK_COUNT, "all");
	mm.exe_file = &exe;
	shim_current.mm = &mm;
	for (i = 0; i < ARRAY_SIZE(contexts); i++) {
		bool tasklist = contexts[i] == TASKLIST;
		const char *path = tasklist ? "b/c/d/x" : "/merged/x";

		req.hook = i;
		shim_irqs_off = tasklist;
		shim_atomic += contexts[i] != SLEEPS;
		event = eg_event_new(&req, &unsigned_file,
				     EXECGATE_MODE_ENFORCE);
		shim_atomic -= contexts[i] != SLEEPS;
		shim_irqs_off = false;
		assert_int_equal(shim_last_flags() & GFP_KERNEL,
				 contexts[i] == SLEEPS ? GFP_KERNEL : 0);
		assert_true(shim_last_flags() & __GFP_NOWARN);
		assert_int_equal(event->path_cut, tasklist);
		expect_text(event, EG_EVENT_PATH, path);
		expect_text(event, EG_EVENT_REAL,
			    tasklist ? "" : "/lower/a/b/c/d/x");
		eg_event_put(event);
	}
}

static void test_order(void **state)
{
	struct eg_event *event;
	u64 sequence;

	eg_event_init(sink);
	assert_null(eg_event_get(0));
	expect_counts(0, 0, 0, 0);
	report(1000, 3);
	report(0, 2);
	for (sequence = 0; sequence <= 5; sequence++) {
		event = eg_event_get(sequence);
		assert_int_equal(event->sequence, sequence ?: 1);
		eg_event_put(event);
	}
	assert_null(eg_event_get(6));
	assert_null(eg_event_get(~0ull));
	expect_counts(5, 0, 0, 5);
	/* However many they are, they wake the sink once. */
	assert_int_equal(shim_run_work(), 1);
	end();
}

/* Who reports how many in turn, and what is held of each at the end. */
static const struct {
	struct {
		u32 uid;
		unsigned int reports;
	} turns[4];
	struct {
		u32 uid;
		unsigned int held;
		u64 first;
	} end[3];
	const char *why;
} floods[] = {
	{ { { 1000, EXECGATE_RING_MAX } },
	  { { 1000, EXECGATE_RING_MAX, 1 } },
	  "what fits is held" },
	{ { { 1000, EXECGATE_RING_MAX + 1 } },
	  { { 1000, EXECGATE_RING_MAX, 2 } },
	  "one more pushes the oldest out" },
	{ { { 0, 3 }, { 1000, 2 * EXECGATE_RING_MAX } },
	  { { 0, 3, 1 },
	    { 1000, EXECGATE_RING_MAX - 3, EXECGATE_RING_MAX + 7 } },
	  "a flood leaves the others alone" },
	{ { { 1000, EXECGATE_RING_MAX }, { 0, 5 } },
	  { { 0, 5, EXECGATE_RING_MAX + 1 },
	    { 1000, EXECGATE_RING_MAX - 5, 6 } },
	  "who comes later has a place" },
	{ { { 1, 2048 }, { 2, 2048 }, { 3, 1 } },
	  { { 1, 2047, 2 }, { 2, 2048, 2049 }, { 3, 1, 4097 } },
	  "of two as long, the one with the oldest" },
	{ { { 2, 1 }, { 1, 2048 }, { 2, 2047 }, { 3, 1 } },
	  { { 1, 2048, 2 }, { 2, 2047, 2050 }, { 3, 1, 4097 } },
	  "the same, whoever's queue comes first" },
	{ { { 1, 2049 }, { 2, 2047 }, { 3, 1 } },
	  { { 1, 2048, 2 }, { 2, 2047, 2050 }, { 3, 1, 4097 } },
	  "of two, the longer" },
	{ { { 1, 2047 }, { 2, 2049 }, { 3, 1 } },
	  { { 1, 2047, 1 }, { 2, 2048, 2049 }, { 3, 1, 4097 } },
	  "of two, the longer, though it is younger" },
	{ { { 1, 2047 }, { 2, 2048 }, { 1, 1 }, { 2, 2 } },
	  { { 1, 2048, 1 }, { 2, 2048, 2050 } },
	  "who makes it longer pays for it" },
};

static void flood(size_t i)
{
	u64 all = 0, first;
	size_t turn, user;

	eg_event_init(sink);
	for (turn = 0; turn < ARRAY_SIZE(floods[i].turns); turn++) {
		report(floods[i].turns[turn].uid,
		       floods[i].turns[turn].reports);
		all += floods[i].turns[turn].reports;
	}
	expect_counts(min_t(u64, all, EXECGATE_RING_MAX),
		      all - min_t(u64, all, EXECGATE_RING_MAX), 0,
		      min_t(u64, all, EXECGATE_RING_MAX));
	for (user = 0; user < ARRAY_SIZE(floods[i].end); user++) {
		if (!floods[i].end[user].held)
			continue;
		expect_equal(held_of(floods[i].end[user].uid, &first),
			     floods[i].end[user].held, floods[i].why);
		expect_equal(first, floods[i].end[user].first, floods[i].why);
	}
	end();
}

/* The ring does not begin anew: a process for each. */
#define FLOOD(i)                                 \
	static void test_flood_##i(void **state) \
	{                                        \
		flood(i);                        \
	}
FLOOD(0)
FLOOD(1)
FLOOD(2)
FLOOD(3)
FLOOD(4)
FLOOD(5)
FLOOD(6)
FLOOD(7)
FLOOD(8)
_Static_assert(ARRAY_SIZE(floods) == 9, "each has its process");

/* More users than queues share them; nobody is left out, the sum is kept. */
static void test_many_users(void **state)
{
	u32 uid;

	eg_event_init(sink);
	for (uid = 0; uid < 256; uid++)
		report(5000 + uid, 2);
	/* Every queue has one user: these share, by the rest of uid / 256. */
	for (uid = 0; uid < 256; uid++)
		report(100000 + uid, 1);
	for (uid = 0; uid < 256; uid++) {
		assert_int_equal(held_of(5000 + uid, NULL), 2);
		assert_int_equal(held_of(100000 + uid, NULL), 1);
	}
	expect_counts(768, 0, 0, 768);
	/* One queue of the 256 has the flood; 160 is the rest of 100000. */
	report(100000, EXECGATE_RING_MAX);
	assert_int_equal(held_of(5160, NULL) + held_of(100000, NULL),
			 EXECGATE_RING_MAX - 255 * 3);
	assert_int_equal(held_of(5159, NULL), 2);
	assert_int_equal(held_of(100001, NULL), 1);
	/* Three that went had been read, above. */
	expect_counts(EXECGATE_RING_MAX + 3, 765, 0, EXECGATE_RING_MAX);
	end();
}

/* A user whose events have gone makes room for another. */
static void test_queue_again(void **state)
{
	u32 uid;

	eg_event_init(sink);
	for (uid = 1; uid <= 256; uid++)
		report(uid, 1);
	/* All queues are taken, each by one event; the ring fills ... */
	report(1, EXECGATE_RING_MAX - 256);
	/* ... and what goes is always of the longest. */
	report(2, 2000);
	assert_int_equal(held_of(3, NULL), 1);
	assert_int_equal(held_of(256, NULL), 1);
	assert_int_equal(held_of(1, NULL) + held_of(2, NULL),
			 EXECGATE_RING_MAX - 254);
	end();
}

/* What was read counts as emitted, also after it left the ring. */
static void test_read_ones(void **state)
{
	struct eg_event *kept, *event;
	u64 sequence;

	eg_event_init(sink);
	report(1000, EXECGATE_RING_MAX);
	kept = eg_event_get(1);
	for (sequence = 2; sequence <= 10; sequence++) {
		event = eg_event_get(sequence);
		eg_event_put(event);
	}
	report(1000, 15);
	expect_counts(EXECGATE_RING_MAX + 10, 5, 0, EXECGATE_RING_MAX);
	assert_int_equal(kept->sequence, 1);
	assert_int_equal(kept->uid, 1000);
	eg_event_put(kept);
	event = eg_event_get(0);
	assert_int_equal(event->sequence, 16);
	report(1000, 1);
	expect_counts(EXECGATE_RING_MAX + 11, 5, 0, EXECGATE_RING_MAX);
	eg_event_put(event);
	end();
}

static void test_oldest(void **state)
{
	struct eg_event_counts counts;

	eg_event_init(sink);
	eg_event_counts(&counts);
	assert_int_equal(counts.oldest, 1);
	report(1000, EXECGATE_RING_MAX + 7);
	eg_event_counts(&counts);
	assert_int_equal(counts.oldest, 8);
	end();
}

/* Without memory the number is used up, and nobody gets it. */
static void test_no_memory(void **state)
{
	struct eg_event *event;
	unsigned int nth;

	eg_event_init(sink);
	report(1000, 1);
	for (nth = 1; nth <= 2; nth++) {
		shim_fail_allocation(nth);
		report(1000, 1);
		assert_int_equal(shim_allocated(), 1);
		assert_int_equal(shim_run_work(), 1);
	}
	shim_fail_allocation(0);
	report(1000, 1);
	event = eg_event_get(2);
	assert_int_equal(event->sequence, 4);
	eg_event_put(event);
	expect_counts(2, 0, 2, 2);
	end();
}

int main(void)
{
	static const struct kernel_case cases[] = {
		KERNEL_CASE(test_content),     KERNEL_CASE(test_subjects),
		KERNEL_CASE(test_contexts),    KERNEL_CASE(test_order),
		KERNEL_CASE(test_flood_0),     KERNEL_CASE(test_flood_1),
		KERNEL_CASE(test_flood_2),     KERNEL_CASE(test_flood_3),
		KERNEL_CASE(test_flood_4),     KERNEL_CASE(test_flood_5),
		KERNEL_CASE(test_flood_6),     KERNEL_CASE(test_flood_7),
		KERNEL_CASE(test_flood_8),     KERNEL_CASE(test_many_users),
		KERNEL_CASE(test_queue_again), KERNEL_CASE(test_read_ones),
		KERNEL_CASE(test_oldest),      KERNEL_CASE(test_no_memory),
		KERNEL_CASE(test_terminal),
	};

	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
