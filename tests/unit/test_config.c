// SPDX-License-Identifier: GPL-2.0
#include <linux/execgate.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/config/config.h"
#include "lib/base/profile.h"
#include "lib_support.h"

static void write_text(const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/execgate.conf.d", dir);
	mkdir(path, 0755);
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void test_no_files(void **state)
{
	struct execgate_config config;
	struct execgate_error err;

	(void)state;
	assert_int_equal(execgate_config_load(dir, &config, &err), 0);
	assert_int_equal(config.mode, EXECGATE_CONFIG_NO_MODE);
	assert_int_equal(config.boot_attempts, 3);
	write_text("execgate.conf", "[gate]\nboot_attempts = 0\n");
	assert_int_equal(execgate_config_load(dir, &config, &err), 0);
	assert_int_equal(config.boot_attempts, 0);
	assert_int_equal(execgate_config_load("/nonexistent", &config, &err),
			 0);
}

static void test_later_wins(void **state)
{
	struct execgate_config config;
	struct execgate_error err;

	(void)state;
	write_text("execgate.conf", "# why\n[gate]\nmode = audit\n");
	assert_int_equal(execgate_config_load(dir, &config, &err), 0);
	assert_int_equal(config.mode, EXECGATE_MODE_AUDIT);
	write_text("execgate.conf.d/20-b.conf", "[gate]\nmode=off\n");
	write_text("execgate.conf.d/10-a.conf", "[gate]\nmode=enforce\n");
	/* Neither an editor's copy nor a hidden file is configuration. */
	write_text("execgate.conf.d/99-z.conf~", "[gate]\nmode=enforce\n");
	write_text("execgate.conf.d/.99-z.conf", "[gate]\nmode=enforce\n");
	assert_int_equal(execgate_config_load(dir, &config, &err), 0);
	assert_int_equal(config.mode, EXECGATE_MODE_OFF);
	assert_non_null(strstr(config.mode_file, "20-b.conf"));
}

static void test_users(void **state)
{
	struct execgate_config config;
	struct execgate_error err;

	(void)state;
	assert_int_equal(execgate_config_load(dir, &config, &err), 0);
	assert_false(config.no_terminal);
	assert_string_equal(config.contact, "");
	write_text("execgate.conf",
		   "[users]\nterminal = no\ncontact = the help desk, "
		   "B\u00fcro 7\nurl = https://example.org/?a=b&c\n");
	assert_int_equal(execgate_config_load(dir, &config, &err), 0);
	assert_true(config.no_terminal);
	assert_string_equal(config.contact, "the help desk, B\u00fcro 7");
	assert_string_equal(config.url, "https://example.org/?a=b&c");
	assert_false(config.no_desktop);
	write_text("execgate.conf.d/1.conf",
		   "[users]\nterminal = yes\ndesktop = no\n");
	assert_int_equal(execgate_config_load(dir, &config, &err), 0);
	assert_false(config.no_terminal);
	assert_true(config.no_desktop);
}

static void test_early(void **state)
{
	struct execgate_config config;
	struct execgate_error err;

	(void)state;
	assert_int_equal(execgate_config_load(dir, &config, &err), 0);
	assert_false(config.early);
	assert_int_equal(config.pcr, EXECGATE_CONFIG_NO_PCR);
	write_text("execgate.conf", "[gate]\nearly = yes\npcr = 15\n");
	assert_int_equal(execgate_config_load(dir, &config, &err), 0);
	assert_true(config.early);
	assert_int_equal(config.pcr, 15);
	write_text("execgate.conf.d/1.conf", "[gate]\nearly = no\npcr = off\n");
	assert_int_equal(execgate_config_load(dir, &config, &err), 0);
	assert_false(config.early);
	assert_int_equal(config.pcr, EXECGATE_CONFIG_NO_PCR);
}

static void test_tpm(void **state)
{
	struct execgate_config config;
	struct execgate_error err;

	(void)state;
	assert_int_equal(execgate_config_load(dir, &config, &err), 0);
	assert_string_equal(config.tpm, "");
	write_text("execgate.conf", "[gate]\ntpm = swtpm:host=::1,port=2321\n");
	assert_int_equal(execgate_config_load(dir, &config, &err), 0);
	assert_string_equal(config.tpm, "swtpm:host=::1,port=2321");
	write_text("execgate.conf.d/1.conf", "[gate]\ntpm = off\n");
	assert_int_equal(execgate_config_load(dir, &config, &err), 0);
	assert_string_equal(config.tpm, "off");
}

static const struct {
	const char *why;
	const char *text;
	const char *says;
} refused[] = {
	{ "a TPM by a program", "[gate]\ntpm = cmd:/bin/true\n",
	  ":2: tpm is \"auto\", \"off\"" },
	{ "no TPM", "[gate]\ntpm =\n", "not \"\"" },
	{ "a TPM's quote", "[gate]\ntpm = device:/dev/\"x\"\n", ":2: tpm" },
	{ "an early that is neither", "[gate]\nearly = soon\n",
	  ":2: early is \"yes\" or \"no\"" },
	{ "a PCR that root resets", "[gate]\npcr = 16\n", "from 0 to 15" },
	{ "a PCR that is no number", "[gate]\npcr = x\n",
	  ":2: pcr is \"off\"" },
	{ "a PCR with a sign", "[gate]\npcr = -1\n", "not \"-1\"" },
	{ "a TPM elsewhere", "[users]\ntpm = off\n", ":2: \"tpm\"" },
	{ "a mode that is none", "[gate]\nmode = on\n",
	  ":2: unknown mode \"on\"" },
	{ "case matters", "[gate]\nmode = Enforce\n",
	  ":2: unknown mode \"Enforce\"" },
	{ "an empty mode", "[gate]\nmode =\n", ":2: unknown mode \"\"" },
	{ "a misspelt name", "[gate]\nmodes = enforce\n", ":2: \"modes\"" },
	{ "a misspelt section", "[gates]\nmode = enforce\n", "\"gates\"" },
	{ "no section", "mode = enforce\n", ":1:" },
	{ "no setting", "[gate]\nenforce!\n", ":2:" },
	{ "no number", "[gate]\nboot_attempts = few\n", ":2: \"few\"" },
	{ "a negative one", "[gate]\nboot_attempts = -1\n", ":2: \"-1\"" },
	{ "too many", "[gate]\nboot_attempts = 101\n", ":2: \"101\"" },
	{ "nothing", "[gate]\nboot_attempts =\n", ":2: \"\"" },
	{ "a number and more", "[gate]\nboot_attempts = 3x\n", ":2: \"3x\"" },
	{ "a profile that is none", "[gate]\nprofile = loose\n",
	  ":2: unknown profile \"loose\"" },
	{ "an empty profile", "[gate]\nprofile =\n",
	  ":2: unknown profile \"\"" },
	{ "a gate that is neither", "[gate]\nseal = yes\n", ":2: gate seal" },
	{ "a gate that is none", "[gate]\nsea = on\n", ":2: \"sea\"" },
	{ "a gate elsewhere", "[gates]\nseal = on\n", "\"gates\"" },
	{ "neither yes nor no", "[users]\nterminal = on\n", ":2: terminal" },
	{ "no setting of users", "[users]\nphone = 1\n", ":2: \"phone\"" },
	{ "of users elsewhere", "[gate]\ncontact = x\n", ":2: \"contact\"" },
	{ "a terminal's language", "[users]\ncontact = \033[2J\n",
	  ":2: contact" },
	{ "a quote", "[users]\nurl = x\"\n", ":2: url" },
	{ "bytes that are no text", "[users]\nurl = \xff\n", ":2: url" },
	{ "too long",
	  "[users]\ncontact = 0123456789012345678901234567890123456789"
	  "0123456789012345678901234567890123456789"
	  "01234567890123456789012345678901234567890\n",
	  "121 bytes" },
	{ "good, then bad", "[gate]\nmode = audit\nmode = nope\n", ":3:" },
};

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		struct execgate_config config;
		struct execgate_error err;

		write_text("execgate.conf", refused[i].text);
		if (execgate_config_load(dir, &config, &err) != -EINVAL)
			fail_msg("%s: accepted", refused[i].why);
		assert_non_null(strstr(err.message, "execgate.conf"));
		if (!strstr(err.message, refused[i].says))
			fail_msg("%s: says %s", refused[i].why, err.message);
	}
}

