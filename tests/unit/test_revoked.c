// SPDX-License-Identifier: GPL-2.0
/* The file of what is revoked: what is understood, kept, dropped, left alone. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/io.h"
#include "lib_support.h"
#include "lib/catalog/revoked.h"
#include "lib/netlink/parse.h"

#define HEX "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF"

static char folder[] = "/tmp/execgate-revocation.XXXXXX";
static char path[64];

static void write_text(const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static char *text_of(void)
{
	static char copy[4096];
	uint8_t *data;
	size_t size;

	assert_int_equal(execgate_io_read_file(path, sizeof(copy) - 1, &data,
					       &size, NULL),
			 0);
	memcpy(copy, data, size);
	copy[size] = '\0';
	free(data);
	return copy;
}

static void test_lines(void **state)
{
	static const struct {
		const char *text;
		int ret;
		size_t count;
		const char *why;
	} rows[] = {
		{ "", 0, 0, "nothing" },
		{ "# a comment\n\n \t\n", 0, 0, "no line says anything" },
		{ "key " HEX "\n", 0, 1, "a key" },
		{ "key " HEX, 0, 1, "without an end of line" },
		{ " digest   " HEX " since tuesday\n", 0, 1, "a remark" },
		{ "catalog 7 a-b\n", 0, 1, "a catalog" },
		{ "key " HEX "0\n", -EBADMSG, 0, "a digit too many" },
		{ "key 00\nkey " HEX "\n", -EBADMSG, 1, "the other counts" },
		{ "catalog -1 a\n", -EBADMSG, 0, "no sequence" },
		{ "catalog 99999999999999999999 a\n", -EBADMSG, 0,
		  "too large" },
		{ "catalog 7\n", -EBADMSG, 0, "no name" },
		{ "catalog 7 a/b\n", -EBADMSG, 0, "no name of a catalog" },
		{ "keys " HEX "\n", -EBADMSG, 0, "no kind" },
		{ "version 7 org.example/a tool\n", 0, 1, "a version" },
		{ "version 18446744073709551615 a\n", 0, 1, "the highest" },
		{ "version 18446744073709551616 a\n", -EBADMSG, 0,
		  "too large a version" },
		{ "version 0 a\n", -EBADMSG, 0, "below 0 is nothing" },
		{ "version 7\n", -EBADMSG, 0, "no name" },
		{ "version 7 \n", -EBADMSG, 0, "an empty name" },
		{ "version 7  a\n", -EBADMSG, 0, "a blank first" },
		{ "version 7 a\t\n", -EBADMSG, 0, "a control character" },
		{ "version a 7\n", -EBADMSG, 0, "the wrong way round" },
	};
	struct execgate_revocations all;
	struct execgate_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		write_text(rows[i].text);
		print_message("%s\n", rows[i].why);
		assert_int_equal(execgate_revocations_load(path, &all, &err),
				 rows[i].ret);
		assert_int_equal(all.count, rows[i].count);
		execgate_revocations_free(&all);
	}
}

static void test_edit(void **state)
{
	struct execgate_revocation key = { .kind = EXECGATE_REVOCATION_KEY };
	struct execgate_revocation catalog = {
		.kind = EXECGATE_REVOCATION_CATALOG,
		.name = "local",
		.sequence = 3,
	};
	struct execgate_error err;

	(void)state;
	unlink(path);
	assert_true(execgate_revocation_hex(HEX, key.value));
	assert_int_equal(execgate_revocations_drop(path, &key, &err), -ENOENT);
	assert_int_equal(execgate_revocations_keep(path, &key, &err), 0);
	assert_int_equal(execgate_revocations_keep(path, &catalog, &err), 0);
	catalog.sequence = 4;
	assert_int_equal(execgate_revocations_keep(path, &catalog, &err), 0);
	assert_non_null(strstr(text_of(), "catalog 4 local\n"));
	assert_null(strstr(text_of(), "catalog 3"));
	assert_int_equal(execgate_revocations_drop(path, &key, &err), 0);
	assert_null(strstr(text_of(), "key "));
	assert_int_equal(execgate_revocations_drop(path, &key, &err), -ENOENT);
	/* What others wrote stays, also where nothing can be changed. */
	write_text("# mine\nkey nonsense\n");
	assert_int_equal(execgate_revocations_keep(path, &key, &err), -EBADMSG);
	assert_string_equal(text_of(), "# mine\nkey nonsense\n");
}

