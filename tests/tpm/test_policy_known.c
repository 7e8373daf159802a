// SPDX-License-Identifier: GPL-2.0
/* The version of the signed policy over boots: what becomes of it when root removes things. */
#include "lib/config/policy_file.h"
#include "lib/crypto/tpm.h"
#include "swtpm.h"

static char path[96];
static struct execgate_policy_known known;

static void read_known(const char *setting)
{
	assert_int_equal(execgate_policy_known_read(path, setting, &known,
						    NULL),
			 0);
}

static void raise_to(const char *setting, uint64_t version)
{
	struct execgate_error err;

	if (execgate_policy_known_raise(path, setting, version, &err))
		fail_msg("%s", err.message);
}

static void file_says(const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

/* @words: of the problem; NULL: there is none */
static void expect_known(uint64_t version, const char *words)
{
	if (known.version != version)
		fail_msg("version %llu", (unsigned long long)known.version);
	if (words ? !strstr(known.problem, words) : known.problem[0] != '\0')
		fail_msg("not \"%s\": %s", words ? words : "", known.problem);
}

static int check_version(uint64_t version)
{
	const struct execgate_policy_file file = {
		.object = { .version = version },
	};

	return execgate_policy_file_check("policy", &file, known.version, NULL);
}

/* Root removes the file, and puts version 19 back, which allows what 20 does not. */
static void test_file_removed(void **state)
{
	(void)state;
	/* The attack: without a TPM the next boot takes it and says nothing. */
	raise_to(EXECGATE_POLICY_TPM_OFF, 20);
	read_known(EXECGATE_POLICY_TPM_OFF);
	assert_int_equal(check_version(19), -ESTALE);
	assert_int_equal(unlink(path), 0);
	read_known(EXECGATE_POLICY_TPM_OFF);
	expect_known(0, NULL);
	assert_int_equal(check_version(19), 0);
	/* The cure. */
	raise_to(tpm, 20);
	read_known(tpm);
	expect_known(20, NULL);
	assert_int_equal(unlink(path), 0);
	reboot_tpm();
	read_known(tpm);
	expect_known(20, "is gone or says nothing");
	assert_int_equal(check_version(19), -ESTALE);
	assert_int_equal(check_version(20), 0);
	/* It is told once, and mended. */
	raise_to(tpm, known.version);
	read_known(tpm);
	expect_known(20, NULL);
	assert_true(known.file == 20 && known.bound == 20);
}

static void test_file_put_back(void **state)
{
	(void)state;
	raise_to(tpm, 19);
	file_says("19 policy\n19 tpm\n");
	raise_to(tpm, 20);
	file_says("19 policy\n19 tpm\n");
	reboot_tpm();
	read_known(tpm);
	expect_known(20, "an older file was put back");
	assert_int_equal(check_version(19), -ESTALE);
}

static void test_file_damaged(void **state)
{
	struct execgate_error err;

	(void)state;
	raise_to(tpm, 20);
	file_says("policy\n");
	assert_int_equal(execgate_policy_known_read(path,
						    EXECGATE_POLICY_TPM_OFF,
						    &known, &err),
			 -EBADMSG);
	expect_known(0, "is NOT refused");
	assert_int_equal(execgate_policy_known_read(path, tpm, &known, &err),
			 -EBADMSG);
	expect_known(20, "the TPM says version 20");
	assert_non_null(strstr(err.message, "is damaged"));
	/* The TPM takes a newer one all the same, and the file's failure is told. */
	assert_int_equal(execgate_policy_known_raise(path, tpm, 21, &err),
			 -EBADMSG);
	assert_int_equal(unlink(path), 0);
	read_known(tpm);
	expect_known(21, "is gone");
}

static void forgotten_and_mended(void)
{
	read_known(tpm);
	expect_known(20, "has it no more");
	assert_int_equal(check_version(19), -ESTALE);
	raise_to(tpm, known.version);
	reboot_tpm();
	read_known(tpm);
	expect_known(20, NULL);
	assert_true(known.tpm == 20);
}

static void test_tpm_forgets(void **state)
{
	(void)state;
	raise_to(tpm, 20);
	assert_int_equal(by_root("tpm2_nvundefine -C o " INDEX_A), 0);
	forgotten_and_mended();
	assert_int_equal(by_root("tpm2_clear"), 0);
	forgotten_and_mended();
	replace_tpm();
	forgotten_and_mended();
}

/* docs/limits.md: who removes all of it has a machine that is new. */
static void test_all_removed(void **state)
{
	(void)state;
	raise_to(tpm, 20);
	assert_int_equal(by_root("tpm2_nvundefine -C o " INDEX_A), 0);
	assert_int_equal(unlink(path), 0);
	read_known(tpm);
	expect_known(0, NULL);
}

static void test_tpm_silent(void **state)
{
	(void)state;
	raise_to(tpm, 20);
	stop_tpm();
	read_known(tpm);
	expect_known(20, "does not say which signed policy is too old");
	assert_int_equal(known.state, EXECGATE_POLICY_TPM_FAILED);
	assert_int_equal(check_version(19), -ESTALE);
	/* The file is written, and what is missing is told. */
	assert_int_equal(execgate_policy_known_raise(path, tpm, 21, NULL),
			 -EIO);
	start_tpm();
	read_known(tpm);
	/* The TPM is behind, as after a crash: nothing was taken away. */
	expect_known(21, NULL);
	assert_true(known.tpm == 20);
	raise_to(tpm, 21);
	read_known(tpm);
	assert_true(known.tpm == 21 && known.bound == 21);
	/* A failure says more than what seems to follow from it. */
	assert_int_equal(unlink(path), 0);
	stop_tpm();
	read_known(tpm);
	expect_known(0, "and root can lower it");
	start_tpm();
}

/* One of the two indexes is somebody else's: the other one counts. */
static void test_tpm_partly(void **state)
{
	(void)state;
	raise_to(tpm, 20);
	assert_int_equal(by_root("tpm2_nvdefine -C o -s 16 " INDEX_B), 0);
	assert_int_equal(unlink(path), 0);
	read_known(tpm);
	expect_known(20, "so that version 20 counts: NV index 0x18e6a71");
	assert_int_equal(check_version(19), -ESTALE);
}

/* A TPM that was there is missed; a machine that never had one is as it was before. */
static void test_tpm_absent(void **state)
{
	(void)state;
	if (!access(EXECGATE_TPM_DEVICE, F_OK)) {
		print_message("this machine has a TPM, and is left alone\n");
		file_says("20 policy\n20 tpm\n");
		read_known(EXECGATE_POLICY_TPM_OFF);
		expect_known(20, NULL);
		return;
	}
	file_says("20 policy\n");
	read_known(EXECGATE_POLICY_TPM_AUTO);
	expect_known(20, NULL);
	read_known("");
	expect_known(20, NULL);
	raise_to("", 21);
	assert_true(execgate_policy_known_bound(path) == 0);
	file_says("20 policy\n20 tpm\n");
	read_known(EXECGATE_POLICY_TPM_AUTO);
	expect_known(20, "the TPM that has version 20");
	assert_true(execgate_policy_known_bound(path) == 20);
	/* That is the administrator's word. */
	read_known(EXECGATE_POLICY_TPM_OFF);
	expect_known(20, NULL);
}

static const struct {
	const char *setting;
	bool good;
} settings[] = {
	{ "auto", true },
	{ "off", true },
	{ "device:/dev/tpmrm1", true },
	{ "swtpm:path=/run/tpm", true },
	{ "", false },
	{ "on", false },
	{ "device:tpm", false },
	{ "/dev/tpmrm0", false },
	/* A program is not started because a configuration names it. */
	{ "cmd:/bin/true", false },
	{ "libtss2-tcti-cmd.so.0:/bin/true", false },
	{ "mssim:host=localhost", false },
};

static void test_settings(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(settings); i++)
		if (execgate_policy_tpm_setting(settings[i].setting) !=
		    settings[i].good)
			fail_msg("%s", settings[i].setting);
}

static int begin_known(void **state)
{
	if (begin_tpm(state))
		return -1;
	snprintf(path, sizeof(path), "%s/policy-version", dir);
	return 0;
}

#define WITH_TPM(test) \
	cmocka_unit_test_setup_teardown(test, begin_known, end_tpm)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_TPM(test_file_removed),	 WITH_TPM(test_file_put_back),
		WITH_TPM(test_file_damaged),	 WITH_TPM(test_tpm_forgets),
		WITH_TPM(test_all_removed),	 WITH_TPM(test_tpm_silent),
		WITH_TPM(test_tpm_partly),	 WITH_TPM(test_tpm_absent),
		cmocka_unit_test(test_settings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
