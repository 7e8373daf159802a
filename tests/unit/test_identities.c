// SPDX-License-Identifier: GPL-2.0
#include <linux/execgate.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/catalog/identities.h"
#include "lib_support.h"

static char shipped[80], own[80];

static int make_dirs(void **state)
{
	if (make_dir(state))
		return -1;
	snprintf(shipped, sizeof(shipped), "%s/shipped", dir);
	snprintf(own, sizeof(own), "%s/own", dir);
	return mkdir(shipped, 0755) || mkdir(own, 0755);
}

static void write_text(const char *folder, const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

#define NODE                                               \
	"[node]\npackage = nodejs\npath = /usr/bin/node\n" \
	"class = may-jit\nwhy = compiles\n"
#define GDB                                            \
	"[gdb]\npackage = gdb*\npath = /usr/bin/gdb\n" \
	"path = /usr/bin/gdbserver\nclass = debugger,may-jit\n"

static uint16_t classes_of(const char *package, const char *path)
{
	const struct execgate_identity *found;
	struct execgate_identities set;
	struct execgate_error err;
	uint16_t classes;

	assert_int_equal(execgate_identities_load(shipped, own, &set, &err), 0);
	found = execgate_identities_find(&set, package, path);
	classes = found ? found->classes : 0;
	execgate_identities_free(&set);
	return classes;
}

/* The rules of a program, a line each; what is wrong, if they cannot be read. */
static const char *rules_of(const char *package, const char *path)
{
	static char all[4096];
	char text[EXECGATE_RULE_TEXT];
	struct execgate_rules rules = { .size = 0 };
	struct execgate_identities set;
	struct execgate_error err;
	struct eg_bytes rest;
	struct eg_rule rule;

	if (execgate_identities_load(shipped, own, &set, &err)) {
		snprintf(all, sizeof(all), "%.500s",
			 strstr(err.message, ": rule is") + 2);
		return all;
	}
	all[0] = '\0';
	assert_int_equal(execgate_identities_rules(&set, package, path, &rules,
						   &err),
			 0);
	for (rest = execgate_rules_bytes(&rules); eg_rules_next(&rest, &rule);)
		strcat(strcat(all, execgate_rule_text(&rule, text)), "\n");
	execgate_identities_free(&set);
	return all;
}

/* Of all sections that say so, also beside classes; what is not enforced is none. */
static void test_rules(void **state)
{
	(void)state;
	write_text(shipped, "debian.conf", NODE);
	write_text(
		own, "rules.conf",
		"[a]\npath = /usr/bin/*\nrule = hardened\n"
		"[b]\npackage = nodejs\npath = /usr/bin/node\nrule = hardened\n"
		"[c]\npackage = other\npath = /opt/x\nrule = hardened\n");
	assert_string_equal(rules_of("nodejs", "/usr/bin/node"), "hardened\n");
	assert_string_equal(rules_of(NULL, "/bin/any"), "hardened\n");
	assert_string_equal(rules_of("nodejs", "/opt/x"), "");
	assert_string_equal(rules_of("other", "/opt/x"), "hardened\n");
	assert_int_equal(classes_of("nodejs", "/usr/bin/node"),
			 EXECGATE_CLASS_MAY_JIT);
	assert_int_equal(classes_of("other", "/opt/x"), 0);
	write_text(own, "rules.conf",
		   "[a]\npath = /a\nrule = report path /a\nrule = path /b*\n"
		   "rule = hardened\nrule = path /a/**\n"
		   "[b]\npath = /?\nrule = path /c\n");
	assert_string_equal(rules_of(NULL, "/a"),
			    "path /a/**\npath /b*\npath /c\n"
			    "report path /a\nhardened\n");
	write_text(own, "rules.conf", "[a]\npath = /a\nrule = path a\n");
	assert_string_equal(rules_of(NULL, "/a"),
			    "rule is \"hardened\", \"libraries ...\", \"starts "
			    "...\", \"reads ...\", \"inline ...\" or "
			    "\"path /ABSOLUTE\", not \"path a\"");
	write_text(own, "rules.conf", "[a]\npath = /a\nrule = version 5\n");
	assert_non_null(strstr(rules_of(NULL, "/a"), "rule is \"hardened\""));
	write_text(own, "rules.conf", "[a]\npath = /a\nrule = harden\n");
	assert_non_null(strstr(rules_of(NULL, "/a"), "not \"harden\""));
}

/* A line of such a file is short; several are one grammar. */
static void test_grammar(void **state)
{
	(void)state;
	write_text(shipped, "debian.conf", "");
	write_text(own, "rules.conf",
		   "[a]\npath = /a\nrule = inline -c:\nrule = inline -e: %@\n"
		   "rule = reads name *.x\nrule = inline <\n");
	assert_string_equal(rules_of(NULL, "/a"),
			    "reads name *.x\ninline -c: -e: %@ <\n");
	write_text(own, "rules.conf",
		   "[a]\npath = /a\nrule = report inline -c:\n"
		   "rule = report inline %@\n");
	assert_string_equal(rules_of(NULL, "/a"), "report inline -c: %@\n");
	write_text(own, "rules.conf",
		   "[a]\npath = /a\nrule = inline -c:\nrule = inline x\n");
	assert_non_null(strstr(rules_of(NULL, "/a"), "not \"inline x\""));
}

/* A word that is cut off a long grammar would be an option that hides a file. */
static void test_long_grammar(void **state)
{
	char text[4096] = "[a]\npath = /a\n", wanted[4096] = "inline";
	size_t used = strlen(text), size = strlen(wanted);

	(void)state;
	for (int i = 10; i < 60; i++) {
		used += (size_t)sprintf(text + used,
					"rule = inline --an-option-that-has-a-"
					"long-name-%d=\n",
					i);
		size += (size_t)sprintf(wanted + size,
					" --an-option-that-has-a-long-name-%d=",
					i);
	}
	strcpy(text + used, "rule = inline %@\n");
	strcpy(wanted + size, " %@\n");
	write_text(shipped, "debian.conf", "");
	write_text(own, "rules.conf", text);
	assert_string_equal(rules_of(NULL, "/a"), wanted);
}

/* What interpreters read as code, by name, is for catalogs to list. */
static void test_read(void **state)
{
	static const char *const read[] = { "/usr/lib/python3/x.py",
					    "/etc/profile",
					    "/etc/skel/.bashrc",
					    "/etc/profile.d/x.sh",
					    "/usr/share/perl5/X.pm",
					    "/usr/lib/x/__pycache__/x.pyc",
					    "x.rb",
					    "/etc/default/ssh",
					    "/lib/lsb/init-functions",
					    "Makefile" };
	static const char *const data[] = { "/usr/share/x.py/data",
					    "/etc/passwd", "/usr/bin/x",
					    "/etc/default/x/y", "/x.sh.txt" };
	struct execgate_identities set;
	struct execgate_error err;
	uint8_t before[EG_SHA256_SIZE], after[EG_SHA256_SIZE];
	size_t i;

	(void)state;
	assert_int_equal(execgate_identities_load(shipped, own, &set, &err), 0);
	for (i = 0; i < sizeof(read) / sizeof(read[0]); i++)
		assert_false(execgate_identities_read(&set, read[i]));
	assert_int_equal(execgate_identities_readers(&set, before), 0);
	execgate_identities_free(&set);
	assert_int_equal(
		execgate_identities_load("userspace/identities/examples", own,
					 &set, &err),
		0);
	for (i = 0; i < sizeof(read) / sizeof(read[0]); i++)
		assert_true(execgate_identities_read(&set, read[i]));
	for (i = 0; i < sizeof(data) / sizeof(data[0]); i++)
		assert_false(execgate_identities_read(&set, data[i]));
	assert_int_equal(execgate_identities_readers(&set, after), 0);
	execgate_identities_free(&set);
	assert_memory_not_equal(before, after, sizeof(before));
}

static void test_match(void **state)
{
	const uint16_t jit = EXECGATE_CLASS_MAY_JIT,
		       both = jit | EXECGATE_CLASS_DEBUGGER;

	(void)state;
	assert_int_equal(classes_of("nodejs", "/usr/bin/node"), 0);
	write_text(shipped, "debian.conf", NODE GDB);
	assert_int_equal(classes_of("nodejs", "/usr/bin/node"), jit);
	assert_int_equal(classes_of("nodejs", "/bin/node"), jit);
	assert_int_equal(classes_of("nodejs", "/usr/local/bin/node"), 0);
	assert_int_equal(classes_of("nodejs", "/usr/bin/node2"), 0);
	assert_int_equal(classes_of("evil", "/usr/bin/node"), 0);
	assert_int_equal(classes_of(NULL, "/usr/bin/node"), 0);
	assert_int_equal(classes_of("gdb-minimal", "/usr/bin/gdb"), both);
	assert_int_equal(classes_of("gdb", "/usr/bin/gdbserver"), both);
	/* A star ends at a slash; without a package any will do. */
	write_text(own, "more.conf",
		   "[java]\npath = /opt/*/java\nclass = may-jit\n");
	assert_int_equal(classes_of(NULL, "/opt/jdk/java"), jit);
	assert_int_equal(classes_of("any", "/opt/jdk/java"), jit);
	assert_int_equal(classes_of(NULL, "/opt/jdk/bin/java"), 0);
}

static void test_own_counts(void **state)
{
	const uint16_t jit = EXECGATE_CLASS_MAY_JIT;

	(void)state;
	write_text(shipped, "debian.conf", NODE GDB);
	write_text(own, "z.conf", "[node]\nclass = none\n");
	assert_int_equal(classes_of("nodejs", "/usr/bin/node"), 0);
	assert_int_not_equal(classes_of("gdb", "/usr/bin/gdb"), 0);
	/* Nothing of the earlier section is left. */
	write_text(own, "z.conf",
		   "[node]\npath = /usr/bin/other\nclass = may-jit\n");
	assert_int_equal(classes_of("nodejs", "/usr/bin/node"), 0);
	assert_int_equal(classes_of("nodejs", "/usr/bin/other"), jit);
	/* A file of the same name: all of the shipped one. */
	write_text(own, "debian.conf", "");
	assert_int_equal(classes_of("gdb", "/usr/bin/gdb"), 0);
	assert_int_equal(classes_of("nodejs", "/usr/bin/other"), jit);
	/* What is no *.conf is not read. */
	write_text(own, "debian.conf.dpkg-old", NODE);
	write_text(own, ".hidden.conf", "nonsense\n");
	assert_int_equal(classes_of("nodejs", "/usr/bin/node"), 0);
}

static void test_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{ "[a]\nclass = program\n", "class is" },
		{ "[a]\nclass = may-jit,program\n", "class is" },
		{ "[a]\nclass = jit\n", "class is" },
		{ "[a]\npath = bin/a\n", "does not begin with a slash" },
		{ "[a]\nclasses = may-jit\n", "unknown setting" },
		{ "class = may-jit\n", "before the first [section]" },
		{ "[a\n", "neither" },
	};
	struct execgate_identities set;
	struct execgate_error err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		write_text(own, "a.conf", rows[i].text);
		assert_int_equal(execgate_identities_load(shipped, own, &set,
							  &err),
				 -EINVAL);
		assert_non_null(strstr(err.message, rows[i].why));
		assert_non_null(strstr(err.message, "a.conf:"));
		assert_null(set.list);
	}
	/* A folder that is not there is empty. */
	assert_int_equal(execgate_identities_load("/nonexistent",
						  "/nonexistent", &set, &err),
			 0);
	assert_int_equal(set.count, 0);
	execgate_identities_free(&set);
}

