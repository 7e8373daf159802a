// SPDX-License-Identifier: GPL-2.0
/* Path rules against where a file is, and folders that are there or not. */
#include "trust/paths.h"

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#include "cases.h"
#include "fake.h"
#include "folders.h"

#define R(reason) EXECGATE_REASON_##reason

static struct super_block other_disk;
static struct inode inode;
static struct file file;

/* A statement: its rules are separated by spaces, those to report have a "?" first. */
static void say(struct eg_paths_said *said, const char *text)
{
	u8 bytes[EG_RULES_SIZE_MAX];
	size_t used = 0, size;
	struct eg_rule rule;

	for (; *text; text += size, text += *text == ' ') {
		rule.kind = EG_RULE_PATH;
		rule.strength = *text == '?' ? EG_RULE_REPORT : EG_RULE_DENY;
		text += rule.strength == EG_RULE_REPORT;
		size = strcspn(text, " ");
		rule.text = (struct eg_bytes){ (const u8 *)text, size };
		size = eg_rule_write(&rule, bytes + used, sizeof(bytes) - used);
		assert_int_not_equal(size, 0);
		used += size;
		size = rule.text.size;
	}
	eg_paths_say(said, (struct eg_bytes){ bytes, used });
}

static void begin(void)
{
	fake_file(&file, &inode, (struct eg_bytes){});
	folder_add("/", &fake_disk, "/@root");
	folder_add("/usr/bin", &fake_disk, "/@root/usr/bin");
	folder_add("/opt", &other_disk, "/");
	folder_add("/usr/lib", &fake_disk, NULL);
	folder_add("/slow", &fake_disk, "/slow");
}

static const struct {
	const char *rules[3]; /* of each statement */
	const char *path;
	enum execgate_reason reason, reported;
	const char *why;
	struct super_block *sb; /* NULL: fake_disk */
} rows[] = {
	{ { NULL }, "/x", 0, 0, "no rule" },
	{ { "/usr/bin/x" }, "/@root/usr/bin/x", 0, 0, "in its place" },
	{ { "/usr/bin/x" }, "/@root/usr/bin/y", R(WRONG_PATH), 0, "its name" },
	{ { "/usr/bin/x" },
	  "/usr/bin/x",
	  R(WRONG_PATH),
	  0,
	  "not where that is in its file system" },
	{ { "/usr/bin/x" }, "/@root/usr/bin", R(WRONG_PATH), 0, "the folder" },
	{ { "/usr/bin/*" },
	  "/@root/usr/binx",
	  R(WRONG_PATH),
	  0,
	  "the folder's name, and more" },
	{ { "/usr/bin/x" },
	  "/@root/usr/bin/x",
	  R(WRONG_PATH),
	  0,
	  "another file system",
	  &other_disk },
	{ { "/usr/bin/x" }, NULL, R(WRONG_PATH), 0, "too long a path" },
	{ { "/opt/x" }, "/x", 0, 0, "at the root", &other_disk },
	{ { "/opt/**" }, "/a/b", 0, 0, "below the root", &other_disk },
	{ { "/opt/**" }, "/", R(WRONG_PATH), 0, "the root", &other_disk },
	{ { "/x" }, "/@root/x", 0, 0, "in the first folder" },
	{ { "/**" }, "/@root/usr/x", 0, 0, "anywhere below" },
	{ { "/**" }, "/x", R(WRONG_PATH), 0, "above it" },
	{ { "/**" }, "/x", R(WRONG_PATH), 0, "but not there", &other_disk },
	{ { "/no/x" }, "/@root/no/x", R(WRONG_PATH), 0, "no such folder" },
	{ { "/usr/lib/x" },
	  "/@root/usr/lib/x",
	  R(WRONG_PATH),
	  0,
	  "a folder of no path" },
	{ { "/no/x /usr/bin/*" }, "/@root/usr/bin/x", 0, 0, "one of two" },
	{ { "/x /usr/bin/y" }, "/@root/usr/bin/x", R(WRONG_PATH), 0, "none" },
	{ { "/usr/bin/*", "/**" }, "/@root/usr/bin/x", 0, 0, "both" },
	{ { "/usr/bin/*", "/**" },
	  "/@root/x",
	  R(WRONG_PATH),
	  0,
	  "not the first" },
	{ { "/**", "/usr/bin/*" },
	  "/@root/x",
	  R(WRONG_PATH),
	  0,
	  "not the second" },
	{ { "?/usr/bin/x" }, "/@root/usr/bin/x", 0, 0, "nothing to report" },
	{ { "?/usr/bin/x" }, "/@root/x", 0, R(WRONG_PATH), "reported" },
	{ { "?/no ?/x" }, "/@root/x", 0, 0, "one of two to report" },
	{ { "/** ?/usr/bin/x" },
	  "/@root/x",
	  0,
	  R(WRONG_PATH),
	  "allowed and reported" },
	{ { "/usr/bin/x ?/**" },
	  "/@root/x",
	  R(WRONG_PATH),
	  0,
	  "what only reports allows nothing" },
	{ { "?/no", "/usr/bin/*" },
	  "/@root/x",
	  R(WRONG_PATH),
	  R(WRONG_PATH),
	  "reported by one, denied by another" },
};

