// SPDX-License-Identifier: GPL-2.0
/* Catalogs: their bytes, their sequences, what the kernel tells of them. */
#include <linux/netlink.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/cms.h>
#include <openssl/rsa.h>

#include <linux/execgate.h>

#include "lib/catalog/write.h"
#include "lib/sign/rules.h"
#include "format/cms.h"
#include "lib_support.h"
#include "lib/netlink/parse.h"
#include "lib/catalog/sequences.h"

struct row {
	uint8_t digest;
	uint8_t kind;
	uint16_t classes;
	const char *identity;
	const char *rules[3]; /* as people write them */
};

static void add(struct execgate_catalog *catalog, const struct row *row)
{
	struct execgate_catalog_entry entry = { .size = 7,
						.classes = row->classes,
						.kind = row->kind };
	struct execgate_rules rules = { .size = 0 };

	for (size_t i = 0; i < ARRAY_SIZE(row->rules) && row->rules[i]; i++)
		assert_int_equal(execgate_rules_add(&rules, row->rules[i],
						    NULL),
				 0);
	memset(entry.digest, row->digest, sizeof(entry.digest));
	assert_int_equal(execgate_catalog_identity(catalog, row->identity, 3,
						   execgate_rules_bytes(&rules),
						   &entry.identity, NULL),
			 0);
	assert_int_equal(execgate_catalog_add(catalog, &entry, NULL), 0);
}

static size_t write_rows(const struct row *rows, size_t count, bool backwards,
			 uint8_t **out)
{
	struct execgate_catalog catalog = { .name = "test",
					    .sequence = 5,
					    .created_at = 6 };
	struct execgate_error err;
	size_t i, size;

	for (i = 0; i < count; i++)
		add(&catalog, &rows[backwards ? count - 1 - i : i]);
	assert_int_equal(execgate_catalog_write(&catalog, out, &size, &err), 0);
	execgate_catalog_free(&catalog);
	return size;
}

static const struct row rows[] = {
	{ 9, EG_DIGEST_CONTENT, EXECGATE_CLASS_PROGRAM, "b", { NULL } },
	{ 9, EG_DIGEST_CONTENT, EXECGATE_CLASS_LIBRARY, "a", { NULL } },
	{ 1, EG_DIGEST_VERITY, EXECGATE_CLASS_PROGRAM, "c", { NULL } },
	{ 5, EG_DIGEST_CONTENT, EXECGATE_CLASS_SCRIPT, "c", { NULL } },
	{ 9, EG_DIGEST_CONTENT, EXECGATE_CLASS_PROGRAM, "c", { NULL } },
};

static void test_merges(void **state)
{
	struct eg_manifest_identity identity;
	struct eg_manifest_entry entry;
	struct eg_manifest m;
	uint8_t *bytes;
	size_t size = write_rows(rows, ARRAY_SIZE(rows), false, &bytes);

	(void)state;
	assert_int_equal(eg_manifest_parse((struct eg_bytes){ bytes, size },
					   &m),
			 0);
	assert_int_equal(m.entry_count, 3);
	/* "b" has nothing left: the digest went to "a", which sorts first. */
	assert_int_equal(m.identity_count, 2);
	assert_int_equal(m.sequence, 5);
	assert_int_equal(m.created_at, 6);
	assert_memory_equal(m.name.data, "test", m.name.size);
	eg_manifest_entry_at(&m, 1, &entry);
	assert_int_equal(entry.digest[0], 9);
	assert_int_equal(entry.classes,
			 EXECGATE_CLASS_PROGRAM | EXECGATE_CLASS_LIBRARY);
	eg_manifest_identity_at(&m, entry.identity, &identity);
	assert_memory_equal(identity.name.data, "a", identity.name.size);
	assert_int_equal(identity.version, 3);
	eg_manifest_entry_at(&m, 2, &entry);
	assert_int_equal(entry.kind, EG_DIGEST_VERITY);
	free(bytes);
}

