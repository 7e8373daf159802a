// SPDX-License-Identifier: GPL-2.0
#include "format/rules.h"
#include "support.h"

#define VERSION 100
/* All digits of a fingerprint but the last four. */
#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab"

/* One rule, its size as it is. */
static struct eg_bytes one_rule(u8 kind, u8 strength, const char *text,
				size_t size)
{
	u8 bytes[EG_RULES_SIZE_MAX + 8] = { kind, strength, (u8)size,
					    (u8)(size >> 8) };

	assert_true(size <= sizeof(bytes) - EG_RULE_HEADER_SIZE);
	memcpy(bytes + EG_RULE_HEADER_SIZE, text, size);
	return bytes_copy(bytes, EG_RULE_HEADER_SIZE + size);
}

static const struct {
	const char *why;
	const char *text;
	u8 kind;
	u8 strength;
	bool good;
} rows[] = {
	{ "kind 0", "", 0, 0, false },
	{ "kind 8", "", 8, 0, false },
	{ "kind ff", "", 0xff, 0, false },
	{ "a strength of 2", "1", EG_RULE_VERSION, 2, false },
	{ "a strength of ff", "1", EG_RULE_VERSION, 0xff, false },

	{ "version 1", "1", EG_RULE_VERSION, 0, true },
	{ "reported only", "1", EG_RULE_VERSION, 1, true },
	{ "its own version", "100", EG_RULE_VERSION, 0, true },
	{ "above its own", "101", EG_RULE_VERSION, 0, false },
	{ "no number", "", EG_RULE_VERSION, 0, false },
	{ "0", "0", EG_RULE_VERSION, 0, false },
	{ "a zero before it", "01", EG_RULE_VERSION, 0, false },
	{ "a sign", "+1", EG_RULE_VERSION, 0, false },
	{ "hex", "a", EG_RULE_VERSION, 0, false },
	{ "the byte before 0", "1/", EG_RULE_VERSION, 0, false },
	{ "the byte behind 9", "1:", EG_RULE_VERSION, 0, false },
	{ "a blank", "1 ", EG_RULE_VERSION, 0, false },
	{ "wraps to 1", "18446744073709551617", EG_RULE_VERSION, 0, false },

	{ "a path", "/usr/bin/x", EG_RULE_PATH, 0, true },
	{ "reported only", "/usr/bin/x", EG_RULE_PATH, 1, true },
	{ "of one letter", "/x", EG_RULE_PATH, 0, true },
	{ "stars", "/usr/*/*.so.?", EG_RULE_PATH, 0, true },
	{ "two stars in one name", "/usr/*a*", EG_RULE_PATH, 0, true },
	{ "all below", "/usr/**", EG_RULE_PATH, 0, true },
	{ "all below the root", "/**", EG_RULE_PATH, 0, true },
	{ "three dots", "/usr/.../x", EG_RULE_PATH, 0, true },
	{ "a dot first", "/usr/.x", EG_RULE_PATH, 0, true },
	{ "any bytes", "/\n\xff [", EG_RULE_PATH, 0, false },
	{ "any other bytes", "/\n\xff ", EG_RULE_PATH, 0, true },
	{ "no path", "", EG_RULE_PATH, 0, false },
	{ "the root", "/", EG_RULE_PATH, 0, false },
	{ "relative", "usr/bin/x", EG_RULE_PATH, 0, false },
	{ "a folder", "/usr/", EG_RULE_PATH, 0, false },
	{ "two slashes", "/usr//x", EG_RULE_PATH, 0, false },
	{ "two slashes first", "//x", EG_RULE_PATH, 0, false },
	{ "a dot", "/usr/./x", EG_RULE_PATH, 0, false },
	{ "a dot last", "/usr/.", EG_RULE_PATH, 0, false },
	{ "two dots", "/usr/../x", EG_RULE_PATH, 0, false },
	{ "two dots last", "/..", EG_RULE_PATH, 0, false },
	{ "all below, and more", "/**/x", EG_RULE_PATH, 0, false },
	{ "two stars in a name", "/usr/a**", EG_RULE_PATH, 0, false },
	{ "three stars", "/usr/***", EG_RULE_PATH, 0, false },
	{ "a set", "/usr/[ab]", EG_RULE_PATH, 0, false },
	{ "a set's end", "/usr/a]", EG_RULE_PATH, 0, false },
	{ "alternatives", "/usr/{a,b}", EG_RULE_PATH, 0, false },
	{ "their end", "/usr/a}", EG_RULE_PATH, 0, false },
	{ "an escape", "/usr/\\*", EG_RULE_PATH, 0, false },

	{ "hardened", "", EG_RULE_HARDENED, 0, true },
	{ "hardened, with a text", "x", EG_RULE_HARDENED, 0, false },
	{ "hardened, reported", "", EG_RULE_HARDENED, 1, false },

	{ "own", "own", EG_RULE_LIBRARIES, 0, true },
	{ "own, reported", "own", EG_RULE_LIBRARIES, 1, true },
	{ "none", "none", EG_RULE_STARTS, 0, true },
	{ "nothing", "", EG_RULE_STARTS, 0, false },
	{ "own, and more", "owner", EG_RULE_LIBRARIES, 0, false },
	{ "own, cut", "ow", EG_RULE_LIBRARIES, 0, false },
	{ "a blank behind", "own ", EG_RULE_LIBRARIES, 0, false },
	{ "another word", "all", EG_RULE_LIBRARIES, 0, false },
	{ "constrained", "constrained", EG_RULE_READS, 0, true },
	{ "constrained, and more", "constrained ", EG_RULE_READS, 0, false },
	{ "constrained, cut", "constraine", EG_RULE_READS, 0, false },
	{ "of another kind", "constrained", EG_RULE_STARTS, 0, false },
	{ "a fingerprint", "signer " HEX "09af", EG_RULE_LIBRARIES, 0, true },
	{ "the same, started", "signer " HEX "09af", EG_RULE_STARTS, 0, true },
	{ "a digit less", "signer " HEX "09a", EG_RULE_STARTS, 0, false },
	{ "a digit more", "signer " HEX "09af0", EG_RULE_STARTS, 0, false },
	{ "upper case", "signer " HEX "09aF", EG_RULE_STARTS, 0, false },
	{ "before 0", "signer " HEX "09a/", EG_RULE_STARTS, 0, false },
	{ "behind 9", "signer " HEX "09a:", EG_RULE_STARTS, 0, false },
	{ "before a", "signer " HEX "09a`", EG_RULE_STARTS, 0, false },
	{ "behind f", "signer " HEX "09ag", EG_RULE_STARTS, 0, false },
	{ "no fingerprint", "signer", EG_RULE_STARTS, 0, false },
	{ "a blank only", "signer ", EG_RULE_STARTS, 0, false },
	{ "a name", "identity a", EG_RULE_STARTS, 0, true },
	{ "a pattern", "identity org.example/*-?", EG_RULE_STARTS, 0, true },
	{ "a blank in it", "identity a b", EG_RULE_STARTS, 0, true },
	{ "bytes", "identity \xff\x80", EG_RULE_STARTS, 0, true },
	{ "no name", "identity", EG_RULE_STARTS, 0, false },
	{ "an empty name", "identity ", EG_RULE_STARTS, 0, false },
	{ "two blanks", "identity  a", EG_RULE_STARTS, 0, false },
	{ "a blank last", "identity a ", EG_RULE_STARTS, 0, false },
	{ "two stars", "identity a**", EG_RULE_STARTS, 0, false },
	{ "a control", "identity a\nb", EG_RULE_STARTS, 0, false },
	{ "delete", "identity a\x7f", EG_RULE_STARTS, 0, false },
	{ "the last control", "identity a\x1f", EG_RULE_STARTS, 0, false },
};

