// SPDX-License-Identifier: GPL-2.0
/* The number in the TPM: what root can do to it with the TPM's own commands, and not. */
#include "lib/crypto/tpm.h"
#include "swtpm.h"

static uint64_t kept(void)
{
	struct execgate_error err;
	uint64_t version;
	int ret = execgate_tpm_read(tpm, &version, &err);

	if (ret)
		fail_msg("%s", err.message);
	return version;
}

static void raise_to(uint64_t version)
{
	struct execgate_error err;

	if (execgate_tpm_raise(tpm, version, &err))
		fail_msg("%s", err.message);
}

static void fails(int got, int wanted, const struct execgate_error *err,
		  const char *words)
{
	assert_int_equal(got, wanted);
	if (!strstr(err->message, words))
		fail_msg("no \"%s\" in: %s", words, err->message);
}

static void raise_fails(uint64_t version, int wanted, const char *words)
{
	struct execgate_error err = { 0 };

	fails(execgate_tpm_raise(tpm, version, &err), wanted, &err, words);
}

static bool is_defined(const char *index)
{
	return !by_root("tpm2_nvreadpublic %s", index);
}

static void test_kept_over_boots(void **state)
{
	(void)state;
	assert_true(kept() == 0);
	raise_to(20);
	reboot_tpm();
	assert_true(kept() == 20);
	raise_to(19);
	assert_true(kept() == 20);
	raise_to(20);
	raise_to(UINT64_C(0xfedcba9876543210));
	reboot_tpm();
	assert_true(kept() == UINT64_C(0xfedcba9876543210));
	raise_to(UINT64_MAX);
	assert_true(kept() == UINT64_MAX);
}

/* One index at a time is used, in turn: the other is room for others. */
static void test_room(void **state)
{
	(void)state;
	raise_to(1);
	assert_true(is_defined(INDEX_A) && !is_defined(INDEX_B));
	raise_to(2);
	assert_true(!is_defined(INDEX_A) && is_defined(INDEX_B));
	raise_to(3);
	assert_true(is_defined(INDEX_A) && !is_defined(INDEX_B));
}

/* "execgate" and a number: what root would have there. */
static int write_number(const char *index, unsigned char version)
{
	return by_root("printf 'execgate\\0\\0\\0\\0\\0\\0\\0\\%03o' >in && "
		       "tpm2_nvwrite -C %s -i in %s",
		       version, index, index);
}

static int define_ours(const char *index)
{
	return by_root("tpm2_nvdefine -C o -s 16 -a '" OURS "' %s", index);
}

static void test_not_written_over(void **state)
{
	(void)state;
	/* The attack works where nothing is locked. */
	assert_int_equal(define_ours(INDEX_A), 0);
	assert_int_equal(write_number(INDEX_A, 30), 0);
	assert_true(kept() == 30);
	assert_int_equal(write_number(INDEX_A, 10), 0);
	assert_true(kept() == 10);
	raise_to(20);
	assert_true(is_defined(INDEX_B));
	assert_int_not_equal(write_number(INDEX_B, 10), 0);
	assert_said("NV access locked");
	assert_int_not_equal(by_root("tpm2_nvwrite -C o -i in " INDEX_B), 0);
	reboot_tpm();
	assert_int_not_equal(write_number(INDEX_B, 10), 0);
	assert_said("NV access locked");
	assert_int_not_equal(by_root("tpm2_nvdefine -C o -s 16 -a '" OURS
				     "' " INDEX_B),
			     0);
	assert_said("already defined");
	assert_true(kept() == 20);
}

/* docs/limits.md says so, and that a password of the owner ends it. */
static void test_owner_undefines(void **state)
{
	(void)state;
	raise_to(20);
	assert_int_equal(by_root("tpm2_changeauth -c owner secret"), 0);
	assert_int_not_equal(by_root("tpm2_nvundefine -C o " INDEX_A), 0);
	assert_true(kept() == 20);
	assert_int_equal(by_root("tpm2_nvundefine -C o -P secret " INDEX_A), 0);
	assert_true(kept() == 0);
}