static void test_persist(void **state)
{
	struct execgate_config config;
	struct execgate_error err;
	char path[PATH_MAX];
	struct stat st;

	(void)state;
	write_text("execgate.conf", "[gate]\nmode = audit\n");
	assert_int_equal(execgate_config_persist(dir, EXECGATE_MODE_ENFORCE,
						 path, &err),
			 0);
	assert_int_equal(execgate_config_load(dir, &config, &err), 0);
	assert_int_equal(config.mode, EXECGATE_MODE_ENFORCE);
	assert_string_equal(config.mode_file, path);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
	/* And again over the old one. */
	assert_int_equal(execgate_config_persist(dir, EXECGATE_MODE_AUDIT, path,
						 &err),
			 0);
	assert_int_equal(execgate_config_load(dir, &config, &err), 0);
	assert_int_equal(config.mode, EXECGATE_MODE_AUDIT);
}

static void test_persist_overruled(void **state)
{
	struct execgate_error err;
	char path[PATH_MAX];

	(void)state;
	write_text("execgate.conf.d/99-site.conf", "[gate]\nmode=audit\n");
	assert_int_equal(execgate_config_persist(dir, EXECGATE_MODE_ENFORCE,
						 path, &err),
			 -EEXIST);
	assert_non_null(strstr(err.message, "99-site.conf"));
}