static void expect_rules(struct eg_bytes list, bool good, const char *why)
{
	if (eg_rules_check(list, VERSION) != good)
		fail_msg("%s: %s", why, good ? "refused" : "taken");
}

static void test_rows(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct eg_bytes list = one_rule(rows[i].kind, rows[i].strength,
						rows[i].text,
						strlen(rows[i].text));
		struct eg_rule rule = { { (const u8 *)rows[i].text,
					  strlen(rows[i].text) },
					rows[i].kind,
					rows[i].strength };
		u8 written[128];

		expect_rules(list, rows[i].good, rows[i].why);
		/* What may be read may be written, and is the same bytes. */
		if (rows[i].good) {
			assert_int_equal(eg_rule_write(&rule, written, 128),
					 list.size);
			assert_memory_equal(written, list.data, list.size);
			assert_int_equal(eg_rule_write(&rule, written,
						       list.size - 1),
					 0);
			assert_int_equal(eg_rule_write(&rule, written, 3), 0);
		}
		bytes_free(list);
	}
}

static void test_zero_byte(void **state)
{
	struct eg_bytes list = one_rule(EG_RULE_PATH, 0, "/a\0b", 4);

	(void)state;
	expect_rules(list, false, "a zero byte in a path");
	bytes_free(list);
}