/* docs/design.md, on what would do better: none that the owner may make. */
static void test_choice(void **state)
{
	(void)state;
	assert_int_equal(by_root("tpm2_startauthsession -S session && "
				 "tpm2_policycommandcode -S session -L policy "
				 "TPM2_CC_NV_UndefineSpaceSpecial"),
			 0);
	assert_int_equal(by_root("tpm2_nvdefine -C p -s 16 -L policy -a "
				 "'authread|authwrite|ppread|ppwrite|"
				 "platformcreate|policydelete' 0x1500000"),
			 0);
	assert_int_not_equal(by_root("tpm2_nvdefine -C o -s 16 -L policy -a "
				     "'authread|authwrite|policydelete' "
				     "0x1500001"),
			     0);
	assert_said("attributes");
	/* A counter goes on where any had ended, one at a time. */
	for (int i = 1; i <= 3; i++) {
		assert_int_equal(by_root("tpm2_nvdefine -C o -a 'authread|"
					 "authwrite|nt=counter' 0x1500002 && "
					 "tpm2_nvincrement -C 0x1500002 "
					 "0x1500002"),
				 0);
		assert_int_equal(by_root("tpm2_nvread -C 0x1500002 0x1500002 | "
					 "od -An -tx1 | grep '0%d$'",
					 i),
				 0);
		assert_int_equal(by_root("tpm2_nvundefine -C o 0x1500002"), 0);
	}
}

static void test_owner_password(void **state)
{
	(void)state;
	raise_to(20);
	assert_int_equal(by_root("tpm2_changeauth -c owner secret"), 0);
	raise_fails(21, -EACCES, "its owner has a password");
	reboot_tpm();
	assert_true(kept() == 20);
	assert_int_equal(by_root("tpm2_changeauth -c owner -p secret"), 0);
	raise_to(21);
	assert_true(kept() == 21);
}

static void test_full(void **state)
{
	unsigned int i = 0;

	(void)state;
	raise_to(20);
	for (size_t size = 2048; size; size /= 2)
		while (!by_root("tpm2_nvdefine -C o -s %zu 0x%x", size,
				0x1500000 + i))
			i++;
	raise_fails(21, -ENOSPC, "tpm2_getcap handles-nv-index");
	assert_true(kept() == 20);
	assert_int_equal(by_root("tpm2_nvundefine -C o 0x1500000"), 0);
	raise_to(21);
	assert_true(kept() == 21);
}

/* Wrong passwords of others lock others out. */
static void test_lockout(void **state)
{
	(void)state;
	raise_to(20);
	assert_int_equal(by_root("tpm2_dictionarylockout --setup-parameters "
				 "--max-tries=1 --recovery-time=1000"),
			 0);
	assert_int_equal(by_root("tpm2_nvdefine -C o -s 8 -p right -a "
				 "'authread|authwrite' 0x1500000"),
			 0);
	for (int i = 0; i < 3; i++)
		assert_int_not_equal(
			by_root("tpm2_nvread -C 0x1500000 -P wrong 0x1500000"),
			0);
	assert_int_equal(by_root("tpm2_getcap properties-variable | "
				 "grep -q 'inLockout: *1'"),
			 0);
	assert_true(kept() == 20);
	raise_to(21);
	assert_true(kept() == 21);
}

static void test_foreign_index(void **state)
{
	struct execgate_error err = { 0 };
	uint64_t version;

	(void)state;
	raise_to(20);
	assert_int_equal(by_root("tpm2_nvdefine -C o -s 16 " INDEX_B), 0);
	/* The other one counts all the same. */
	fails(execgate_tpm_read(tpm, &version, &err), -EEXIST, &err,
	      "tpm2_nvundefine -C o " INDEX_B);
	assert_true(version == 20);
	raise_fails(21, -EEXIST, INDEX_B);
	assert_int_equal(by_root("tpm2_nvundefine -C o " INDEX_B), 0);
	raise_to(21);
	assert_true(kept() == 21);
}

static void test_foreign_content(void **state)
{
	struct execgate_error err = { 0 };
	uint64_t version;

	(void)state;
	assert_int_equal(define_ours(INDEX_A), 0);
	assert_int_equal(by_root("printf 0123456789abcdef >in && "
				 "tpm2_nvwrite -C " INDEX_A " -i in " INDEX_A),
			 0);
	fails(execgate_tpm_read(tpm, &version, &err), -EEXIST, &err,
	      "somebody else has it");
	assert_true(version == 0);
	/* A version 0 there is none. */
	assert_int_equal(write_number(INDEX_A, 0), 0);
	assert_int_equal(execgate_tpm_read(tpm, &version, &err), -EEXIST);
}

