// SPDX-License-Identifier: GPL-2.0
/* What binds a process of what it reads: rule_set.h, operands.h, origin.h. */
#include "rules/rule_set.h"

#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#include "cases.h"
#include "folders.h"

#define READS EG_RULE_READS
#define INLINE EG_RULE_INLINE
#define DENY EG_RULE_DENY
#define REPORT EG_RULE_REPORT

static struct eg_bytes bytes_of(const char *text)
{
	return (struct eg_bytes){ (const u8 *)text, strlen(text) };
}

/* An identity with one rule. */
static struct eg_origin *make(const char *name, u8 kind, u8 strength,
			      const char *text)
{
	static struct eg_draft draft;
	u8 key[EG_SHA256_SIZE] = { 1 }, bytes[128];
	const struct eg_rule rule = { bytes_of(text), kind, strength };
	const struct eg_statement statement = {
		.signer = key,
		.name = bytes_of(name),
		.rules = { bytes, eg_rule_write(&rule, bytes, 128) },
	};

	assert_true(statement.rules.size);
	eg_draft_begin(&draft);
	eg_draft_add(&draft, &statement);
	return eg_origin_of(&draft);
}

static struct eg_rule_set *set_of(struct eg_rule_set *old, u8 kind, u8 strength,
				  const char *text, const char *operand)
{
	struct eg_origin *origin = make(text, kind, strength, text);
	struct eg_cmdline found = { .code = false };
	struct eg_rule_set *set;

	if (operand)
		found.files[found.count++] = bytes_of(operand);
	set = eg_rule_set_with(old, origin, &found, GFP_KERNEL);
	assert_false(IS_ERR(set));
	eg_origin_put(origin);
	eg_rule_set_put(old);
	return set;
}

struct asked {
	const char *name;
	const char *own;
	const char *line;
	bool exposed;
	bool device;
};

static struct eg_origin_read ask(const struct eg_rule_set *set,
				 struct asked asked)
{
	const struct eg_opened opened = {
		.name = bytes_of(asked.name ?: ""),
		.own = bytes_of(asked.own ?: ""),
		.line = bytes_of(asked.line ?: ""),
		.exposed = asked.exposed,
		.device = asked.device,
	};
	struct eg_origin_read out = { EG_RULE_READ_DATA, EG_RULE_READ_DATA };
	static struct inode inode;

	eg_rule_set_reads(set, &opened, &inode, &out);
	return out;
}

static const struct {
	const char *rule;
	struct asked asked;
	enum eg_rule_read deny;
} reads[] = {
	{ "name *.py", { "x.py" }, EG_RULE_READ_CODE },
	{ "name *.py", { "x", "x.py" }, EG_RULE_READ_CODE },
	{ "name *.py", { "x.py", "y" }, EG_RULE_READ_CODE },
	{ "name *.py", { "x.pyc", "y" }, EG_RULE_READ_DATA },
	{ "name *", { "" }, EG_RULE_READ_DATA },
	{ "quiet *.pyc", { "x.pyc" }, EG_RULE_READ_QUIETLY },
	{ "quiet *.pyc", { "x.py" }, EG_RULE_READ_DATA },
	{ "all", { "x" }, EG_RULE_READ_CODE },
	{ "constrained", { "x" }, EG_RULE_READ_DATA },
	{ "constrained", { "x", .exposed = true }, EG_RULE_READ_CODE },
	{ "name *.py", { "x", .exposed = true }, EG_RULE_READ_DATA },
	{ "all", { "x", .device = true }, EG_RULE_READ_DATA },
	{ "name *", { "x", .device = true }, EG_RULE_READ_DATA },
	{ "constrained",
	  { "x", .exposed = true, .device = true },
	  EG_RULE_READ_DATA },
	{ "shebang bash", { "x", "x", "/bin/bash" }, EG_RULE_READ_CODE },
	{ "shebang bash", { "x", "x", " /bin/bash -e" }, EG_RULE_READ_CODE },
	{ "shebang bash",
	  { "x", "x", "/usr/bin/env\tbash" },
	  EG_RULE_READ_CODE },
	{ "shebang bash", { "x", "x", "/bin/bas" }, EG_RULE_READ_DATA },
	{ "shebang bash", { "bash", "bash", "" }, EG_RULE_READ_DATA },
	{ "shebang py*", { "x", "x", "/usr/bin/python3" }, EG_RULE_READ_CODE },
};

static void test_reads(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(reads); i++) {
		struct eg_rule_set *set =
			set_of(NULL, READS, DENY, reads[i].rule, NULL);
		struct eg_origin_read read = ask(set, reads[i].asked);

		assert_true(set->reads);
		if (read.by_deny != reads[i].deny ||
		    read.by_report != EG_RULE_READ_DATA)
			fail_msg("%zu: %s", i, reads[i].rule);
		eg_rule_set_put(set);
	}
	assert_int_equal(shim_allocated(), 0);
}

static void test_strengths(void **state)
{
	struct eg_rule_set *set = set_of(NULL, READS, REPORT, "name x", NULL);
	struct eg_origin_read read = ask(set, (struct asked){ "x" });

	(void)state;
	assert_int_equal(read.by_deny, EG_RULE_READ_DATA);
	assert_int_equal(read.by_report, EG_RULE_READ_CODE);
	set = set_of(set, READS, DENY, "quiet x", NULL);
	read = ask(set, (struct asked){ "x" });
	assert_int_equal(read.by_deny, EG_RULE_READ_QUIETLY);
	assert_int_equal(read.by_report, EG_RULE_READ_CODE);
	eg_rule_set_put(set);
}