static void test_order(void **state)
{
	uint8_t *one, *two;
	size_t size = write_rows(rows, ARRAY_SIZE(rows), false, &one);

	(void)state;
	assert_int_equal(write_rows(rows, ARRAY_SIZE(rows), true, &two), size);
	assert_memory_equal(one, two, size);
	free(one);
	free(two);
}

/* What rules entry @index has, with a line for each. */
static void expect_rules(const struct eg_manifest *m, uint32_t index,
			 const char *expected)
{
	char all[1024] = "", text[EXECGATE_RULE_TEXT];
	struct eg_manifest_identity identity;
	struct eg_manifest_entry entry;
	struct eg_rule rule;

	eg_manifest_entry_at(m, index, &entry);
	eg_manifest_identity_at(m, entry.identity, &identity);
	while (eg_rules_next(&identity.rules, &rule)) {
		strcat(all, execgate_rule_text(&rule, text));
		strcat(all, "\n");
	}
	assert_string_equal(all, expected);
}

/* Whatever one of its names forbids, whoever came first. */
static void test_rules(void **state)
{
	static const struct row rules[] = {
		{ 1, 0, EXECGATE_CLASS_PROGRAM, "c", { "path /usr/bin/a" } },
		{ 1, 0, EXECGATE_CLASS_PROGRAM, "d", { "hardened" } },
		{ 1, 0, EXECGATE_CLASS_PROGRAM, "e", { "report path /b/*" } },
		{ 1, 0, EXECGATE_CLASS_PROGRAM, "a", { NULL } },
		{ 2, 0, EXECGATE_CLASS_PROGRAM, "c", { "path /usr/bin/a" } },
		{ 3, 0, EXECGATE_CLASS_PROGRAM, "c", { NULL } },
		{ 4, 0, EXECGATE_CLASS_PROGRAM, "f", { "version 2" } },
		{ 4,
		  0,
		  EXECGATE_CLASS_PROGRAM,
		  "a",
		  { "path /c", "version 3" } },
	};
	struct eg_manifest m;
	bool backwards;
	uint8_t *bytes;
	size_t size;

	(void)state;
	for (backwards = false;; backwards = true) {
		size = write_rows(rules, ARRAY_SIZE(rules), backwards, &bytes);
		assert_int_equal(
			eg_manifest_parse((struct eg_bytes){ bytes, size }, &m),
			0);
		assert_int_equal(m.entry_count, 4);
		expect_rules(&m, 0,
			     "path /usr/bin/a\nreport path /b/*\nhardened\n");
		expect_rules(&m, 1, "path /usr/bin/a\n");
		expect_rules(&m, 2, "");
		expect_rules(&m, 3, "path /c\n");
		/* Besides those, the two that say what versions are worth. */
		assert_int_equal(m.identity_count, 6);
		free(bytes);
		if (backwards)
			return;
	}
}

/* A catalog that lists nothing of a name may say which versions of it are old. */
static void test_rules_above_version(void **state)
{
	static const uint8_t rule[] = { EG_RULE_VERSION, 0, 1, 0, '4' };
	struct execgate_catalog catalog = { .name = "test" };
	struct execgate_error err;
	uint32_t index;

	(void)state;
	assert_int_equal(execgate_catalog_identity(&catalog, "a", 4,
						   (struct eg_bytes){
							   rule, sizeof(rule) },
						   &index, &err),
			 0);
	assert_int_equal(execgate_catalog_identity(&catalog, "a", 3,
						   (struct eg_bytes){
							   rule, sizeof(rule) },
						   &index, &err),
			 -EINVAL);
	execgate_catalog_free(&catalog);
}

static void test_empty(void **state)
{
	struct execgate_catalog catalog = { .name = "test" };
	struct execgate_error err;
	uint8_t *out;
	size_t size;

	(void)state;
	assert_int_equal(execgate_catalog_write(&catalog, &out, &size, &err),
			 -ENODATA);
	execgate_catalog_free(&catalog);
}

