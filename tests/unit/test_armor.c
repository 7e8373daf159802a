// SPDX-License-Identifier: GPL-2.0
#include "format/armor.h"
#include "support.h"

#define BEGIN " '-----BEGIN EXECGATE SIGNATURE-----'0a"
#define END " '-----END EXECGATE SIGNATURE-----'0a"
#define PAYLOAD "'echo hi'0a"
#define LINE "'# ' 41*64 0a"
#define FILE_OF(lines) PAYLOAD "'# '" BEGIN lines "'# '" END
#define PREFIXED(prefix) PAYLOAD prefix BEGIN prefix "'QUJD'0a" prefix END

#define OK EG_FORMAT_OK
#define ABSENT EG_FORMAT_ABSENT
#define BAD EG_FORMAT_MALFORMED

static const struct row {
	const char *why;
	const char *file;
	const char *cms;
} rows[] = {
	{ "shell", FILE_OF("'# QUJD'0a"), "'ABC'" },
	{ "C", PREFIXED("'// '"), "'ABC'" },
	{ "SQL, Lua", PREFIXED("'-- '"), "'ABC'" },
	{ "Lisp", PREFIXED("'; '"), "'ABC'" },
	{ "TeX", PREFIXED("'% '"), "'ABC'" },
	{ "Vim", PREFIXED("'\" '"), "'ABC'" },
	{ "one byte", FILE_OF("'# QQ=='0a"), "'A'" },
	{ "two bytes", FILE_OF("'# QUI='0a"), "'AB'" },
	{ "every kind of character", FILE_OF("'# Aa0+/z9Z'0a"),
	  "01ad3eff3f59" },
	{ "a full line", FILE_OF(LINE), "00*48" },
	{ "a full line and one more", FILE_OF(LINE "'# QQ=='0a"), "00*48 41" },
	{ "two full lines", FILE_OF(LINE LINE), "00*96" },
};

/* Files that are refused, and how. */
static const struct refused {
	const char *why;
	const char *file;
	enum eg_format expected;
} refused[] = {
	{ "an empty file", "", ABSENT },
	{ "no block", PAYLOAD, ABSENT },
	{ "an END without a prefix", PAYLOAD END, ABSENT },
	{ "a prefix without its space", PREFIXED("'#'"), ABSENT },
	{ "a prefix we do not know", PREFIXED("'REM '"), ABSENT },
	{ "a block of no comment", PREFIXED("''"), ABSENT },
	{ "bytes behind the END", FILE_OF("'# QUJD'0a") "0a", ABSENT },
	{ "the END cut", PAYLOAD "'# '" BEGIN "'# QUJD'0a'# -----END '",
	  ABSENT },
	{ "the END without its newline",
	  PAYLOAD "'# '" BEGIN "'# QUJD'0a"
		  "'# -----END EXECGATE SIGNATURE-----'",
	  ABSENT },
	{ "an END inside a line", PAYLOAD "'# '" BEGIN "'# QUJD'0a'x # '" END,
	  ABSENT },
	{ "a lone END", "'# '" END, BAD },
	{ "an END behind a payload", PAYLOAD "'# '" END, BAD },
	{ "no lines", FILE_OF(""), BAD },
	{ "row 11: no payload", "'# '" BEGIN "'# QUJD'0a'# '" END, BAD },
	{ "a BEGIN inside a line", "'echo # '" BEGIN "'# QUJD'0a'# '" END,
	  BAD },
	{ "no BEGIN", PAYLOAD "'# QUJD'0a'# '" END, BAD },
	{ "a BEGIN with another prefix",
	  PAYLOAD "'// '" BEGIN "'# QUJD'0a'# '" END, BAD },
	{ "a line with another prefix",
	  PAYLOAD "'# '" BEGIN "'; QUJD'0a'# '" END, BAD },
	{ "a full line with another prefix",
	  FILE_OF("'; ' 41*64 0a '# QQ=='0a"), BAD },
	{ "two prefixes", FILE_OF("'# # QUJD'0a"), BAD },
	{ "an empty line", FILE_OF("'# '0a"), BAD },
	{ "an empty line in between", FILE_OF("'# '0a '# QUJD'0a"), BAD },
	{ "a short line before the last", FILE_OF("'# QUJD'0a'# QUJD'0a"),
	  BAD },
	{ "a line of 68", FILE_OF("'# ' 41*68 0a"), BAD },
	{ "a first line of 68", FILE_OF("'# ' 41*68 0a '# QQ=='0a"), BAD },
	{ "three characters", FILE_OF("'# QUJ'0a"), BAD },
	{ "five characters", FILE_OF("'# QUJDQ'0a"), BAD },
	{ "not padded", FILE_OF("'# QQ'0a"), BAD },
	{ "padded too much", FILE_OF("'# Q==='0a"), BAD },
	{ "nothing but padding", FILE_OF("'# ===='0a"), BAD },
	{ "padding before the end", FILE_OF("'# QQ==QUJD'0a"), BAD },
	{ "padding in a full line", FILE_OF("'# ' 41*62 '=='0a '# QQ=='0a"),
	  BAD },
	{ "padding in the middle of a group", FILE_OF("'# Q=I='0a"), BAD },
	{ "stray bits behind one byte", FILE_OF("'# QR=='0a"), BAD },
	{ "stray bits behind two bytes", FILE_OF("'# QUJ='0a"), BAD },
	{ "a blank in a line", FILE_OF("'# QU D'0a"), BAD },
	{ "a blank at its end", FILE_OF("'# QUJD '0a"), BAD },
	{ "a carriage return", FILE_OF("'# QUJD'0d0a"), BAD },
	{ "base64url", FILE_OF("'# QU-_'0a"), BAD },
	{ "a NUL", FILE_OF("'# QU'00'D'0a"), BAD },
	{ "a byte above ASCII", FILE_OF("'# QU'c1'D'0a"), BAD },
};