/* Each step of a raise may be the last before the power goes. */
static void test_crashes(void **state)
{
	(void)state;
	raise_to(20);
	assert_int_equal(define_ours(INDEX_B), 0);
	assert_true(kept() == 20);
	raise_to(21);
	assert_true(kept() == 21);
	assert_false(is_defined(INDEX_A));
	/* Written, and not locked yet. */
	assert_int_equal(define_ours(INDEX_A), 0);
	assert_int_equal(write_number(INDEX_A, 22), 0);
	assert_true(kept() == 22);
	raise_to(22);
	assert_int_not_equal(write_number(INDEX_A, 1), 0);
	assert_said("NV access locked");
	/* Both are there, and the higher one stays when the next is written. */
	raise_to(23);
	assert_true(kept() == 23);
	assert_false(is_defined(INDEX_A));
}

static void test_absent(void **state)
{
	struct execgate_error err = { 0 };
	uint64_t version = 1;

	(void)state;
	fails(execgate_tpm_read("device:/nonexistent/tpm", &version, &err),
	      -EIO, &err, "cannot open the TPM device:/nonexistent/tpm");
	assert_true(version == 0);
	/* A machine that runs this may have one. */
	if (access(EXECGATE_TPM_DEVICE, F_OK)) {
		fails(execgate_tpm_read(NULL, &version, &err), -ENODEV, &err,
		      "no TPM 2.0");
		fails(execgate_tpm_raise(NULL, 1, &err), -ENODEV, &err,
		      "no TPM 2.0");
	}
	stop_tpm();
	fails(execgate_tpm_read(tpm, &version, &err), -EIO, &err,
	      "cannot open the TPM swtpm:");
	start_tpm();
}

/* A header of an answer as a TPM makes it: tag, size, code; and what follows, octal. */
#define ANSWERS(line) \
	"cmd:while head -c 14 >/dev/null; do printf '" line "'; done"

static const char *const garbled[] = {
	/* Nothing at all. */
	"cmd:true",
	/* Zeros. */
	ANSWERS("\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0"),
	/* It says that it did it, and not what. */
	ANSWERS("\\200\\1\\0\\0\\0\\12\\0\\0\\0\\0"),
	/* Longer than it says that it is, and longer than it is. */
	ANSWERS("\\200\\1\\0\\0\\0\\13\\0\\0\\0\\0\\1"),
	/* A code that no TPM has. */
	ANSWERS("\\200\\1\\0\\0\\0\\12\\377\\377\\377\\377"),
	/* A public area of 65,535 bytes. */
	ANSWERS("\\200\\1\\0\\0\\0\\16\\0\\0\\0\\0\\377\\377\\0\\0"),
};

static void test_garbled(void **state)
{
	struct execgate_error err;
	uint64_t version;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < ARRAY_SIZE(garbled); i++) {
		version = 1;
		memset(&err, 0, sizeof(err));
		if (execgate_tpm_read(garbled[i], &version, &err) != -EIO)
			fail_msg("%zu: %s", i, err.message);
		assert_true(version == 0);
		assert_non_null(strstr(err.message, "the TPM"));
		assert_int_equal(execgate_tpm_raise(garbled[i], 7, &err), -EIO);
	}
}

/* What a machine without tpm2-tss says; in a process that finds a damaged one. */
static void test_no_library(void **state)
{
	char command[PATH_MAX + 256], self[PATH_MAX];
	ssize_t size = readlink("/proc/self/exe", self, sizeof(self) - 1);

	(void)state;
	assert_true(size > 0);
	self[size] = '\0';
	snprintf(command, sizeof(command),
		 "cd %s && : >libtss2-esys.so.0 && "
		 "LD_LIBRARY_PATH=. '%s' without | "
		 "grep -q 'libtss2-esys.so.0: .*install the packages of'",
		 dir, self);
	assert_int_equal(system(command), 0);
}

static int print_failure(void)
{
	struct execgate_error err;
	uint64_t version;

	if (execgate_tpm_read("swtpm:", &version, &err) != -ENOPKG)
		return 1;
	puts(err.message);
	return 0;
}

#define WITH_TPM(test) cmocka_unit_test_setup_teardown(test, begin_tpm, end_tpm)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		WITH_TPM(test_kept_over_boots),
		WITH_TPM(test_room),
		WITH_TPM(test_not_written_over),
		WITH_TPM(test_owner_undefines),
		WITH_TPM(test_choice),
		WITH_TPM(test_owner_password),
		WITH_TPM(test_full),
		WITH_TPM(test_lockout),
		WITH_TPM(test_foreign_index),
		WITH_TPM(test_foreign_content),
		WITH_TPM(test_crashes),
		WITH_TPM(test_absent),
		WITH_TPM(test_garbled),
		WITH_TPM(test_no_library),
	};

	(void)argv;
	if (argc > 1)
		return print_failure();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
