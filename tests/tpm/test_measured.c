// SPDX-License-Identifier: GPL-2.0
/* What is trusted, in a PCR: the record of it says what the PCR has, and nothing goes out. */
#include <openssl/evp.h>

#include "lib/config/measured.h"
#include "lib/config/policy_known.h"
#include "swtpm.h"

#define PCR 15

static char record[96];

static void sha256(const void *data, size_t size, uint8_t out[32])
{
	assert_int_equal(EVP_Digest(data, size, out, NULL, EVP_sha256(), NULL),
			 1);
}

/* As another machine computes it that was given the record. */
static void replay(uint8_t pcr[32])
{
	uint8_t both[64] = { 0 };
	FILE *file = fopen(record, "r");
	char line[256];

	memset(pcr, 0, 32);
	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		assert_int_equal(strncmp(line, "15 ", 3), 0);
		memcpy(both, pcr, 32);
		sha256(line + 3, strlen(line + 3), both + 32);
		sha256(both, sizeof(both), pcr);
	}
	if (file)
		fclose(file);
}

static void expect_replayed(void)
{
	char path[96], hex[65] = "", wanted[65];
	uint8_t pcr[32], said[32];
	FILE *file;

	replay(pcr);
	for (size_t i = 0; i < sizeof(pcr); i++)
		snprintf(wanted + 2 * i, 3, "%02x", pcr[i]);
	assert_int_equal(by_root("tpm2_pcrread -Q -o pcr sha256:%d", PCR), 0);
	snprintf(path, sizeof(path), "%s/pcr", dir);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_int_equal(fread(said, 1, sizeof(said), file), sizeof(said));
	fclose(file);
	for (size_t i = 0; i < sizeof(said); i++)
		snprintf(hex + 2 * i, 3, "%02x", said[i]);
	assert_string_equal(hex, wanted);
}

static bool measure(uint64_t version, struct execgate_key *keys, size_t count)
{
	char text[EXECGATE_MEASURED_TEXT];
	struct execgate_error err;
	bool done;

	if (execgate_measured_text(version, keys, count, text, &err) ||
	    execgate_measured_extend(record, tpm, PCR, text, &done, &err))
		fail_msg("%s", err.message);
	/* It has one client at a time. */
	wait_for_tpm();
	return done;
}

static void test_extended(void **state)
{
	struct execgate_key keys[2] = {
		{ .fingerprint = { 2 }, .purposes = 1 },
		{ .fingerprint = { 1 }, .is_ca = true },
	};

	(void)state;
	expect_replayed();
	assert_true(measure(0, NULL, 0));
	expect_replayed();
	assert_true(measure(7, keys, 2));
	expect_replayed();
	/* The same again, whatever the order in which the kernel tells them. */
	assert_false(measure(7, keys, 2));
	/* A key is taken back: the PCR is not what it was without it. */
	assert_true(measure(7, keys, 1));
	keys[0].revoked = true;
	assert_true(measure(7, keys, 1));
	expect_replayed();
	/* Somebody else's measurement shows. */
	assert_int_equal(by_root("echo x >x && tpm2_pcrevent %d x", PCR), 0);
	assert_true(measure(8, keys, 1));
}

static void test_texts(void **state)
{
	struct execgate_key keys[2] = { { .fingerprint = { 2 } },
					{ .fingerprint = { 1 } } };
	char one[EXECGATE_MEASURED_TEXT], other[EXECGATE_MEASURED_TEXT];

	(void)state;
	assert_int_equal(execgate_measured_text(1, keys, 2, one, NULL), 0);
	assert_int_equal(strncmp(one, "execgate policy 1 keys ", 23), 0);
	assert_int_equal(execgate_measured_text(2, keys, 2, other, NULL), 0);
	assert_string_not_equal(one, other);
	keys[0].purposes = 4;
	assert_int_equal(execgate_measured_text(1, keys, 2, other, NULL), 0);
	assert_string_not_equal(one, other);
	keys[0].purposes = 0;
	keys[0].is_leaf = true;
	assert_int_equal(execgate_measured_text(1, keys, 2, other, NULL), 0);
	assert_string_not_equal(one, other);
}

/* A record that cannot be written: the TPM is not asked. */
static void test_no_record(void **state)
{
	struct execgate_error err;
	bool done;

	(void)state;
	assert_int_equal(execgate_measured_extend("/nonexistent/measured", tpm,
						  PCR, "x", &done, &err),
			 -ENOENT);
	assert_false(done);
	expect_replayed();
}

static int begin(void **state)
{
	int ret = begin_tpm(state);

	snprintf(record, sizeof(record), "%s/measured", dir);
	return ret;
}

#define WITH_TPM(test) cmocka_unit_test_setup_teardown(test, begin, end_tpm)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_TPM(test_extended),
		WITH_TPM(test_texts),
		WITH_TPM(test_no_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