static enum eg_format parse(struct eg_bytes file, struct eg_armor *out)
{
	static u8 buffer[EG_ARMOR_MAX];
	struct eg_bytes end = file;
	enum eg_format result;

	memset(out, 0, sizeof(*out));
	result = eg_armor_parse(file, file.size, buffer, sizeof(buffer), out);
	if (end.size > EG_ARMOR_END_SIZE) {
		end.data += end.size - EG_ARMOR_END_SIZE;
		end.size = EG_ARMOR_END_SIZE;
	}
	assert_int_equal(eg_armor_ends(end), result != EG_FORMAT_ABSENT);
	return result;
}

static void test_accepted(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct eg_bytes file = bytes_of(rows[i].file);
		struct eg_bytes cms = bytes_of(rows[i].cms);
		struct eg_armor out;

		expect_format(parse(file, &out), EG_FORMAT_OK, rows[i].why);
		assert_int_equal(out.payload_size, strlen("echo hi\n"));
		if (out.cms.size != cms.size ||
		    memcmp(out.cms.data, cms.data, cms.size))
			fail_msg("%s: decoded to other bytes", rows[i].why);
		bytes_free(cms);
		bytes_free(file);
	}
}

static void test_refused(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(refused); i++) {
		struct eg_bytes file = bytes_of(refused[i].file);
		struct eg_armor out;

		expect_format(parse(file, &out), refused[i].expected,
			      refused[i].why);
		bytes_free(file);
	}
}

/* What stands before the block is payload, whatever it looks like. */
static void test_payload(void **state)
{
	static const struct {
		const char *why;
		const char *file;
		u64 payload;
	} payloads[] = {
		{ "one newline", "0a'# '" BEGIN "'# QUJD'0a'# '" END, 1 },
		{ "a BEGIN of its own", "'# '" BEGIN FILE_OF("'# QUJD'0a"),
		  37 + 8 },
		{ "a signed file",
		  FILE_OF("'# QUJD'0a") "'# '" BEGIN "'# QUJD'0a'# '" END,
		  8 + 37 + 7 + 35 },
		{ "another comment syntax",
		  "'// '" BEGIN "'# '" BEGIN "'# QUJD'0a'# '" END, 38 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(payloads); i++) {
		struct eg_bytes file = bytes_of(payloads[i].file);
		struct eg_armor out;

		expect_format(parse(file, &out), EG_FORMAT_OK, payloads[i].why);
		if (out.payload_size != payloads[i].payload)
			fail_msg("%s: a payload of %llu", payloads[i].why,
				 (unsigned long long)out.payload_size);
		bytes_free(file);
	}
}

static const char *const prefixes[] = { "# ", "// ", "-- ", "; ", "% ", "\" " };

/* A file of @payload newlines and a block with @cms_size bytes. */
static struct eg_bytes armored(const char *prefix, size_t payload,
			       size_t cms_size, u8 *cms)
{
	u8 *file = malloc(payload + EG_ARMOR_MAX);
	struct eg_bytes out;
	size_t i, size;

	assert_non_null(file);
	for (i = 0; i < cms_size; i++)
		cms[i] = (u8)(i * 167 + (i >> 8));
	memset(file, '\n', payload);
	size = eg_armor_write(prefix, (struct eg_bytes){ cms, cms_size },
			      file + payload, EG_ARMOR_MAX);
	out = bytes_copy(file, size ? payload + size : 0);
	free(file);
	return out;
}

static void test_round_trip(void **state)
{
	static u8 cms[EG_ARMOR_MAX];
	size_t i, size, largest = 0;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(prefixes); i++)
		for (size = 1; size < EG_ARMOR_MAX; size++) {
			size_t payload = 1 + size % 7;
			struct eg_bytes file =
				armored(prefixes[i], payload, size, cms);
			struct eg_armor out;

			if (!file.size) {
				bytes_free(file);
				break;
			}
			expect_format(parse(file, &out), EG_FORMAT_OK,
				      "what was written");
			assert_int_equal(out.payload_size, payload);
			assert_int_equal(out.cms.size, size);
			assert_memory_equal(out.cms.data, cms, size);
			bytes_free(file);
			largest = size;
		}
	assert_in_range(largest, 5000, 6000);
}