/* The list of the package is one that can be read, and each entry has a reason. */
static void test_shipped(void **state)
{
	struct execgate_identities set;
	struct execgate_error err;
	size_t i;

	(void)state;
	assert_int_equal(execgate_identities_load("userspace/identities", own,
						  &set, &err),
			 0);
	assert_true(set.count > 20);
	for (i = 0; i < set.count; i++) {
		assert_non_null(set.list[i].why);
		assert_true(set.list[i].classes || set.list[i].rules.size);
		assert_true(set.list[i].path_count &&
			    set.list[i].package_count);
		assert_non_null(set.list[i].source);
	}
	assert_non_null(execgate_identities_find(&set, "python3.13-minimal",
						 "/usr/bin/python3.13"));
	assert_null(execgate_identities_find(&set, "coreutils", "/usr/bin/ls"));
	execgate_identities_free(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_match, make_dirs,
						remove_dir),
		cmocka_unit_test_setup_teardown(test_own_counts, make_dirs,
						remove_dir),
		cmocka_unit_test_setup_teardown(test_rules, make_dirs,
						remove_dir),
		cmocka_unit_test_setup_teardown(test_grammar, make_dirs,
						remove_dir),
		cmocka_unit_test_setup_teardown(test_long_grammar, make_dirs,
						remove_dir),
		cmocka_unit_test_setup_teardown(test_read, make_dirs,
						remove_dir),
		cmocka_unit_test_setup_teardown(test_refused, make_dirs,
						remove_dir),
		cmocka_unit_test_setup_teardown(test_shipped, make_dirs,
						remove_dir),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