static void test_policy(void **state)
{
	const uint32_t seal = EXECGATE_GATE_BIT(EXECGATE_GATE_SEAL);
	const uint32_t inject = EXECGATE_GATE_BIT(EXECGATE_GATE_INJECT);
	struct execgate_config config;
	struct execgate_error err;

	(void)state;
	assert_int_equal(execgate_config_load(dir, &config, &err), 0);
	assert_int_equal(config.profile, EXECGATE_CONFIG_NO_PROFILE);
	assert_int_equal(config.select, 0);
	assert_int_equal(execgate_config_gates(&config),
			 execgate_profile_gates(EXECGATE_PROFILE_STANDARD));
	write_text("execgate.conf",
		   "[gate]\nprofile = basic\nseal = on\ninject = on\n");
	write_text("execgate.conf.d/20-b.conf", "[gate]\ninject = off\n");
	assert_int_equal(execgate_config_load(dir, &config, &err), 0);
	assert_int_equal(config.profile, EXECGATE_PROFILE_BASIC);
	assert_int_equal(config.select, seal | inject);
	assert_int_equal(config.gates, seal);
	assert_non_null(strstr(config.policy_file, "20-b.conf"));
	assert_int_equal(execgate_config_gates(&config),
			 execgate_profile_gates(EXECGATE_PROFILE_BASIC) | seal);
}

