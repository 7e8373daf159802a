// SPDX-License-Identifier: GPL-2.0
/* What an event says of the task that asked: parent, login, namespace, cgroup, argv[0]. */
#include "core/event.h"

#include <linux/binfmts.h>
#include <linux/cgroup.h>
#include <linux/cred.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "cases.h"

static const struct eg_verdict unsigned_file = {
	.reason = EXECGATE_REASON_UNSIGNED,
};

/* It is the same under a lock, and with interrupts off. */
static struct eg_event *event_of(const struct linux_binprm *bprm, bool atomic)
{
	const struct eg_request req = {
		.hook = bprm   ? EXECGATE_HOOK_BPRM_CHECK :
			atomic ? EXECGATE_HOOK_PTRACE_TRACEME :
				 EXECGATE_HOOK_MMAP_FILE,
		.bprm = bprm,
	};
	struct eg_event *event;

	shim_irqs_off = atomic;
	shim_atomic += atomic;
	event = eg_event_new(&req, &unsigned_file, EXECGATE_MODE_ENFORCE);
	shim_atomic -= atomic;
	shim_irqs_off = false;
	assert_int_equal(shim_rcu, 0);
	return event;
}

static void expect_text(const struct eg_event *event, enum eg_event_text text,
			const char *value)
{
	assert_int_equal(event->size[text], strlen(value));
	assert_memory_equal(eg_event_text(event, text), value, strlen(value));
}

static void test_numbers(void **state)
{
	struct user_namespace inner = { .ns.inum = 4026532177 };
	struct cred cred = { .uid = { 1000 }, .user_ns = &inner };
	struct task_struct shell = { .tgid = 4711, .pid = 4712 };
	struct eg_event *event;

	shim_current.cred = &cred;
	shim_current.real_parent = &shell;
	shim_current.loginuid.val = 0; /* root is somebody */
	event = event_of(NULL, false);
	assert_int_equal(event->parent, 4711);
	assert_int_equal(event->login, 0);
	assert_int_equal(event->user_ns, 4026532177);
	eg_event_put(event);

	cred.user_ns = &init_user_ns;
	shell.tgid = 0; /* the first process, and threads of the kernel */
	shim_current.loginuid.val = -1;
	event = event_of(NULL, true);
	assert_int_equal(event->parent, 0);
	assert_int_equal(event->login, EG_EVENT_NO_LOGIN);
	assert_int_equal(event->user_ns, 0xeffffffd);
	eg_event_put(event);
	assert_int_equal(shim_allocated(), 0);
}

/* A container's: the names as they are, the id of the cgroup itself. */
static void test_cgroup(void **state)
{
	struct cgroup slice = { &shim_root_cgroup, 1, "machine.slice", 20 };
	struct cgroup scope = { &slice, 2, "libpod-0123.scope", 30 };
	struct cgroup payload = { &scope, 3, "container", 1ull << 32 | 40 };
	struct eg_event *event;

	event = event_of(NULL, false);
	assert_int_equal(event->cgroup, 1);
	expect_text(event, EG_EVENT_CGROUP, "/");
	eg_event_put(event);

	shim_current.cgroup = &payload;
	event = event_of(NULL, true);
	assert_int_equal(event->cgroup, 1ull << 32 | 40);
	expect_text(event, EG_EVENT_CGROUP,
		    "/machine.slice/libpod-0123.scope/container");
	eg_event_put(event);
}

/* Whoever nests cgroups hides nothing above them, and makes nobody walk them all. */
static void test_nested(void **state)
{
	static char long_name[201];
	static struct cgroup chain[2000];
	struct eg_event *event;
	size_t i;

	chain[0] = (struct cgroup){ &shim_root_cgroup, 1, "user.slice", 2 };
	for (i = 1; i < ARRAY_SIZE(chain); i++)
		chain[i] = (struct cgroup){ &chain[i - 1], i + 1, "n", i + 2 };
	shim_current.cgroup = &chain[ARRAY_SIZE(chain) - 1];
	event = event_of(NULL, false);
	assert_int_equal(event->cgroup, ARRAY_SIZE(chain) + 1);
	expect_text(event, EG_EVENT_CGROUP,
		    "/user.slice/n/n/n/n/n/n/n/n/n/n/n/n/n/n/n");
	eg_event_put(event);

	/* Of a path that is too long the beginning is left. */
	memset(long_name, 'n', sizeof(long_name) - 1);
	for (i = 1; i < ARRAY_SIZE(chain); i++)
		chain[i].name = long_name;
	event = event_of(NULL, false);
	assert_int_equal(event->size[EG_EVENT_CGROUP], EXECGATE_CGROUP_MAX);
	assert_memory_equal(eg_event_text(event, EG_EVENT_CGROUP),
			    "/user.slice/nnnnn", 17);
	eg_event_put(event);
}

static void own_words(struct mm_struct *mm, const char *words, size_t from,
		      size_t end, size_t there)
{
	mm->words = (unsigned long)words;
	mm->words_end = (unsigned long)words + there;
	mm->arg_start = (unsigned long)words + from;
	mm->arg_end = (unsigned long)words + end;
}

