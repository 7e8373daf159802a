// SPDX-License-Identifier: GPL-2.0
#include "rules/origin.h"

#include <linux/kernel.h>

#include "cases.h"

#define LIBRARIES EG_RULE_LIBRARIES
#define STARTS EG_RULE_STARTS

static struct eg_draft draft;

/* "k:text", by kind: l, L (libraries, reported), s, S (starts), h (hardened). */
static struct eg_bytes rules_of(const char *const *texts, u8 *out)
{
	size_t size = 0;

	for (; *texts; texts++) {
		const char kind = (*texts)[0];
		struct eg_rule rule = {
			.kind = kind == 'h'		   ? EG_RULE_HARDENED :
				kind == 'l' || kind == 'L' ? LIBRARIES :
							     STARTS,
			.strength = kind == 'L' || kind == 'S',
			.text = { (const u8 *)*texts + 2, strlen(*texts) - 2 },
		};

		size += eg_rule_write(&rule, out + size, 1024 - size);
	}
	return (struct eg_bytes){ out, size };
}

/* The key is a letter. */
static bool platform;
static u64 version;

static void add(char signer, const char *name, const char *const *rules)
{
	u8 key[EG_SHA256_SIZE], bytes[1024];
	const struct eg_statement statement = {
		.platform = platform,
		.signer = key,
		.version = version,
		.name = { (const u8 *)name, strlen(name) },
		.rules = rules_of(rules, bytes),
	};

	memset(key, signer, sizeof(key));
	eg_draft_add(&draft, &statement);
}

#define RULES(...) ((const char *const[]){ __VA_ARGS__ __VA_OPT__(, ) NULL })

static struct eg_origin *origin(char signer, const char *name,
				const char *const *rules)
{
	eg_draft_begin(&draft);
	add(signer, name, rules);
	return eg_origin_of(&draft);
}

static void test_shared(void **state)
{
	struct eg_origin *a = origin('a', "x", RULES("s:none"));
	struct eg_origin *same = origin('a', "x", RULES("h:", "s:none"));
	struct eg_origin *others[] = {
		origin('b', "x", RULES("s:none")),
		origin('a', "y", RULES("s:none")),
		origin('a', "x", RULES("s:own")),
		origin('a', "x", RULES("S:none")),
		origin('a', "x", RULES()),
	};
	size_t i;

	(void)state;
	/* What binds only the file is no part of it. */
	assert_ptr_equal(a, same);
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		assert_ptr_not_equal(a, others[i]);
		eg_origin_put(others[i]);
	}
	assert_true(eg_origin_binds(a));
	assert_false(eg_origin_binds(NULL));
	eg_origin_put(same);
	same = eg_origin_get(a);
	eg_origin_put(a);
	eg_origin_put(same);
	eg_origin_put(eg_origin_get(NULL));
	assert_int_equal(shim_allocated(), 0);
}

/* An event tells the version of who vouches; to rules it is nothing. */
static void test_version(void **state)
{
	struct eg_origin *old, *new, *program;
	struct eg_statement first;

	(void)state;
	version = 0xfedcba9876543210;
	new = origin('b', "y", RULES("s:none"));
	version = 7;
	old = origin('b', "y", RULES("s:none"));
	assert_ptr_not_equal(old, new);
	assert_true(eg_origin_first(new, &first));
	assert_true(first.version == 0xfedcba9876543210);
	assert_int_equal(first.name.size, 1);
	assert_memory_equal(first.name.data, "y", 1);
	assert_true(eg_origin_first(old, &first));
	assert_int_equal(first.version, 7);
	version = 0;
	program = origin('b', "y", RULES("l:none"));
	assert_int_equal(eg_origin_judge(program, LIBRARIES, new),
			 EG_ORIGIN_GOOD);
	eg_origin_put(program);
	eg_origin_put(old);
	eg_origin_put(new);
}