static void test_persist_policy(void **state)
{
	const uint32_t seal = EXECGATE_GATE_BIT(EXECGATE_GATE_SEAL);
	const uint32_t inject = EXECGATE_GATE_BIT(EXECGATE_GATE_INJECT);
	const uint32_t strict = execgate_profile_gates(EXECGATE_PROFILE_STRICT);
	struct execgate_config config;
	struct execgate_error err;
	char path[PATH_MAX];

	(void)state;
	assert_int_equal(execgate_config_persist_policy(dir, -1, inject, inject,
							path, &err),
			 0);
	/* A gate is added to the others, a profile is a new start. */
	assert_int_equal(execgate_config_persist_policy(dir, -1, 0, seal, path,
							&err),
			 0);
	assert_int_equal(execgate_config_load(dir, &config, &err), 0);
	assert_int_equal(config.select, seal | inject);
	assert_int_equal(config.gates, inject);
	assert_int_equal(execgate_config_persist_policy(dir,
							EXECGATE_PROFILE_STRICT,
							0, 0, path, &err),
			 0);
	assert_int_equal(execgate_config_load(dir, &config, &err), 0);
	assert_int_equal(config.profile, EXECGATE_PROFILE_STRICT);
	assert_int_equal(config.select, 0);
	assert_int_equal(execgate_config_gates(&config), strict);
	/* It does not touch the mode's file, nor the mode's it. */
	assert_int_equal(execgate_config_persist(dir, EXECGATE_MODE_ENFORCE,
						 path, &err),
			 0);
	assert_int_equal(execgate_config_load(dir, &config, &err), 0);
	assert_int_equal(config.profile, EXECGATE_PROFILE_STRICT);
	assert_int_equal(config.mode, EXECGATE_MODE_ENFORCE);
}

static void test_persist_policy_overruled(void **state)
{
	const uint32_t seal = EXECGATE_GATE_BIT(EXECGATE_GATE_SEAL);
	struct execgate_error err;
	char path[PATH_MAX];

	(void)state;
	write_text("execgate.conf", "[gate]\nseal = off\n");
	assert_int_equal(execgate_config_persist_policy(dir,
							EXECGATE_PROFILE_STRICT,
							0, 0, path, &err),
			 -EEXIST);
	assert_non_null(strstr(err.message, "\"strict -seal\""));
	assert_int_equal(execgate_config_persist_policy(dir, -1, seal, seal,
							path, &err),
			 0);
	write_text("execgate.conf.d/99-site.conf", "[gate]\nseal=off\n");
	assert_int_equal(execgate_config_persist_policy(dir, -1, seal, seal,
							path, &err),
			 -EEXIST);
}

static const struct {
	const char *line;
	int expected;
} boot[] = {
	{ "", -ENOENT },
	{ "root=/dev/sda1 ro quiet\n", -ENOENT },
	{ "ro execgate.mode=audit quiet\n", EXECGATE_MODE_AUDIT },
	{ "execgate.mode=off", EXECGATE_MODE_OFF },
	{ "execgate.mode=enforce\n", EXECGATE_MODE_ENFORCE },
	{ "execgate.mode=enforce execgate.mode=audit", EXECGATE_MODE_AUDIT },
	{ "\"execgate.mode=audit\"", EXECGATE_MODE_AUDIT },
	{ "execgate.mode=\"audit\"", EXECGATE_MODE_AUDIT },
	{ "execgate.mode=", -ENOENT },
	{ "execgate.mode=loose", -EINVAL },
	{ "execgate.mode=auditauditauditaudit", -EINVAL },
	{ "xexecgate.mode=audit", -ENOENT },
	{ "execgate.modes=audit", -ENOENT },
	{ "ro -- execgate.mode=audit", -ENOENT },
};

static void test_boot(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(boot); i++) {
		int got = execgate_config_boot_mode(boot[i].line);

		if (got != boot[i].expected)
			fail_msg("%s: got %d", boot[i].line, got);
	}
}

#define WITH_DIR(test) \
	cmocka_unit_test_setup_teardown(test, make_dir, remove_dir)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		WITH_DIR(test_no_files),
		WITH_DIR(test_later_wins),
		WITH_DIR(test_refused),
		WITH_DIR(test_users),
		WITH_DIR(test_early),
		WITH_DIR(test_tpm),
		WITH_DIR(test_persist),
		WITH_DIR(test_persist_overruled),
		cmocka_unit_test(test_boot),
		WITH_DIR(test_policy),
		WITH_DIR(test_persist_policy),
		WITH_DIR(test_persist_policy_overruled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