/* What was revoked stays so: a lower version takes no higher one's place. */
static void test_versions(void **state)
{
	struct execgate_revocation version = {
		.kind = EXECGATE_REVOCATION_VERSION,
		.name = "org.example/a tool",
		.below = 7,
	};
	struct execgate_revocation other = version;
	struct execgate_revocations all;
	struct execgate_error err;

	(void)state;
	unlink(path);
	assert_int_equal(execgate_revocations_keep(path, &version, &err), 0);
	strcpy(other.name, "org.example/a");
	assert_false(execgate_revocation_same(&version, &other));
	assert_int_equal(execgate_revocations_keep(path, &other, &err), 0);
	version.below = 6;
	assert_int_equal(execgate_revocations_keep(path, &version, &err), 0);
	assert_non_null(strstr(text_of(), "version 7 org.example/a tool\n"));
	assert_null(strstr(text_of(), "version 6"));
	version.below = 9;
	assert_int_equal(execgate_revocations_keep(path, &version, &err), 0);
	assert_non_null(strstr(text_of(), "version 9 org.example/a tool\n"));
	assert_null(strstr(text_of(), "version 7 org.example/a tool"));
	assert_int_equal(execgate_revocations_load(path, &all, &err), 0);
	assert_int_equal(all.count, 2);
	assert_int_equal(all.items[0].below, 7);
	assert_string_equal(all.items[0].name, "org.example/a");
	execgate_revocations_free(&all);
	version.below = 0;
	assert_int_equal(execgate_revocations_drop(path, &version, &err), 0);
	assert_null(strstr(text_of(), "a tool"));
	assert_int_equal(execgate_revocations_drop(path, &version, &err),
			 -ENOENT);
}

/* As the kernel tells it: both floors, one of them, and what is none. */
static void test_from_kernel(void **state)
{
	uint8_t data[128] = { 0 };
	struct execgate_revocation got;
	uint64_t below = 1ull << 40, reported = 9;
	uint32_t kind = EXECGATE_REVOCATION_VERSION;
	size_t name = 8, first = 16, second = 28;

	(void)state;
	memcpy(data, (const uint16_t[]){ 8, EXECGATE_V_KIND }, 4);
	memcpy(data + 4, &kind, 4);
	memcpy(data + name, (const uint16_t[]){ 7, EXECGATE_V_NAME }, 4);
	memcpy(data + name + 4, "a b", 3);
	memcpy(data + first, (const uint16_t[]){ 12, EXECGATE_V_VERSION }, 4);
	memcpy(data + first + 4, &below, 8);
	memcpy(data + second, (const uint16_t[]){ 12, EXECGATE_V_REPORTED }, 4);
	memcpy(data + second + 4, &reported, 8);
	assert_int_equal(execgate_parse_revocation(data, 40, &got), 0);
	assert_int_equal(got.kind, EXECGATE_REVOCATION_VERSION);
	assert_string_equal(got.name, "a b");
	assert_true(got.below == below);
	assert_int_equal(got.reported, 9);
	assert_int_equal(execgate_parse_revocation(data, second, &got), 0);
	assert_int_equal(got.reported, 0);
	assert_int_equal(execgate_parse_revocation(data, name, &got), -EBADMSG);
	assert_int_equal(execgate_parse_revocation(data, 39, &got), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_edit),
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_from_kernel),
	};
	int failed;

	if (!mkdtemp(folder))
		return 1;
	snprintf(path, sizeof(path), "%s/revoked", folder);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	rmdir(folder);
	return failed;
}
