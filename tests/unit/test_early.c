// SPDX-License-Identifier: GPL-2.0
/* What the daemon of an initramfs leaves behind, and what an initramfs is given. */
#include <sys/stat.h>

#include "lib/config/early.h"
#include "lib_support.h"

static char text[4096];

static void add_entry(int priority, unsigned int number, const char *said,
		      void *arg)
{
	size_t used = strlen(text);

	(void)arg;
	snprintf(text + used, sizeof(text) - used, "[%d %x %s]", priority,
		 number, said);
}

static void add_path(const char *path, void *arg)
{
	size_t used = strlen(text);

	(void)arg;
	snprintf(text + used, sizeof(text) - used, "%s ",
		 path + strlen(dir) + 1);
}

static void write_file(const char *name, const char *content)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(content, file);
	assert_int_equal(fclose(file), 0);
}

static bool read_entries(const char *name)
{
	char path[128];

	text[0] = '\0';
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return execgate_early_read(path, add_entry, NULL);
}

static void test_entries(void **state)
{
	char path[128];
	FILE *file;

	(void)state;
	snprintf(path, sizeof(path), "%s/early", dir);
	file = fopen(path, "a");
	assert_non_null(file);
	execgate_early_write(file, 3, 0x37, "a name\nwith an end: /x");
	execgate_early_write(file, 5, 0x4, "");
	execgate_early_write(file, 5, 0x36, "armed");
	assert_int_equal(fclose(file), 0);
	assert_true(read_entries("early"));
	assert_string_equal(text,
			    "[3 37 a name with an end: /x][5 4 ][5 36 armed]");
}

/* Nobody but root writes it, and a line of something else is not taken for an entry. */
static void test_others_files(void **state)
{
	char path[128];

	(void)state;
	assert_false(read_entries("none"));
	write_file("early", "\n4\nx 36 y\n5 36\n12 36 z\n4 36 good\n");
	assert_true(read_entries("early"));
	assert_string_equal(text, "[4 36 good]");
	snprintf(path, sizeof(path), "%s/early", dir);
	assert_int_equal(chmod(path, 0666), 0);
	assert_false(read_entries("early"));
}

/* In keys/: a certificate in both forms, its key in both, and both in one file. */
static void make_key(void)
{
	char command[512];

	snprintf(command, sizeof(command),
		 "cd %s/keys && { openssl req -x509 -newkey ec -pkeyopt "
		 "ec_paramgen_curve:P-256 -noenc -subj /CN=a -keyout key.pem "
		 "-out a.pem && openssl x509 -in a.pem -outform DER -out a.der "
		 "&& openssl pkey -in key.pem -outform DER -out key.der && "
		 "cat a.pem key.pem >both.pem; } 2>/dev/null",
		 dir);
	assert_int_equal(system(command), 0);
}

static void test_files(void **state)
{
	static const char *const folders[] = { "keys", "keys/old", "catalogs",
					       "execgate.conf.d" };
	char path[128];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, folders[i]);
		assert_int_equal(mkdir(path, 0755), 0);
	}
	write_file("execgate.conf", "[gate]\n");
	write_file("execgate.conf.d/9.conf", "[gate]\n");
	write_file("execgate.conf.d/9.conf~", "[gate]\n");
	write_file("keys/broken.pem", "-----BEGIN CERTIFICATE-----\n");
	make_key();
	write_file("catalogs/c.cat", "c");
	write_file("revoked", "");
	text[0] = '\0';
	execgate_early_files(dir, add_path, NULL);
	assert_string_equal(text, "execgate.conf execgate.conf.d/9.conf "
				  "keys/a.der keys/a.pem revoked ");
}

#define WITH_DIR(test) \
	cmocka_unit_test_setup_teardown(test, make_dir, remove_dir)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_DIR(test_entries),
		WITH_DIR(test_others_files),
		WITH_DIR(test_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