static void test_binds(void **state)
{
	static const struct {
		const char *rule;
		bool binds;
	} rows[] = {
		{ "h:", false },
		{ "l:own", true },
		{ "s:own", true },
	};
	struct eg_origin *one;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		one = origin('a', "x", RULES(rows[i].rule));
		assert_int_equal(draft.binds, rows[i].binds);
		assert_int_equal(eg_origin_binds(one), rows[i].binds);
		eg_origin_put(one);
	}
}

static void test_judge(void **state)
{
	static const struct {
		const char *rules[3];
		enum eg_rule_kind kind;
		char signer;
		const char *name;
		enum eg_origin_worth worth;
	} rows[] = {
		{ { NULL }, STARTS, 'b', "y", EG_ORIGIN_GOOD },
		{ { "l:none" }, STARTS, 'b', "y", EG_ORIGIN_GOOD },
		{ { "s:none" }, LIBRARIES, 'b', "y", EG_ORIGIN_GOOD },
		{ { "s:none" }, STARTS, 'b', "y", EG_ORIGIN_FOREIGN },
		{ { "s:none" }, STARTS, 'a', "x", EG_ORIGIN_FOREIGN },
		{ { "S:none" }, STARTS, 'a', "x", EG_ORIGIN_REPORTED },
		{ { "s:own" }, STARTS, 'a', "y", EG_ORIGIN_GOOD },
		{ { "s:own" }, STARTS, 'b', "y", EG_ORIGIN_FOREIGN },
		{ { "s:own", "s:identity y" },
		  STARTS,
		  'b',
		  "y",
		  EG_ORIGIN_GOOD },
		{ { "s:own", "s:identity z" },
		  STARTS,
		  'b',
		  "y",
		  EG_ORIGIN_FOREIGN },
		{ { "l:none" }, LIBRARIES, 'b', "y", EG_ORIGIN_FOREIGN },
		{ { "L:none" }, LIBRARIES, 'b', "y", EG_ORIGIN_REPORTED },
		/* Itself, which is one name of one key. */
		{ { "l:none" }, LIBRARIES, 'a', "x", EG_ORIGIN_GOOD },
		{ { "l:none" }, LIBRARIES, 'b', "x", EG_ORIGIN_FOREIGN },
		{ { "l:none" }, LIBRARIES, 'a', "xy", EG_ORIGIN_FOREIGN },
		{ { "l:none" }, LIBRARIES, 'a', "y", EG_ORIGIN_FOREIGN },
		/* Of each kind its own. */
		{ { "l:own", "s:none" }, LIBRARIES, 'a', "y", EG_ORIGIN_GOOD },
		{ { "l:own", "s:none" }, STARTS, 'a', "y", EG_ORIGIN_FOREIGN },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct eg_origin *one = origin('a', "x", rows[i].rules);
		struct eg_origin *other =
			origin(rows[i].signer, rows[i].name, RULES("s:none"));

		expect_equal(eg_origin_judge(one, rows[i].kind, other),
			     rows[i].worth, rows[i].name);
		eg_origin_put(one);
		eg_origin_put(other);
	}
	assert_int_equal(shim_allocated(), 0);
}

/* Libraries of the platform are foreign nowhere; its programs may be. */
static void test_platform(void **state)
{
	struct eg_origin *one = origin('a', "x", RULES("l:none", "s:none"));
	struct eg_origin *other;

	(void)state;
	platform = true;
	other = origin('b', "libc", RULES());
	assert_int_equal(eg_origin_judge(one, LIBRARIES, other),
			 EG_ORIGIN_GOOD);
	assert_int_equal(eg_origin_judge(one, STARTS, other),
			 EG_ORIGIN_FOREIGN);
	eg_origin_put(other);
	eg_origin_put(one);
}