static void test_names(void **state)
{
	static const struct {
		const char *name;
		size_t size;
		int ret;
	} names[] = {
		{ "local", 5, 0 },	    { "a.b_c+d-1", 9, 0 },
		{ "", 0, -EINVAL },	    { ".hidden", 7, -EINVAL },
		{ "..", 2, -EINVAL },	    { "-o", 2, -EINVAL },
		{ "a/b", 3, -EINVAL },	    { "a b", 3, -EINVAL },
		{ "a\nb", 3, -EINVAL },	    { "a\0b", 3, -EINVAL },
		{ "\xc3\xa4", 2, -EINVAL },
	};
	char longest[EXECGATE_CATALOG_NAME_FILE_MAX + 2];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(names); i++)
		assert_int_equal(execgate_catalog_check_name(names[i].name,
							     names[i].size,
							     NULL),
				 names[i].ret);
	memset(longest, 'a', sizeof(longest));
	assert_int_equal(execgate_catalog_check_name(
				 longest, EXECGATE_CATALOG_NAME_FILE_MAX, NULL),
			 0);
	assert_int_equal(execgate_catalog_check_name(
				 longest, EXECGATE_CATALOG_NAME_FILE_MAX + 1,
				 NULL),
			 -EINVAL);
}

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void test_sequences(void **state)
{
	static const char *const damaged[] = {
		"x\n",
		"1\n",
		"1 \n",
		"-1 a\n",
		"99999999999999999999 a\n",
		"1 a b\n",
		"1 ../a\n",
		" 1 a\n",
		"1  a\n",
	};
	char folder[] = "/tmp/execgate-sequences.XXXXXX", path[64];
	struct execgate_sequences all;
	struct execgate_error err;
	size_t i;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/sequences", folder);
	assert_int_equal(execgate_sequences_load(path, &all, &err), 0);
	assert_int_equal(execgate_sequences_get(&all, "a"), 0);
	execgate_sequences_free(&all);
	assert_int_equal(execgate_sequences_raise(path, "a", 7, &err), 0);
	assert_int_equal(execgate_sequences_raise(path, "b", UINT64_MAX, &err),
			 0);
	/* Never backwards. */
	assert_int_equal(execgate_sequences_raise(path, "a", 6, &err), 0);
	assert_int_equal(execgate_sequences_load(path, &all, &err), 0);
	assert_int_equal(execgate_sequences_get(&all, "a"), 7);
	assert_true(execgate_sequences_get(&all, "b") == UINT64_MAX);
	execgate_sequences_free(&all);
	for (i = 0; i < ARRAY_SIZE(damaged); i++) {
		write_text(path, damaged[i]);
		assert_int_equal(execgate_sequences_load(path, &all, &err),
				 -EBADMSG);
		/* What is not understood is not overwritten. */
		assert_int_equal(execgate_sequences_raise(path, "a", 9, &err),
				 -EBADMSG);
	}
	unlink(path);
	rmdir(folder);
}

static size_t put(uint8_t *to, uint16_t type, const void *data, size_t size)
{
	struct nlattr attr = { (uint16_t)(NLA_HDRLEN + size), type };

	memset(to, 0, NLA_ALIGN(attr.nla_len));
	memcpy(to, &attr, sizeof(attr));
	memcpy(to + NLA_HDRLEN, data, size);
	return NLA_ALIGN(attr.nla_len);
}