static void test_rows(void **state)
{
	struct eg_paths_said *said = kmalloc(sizeof(*said), GFP_KERNEL);
	size_t i, k;

	begin();
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct eg_verdict verdict = {};
		bool any = rows[i].rules[0];

		eg_paths_reset(said);
		for (k = 0; k < 3 && rows[i].rules[k]; k++)
			say(said, rows[i].rules[k]);
		file.f_path.dentry->name = rows[i].path;
		file.f_path.dentry->d_sb = rows[i].sb ?: &fake_disk;
		eg_paths_keep(said, &verdict);
		expect_equal(verdict.paths != NULL, any, rows[i].why);
		eg_paths_apply(&file, &verdict);
		expect_equal(verdict.reason, rows[i].reason, rows[i].why);
		expect_equal(verdict.reported, rows[i].reported, rows[i].why);
		assert_null(verdict.paths);
		assert_true(folders_free());
		assert_ptr_not_equal(current->cred, &shim_kernel_cred);
	}
	kfree(said);
	assert_int_equal(shim_allocated(), 0);
}

static enum execgate_reason judge(const char *rules,
				  enum execgate_reason before)
{
	struct eg_paths_said *said = kmalloc(sizeof(*said), GFP_KERNEL);
	struct eg_verdict verdict = {};

	eg_paths_reset(said);
	say(said, rules);
	eg_paths_keep(said, &verdict);
	verdict.reason = before;
	eg_paths_apply(&file, &verdict);
	kfree(said);
	assert_true(folders_free());
	assert_int_equal(shim_allocated(), 0);
	return verdict.reason;
}

/* What was opened and has no name, or not surely the one that it seems to have. */
static void test_nameless(void **state)
{
	struct dentry *dentry;

	begin();
	dentry = file.f_path.dentry;
	dentry->name = "/@root/x";
	assert_int_equal(judge("/x", 0), 0);
	dentry->unlinked = true;
	assert_int_equal(judge("/x", 0), R(WRONG_PATH));
	dentry->unlinked = false;
	dentry->d_flags = DCACHE_DISCONNECTED;
	assert_int_equal(judge("/x", 0), R(WRONG_PATH));
	dentry->d_flags = 0;
	/* What is wrong already stays so, and nothing is looked up for it. */
	folder_lookups = 0;
	assert_int_equal(judge("/x", R(WRONG_CLASS)), R(WRONG_CLASS));
	assert_int_equal(folder_lookups, 0);
	/* The machine goes down: its first process has gone. */
	first_process.fs = NULL;
	assert_int_equal(judge("/x", 0), R(WRONG_PATH));
	first_process_gone();
	assert_int_equal(judge("/x", 0), R(WRONG_PATH));
}

static void test_errors(void **state)
{
	static const struct {
		int error;
		bool killed;
		enum execgate_reason reason;
	} errors[] = {
		{ -ENOENT, false, R(WRONG_PATH) },
		{ -EACCES, false, R(WRONG_PATH) },
		{ -ENOMEM, false, R(NO_MEMORY) },
		{ -EINTR, false, R(WRONG_PATH) },
		{ -EINTR, true, R(INTERRUPTED) },
	};
	size_t i;

	begin();
	file.f_path.dentry->name = "/slow/x";
	assert_int_equal(judge("/slow/x", 0), 0);
	for (i = 0; i < ARRAY_SIZE(errors); i++) {
		folders[4].error = errors[i].error;
		shim_current.killed = errors[i].killed;
		assert_int_equal(judge("/slow/x", 0), errors[i].reason);
		assert_int_equal(judge("?/slow/x", 0),
				 errors[i].reason == R(WRONG_PATH) ?
					 0 :
					 errors[i].reason);
		shim_current.killed = false;
	}
}

/* More than there is room for is a no; the same once more takes no room. */
static void test_too_much(void **state)
{
	struct eg_paths_said *said = kmalloc(sizeof(*said), GFP_KERNEL);
	struct eg_verdict verdict = {};
	char text[EG_RULE_PATH_MAX + 1];
	int i;

	memset(text, 'x', sizeof(text));
	text[0] = '/';
	text[EG_RULE_PATH_MAX] = '\0';
	eg_paths_reset(said);
	/* 1,029 bytes each. */
	for (i = 0; i < 7; i++) {
		text[1] = 'a' + i;
		say(said, text);
		say(said, text);
	}
	text[EG_PATHS_SIZE_MAX - said->size - 6] = '\0';
	say(said, text);
	assert_int_equal(said->size, EG_PATHS_SIZE_MAX);
	assert_false(said->too_much);
	eg_paths_keep(said, &verdict);
	assert_int_equal(verdict.reason, 0);
	assert_int_equal(verdict.paths->size, EG_PATHS_SIZE_MAX);
	eg_paths_put(verdict.paths);
	verdict.paths = NULL;
	say(said, "/y");
	assert_true(said->too_much);
	eg_paths_keep(said, &verdict);
	assert_int_equal(verdict.reason, R(WRONG_PATH));
	assert_null(verdict.paths);
	kfree(said);
	assert_int_equal(shim_allocated(), 0);
}

int main(void)
{
	static const struct kernel_case cases[] = {
		KERNEL_CASE(test_rows),
		KERNEL_CASE(test_nameless),
		KERNEL_CASE(test_errors),
		KERNEL_CASE(test_too_much),
	};

	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
