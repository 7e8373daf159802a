// SPDX-License-Identifier: GPL-2.0
#include "lib/base/escape.h"
#include "lib_support.h"

static const struct {
	const char *why;
	const char *bytes;
	const char *expected;
} rows[] = {
	{ "nothing", "", "" },
	{ "a path", "/usr/bin/ls-2.0_x+y", "/usr/bin/ls-2.0_x+y" },
	{ "a second line", "/tmp/a\nexecgate allowed",
	  "/tmp/a\\x0aexecgate\\x20allowed" },
	{ "a carriage return rewrites the line", "a\rb", "a\\x0db" },
	{ "a terminal's title", "\033]0;x\007", "\\x1b]0;x\\x07" },
	{ "quotes end strings", "a\"b'c", "a\\x22b\\x27c" },
	{ "a backslash would pass for an escape", "\\x41", "\\x5cx41" },
	{ "delete", "\x7f", "\\x7f" },
	{ "umlauts are letters",
	  "gr\xc3\xbc\xc3\x9f"
	  "e",
	  "gr\xc3\xbc\xc3\x9f"
	  "e" },
	{ "four bytes", "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80" },
	{ "C1 control U+009B is an ESC [", "\xc2\x9b", "\\xc2\\x9b" },
	{ "right-to-left override U+202E",
	  "a\xe2\x80\xae"
	  "b",
	  "a\\xe2\\x80\\xae"
	  "b" },
	{ "zero width space U+200B", "\xe2\x80\x8b", "\\xe2\\x80\\x8b" },
	{ "no-break space U+00A0", "\xc2\xa0", "\\xc2\\xa0" },
	{ "Hangul filler U+3164 behind a name", "sshd\xe3\x85\xa4",
	  "sshd\\xe3\\x85\\xa4" },
	{ "Hangul filler U+115F", "\xe1\x85\x9f", "\\xe1\\x85\\x9f" },
	{ "half width filler U+FFA0", "\xef\xbe\xa0", "\\xef\\xbe\\xa0" },
	{ "blank braille U+2800", "\xe2\xa0\x80", "\\xe2\\xa0\\x80" },
	{ "free variation selector U+180B", "\xe1\xa0\x8b", "\\xe1\\xa0\\x8b" },
	{ "private use U+E000", "\xee\x80\x80", "\\xee\\x80\\x80" },
	{ "shorthand U+1BCA0", "\xf0\x9b\xb2\xa0", "\\xf0\\x9b\\xb2\\xa0" },
	{ "a syllable beside the fillers U+1161", "\xe1\x85\xa1",
	  "\xe1\x85\xa1" },
	{ "hieroglyph without ink U+13441", "a\xf0\x93\x91\x81",
	  "a\\xf0\\x93\\x91\\x81" },
	{ "Arabic number sign U+0600 formats what follows", "\xd8\x80",
	  "\\xd8\\x80" },
	{ "end of ayah U+06DD", "\xdb\x9d", "\\xdb\\x9d" },
	{ "no character U+FDD0", "\xef\xb7\x90", "\\xef\\xb7\\x90" },
	{ "unassigned U+0378", "\xcd\xb8", "\\xcd\\xb8" },
	{ "unassigned U+E0FFF", "\xf3\xa0\xbf\xbf", "\\xf3\\xa0\\xbf\\xbf" },
	{ "a Cyrillic s before Latin ones", "/usr/sbin/\xd1\x95shd",
	  "/usr/sbin/\\xd1\\x95shd" },
	{ "and behind them", "ssh\xd4\x81/a", "ssh\\xd4\\x81/a" },
	{ "a Greek o among them", "r\xce\xbf\xce\xbft",
	  "r\\xce\\xbf\\xce\\xbft" },
	{ "words of their own",
	  "\xd1\x84\xd0\xb0\xd0\xb9\xd0\xbb.txt-\xce\xb1_\xce\xb2",
	  "\xd1\x84\xd0\xb0\xd0\xb9\xd0\xbb.txt-\xce\xb1_\xce\xb2" },
	{ "a mathematical s U+1D42C",
	  "\xf0\x9d\x90\xac"
	  "shd",
	  "\\xf0\\x9d\\x90\\xac"
	  "shd" },
	{ "Roman fifty U+217C for an l", "\xe2\x85\xbcs", "\\xe2\\x85\\xbcs" },
	{ "the Kelvin sign U+212A", "\xe2\x84\xaa", "\\xe2\\x84\\xaa" },
	{ "the Ohm sign U+2126", "\xe2\x84\xa6", "\\xe2\\x84\\xa6" },
	{ "wide letters of people", "\xef\xbc\xa1\xe7\xa4\xbe",
	  "\xef\xbc\xa1\xe7\xa4\xbe" },
	{ "Latin beside Japanese", "IT\xe9\x83\xa8\xe3\x81\xae",
	  "IT\xe9\x83\xa8\xe3\x81\xae" },
	{ "a slash that is struck out U+0338",
	  "/\xcc\xb8"
	  "a",
	  "/\\xcc\\xb8"
	  "a" },
	{ "a mark at the front",
	  "\xcc\xb2"
	  "a",
	  "\\xcc\\xb2"
	  "a" },
	{ "on what is escaped", "\xff\xcc\xb2", "\\xff\\xcc\\xb2" },
	{ "an accent apart is drawn as the letter",
	  "caf"
	  "e\xcc\x81",
	  "caf"
	  "e\\xcc\\x81" },
	{ "the letter itself", "caf\xc3\xa9", "caf\xc3\xa9" },
	{ "an accent twice", "x\xcc\x81\xcc\x81", "x\xcc\x81\\xcc\\x81" },
	{ "an accent that no letter has", "x\xcc\x81", "x\xcc\x81" },
	{ "a syllable in two", "\xe1\x84\x80\xe1\x85\xa1",
	  "\xe1\x84\x80\\xe1\\x85\\xa1" },
	{ "vowels of Devanagari",
	  "\xe0\xa4\xb9\xe0\xa4\xbf\xe0\xa4\x82\xe0\xa4\xa6\xe0\xa5\x80",
	  "\xe0\xa4\xb9\xe0\xa4\xbf\xe0\xa4\x82\xe0\xa4\xa6\xe0\xa5\x80" },
	{ "a tower of marks",
	  "x\xcc\x80\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85",
	  "x\xcc\x80\xcc\x81\xcc\x82\xcc\x83\\xcc\\x84\\xcc\\x85" },
	{ "byte order mark", "\xef\xbb\xbf", "\\xef\\xbb\\xbf" },
	{ "tag U+E0041", "\xf3\xa0\x81\x81", "\\xf3\\xa0\\x81\\x81" },
	{ "Latin-1 is no UTF-8",
	  "\xfc"
	  "ber",
	  "\\xfc"
	  "ber" },
	{ "overlong slash", "\xc0\xaf", "\\xc0\\xaf" },
	{ "overlong in three", "\xe0\x80\xaf", "\\xe0\\x80\\xaf" },
	{ "surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80" },
	{ "beyond U+10FFFF", "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80" },
	{ "cut at its end", "a\xe2\x82", "a\\xe2\\x82" },
	{ "cut by a letter",
	  "\xe2\x82"
	  "a",
	  "\\xe2\\x82"
	  "a" },
	{ "a lone continuation", "\x80", "\\x80" },
	{ "never a lead", "\xff\xfe", "\\xff\\xfe" },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		size_t size = strlen(rows[i].bytes);
		/* Exact sizes, so that the sanitizer sees one byte too many. */
		char *in = malloc(size ? size : 1);
		char *out = malloc(EXECGATE_ESCAPE_SIZE(size));
		size_t got;

		memcpy(in, rows[i].bytes, size);
		got = execgate_escape(out, in, size);
		if (strcmp(out, rows[i].expected))
			fail_msg("%s: got %s", rows[i].why, out);
		assert_int_equal(got, strlen(out));
		free(in);
		free(out);
	}
}

/* Whatever the bytes: printable, one word, and nothing is lost. */
static void test_every_byte(void **state)
{
	char out[EXECGATE_ESCAPE_SIZE(256)];
	uint8_t in[256], back[256];
	size_t size = 0;
	char *p = out;

	(void)state;
	for (size_t i = 0; i < sizeof(in); i++)
		in[i] = (uint8_t)(255 - i);
	execgate_escape(out, in, sizeof(in));
	while (*p) {
		assert_in_range((uint8_t)*p, 0x21, 0x7e);
		if (*p == '\\') {
			assert_int_equal(p[1], 'x');
			sscanf(p + 2, "%2hhx", &back[size++]);
			p += 4;
		} else {
			back[size++] = (uint8_t)*p++;
		}
	}
	assert_int_equal(size, sizeof(in));
	assert_memory_equal(in, back, sizeof(in));
}

static void test_text(void **state)
{
	char out[EXECGATE_ESCAPE_SIZE(16)];

	(void)state;
	execgate_escape_text(out,
			     "CN=a b\nc\xc2\xa0"
			     "d",
			     11);
	assert_string_equal(out, "CN=a b\\x0ac\\xc2\\xa0d");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
