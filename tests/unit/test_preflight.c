// SPDX-License-Identifier: GPL-2.0
/* The set of files, what images need, and whose packages they are. */
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/image.h"
#include "lib_support.h"
#include "lib/debian/packages.h"
#include "lib/preflight/preflight.h"

static const char *at(const char *name)
{
	static char path[4][PATH_MAX];
	static unsigned int next;

	next = (next + 1) % 4;
	snprintf(path[next], PATH_MAX, "%s/%s", dir, name);
	return path[next];
}

static void write_file(const char *name, const char *text, mode_t mode)
{
	FILE *file = fopen(at(name), "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(at(name), mode), 0);
}

static const struct execgate_preflight_item *
find(const struct execgate_preflight *set, const char *path)
{
	for (size_t i = 0; i < set->count; i++)
		if (!strcmp(set->items[i].path, path))
			return &set->items[i];
	return NULL;
}

static void test_one_file_many_names(void **state)
{
	struct execgate_preflight set = { 0 };

	(void)state;
	write_file("a", "x", 0755);
	assert_int_equal(link(at("a"), at("b")), 0);
	assert_int_equal(symlink(at("a"), at("c")), 0);
	assert_true(execgate_preflight_add(&set, at("a"), NULL,
					   EXECGATE_PREFLIGHT_EXEC,
					   EXECGATE_PREFLIGHT_PATH, NULL));
	assert_true(execgate_preflight_add(&set, at("b"), NULL,
					   EXECGATE_PREFLIGHT_MMAP,
					   EXECGATE_PREFLIGHT_MAPPING, "x"));
	assert_true(execgate_preflight_add(&set, at("c"), NULL,
					   EXECGATE_PREFLIGHT_EXEC,
					   EXECGATE_PREFLIGHT_UNIT, "y"));
	assert_false(execgate_preflight_add(&set, dir, NULL,
					    EXECGATE_PREFLIGHT_EXEC,
					    EXECGATE_PREFLIGHT_PATH, NULL));
	assert_false(execgate_preflight_add(&set, at("none"), NULL,
					    EXECGATE_PREFLIGHT_EXEC,
					    EXECGATE_PREFLIGHT_PATH, NULL));
	assert_int_equal(set.count, 1);
	assert_true(set.items[0].use[EXECGATE_PREFLIGHT_EXEC]);
	assert_true(set.items[0].use[EXECGATE_PREFLIGHT_MMAP]);
	assert_int_equal(set.items[0].sources,
			 EXECGATE_PREFLIGHT_PATH | EXECGATE_PREFLIGHT_MAPPING |
				 EXECGATE_PREFLIGHT_UNIT);
	assert_string_equal(set.items[0].role, "x");
	execgate_preflight_free(&set);
}

static void test_many(void **state)
{
	struct execgate_preflight set = { 0 };
	char name[32];

	(void)state;
	for (int pass = 0; pass < 2; pass++)
		for (int i = 0; i < 5000; i++) {
			snprintf(name, sizeof(name), "f%d", i);
			if (!pass)
				write_file(name, "", 0755);
			assert_true(execgate_preflight_add(
				&set, at(name), NULL, EXECGATE_PREFLIGHT_EXEC,
				EXECGATE_PREFLIGHT_PATH, NULL));
		}
	assert_int_equal(set.count, 5000);
	execgate_preflight_free(&set);
}

static void test_tree(void **state)
{
	struct execgate_preflight set = { 0 };

	(void)state;
	assert_int_equal(mkdir(at("sub"), 0755), 0);
	write_file("sub/script", "#!/bin/sh\n", 0755);
	write_file("sub/not-executable", "#!/bin/sh\n", 0644);
	write_file("sub/text", "hello\n", 0755);
	write_file("sub/libc.so", "GROUP ( libc.so.6 )\n", 0644);
	write_file("sub/libx.so.1", "\177ELF00000000000000000000", 0644);
	assert_int_equal(symlink(dir, at("sub/loop")), 0);
	assert_int_equal(execgate_preflight_tree(&set, dir,
						 EXECGATE_PREFLIGHT_ARGUMENT),
			 0);
	assert_int_equal(set.count, 2);
	assert_true(find(&set, at("sub/script"))->use[EXECGATE_PREFLIGHT_EXEC]);
	assert_true(
		find(&set, at("sub/libx.so.1"))->use[EXECGATE_PREFLIGHT_MMAP]);
	assert_int_equal(execgate_preflight_tree(&set, at("none"), 0), -ENOENT);
	/* Named by hand it is asked about, whatever it is. */
	assert_int_equal(execgate_preflight_tree(&set, at("sub/text"), 0), 0);
	assert_non_null(find(&set, at("sub/text")));
	execgate_preflight_free(&set);
}

/* What a script of a login starts is needed as it is; of others nothing is read. */
static void test_scripts(void **state)
{
	struct execgate_preflight set = { 0 };
	char text[2 * PATH_MAX];

	(void)state;
	write_file("needed", "x", 0755);
	write_file("deeper", "#!x", 0755);
	write_file("packed", "MZ", 0755);
	assert_int_equal(truncate(at("packed"), 8), 0);
	write_file("data", "#!x", 0644);
	write_file("configuration", "x", 0755);
	write_file("unneeded", "x", 0755);
	snprintf(text, sizeof(text), "#!/bin/sh\nexec %s %s", at("needed"),
		 at("data"));
	snprintf(text + strlen(text), sizeof(text) - strlen(text), " %s %s\n",
		 at("configuration"), at("packed"));
	write_file("keys", text, 0755);
	snprintf(text, sizeof(text), "#!/usr/bin/python3\nrun('%s')\n",
		 at("deeper"));
	write_file("needed", text, 0755);
	snprintf(text, sizeof(text), "#!/bin/sh\n%s\n", at("unneeded"));
	write_file("program", text, 0755);
	execgate_preflight_add(&set, at("keys"), NULL, EXECGATE_PREFLIGHT_EXEC,
			       EXECGATE_PREFLIGHT_LOGIN, "login");
	execgate_preflight_add(&set, at("program"), NULL,
			       EXECGATE_PREFLIGHT_EXEC, EXECGATE_PREFLIGHT_PATH,
			       NULL);
	execgate_preflight_scripts(&set);
	assert_string_equal(find(&set, at("needed"))->role, "login");
	assert_string_equal(find(&set, at("deeper"))->role, "login");
	assert_null(find(&set, at("data")));
	assert_null(find(&set, at("configuration")));
	assert_non_null(find(&set, at("packed")));
	assert_null(find(&set, at("unneeded")));
	execgate_preflight_free(&set);
}

static void test_interpreters(void **state)
{
	struct execgate_preflight set = { 0 };
	char text[PATH_MAX];

	(void)state;
	write_file("inner", "x", 0755);
	snprintf(text, sizeof(text), "#! %s -x\n", at("inner"));
	write_file("middle", text, 0755);
	snprintf(text, sizeof(text), "#!%s\n", at("middle"));
	write_file("outer", text, 0755);
	execgate_preflight_add(&set, at("outer"), NULL, EXECGATE_PREFLIGHT_EXEC,
			       EXECGATE_PREFLIGHT_PATH, "login");
	execgate_preflight_interpreters(&set);
	assert_int_equal(set.count, 3);
	/* What something essential needs is essential. */
	assert_string_equal(find(&set, at("inner"))->role, "login");
	assert_true(find(&set, at("inner"))->sources &
		    EXECGATE_PREFLIGHT_INTERPRETER);
	execgate_preflight_free(&set);
}

static void read_image(const char *text, struct execgate_image *image)
{
	int fd;

	write_file("image", text, 0644);
	fd = open(at("image"), O_RDONLY);
	assert_true(fd >= 0);
	execgate_image_read(fd, image);
	close(fd);
}

static const struct {
	const char *text;
	enum execgate_image_kind kind;
	const char *interpreter;
	const char *env;
} images[] = {
	{ "", EXECGATE_IMAGE_OTHER, "", "" },
	{ "#!", EXECGATE_IMAGE_OTHER, "", "" },
	{ "\177ELF", EXECGATE_IMAGE_OTHER, "", "" },
	{ "#!/bin/sh", EXECGATE_IMAGE_SCRIPT, "/bin/sh", "" },
	{ "#! \t/bin/sh -e\nx", EXECGATE_IMAGE_SCRIPT, "/bin/sh", "" },
	{ "#!/usr/bin/env python3\n", EXECGATE_IMAGE_SCRIPT, "/usr/bin/env",
	  "python3" },
	{ "#!/usr/bin/env -S A=b perl -w\n", EXECGATE_IMAGE_SCRIPT,
	  "/usr/bin/env", "perl" },
	{ "#!/usr/bin/env\n", EXECGATE_IMAGE_SCRIPT, "/usr/bin/env", "" },
	{ "#!\n/bin/sh\n", EXECGATE_IMAGE_SCRIPT, "", "" },
};

static void test_images(void **state)
{
	struct execgate_image image;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(images); i++) {
		read_image(images[i].text, &image);
		if (image.kind != images[i].kind ||
		    strcmp(image.interpreter, images[i].interpreter) ||
		    strcmp(image.env, images[i].env))
			fail_msg("%s: %d %s %s", images[i].text, image.kind,
				 image.interpreter, image.env);
	}
}

