// SPDX-License-Identifier: GPL-2.0
/* An error in the configuration never ends enforce; somebody's word does. */
#include <linux/execgate.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/config/gap.h"
#include "lib/config/intent.h"
#include "lib/preflight/kernels.h"
#include "lib_support.h"

#define MAIN "execgate.conf"
#define MODE "execgate.conf.d/90-mode.conf"
#define GATES "execgate.conf.d/90-policy.conf"

static char memory[128];
static struct execgate_intent intent;

static int make_intent_dir(void **state)
{
	if (make_dir(state))
		return -1;
	snprintf(memory, sizeof(memory), "%s/state/enforced", dir);
	return 0;
}

static void path_of(const char *name, char path[256])
{
	snprintf(path, 256, "%s/execgate.conf.d", dir);
	mkdir(path, 0755);
	snprintf(path, 256, "%s/%s", dir, name);
}

static void put(const char *name, const void *data, size_t size)
{
	char path[256];
	FILE *file;

	path_of(name, path);
	unlink(path);
	rmdir(path);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static void put_text(const char *name, const char *text)
{
	put(name, text, strlen(text));
}

static void drop(const char *name)
{
	char path[256];

	path_of(name, path);
	unlink(path);
	rmdir(path);
}

static void read_intent(void)
{
	execgate_intent_read(dir, memory, &intent);
}

/* As after a boot in enforce with profile strict, by "mode --persist" and the like. */
static void enforced(void)
{
	struct execgate_error err;

	drop("state/enforced");
	put_text(MAIN, "[gate]\nmode = audit\n");
	put_text(MODE, "[gate]\nmode = enforce\n");
	put_text(GATES, "[gate]\nprofile = strict\nseal = off\n");
	read_intent();
	assert_int_equal(intent.mode, EXECGATE_MODE_ENFORCE);
	assert_string_equal(intent.problem, "");
	assert_int_equal(execgate_intent_keep(&intent, memory, &err), 0);
	read_intent();
	assert_int_equal(intent.before, EXECGATE_ENFORCED_YES);
	assert_false(intent.held);
}

static void is_held(void)
{
	read_intent();
	assert_int_equal(intent.mode, EXECGATE_MODE_ENFORCE);
	assert_int_equal(intent.config.mode, EXECGATE_MODE_ENFORCE);
	assert_true(intent.held);
	assert_string_not_equal(intent.problem, "");
}

static void test_never_enforced(void **state)
{
	(void)state;
	put_text(MAIN, "[gate]\nmode = audit\n");
	drop(MODE);
	drop(GATES);
	drop("state/enforced");
	read_intent();
	assert_int_equal(intent.before, EXECGATE_ENFORCED_NO);
	assert_int_equal(intent.mode, EXECGATE_MODE_AUDIT);
	put_text(MAIN, "[gate]\nmode = enforec\n");
	read_intent();
	assert_true(intent.unread);
	assert_false(intent.held);
	assert_int_equal(intent.mode, EXECGATE_CONFIG_NO_MODE);
}

/* Cut at each byte, the file that says enforce never opens the gate. */
static void test_truncated(void **state)
{
	static const char text[] =
		"# Written by \"execgate mode --persist\".\n[gate]\n"
		"mode = enforce\n";

	(void)state;
	enforced();
	for (size_t size = 0; size < sizeof(text) - 1; size++) {
		put(MODE, text, size);
		read_intent();
		assert_int_equal(intent.config.mode, EXECGATE_MODE_ENFORCE);
		assert_int_equal(intent.mode, EXECGATE_MODE_ENFORCE);
	}
}

static void test_zeroed(void **state)
{
	(void)state;
	enforced();
	put(MODE, "\0\0\0\0\0\0\0\0", 8);
	is_held();
	assert_true(intent.unread);
	put(MAIN, "\0\0\0\0\0\0\0\0", 8);
	is_held();
}

static void test_lost(void **state)
{
	char path[256];

	(void)state;
	enforced();
	drop(MODE);
	is_held();
	assert_non_null(strstr(intent.problem, MODE));
	path_of(MODE, path);
	assert_int_equal(symlink("/nowhere/at/all", path), 0);
	is_held();
	drop(MODE);
	assert_int_equal(mkdir(path, 0755), 0);
	is_held();
	drop(MODE);
	assert_int_equal(mkfifo(path, 0644), 0);
	is_held();
	drop(MODE);
	put_text("execgate.conf.d/10-early.conf", "[gate]\nmode = audit\n");
	is_held();
	drop("execgate.conf.d/10-early.conf");
}

static void test_gates_lost(void **state)
{
	uint32_t gates;

	(void)state;
	enforced();
	gates = execgate_config_gates(&intent.config);
	put_text(GATES, "");
	read_intent();
	assert_int_equal(intent.config.profile, EXECGATE_PROFILE_STRICT);
	assert_int_equal(execgate_config_gates(&intent.config), gates);
	assert_string_not_equal(intent.problem, "");
	put_text(MODE, "x");
	is_held();
	assert_int_equal(execgate_config_gates(&intent.config), gates);
	/* Another word is a word. */
	enforced();
	put_text(GATES, "[gate]\nprofile = basic\n");
	read_intent();
	assert_int_equal(intent.config.profile, EXECGATE_PROFILE_BASIC);
	assert_string_equal(intent.problem, "");
}

static void test_lock_lost(void **state)
{
	struct execgate_error err;

	(void)state;
	enforced();
	put_text("execgate.conf.d/50-lock.conf", "[gate]\nlock = yes\n");
	read_intent();
	assert_int_equal(execgate_intent_keep(&intent, memory, &err), 0);
	put_text("execgate.conf.d/50-lock.conf", "");
	read_intent();
	assert_true(intent.config.lock);
	put_text("execgate.conf.d/50-lock.conf", "[gate]\nlock = no\n");
	read_intent();
	assert_false(intent.config.lock);
	drop("execgate.conf.d/50-lock.conf");
}

/* By the same file, or by one that comes after it. */
static void test_decided(void **state)
{
	struct execgate_error err;

	(void)state;
	enforced();
	put_text(MODE, "[gate]\nmode = audit\n");
	read_intent();
	assert_int_equal(intent.mode, EXECGATE_MODE_AUDIT);
	assert_string_equal(intent.problem, "");
	enforced();
	put_text("execgate.conf.d/95-late.conf", "[gate]\nmode = off\n");
	read_intent();
	assert_int_equal(intent.mode, EXECGATE_MODE_OFF);
	assert_int_equal(execgate_intent_keep(&intent, memory, &err), 0);
	drop("execgate.conf.d/95-late.conf");
	drop(MODE);
	read_intent();
	assert_int_equal(intent.mode, EXECGATE_MODE_AUDIT);
}

static void test_decided_by_command(void **state)
{
	char path[PATH_MAX];
	struct execgate_error err;

	(void)state;
	enforced();
	assert_int_equal(execgate_config_persist(dir, EXECGATE_MODE_AUDIT, path,
						 &err),
			 0);
	assert_int_equal(execgate_intent_decided(dir, memory, false, &err), 0);
	drop(MODE);
	read_intent();
	assert_int_equal(intent.before, EXECGATE_ENFORCED_NO);
	assert_int_equal(intent.mode, EXECGATE_MODE_AUDIT);
	/* What is lost on purpose is lost by a command that takes it so. */
	enforced();
	drop(GATES);
	read_intent();
	assert_string_not_equal(intent.problem, "");
	assert_int_equal(execgate_intent_decided(dir, memory, true, &err), 0);
	read_intent();
	assert_string_equal(intent.problem, "");
	assert_int_equal(intent.config.profile, EXECGATE_CONFIG_NO_PROFILE);
	drop("state/enforced");
	/* Profiles are remembered of a machine that enforces only. */
	assert_int_equal(execgate_intent_decided(dir, memory, false, &err), 0);
	assert_int_equal(access(memory, F_OK), -1);
}

/* The memory itself is damaged: it was there, so the machine enforced. */
static void test_damaged_memory(void **state)
{
	uint8_t text[4096];
	struct execgate_error err;
	size_t size;
	FILE *file;

	(void)state;
	enforced();
	file = fopen(memory, "r");
	assert_non_null(file);
	size = fread(text, 1, sizeof(text), file);
	fclose(file);
	drop(GATES);
	for (size_t cut = 0; cut < size; cut++) {
		put("state/enforced", text, cut);
		put_text(MODE, "[gate]\nmode = enforce\n");
		read_intent();
		assert_int_equal(intent.before, EXECGATE_ENFORCED_DAMAGED);
		assert_int_equal(intent.mode, EXECGATE_MODE_ENFORCE);
		put_text(MODE, "x");
		is_held();
		put_text(MODE, "[gate]\nmode = audit\n");
		read_intent();
		assert_int_equal(intent.mode, EXECGATE_MODE_AUDIT);
	}
	put_text(MAIN, "");
	put_text(MODE, "");
	is_held();
	drop("state/enforced");
	mkdir(memory, 0755);
	is_held();
	put_text(MODE, "[gate]\nmode = audit\n");
	rmdir(memory);
	read_intent();
	assert_int_equal(execgate_intent_keep(&intent, memory, &err), 0);
	assert_int_equal(execgate_intent_keep(&intent, memory, &err), 0);
}

static void test_gaps(void **state)
{
	struct execgate_status status = { .state = EXECGATE_STATE_GATING,
					  .mode = EXECGATE_MODE_ENFORCE };

	(void)state;
	enforced();
	assert_int_equal(execgate_gap_find(&intent, &status, -ENOENT),
			 EXECGATE_GAP_NONE);
	assert_int_equal(execgate_gap_find(&intent, NULL, -ENOENT),
			 EXECGATE_GAP_ABSENT);
	status.state = EXECGATE_STATE_NOT_GATING;
	assert_int_equal(execgate_gap_find(&intent, &status, -ENOENT),
			 EXECGATE_GAP_NOT_GATING);
	status.state = EXECGATE_STATE_GATING;
	status.mode = EXECGATE_MODE_AUDIT;
	assert_int_equal(execgate_gap_find(&intent, &status, -ENOENT),
			 EXECGATE_GAP_NO_KEYS);
	status.counters.keys = 1;
	assert_int_equal(execgate_gap_find(&intent, &status,
					   EXECGATE_MODE_ENFORCE),
			 EXECGATE_GAP_BY_HAND);
	assert_int_equal(execgate_gap_find(&intent, &status, -1),
			 EXECGATE_GAP_NOT_SET);
	assert_int_equal(execgate_gap_find(&intent, &status, -EACCES),
			 EXECGATE_GAP_OTHER);
	intent.mode = EXECGATE_MODE_AUDIT;
	assert_int_equal(execgate_gap_find(&intent, &status, -ENOENT),
			 EXECGATE_GAP_NONE);
	assert_int_equal(execgate_gap_find(&intent, NULL, -ENOENT),
			 EXECGATE_GAP_NONE);
	intent.unread = true;
	assert_int_equal(execgate_gap_find(&intent, &status, -ENOENT),
			 EXECGATE_GAP_UNREAD);
	for (int gap = EXECGATE_GAP_ABSENT; gap <= EXECGATE_GAP_UNREAD; gap++) {
		assert_string_not_equal(execgate_gap_text(gap), "");
		assert_string_not_equal(execgate_gap_next(gap), "");
		assert_string_not_equal(execgate_gap_name(gap), "");
	}
}

static void touch(const char *format, const char *name)
{
	char path[256], command[640];

	snprintf(path, sizeof(path), format, dir, name);
	snprintf(command, sizeof(command),
		 "mkdir -p \"$(dirname %s)\" && : >%s", path, path);
	assert_int_equal(system(command), 0);
}

/* None of them has a module: the newest, and what the link says, boot next. */
static void test_next_kernel(void **state)
{
	struct execgate_kernel all[EXECGATE_KERNELS_MAX];
	char path[256];

	(void)state;
	assert_int_equal(execgate_kernels_find(dir, all), 0);
	touch("%s/boot/vmlinuz-%s", "6.12.9-amd64");
	touch("%s/boot/vmlinuz-%s", "6.12.117-amd64");
	touch("%s/boot/config-%s", "6.12.200-amd64");
	touch("%s/boot/vmlinuz-%s", "6.1.300-amd64");
	assert_int_equal(execgate_kernels_find(dir, all), 3);
	assert_string_equal(all[0].release, "6.12.117-amd64");
	assert_true(all[0].next);
	assert_false(all[1].next);
	assert_int_equal(all[0].state, EXECGATE_KERNEL_MISSING);
	snprintf(path, sizeof(path), "%s/vmlinuz", dir);
	assert_int_equal(symlink("boot/vmlinuz-6.1.300-amd64", path), 0);
	assert_int_equal(execgate_kernels_find(dir, all), 3);
	assert_true(all[0].next);
	assert_false(all[1].next);
	assert_true(all[2].next);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_never_enforced),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_zeroed),
		cmocka_unit_test(test_lost),
		cmocka_unit_test(test_gates_lost),
		cmocka_unit_test(test_lock_lost),
		cmocka_unit_test(test_decided),
		cmocka_unit_test(test_decided_by_command),
		cmocka_unit_test(test_damaged_memory),
		cmocka_unit_test(test_gaps),
		cmocka_unit_test(test_next_kernel),
	};

	return cmocka_run_group_tests(tests, make_intent_dir, remove_dir);
}