/* What a text selects, of a rule by key a's. */
static void test_selects(void **state)
{
	static const struct {
		const char *text;
		const char *name;
		char signer;
		bool selected;
	} cases[] = {
		{ "own", "x", 'a', true },
		{ "own", "x", 'b', false },
		{ "none", "x", 'a', false },
		{ "signer " HEX "cdef", "x", 'a', false },
		{ "identity x", "x", 'b', true },
		{ "identity x", "xx", 'b', false },
		{ "identity xx", "x", 'b', false },
		{ "identity x", "X", 'b', false },
		{ "identity ?", "x", 'b', true },
		{ "identity ?", "xx", 'b', false },
		{ "identity ??", "x", 'b', false },
		{ "identity *", "any/thing", 'b', true },
		{ "identity a*", "a", 'b', true },
		{ "identity a*", "b", 'b', false },
		{ "identity *b", "aab", 'b', true },
		{ "identity *b", "aba", 'b', false },
		{ "identity a*b*c", "axbxbc", 'b', true },
		{ "identity a*b*c", "axbxb", 'b', false },
		{ "identity a*ba", "abba", 'b', true },
		{ "identity *aab", "aaab", 'b', true },
		{ "identity a*?", "a", 'b', false },
		{ "identity a?*", "ab", 'b', true },
		{ "identity own", "own", 'b', true },
	};
	u8 own_key[EG_SHA256_SIZE], key[EG_SHA256_SIZE];
	struct eg_statement own = { .signer = own_key }, other;
	size_t i;

	(void)state;
	memset(own_key, 'a', sizeof(own_key));
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct eg_bytes text = { (const u8 *)cases[i].text,
					 strlen(cases[i].text) };

		memset(key, cases[i].signer, sizeof(key));
		other = (struct eg_statement){
			.signer = key,
			.name = { (const u8 *)cases[i].name,
				  strlen(cases[i].name) },
		};
		if (eg_rule_selects(text, &own, &other) != cases[i].selected)
			fail_msg("%s, %s", cases[i].text, cases[i].name);
	}
}

/* Each byte of a fingerprint counts, both digits of it. */
static void test_selects_signer(void **state)
{
	const char text[] = "signer " HEX "cdef";
	struct eg_bytes rule = { (const u8 *)text, sizeof(text) - 1 };
	struct eg_statement other = { .name = { NULL, 0 } };
	u8 key[EG_SHA256_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(key); i++)
		key[i] = (u8[]){
			0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef
		}[i % 8];
	other.signer = key;
	assert_true(eg_rule_selects(rule, &other, &other));
	for (i = 0; i < 8 * sizeof(key); i++) {
		key[i / 8] ^= 1 << i % 8;
		assert_false(eg_rule_selects(rule, &other, &other));
		key[i / 8] ^= 1 << i % 8;
	}
}

