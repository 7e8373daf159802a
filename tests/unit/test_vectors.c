// SPDX-License-Identifier: GPL-2.0
/*
 * Every row of tests/vectors/expected is a test of its own. The files were made
 * by openssl, the kernel's sign-file and python; see tests/vectors/generate.
 */
#include <dirent.h>
#include <openssl/evp.h>

#include "format/der.h"
#include "judge.h"
#include "support.h"

#define TABLE "tests/vectors/expected"
#define VECTORS "build/vectors/"
#define ROWS_MAX 256

struct row {
	char name[64];
	char expected[32];
	char openssl[8];
	char certificate[16];
	char why[96];
	char *title;
};

static struct row rows[ROWS_MAX];
static size_t row_count;

static void read_table(void)
{
	FILE *table = fopen(TABLE, "r");
	char line[256];

	if (!table) {
		perror(TABLE);
		exit(1);
	}
	while (fgets(line, sizeof(line), table)) {
		struct row *row = &rows[row_count];

		if (line[0] == '#' || line[0] == '\n')
			continue;
		if (row_count == ROWS_MAX ||
		    sscanf(line, "%63s %31s %7s %15s %95[^\n]", row->name,
			   row->expected, row->openssl, row->certificate,
			   row->why) != 5) {
			fprintf(stderr, "%s: not a row: %s", TABLE, line);
			exit(1);
		}
		if (asprintf(&row->title, "%s: %s", row->name, row->why) < 0)
			exit(1);
		row_count++;
	}
	fclose(table);
}

static const char *kind_of(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot ? dot : "";
}

static void check_openssl(const struct row *row, const struct judged *judged)
{
	X509 *certificate;
	char path[128];
	bool good;

	if (!strcmp(row->openssl, "-"))
		return;
	snprintf(path, sizeof(path), VECTORS "%s.cert.pem", row->certificate);
	certificate = judge_certificate(path);
	good = judge_openssl(judged->message, certificate, judged->content);
	X509_free(certificate);
	assert_string_equal(good ? "good" : "bad", row->openssl);
}

static void test_row(void **state)
{
	const struct row *row = *state;
	struct judged judged = { 0 };
	const char *judgement, *kind = kind_of(row->name);
	struct eg_bytes bytes;
	char path[128];

	snprintf(path, sizeof(path), VECTORS "%s", row->name);
	bytes = bytes_of_file(path);
	if (!strcmp(kind, ".manifest"))
		judgement = judge_manifest(bytes);
	else if (!strcmp(kind, ".object"))
		judgement = judge_policy(bytes);
	else if (!strcmp(kind, ".file"))
		judgement = judge_file(bytes, &judged);
	else
		judgement = judge_message(bytes, &judged);
	assert_string_equal(judgement, row->expected);
	check_openssl(row, &judged);
	bytes_free(bytes);
}

/* What generate made and nobody expects would be tested by nobody. */
static void test_all_expected(void **state)
{
	DIR *dir = opendir(VECTORS);
	struct dirent *file;
	size_t i;

	(void)state;
	assert_non_null(dir);
	while ((file = readdir(dir))) {
		const char *kind = kind_of(file->d_name);

		if (strcmp(kind, ".der") && strcmp(kind, ".file") &&
		    strcmp(kind, ".object"))
			continue;
		if (strstr(file->d_name, ".cert.") ||
		    !strcmp(file->d_name, "script.der"))
			continue;
		for (i = 0; i < row_count; i++)
			if (!strcmp(rows[i].name, file->d_name))
				break;
		if (i == row_count)
			fail_msg("%s has no row in " TABLE, file->d_name);
	}
	closedir(dir);
}

/* Our count of a key's bits is openssl's; what is no RSA key has none. */
static void test_key_bits(void **state)
{
	static const struct {
		const char *key;
		u32 bits;
	} keys[] = {
		{ "rsa1024", 1024 }, { "rsa2048", 2048 }, { "rsa3072", 3072 },
		{ "rsa4096", 4096 }, { "p256", 0 },	  { "p384", 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		unsigned char *der = NULL;
		X509 *certificate;
		char path[128];
		int size;

		snprintf(path, sizeof(path), VECTORS "%s.cert.pem",
			 keys[i].key);
		certificate = judge_certificate(path);
		size = i2d_PublicKey(X509_get0_pubkey(certificate), &der);
		assert_true(size > 0);
		assert_int_equal(eg_der_rsa_bits((struct eg_bytes){
					 der, (size_t)size }),
				 keys[i].bits);
		OPENSSL_free(der);
		X509_free(certificate);
	}
}

int main(void)
{
	static struct CMUnitTest tests[ROWS_MAX + 2];
	size_t i;

	read_table();
	for (i = 0; i < row_count; i++) {
		tests[i].name = rows[i].title;
		tests[i].test_func = test_row;
		tests[i].initial_state = &rows[i];
	}
	tests[i++] = (struct CMUnitTest)cmocka_unit_test(test_all_expected);
	tests[i++] = (struct CMUnitTest)cmocka_unit_test(test_key_bits);
	return _cmocka_run_group_tests("vectors", tests, i, NULL, NULL);
}