static char needed[4096];

static void take_need(enum execgate_image_need need, const char *value,
		      void *arg)
{
	(void)arg;
	snprintf(needed + strlen(needed), sizeof(needed) - strlen(needed),
		 "%d:%s|", need, value);
}

/* This very program: it has a loader and needs the C library. */
static void test_needs(void **state)
{
	int fd = open("/proc/self/exe", O_RDONLY);

	(void)state;
	assert_int_equal(execgate_image_needs(fd, "/", take_need, NULL), 0);
	assert_non_null(strstr(needed, "0:/lib"));
	assert_non_null(strstr(needed, "1:libcmocka.so"));
	assert_non_null(strstr(needed, "1:libc.so"));
	close(fd);
	write_file("text", "no ELF at all", 0644);
	fd = open(at("text"), O_RDONLY);
	assert_int_equal(execgate_image_needs(fd, "/", take_need, NULL),
			 -ENOEXEC);
	close(fd);
}

static void test_critical(void **state)
{
	struct execgate_preflight set = { 0 };
	const struct execgate_preflight_item *item;
	char self[PATH_MAX] = "";
	bool libc = false, shell = false;

	(void)state;
	assert_true(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
	execgate_preflight_libraries(&set);
	assert_true(set.folder_count > 0);
	execgate_preflight_critical(&set);
	assert_non_null(find(&set, self));
	for (size_t i = 0; i < set.count; i++) {
		item = &set.items[i];
		libc |= strstr(item->path, "libc.so") && item->role;
		shell |= item->role && !strcmp(item->role, "shell");
	}
	assert_true(libc);
	assert_true(shell);
	execgate_preflight_free(&set);
}

static void test_packages(void **state)
{
	struct execgate_package_query queries[] = {
		{ .path = "/usr/bin/new" },
		{ .path = "/usr/bin/old" },
		{ .path = "/opt/none" },
		{ .path = "/usr/bin/new" },
	};

	(void)state;
	assert_int_equal(mkdir(at("info"), 0755), 0);
	write_file("status",
		   "Package: one\nStatus: install ok installed\n"
		   "Architecture: amd64\nVersion: 1\n\n"
		   "Package: two\nStatus: install ok installed\n"
		   "Architecture: amd64\nMulti-Arch: same\nVersion: 1\n",
		   0644);
	write_file("info/one.list", "/.\n/usr\n/usr/bin\n/usr/bin/new\n", 0644);
	write_file("info/two:amd64.list", "/.\n/bin/old\n", 0644);
	assert_int_equal(execgate_packages_find(dir, queries, 4), 0);
	assert_string_equal(queries[0].package, "one");
	/* Its list is older than the merge of /bin with /usr/bin. */
	assert_string_equal(queries[1].package, "two");
	assert_string_equal(queries[2].package, "");
	assert_string_equal(queries[3].package, "one");
	assert_int_equal(execgate_packages_find(at("none"), queries, 4), 0);
	assert_string_equal(queries[0].package, "");
}

#define WITH_DIR(test) \
	cmocka_unit_test_setup_teardown(test, make_dir, remove_dir)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		WITH_DIR(test_one_file_many_names),
		WITH_DIR(test_many),
		WITH_DIR(test_tree),
		WITH_DIR(test_scripts),
		WITH_DIR(test_interpreters),
		WITH_DIR(test_images),
		WITH_DIR(test_needs),
		WITH_DIR(test_critical),
		WITH_DIR(test_packages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