static void test_own_argv0(void **state)
{
	static char words[] = "-bash\0-c\0echo";
	static char many[3 * EXECGATE_ARGV0_MAX];
	static const struct {
		const char *words;
		size_t from, end, there;
		const char *argv0;
		const char *why;
	} rows[] = {
		{ words, 0, 14, 14, "-bash", "the first of three" },
		{ words, 9, 13, 14, "echo", "without a 0 behind it" },
		{ words, 5, 14, 14, "", "empty" },
		{ words, 0, 14, 4, "", "half of it is swapped out" },
		{ words, 0, 0, 14, "", "nothing" },
		{ words, 14, 0, 14, "", "backwards" },
		{ words, 20, 30, 14, "", "elsewhere" },
		{ many, 0, sizeof(many), sizeof(many), many, "long" },
	};
	struct mm_struct mm = {};
	struct eg_event *event;
	size_t i;

	memset(many, 'm', EXECGATE_ARGV0_MAX);
	shim_current.mm = &mm;
	for (i = 0; i < 2 * ARRAY_SIZE(rows); i++) {
		own_words(&mm, rows[i / 2].words, rows[i / 2].from,
			  rows[i / 2].end, rows[i / 2].there);
		event = event_of(NULL, i % 2);
		expect_equal(event->size[EG_EVENT_ARGV0],
			     strlen(rows[i / 2].argv0), rows[i / 2].why);
		expect_text(event, EG_EVENT_ARGV0, rows[i / 2].argv0);
		eg_event_put(event);
	}
	/* Its memory is of whom it works for. */
	own_words(&mm, words, 0, 14, 14);
	shim_current.flags = PF_KTHREAD;
	event = event_of(NULL, false);
	expect_text(event, EG_EVENT_ARGV0, "");
	eg_event_put(event);
	shim_current.flags = 0;
	shim_current.mm = NULL;
	event = event_of(NULL, false);
	expect_text(event, EG_EVENT_ARGV0, "");
	eg_event_put(event);
}

/* Of an exec it is the new program's, from its memory: also across pages. */
static void test_new_argv0(void **state)
{
	static struct page pages[2];
	struct mm_struct mm = { .pages = { NULL, &pages[0], &pages[1] } };
	struct linux_binprm bprm = { .mm = &mm, .argc = 1 };
	struct eg_event *event;
	size_t i;

	memcpy(pages[0].bytes + PAGE_SIZE - 4, "/bin", 4);
	memcpy(pages[1].bytes, "/sh\0A=b", 8);
	bprm.p = 2 * PAGE_SIZE - 4;
	bprm.exec = 2 * PAGE_SIZE + 8;
	event = event_of(&bprm, false);
	expect_text(event, EG_EVENT_ARGV0, "/bin/sh");
	eg_event_put(event);

	bprm.exec = 2 * PAGE_SIZE - 2; /* as much as there is, and no more */
	event = event_of(&bprm, false);
	expect_text(event, EG_EVENT_ARGV0, "/b");
	eg_event_put(event);

	memset(pages[1].bytes, 'n', PAGE_SIZE);
	bprm.exec = 3 * PAGE_SIZE;
	event = event_of(&bprm, false);
	assert_int_equal(event->size[EG_EVENT_ARGV0], EXECGATE_ARGV0_MAX);
	eg_event_put(event);

	mm.pages[2] = NULL;
	event = event_of(&bprm, false);
	expect_text(event, EG_EVENT_ARGV0, "");
	eg_event_put(event);
	assert_int_equal(mm.locked, 0);
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		assert_int_equal(pages[i].references, 0);
}

/* Of what the kernel mounts for itself (a memfd) there is no name on any disk. */
static void test_no_real_path(void **state)
{
	struct super_block sb = { .s_flags = SB_KERNMOUNT };
	struct inode inode = { .i_sb = &sb };
	struct dentry dentry = { .name = "/memfd:x",
				 .d_sb = &sb,
				 .d_inode = &inode };
	struct eg_request req = { .hook = EXECGATE_HOOK_INODE_SETATTR,
				  .dentry = &dentry };
	struct eg_event *event;

	event = eg_event_new(&req, &unsigned_file, EXECGATE_MODE_ENFORCE);
	expect_text(event, EG_EVENT_PATH, "/memfd:x");
	expect_text(event, EG_EVENT_REAL, "");
	assert_int_equal(event->real_device, 0);
	eg_event_put(event);
	assert_int_equal(shim_allocated(), 0);
}

int main(void)
{
	static const struct kernel_case cases[] = {
		KERNEL_CASE(test_numbers),   KERNEL_CASE(test_cgroup),
		KERNEL_CASE(test_nested),    KERNEL_CASE(test_own_argv0),
		KERNEL_CASE(test_new_argv0), KERNEL_CASE(test_no_real_path),
	};

	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