static void test_netlink(void **state)
{
	struct execgate_loaded_catalog catalog;
	uint8_t data[1024], signer[EXECGATE_FINGERPRINT_SIZE];
	const uint64_t sequence = 0x1122334455667788;
	const uint32_t entries = 100000;
	size_t size;

	(void)state;
	memset(signer, 0xab, sizeof(signer));
	size = put(data, EXECGATE_T_NAME, "local", 5);
	assert_int_equal(execgate_parse_catalog(data, size, &catalog), 0);
	assert_string_equal(catalog.name, "local");
	size += put(data + size, EXECGATE_T_SEQUENCE, &sequence, 8);
	size += put(data + size, EXECGATE_T_ENTRIES, &entries, 4);
	size += put(data + size, EXECGATE_T_SIGNER, signer, sizeof(signer));
	assert_int_equal(execgate_parse_catalog(data, size, &catalog), 0);
	assert_true(catalog.sequence == sequence);
	assert_int_equal(catalog.entries, entries);
	assert_memory_equal(catalog.signer, signer, sizeof(signer));
	/* Without a name, with an empty one, one with a hole, one too long. */
	size = put(data, EXECGATE_T_SEQUENCE, &sequence, 8);
	assert_int_equal(execgate_parse_catalog(data, size, &catalog),
			 -EBADMSG);
	size = put(data, EXECGATE_T_NAME, "", 0);
	assert_int_equal(execgate_parse_catalog(data, size, &catalog),
			 -EBADMSG);
	size = put(data, EXECGATE_T_NAME, "a\0b", 3);
	assert_int_equal(execgate_parse_catalog(data, size, &catalog),
			 -EBADMSG);
	memset(data + 512, 'a', 256);
	size = put(data, EXECGATE_T_NAME, data + 512, 256);
	assert_int_equal(execgate_parse_catalog(data, size, &catalog),
			 -EBADMSG);
}

static size_t sign(EVP_PKEY *key, X509 *cert, const void *data, size_t size,
		   unsigned int flags, uint8_t **der)
{
	BIO *bio = BIO_new_mem_buf(data, (int)size);
	CMS_ContentInfo *cms;
	int length;

	flags |= CMS_BINARY | CMS_NOATTR | CMS_NOCERTS | CMS_NOSMIMECAP;
	cms = CMS_sign(NULL, NULL, NULL, NULL, flags | CMS_PARTIAL);
	assert_non_null(CMS_add1_signer(cms, cert, key, EVP_sha256(), flags));
	assert_int_equal(CMS_final(cms, bio, NULL, flags), 1);
	*der = NULL;
	length = i2d_CMS_ContentInfo(cms, der);
	assert_true(length > 0);
	CMS_ContentInfo_free(cms);
	BIO_free(bio);
	return (size_t)length;
}

static X509 *make_certificate(EVP_PKEY *key)
{
	X509 *cert = X509_new();

	X509_set_version(cert, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 77);
	X509_gmtime_adj(X509_getm_notBefore(cert), 0);
	X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
	X509_set_pubkey(cert, key);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN",
				   MBSTRING_ASC, (const uint8_t *)"unit", -1,
				   -1, 0);
	X509_set_issuer_name(cert, X509_get_subject_name(cert));
	assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
	return cert;
}

/* What is left without the content is what openssl makes without it. */
static void test_detach(void **state)
{
	static const size_t sizes[] = { 1, 100, 200, 70000, 300000 };
	EVP_PKEY *key = EVP_RSA_gen(2048);
	X509 *cert = make_certificate(key);
	uint8_t *whole, *expected, out[EG_CMS_DETACHED_MAX];
	uint8_t *data = calloc(1, 300000);
	struct eg_cms cms;
	size_t i, size, want;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		size = sign(key, cert, data, sizes[i], 0, &whole);
		want = sign(key, cert, data, sizes[i], CMS_DETACHED, &expected);
		assert_int_equal(eg_cms_detach((struct eg_bytes){ whole, size },
					       out),
				 want);
		assert_memory_equal(out, expected, want);
		assert_int_equal(eg_cms_parse_detached(
					 (struct eg_bytes){ out, want }, &cms),
				 EG_FORMAT_OK);
		/* Cut, it is no message of the profile. */
		assert_int_equal(eg_cms_detach((struct eg_bytes){ whole,
								  size - 1 },
					       out),
				 0);
		OPENSSL_free(whole);
		OPENSSL_free(expected);
	}
	free(data);
	X509_free(cert);
	EVP_PKEY_free(key);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_merges),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_rules_above_version),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_sequences),
		cmocka_unit_test(test_netlink),
		cmocka_unit_test(test_detach),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