static void test_numbers(void **state)
{
	static const struct {
		const char *text;
		u64 number;
	} numbers[] = {
		{ "7", 7 },
		{ "18446744073709551615", ~0ull },
		{ "18446744073709551616", 0 },
		{ "18446744073709551620", 0 },
		{ "99999999999999999999", 0 },
		{ "111111111111111111111", 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		assert_int_equal(eg_rule_number((struct eg_bytes){
					 (const u8 *)numbers[i].text,
					 strlen(numbers[i].text) }),
				 numbers[i].number);
}

/*
 * Rules of these kinds, as letters: v, V (reported), p, q (two paths), h, l, L and m
 * (libraries, one reported), n (none of them), s, N (starts).
 */
static struct eg_bytes list_of(const char *letters)
{
	static const struct {
		char letter;
		struct eg_rule rule;
	} known[] = {
		{ 'v', { { (const u8 *)"9", 1 }, EG_RULE_VERSION, 0 } },
		{ 'V', { { (const u8 *)"8", 1 }, EG_RULE_VERSION, 1 } },
		{ 'p', { { (const u8 *)"/p", 2 }, EG_RULE_PATH, 0 } },
		{ 'q', { { (const u8 *)"/a", 2 }, EG_RULE_PATH, 1 } },
		{ 'h', { { NULL, 0 }, EG_RULE_HARDENED, 0 } },
		{ 'l', { { (const u8 *)"own", 3 }, EG_RULE_LIBRARIES, 0 } },
		{ 'L', { { (const u8 *)"own", 3 }, EG_RULE_LIBRARIES, 1 } },
		{ 'm',
		  { { (const u8 *)"identity a", 10 }, EG_RULE_LIBRARIES, 0 } },
		{ 'n', { { (const u8 *)"none", 4 }, EG_RULE_LIBRARIES, 0 } },
		{ 's', { { (const u8 *)"own", 3 }, EG_RULE_STARTS, 0 } },
		{ 'N', { { (const u8 *)"none", 4 }, EG_RULE_STARTS, 1 } },
	};
	u8 bytes[EG_RULES_SIZE_MAX];
	size_t size = 0, i;

	for (; *letters; letters++)
		for (i = 0; i < ARRAY_SIZE(known); i++)
			if (known[i].letter == *letters)
				size += eg_rule_write(&known[i].rule,
						      bytes + size,
						      sizeof(bytes) - size);
	return bytes_copy(bytes, size);
}

static void test_lists(void **state)
{
	static const struct {
		const char *letters;
		bool good;
	} lists[] = {
		{ "", true },
		{ "v", true },
		{ "vph", true },
		{ "vpqph", true },
		{ "vpp", true },
		{ "vphls", true },
		{ "lmm", true },
		{ "lN", true },
		{ "Ls", true },
		{ "lL", false },
		{ "Lm", false },
		{ "ln", false },
		{ "nl", false },
		{ "nn", false },
		{ "n", true },
		{ "ns", true },
		{ "NN", false },
		{ "sl", false },
		{ "pv", false },
		{ "hp", false },
		{ "vv", false },
		{ "vV", false },
		{ "hh", false },
		{ "vphv", false },
		{ "pppppppppppppppppppppppppppppppp", true },
		{ "ppppppppppppppppppppppppppppppppp", false },
		{ "vppppppppppppppppppppppppppppppph", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lists); i++) {
		struct eg_bytes list = list_of(lists[i].letters), rest = list;
		struct eg_rule rule;
		size_t count = 0;

		expect_rules(list, lists[i].good, lists[i].letters);
		while (eg_rules_next(&rest, &rule))
			count++;
		assert_int_equal(count, strlen(lists[i].letters));
		assert_int_equal(rest.size, 0);
		assert_int_equal(eg_rules_have(list, EG_RULE_HARDENED),
				 strchr(lists[i].letters, 'h') != NULL);
		bytes_free(list);
	}
}

/* Each beginning of a good list is one of a good list, or refused. */
static void test_cut(void **state)
{
	struct eg_bytes list = list_of("vpqh"), cut;
	size_t size, good = 0;

	(void)state;
	for (size = 0; size < list.size; size++) {
		cut = bytes_copy(list.data, size);
		good += eg_rules_check(cut, VERSION);
		bytes_free(cut);
	}
	assert_int_equal(good, 4);
	bytes_free(list);
}

static void test_sizes(void **state)
{
	static char path[EG_RULES_SIZE_MAX];
	u8 many[EG_RULES_SIZE_MAX + 1];
	struct eg_rule rule = { { (const u8 *)path, EG_RULE_PATH_MAX },
				EG_RULE_PATH,
				0 };
	struct eg_bytes list;
	size_t size = 0;

	(void)state;
	memset(path, 'x', sizeof(path));
	path[0] = '/';
	list = one_rule(EG_RULE_PATH, 0, path, EG_RULE_PATH_MAX);
	expect_rules(list, true, "the longest path");
	bytes_free(list);
	list = one_rule(EG_RULE_PATH, 0, path, EG_RULE_PATH_MAX + 1);
	expect_rules(list, false, "a longer one");
	bytes_free(list);
	/* Three of the longest, and one that fills what is left. */
	while (size < 3 * (EG_RULE_HEADER_SIZE + EG_RULE_PATH_MAX))
		size += eg_rule_write(&rule, many + size, sizeof(many) - size);
	rule.text.size = EG_RULES_SIZE_MAX - size - EG_RULE_HEADER_SIZE;
	assert_int_equal(eg_rule_write(&rule, many + size,
				       EG_RULES_SIZE_MAX - size),
			 EG_RULES_SIZE_MAX - size);
	expect_rules((struct eg_bytes){ many, EG_RULES_SIZE_MAX }, true,
		     "as many bytes as they may have");
	many[size + 2]++; /* from 1015 to 1016 */
	many[EG_RULES_SIZE_MAX] = 'x';
	expect_rules((struct eg_bytes){ many, EG_RULES_SIZE_MAX + 1 }, false,
		     "one more");
}

static const struct {
	const char *pattern, *path;
	size_t folder;
	bool matches;
} places[] = {
	{ "/usr/bin/x", "/usr/bin/x", 8, true },
	{ "/usr/bin/x", "/usr/bin/xx", 8, false },
	{ "/usr/bin/x", "/usr/bin", 8, false },
	{ "/usr/bin/x", "/usr/bin/x/y", 8, false },
	{ "/usr/bin/x", "/usr/sbin/x", 8, false },
	{ "/usr/bin/x", "/", 8, false },
	{ "/usr/bin/x", "", 8, false },
	{ "/x", "/x", 0, true },
	{ "/*", "/x", 0, true },
	{ "/*", "/", 0, false },
	{ "/*", "/x/y", 0, false },
	{ "/*/x", "/a/x", 0, true },
	{ "/*/x", "/x", 0, false },
	{ "/usr/*", "/usr/.x", 4, true },
	{ "/usr/*", "/usr/a/x", 4, false },
	{ "/usr/b*/x", "/usr/bin/x", 4, true },
	{ "/usr/b*/x", "/usr/b/x", 4, true },
	{ "/usr/b*/x", "/usr/bin/y/x", 4, false },
	{ "/usr/b?n/x", "/usr/bin/x", 4, true },
	{ "/usr/b?n/x", "/usr/bn/x", 4, false },
	{ "/usr/b?x", "/usr/b/x", 4, false },
	{ "/lib/*.so.?", "/lib/libc.so.6", 4, true },
	{ "/lib/*.so.?", "/lib/libc.so.66", 4, false },
	{ "/lib/*a*b*c", "/lib/xaxbxabxc", 4, true },
	{ "/lib/*a*b*c", "/lib/xbxaxc", 4, false },
	{ "/lib/*ab", "/lib/aab", 4, true },
	{ "/lib/*?", "/lib/a", 4, true },
	{ "/lib/a*", "/lib/a", 4, true },
	{ "/lib/a*", "/lib/a*", 4, true },
	{ "/usr/**", "/usr/x", 4, true },
	{ "/usr/**", "/usr/a/b/c", 4, true },
	{ "/usr/**", "/usr", 4, false },
	{ "/usr/**", "/usr/", 4, false },
	{ "/usr/**", "/usrx/y", 4, false },
	{ "/**", "/x", 0, true },
	{ "/usr/*/y/**", "/usr/a/y/z", 4, true },
	{ "/usr/*/y/**", "/usr/a/z/z", 4, false },
	{ "/usr/[kworker", "/usr/[kworker", 4, true },
};

static struct eg_bytes text_bytes(const char *text)
{
	return (struct eg_bytes){ (const u8 *)text, strlen(text) };
}

static void test_places(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct eg_bytes pattern = text_bytes(places[i].pattern);
		struct eg_bytes path = text_bytes(places[i].path);

		if (eg_rule_path_folder(pattern) != places[i].folder ||
		    eg_rule_path_matches(pattern, path) != places[i].matches)
			fail_msg("%s and %s", places[i].pattern,
				 places[i].path);
	}
}

/* Stars before stars: no more steps than bytes, multiplied; this ends at once. */
static void test_many_stars(void **state)
{
	char pattern[EG_RULE_PATH_MAX + 1], path[257];
	size_t i;

	(void)state;
	for (i = 0; i < EG_RULE_PATH_MAX; i++)
		pattern[i] = i % 2 ? '*' : 'a';
	pattern[0] = '/';
	pattern[EG_RULE_PATH_MAX - 1] = 'b';
	pattern[EG_RULE_PATH_MAX] = '\0';
	memset(path, 'a', sizeof(path));
	path[0] = '/';
	path[256] = '\0';
	assert_false(
		eg_rule_path_matches(text_bytes(pattern), text_bytes(path)));
	/* 60 stars, each with an "a" behind it that could be any. */
	pattern[120] = 'b';
	pattern[121] = '\0';
	assert_false(
		eg_rule_path_matches(text_bytes(pattern), text_bytes(path)));
	path[255] = 'b';
	assert_true(
		eg_rule_path_matches(text_bytes(pattern), text_bytes(path)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_zero_byte),
		cmocka_unit_test(test_selects),
		cmocka_unit_test(test_selects_signer),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_many_stars),
	};

	return cmocka_run_group_tests_name("format/rules", tests, NULL, NULL);
}
