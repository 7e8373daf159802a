// SPDX-License-Identifier: GPL-2.0
/* The file of what is revoked: what is understood, kept, dropped, left alone. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/io.h"
#include "lib_support.h"
#include "lib/catalog/revoked.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_edit),
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