/* Any of who vouches will do; and all who have rules must agree. */
static void test_several(void **state)
{
	struct eg_origin *one, *two, *both;

	(void)state;
	one = origin('a', "x", RULES("s:identity y*"));
	eg_draft_begin(&draft);
	add('a', "x", RULES("s:identity y*"));
	add('c', "x", RULES("S:identity *z", "l:own"));
	two = eg_origin_of(&draft);
	eg_draft_begin(&draft);
	add('b', "q", RULES());
	add('b', "ya", RULES());
	both = eg_origin_of(&draft);
	assert_int_equal(eg_origin_judge(one, STARTS, both), EG_ORIGIN_GOOD);
	assert_int_equal(eg_origin_judge(two, STARTS, both),
			 EG_ORIGIN_REPORTED);
	assert_int_equal(eg_origin_judge(two, LIBRARIES, both),
			 EG_ORIGIN_FOREIGN);
	/* Nobody vouches. */
	assert_int_equal(eg_origin_judge(one, STARTS, NULL), EG_ORIGIN_FOREIGN);
	assert_int_equal(eg_origin_judge(one, LIBRARIES, NULL), EG_ORIGIN_GOOD);
	assert_int_equal(eg_origin_judge(two, LIBRARIES, NULL),
			 EG_ORIGIN_FOREIGN);
	eg_origin_put(both);
	both = origin('b', "yz", RULES());
	assert_int_equal(eg_origin_judge(two, STARTS, both), EG_ORIGIN_GOOD);
	eg_origin_put(one);
	eg_origin_put(two);
	eg_origin_put(both);
}

static void test_bounds(void **state)
{
	char name[2] = "a";
	unsigned int i;
	u32 size;

	(void)state;
	eg_draft_begin(&draft);
	for (i = 0; i < EG_ORIGIN_STATEMENTS; i++, name[0]++) {
		add('a', name, RULES());
		add('a', name, RULES()); /* said already */
		assert_int_equal(draft.statements, i + 1);
	}
	size = draft.size;
	add('a', name, RULES("h:"));
	assert_false(draft.lost);
	add('a', name, RULES("s:own"));
	assert_true(draft.lost);
	assert_int_equal(draft.size, size);
	eg_draft_begin(&draft);
	assert_false(draft.lost);
	/* As many bytes as there are, and one statement more. */
	draft.size = EG_ORIGIN_SIZE - EG_SHA256_SIZE - 3 - 1;
	add('a', "xy", RULES());
	assert_int_equal(draft.statements, 0);
}

static void test_text(void **state)
{
	static const char all[] = "libraries own\nstarts none\n"
				  "report starts identity a b\n";
	struct eg_statement first;
	struct eg_origin *one;
	char out[64];

	(void)state;
	eg_draft_begin(&draft);
	add('a', "x", RULES("l:own", "s:none"));
	add('b', "y", RULES("S:identity a b"));
	one = eg_origin_of(&draft);
	eg_origin_text(one, out, sizeof(out));
	assert_string_equal(out, all);
	eg_origin_text(one, out, sizeof(all));
	assert_string_equal(out, all);
	/* Whole lines. */
	eg_origin_text(one, out, sizeof(all) - 1);
	assert_string_equal(out, "libraries own\nstarts none\n");
	eg_origin_text(one, out, 1);
	assert_string_equal(out, "");
	assert_true(eg_origin_first(one, &first));
	assert_int_equal(first.signer[31], 'a');
	assert_int_equal(first.name.size, 1);
	eg_origin_put(one);
	eg_draft_begin(&draft);
	one = eg_origin_of(&draft);
	assert_false(eg_origin_first(one, &first));
	eg_origin_put(one);
}

static void test_no_memory(void **state)
{
	(void)state;
	shim_fail_allocation(1);
	assert_null(origin('a', "x", RULES("s:none")));
	assert_int_equal(shim_allocated(), 0);
}

int main(void)
{
	static const struct kernel_case cases[] = {
		KERNEL_CASE(test_shared),    KERNEL_CASE(test_version),
		KERNEL_CASE(test_binds),     KERNEL_CASE(test_judge),
		KERNEL_CASE(test_platform),  KERNEL_CASE(test_several),
		KERNEL_CASE(test_bounds),    KERNEL_CASE(test_text),
		KERNEL_CASE(test_no_memory),
	};

	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
