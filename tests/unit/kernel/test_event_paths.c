// SPDX-License-Identifier: GPL-2.0
/* What an event says of long paths, and the memory that they take. */
#include "core/event.h"

#include <linux/kdev_t.h>
#include <linux/string.h>

#include "cases.h"

static struct super_block sb = { .s_dev = MKDEV(8, 17) };
static struct inode inode = { .i_ino = 12, .i_sb = &sb };
static struct cred cred = { .user_ns = &init_user_ns };

static const struct eg_verdict unsigned_file = {
	.reason = EXECGATE_REASON_UNSIGNED,
};

static void expect_text(const struct eg_event *event, enum eg_event_text text,
			const char *value)
{
	assert_int_equal(event->size[text], strlen(value));
	assert_memory_equal(eg_event_text(event, text), value, strlen(value));
}

static void expect_end(const struct eg_event *event, const char *name, bool cut)
{
	size_t lost = strlen(name) > EXECGATE_PATH_MAX;

	assert_int_equal(event->path_cut, cut || lost);
	expect_text(event, EG_EVENT_PATH, name + lost);
	expect_text(event, EG_EVENT_EXE, name + lost);
	/* Where one can be told at all, it is told as a whole or not. */
	expect_text(event, EG_EVENT_REAL, lost || cut ? "" : name);
}

/*
 * Whatever its length: of both sizes of buffer it may be the last that fits. A path
 * that is a byte too long keeps its end, where the file's name is.
 */
static void test_long_paths(void **state)
{
	char name[EXECGATE_PATH_MAX + 2];
	struct dentry dentry = { .name = name, .d_inode = &inode, .d_sb = &sb };
	struct file long_file = {
		.f_inode = &inode,
		.f_path.dentry = &dentry,
		.user_path.dentry = &dentry,
	};
	struct mm_struct long_mm = { &long_file };
	struct eg_request req = { .dentry = &dentry };
	struct eg_request traced = {
		.hook = EXECGATE_HOOK_PTRACE_TRACEME,
		.file = &long_file,
	};
	struct eg_event *event;
	size_t size, i;
	bool tasklist;

	shim_current.mm = &long_mm;
	for (i = 0; i < 2 * sizeof(name) - 2; i++) {
		size = i / 2 + 1;
		tasklist = i % 2;
		memset(name, 0, sizeof(name));
		while (strlen(name) < size)
			name[strlen(name)] = 'a' + strlen(name) % 23;
		shim_irqs_off = tasklist;
		shim_atomic += tasklist;
		event = eg_event_new(tasklist ? &traced : &req, &unsigned_file,
				     EXECGATE_MODE_ENFORCE);
		shim_atomic -= tasklist;
		shim_irqs_off = false;
		expect_end(event, name, tasklist);
		eg_event_put(event);
		assert_int_equal(shim_allocated(), 0);
	}
}

/*
 * Memory is cleared before it is handed out, so that only long paths take much of
 * it; and each path may be the long one.
 */
static void test_path_buffers(void **state)
{
	static char long_name[300];
	static struct dentry dentries[] = { { .name = "/bin/x", .d_sb = &sb },
					    { .name = long_name,
					      .d_sb = &sb } };
	static struct file files[2];
	static struct mm_struct mms[] = { { &files[0] }, { &files[1] } };
	struct eg_request req = { .hook = EXECGATE_HOOK_MMAP_FILE };
	struct eg_event *event;
	size_t i;

	memset(long_name, 'n', sizeof(long_name) - 1);
	for (i = 0; i < 2; i++)
		files[i] = (struct file){
			.f_inode = &inode,
			.f_path.dentry = &dentries[i],
			.user_path.dentry = &dentries[i],
		};
	for (i = 0; i < 4; i++) {
		req.file = &files[i % 2];
		shim_current.mm = &mms[i / 2];
		shim_fail_allocation(0);
		event = eg_event_new(&req, &unsigned_file,
				     EXECGATE_MODE_ENFORCE);
		assert_int_equal(shim_allocations(), i ? 3 : 2);
		expect_text(event, EG_EVENT_PATH, dentries[i % 2].name);
		expect_text(event, EG_EVENT_EXE, dentries[i / 2].name);
		expect_text(event, EG_EVENT_REAL, dentries[i % 2].name);
		eg_event_put(event);
	}
	assert_int_equal(shim_allocated(), 0);
}

int main(void)
{
	static const struct kernel_case cases[] = {
		KERNEL_CASE(test_long_paths),
		KERNEL_CASE(test_path_buffers),
	};

	shim_current.cred = &cred;
	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