/* A reader holds the end of the file only; the offsets are those of the file. */
static void test_tail_of_a_large_file(void **state)
{
	static u8 buffer[EG_ARMOR_MAX], cms[EG_ARMOR_MAX];
	struct eg_bytes file = armored("# ", 100000, 1000, cms);
	size_t sizes[] = { EG_ARMOR_MAX, EG_ARMOR_MAX + 1, file.size - 1,
			   file.size };
	struct eg_armor out;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct eg_bytes tail = { file.data + file.size - sizes[i],
					 sizes[i] };

		expect_format(eg_armor_parse(tail, file.size, buffer,
					     sizeof(buffer), &out),
			      EG_FORMAT_OK, "a tail");
		assert_int_equal(out.payload_size, 100000);
		expect_format(eg_armor_parse(tail, file.size + (5ull << 32),
					     buffer, sizeof(buffer), &out),
			      EG_FORMAT_OK, "a tail of a huge file");
		assert_true(out.payload_size == 100000 + (5ull << 32));
	}
	expect_format(eg_armor_parse(file, file.size - 1, buffer,
				     sizeof(buffer), &out),
		      EG_FORMAT_MALFORMED, "a file that shrank meanwhile");
	expect_format(eg_armor_parse(file, file.size, buffer, 1000, &out),
		      EG_FORMAT_MALFORMED, "a buffer that is too small");
	bytes_free(file);
}

/* Lines without end: nothing is read before the bound. */
static void test_bound(void **state)
{
	char notation[EG_ARMOR_MAX] = PAYLOAD "'# '" BEGIN;
	struct eg_bytes file;
	struct eg_armor out;
	size_t i;

	(void)state;
	for (i = 0; i < 130; i++)
		strcat(notation, LINE);
	strcat(notation, "'# '" END);
	file = bytes_of(notation);
	assert_in_range(file.size, EG_ARMOR_MAX, EG_ARMOR_MAX + 1000);
	expect_format(parse(file, &out), EG_FORMAT_MALFORMED,
		      "a block above the bound");
	bytes_free(file);
}

static void test_write_refuses(void **state)
{
	static const u8 data[EG_ARMOR_MAX + 1];
	static u8 block[2 * EG_ARMOR_MAX];
	struct eg_bytes three = { data, 3 }, none = { data, 0 };
	size_t size = eg_armor_write("# ", three, block, sizeof(block));

	(void)state;
	assert_int_equal(size, 37 + 7 + 35);
	assert_int_equal(eg_armor_write("# ", three, block, size), size);
	assert_int_equal(eg_armor_write("# ", three, block, size - 1), 0);
	assert_int_equal(eg_armor_write("# ", three, block, 0), 0);
	assert_int_equal(eg_armor_write("# ", none, block, sizeof(block)), 0);
	assert_int_equal(eg_armor_write("#", three, block, sizeof(block)), 0);
	assert_int_equal(eg_armor_write("", three, block, sizeof(block)), 0);
	assert_int_equal(eg_armor_write("REM ", three, block, sizeof(block)),
			 0);
	assert_int_equal(eg_armor_write("# ",
					(struct eg_bytes){ data, sizeof(data) },
					block, sizeof(block)),
			 0);
	assert_int_equal(eg_armor_write("# ",
					(struct eg_bytes){ data, EG_ARMOR_MAX },
					block, sizeof(block)),
			 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_payload),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_tail_of_a_large_file),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_write_refuses),
	};

	return cmocka_run_group_tests_name("format/armor", tests, NULL, NULL);
}