/* Asked for a first line only where that could tell. */
static void test_lines(void **state)
{
	struct eg_rule_set *set = set_of(NULL, READS, DENY, "name x", NULL);

	(void)state;
	assert_false(ask(set, (struct asked){ "y" }).by_line);
	set = set_of(set, READS, DENY, "shebang x", NULL);
	assert_true(ask(set, (struct asked){ "y" }).by_line);
	assert_false(ask(set, (struct asked){ "y", "y", "z" }).by_line);
	eg_rule_set_put(set);
}

static bool is_code(const struct eg_rule_set *set, struct asked asked)
{
	return ask(set, asked).by_deny == EG_RULE_READ_CODE;
}

static void test_operands(void **state)
{
	struct eg_rule_set *set = set_of(NULL, INLINE, DENY, "%@", "../d/x/");

	(void)state;
	assert_true(is_code(set, (struct asked){ "x" }));
	assert_true(is_code(set, (struct asked){ "y", "x" }));
	assert_false(is_code(set, (struct asked){ "y", "d" }));
	/* An operand is one to whoever has a grammar, not to other rules. */
	eg_rule_set_put(set);
	set = set_of(NULL, READS, DENY, "name z", "x");
	assert_false(is_code(set, (struct asked){ "x" }));
	set = set_of(set, INLINE, DENY, "%@", "y");
	assert_true(is_code(set, (struct asked){ "x" }));
	assert_true(is_code(set, (struct asked){ "y" }));
	eg_rule_set_put(set);
	assert_int_equal(shim_allocated(), 0);
}

/* "sh ''" and "sh /" make nothing code, whatever it was opened by. */
static void test_operand_without_name(void **state)
{
	struct eg_rule_set *set = set_of(NULL, INLINE, DENY, "%@", "");

	(void)state;
	set = set_of(set, INLINE, DENY, "%@", "/");
	assert_false(is_code(set, (struct asked){ "", "y" }));
	assert_false(is_code(set, (struct asked){ "x", "y" }));
	eg_rule_set_put(set);
}

/* By the file, until it was met; a lookup that would have to wait says nothing. */
static void test_operand_files(void **state)
{
	struct eg_rule_set *set = set_of(NULL, INLINE, DENY, "%@", "link");
	static struct super_block disk;
	unsigned int lookups;

	(void)state;
	assert_false(is_code(set, (struct asked){ "y" }));
	folder_add("link", &disk, "/y");
	folders[0].error = -EAGAIN;
	assert_false(is_code(set, (struct asked){ "y" }));
	folders[0].error = 0;
	assert_false(is_code(set, (struct asked){ "y" }));
	assert_true(is_code(set, (struct asked){ "link" }));
	lookups = folder_lookups;
	assert_false(is_code(set, (struct asked){ "y" }));
	assert_int_equal(folder_lookups, lookups);
	eg_rule_set_put(set);
	assert_true(folders_free());
}

/* More than are kept: everything may be one. */
static void test_lost(void **state)
{
	struct eg_origin *origin = make("x", INLINE, DENY, "%@");
	const struct eg_cmdline lost = { .lost = true };
	struct eg_rule_set *set = NULL, *new;
	int i;

	(void)state;
	set = eg_rule_set_with(NULL, origin, &lost, GFP_KERNEL);
	assert_true(is_code(set, (struct asked){ "y" }));
	eg_rule_set_put(set);
	for (i = 0, set = NULL; i < 33; i++) {
		const struct eg_cmdline one = { .count = 1,
						.files = { bytes_of("x") } };

		assert_true(!set || !is_code(set, (struct asked){ "y" }));
		new = eg_rule_set_with(set, origin, &one, GFP_KERNEL);
		eg_rule_set_put(set);
		set = new;
	}
	assert_true(is_code(set, (struct asked){ "y" }));
	assert_int_equal(set->count, 1);
	eg_rule_set_put(set);
	eg_origin_put(origin);
	assert_int_equal(shim_allocated(), 0);
}

static void test_no_memory(void **state)
{
	struct eg_origin *origin = make("x", INLINE, DENY, "%@");
	const struct eg_cmdline one = { .count = 1,
					.files = { bytes_of("x") } };
	int fail;

	(void)state;
	for (fail = 1; fail <= 2; fail++) {
		shim_fail_allocation(fail);
		assert_int_equal(PTR_ERR(eg_rule_set_with(NULL, origin, &one,
							  GFP_KERNEL)),
				 -ENOMEM);
	}
	eg_origin_put(origin);
	assert_int_equal(shim_allocated(), 0);
}

int main(void)
{
	static const struct kernel_case cases[] = {
		KERNEL_CASE(test_reads),
		KERNEL_CASE(test_strengths),
		KERNEL_CASE(test_lines),
		KERNEL_CASE(test_operands),
		KERNEL_CASE(test_operand_files),
		KERNEL_CASE(test_lost),
		KERNEL_CASE(test_operand_without_name),
		KERNEL_CASE(test_no_memory),
	};

	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
