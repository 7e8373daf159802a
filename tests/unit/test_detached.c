// SPDX-License-Identifier: GPL-2.0
/* Messages with no content inside: the kernel's sign-file's, and ours detached. */
#include "format/cms.h"
#include "format/trailer.h"
#include "support.h"

#define VECTORS "build/vectors/"

/* Of each length of lengths: 2, 3 and 4 octets before the content. */
static const char *const attached[] = {
	"good-rsa2048-issuer.der", "good-rsa2048-keyid.der",
	"good-rsa4096-issuer.der", "good-p256-keyid.der",
	"good-p384-issuer.der",	   "catalog-message.der",
};

static const char *const signed_by_kernel[] = {
	"sign-file-rsa2048",
	"sign-file-rsa3072",
};

static struct eg_bytes vector(const char *name, const char *suffix)
{
	char path[128];

	snprintf(path, sizeof(path), VECTORS "%s%s", name, suffix);
	return bytes_of_file(path);
}

static void expect_same(struct eg_bytes a, struct eg_bytes b)
{
	assert_int_equal(a.size, b.size);
	if (a.size)
		assert_memory_equal(a.data, b.data, a.size);
}

/* The same signer says the same, about a content that is no longer inside. */
static void test_detach(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(attached); i++) {
		struct eg_bytes in = vector(attached[i], ""), out;
		struct eg_cms with, without;
		u8 buffer[EG_CMS_DETACHED_MAX];

		expect_format(eg_cms_parse(in, &with), EG_FORMAT_OK,
			      attached[i]);
		out.data = buffer;
		out.size = eg_cms_detach(in, buffer);
		assert_true(out.size && out.size < in.size);
		out = bytes_copy(out.data, out.size);
		expect_format(eg_cms_parse_detached(out, &without),
			      EG_FORMAT_OK, attached[i]);
		assert_int_equal(without.content.size, 0);
		expect_same(without.issuer, with.issuer);
		expect_same(without.serial, with.serial);
		expect_same(without.key_id, with.key_id);
		expect_same(without.signature, with.signature);
		assert_int_equal(without.algorithm, with.algorithm);
		expect_format(eg_cms_parse(out, &without), EG_FORMAT_MALFORMED,
			      "content must be inside");
		expect_format(eg_cms_parse_detached(in, &with),
			      EG_FORMAT_MALFORMED,
			      "content must not be inside");
		bytes_free(out);
		bytes_free(in);
	}
}

/* What is not of the profile, cut anywhere, is refused and not read past. */
static void test_detach_refuses(void **state)
{
	struct eg_bytes in = vector(attached[0], "");
	u8 buffer[EG_CMS_DETACHED_MAX];

	(void)state;
	for (size_t size = 0; size < in.size; size++) {
		struct eg_bytes cut = bytes_copy(in.data, size);

		assert_int_equal(eg_cms_detach(cut, buffer), 0);
		bytes_free(cut);
	}
	bytes_free(in);
}

static void test_sign_file(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(signed_by_kernel); i++) {
		struct eg_bytes file = vector(signed_by_kernel[i], ".file");
		struct eg_bytes der = vector(signed_by_kernel[i], ".der");
		struct eg_bytes end = { file.data + file.size - EG_TRAILER_SIZE,
					EG_TRAILER_SIZE };
		struct eg_trailer trailer;
		struct eg_cms cms;

		expect_format(eg_trailer_parse(end, file.size, &trailer),
			      EG_FORMAT_ABSENT, "not our magic");
		expect_format(eg_trailer_parse_modsig(end, file.size, &trailer),
			      EG_FORMAT_OK, "the kernel's magic");
		assert_int_equal(trailer.cms_size, der.size);
		assert_int_equal(trailer.payload_size + trailer.cms_size +
					 EG_TRAILER_SIZE,
				 file.size);
		expect_format(eg_cms_parse_detached(der, &cms), EG_FORMAT_OK,
			      signed_by_kernel[i]);
		bytes_free(der);
		bytes_free(file);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_detach),
		cmocka_unit_test(test_detach_refuses),
		cmocka_unit_test(test_sign_file),
	};

	return cmocka_run_group_tests_name("format/detached", tests, NULL,
					   NULL);
}
