// SPDX-License-Identifier: GPL-2.0
/* Certificates in notation; those that openssl makes are enrolled in the guests. */
#include <stdio.h>

#include "format/x509.h"
#include "support.h"

#define UTC(text) "17{'" text "'}"
#define LATE(text) "18{'" text "'}"
#define FROM UTC("240101000000Z")
#define VALID FROM UTC("340101000000Z")
#define CODE "06082b06010505070303"
#define TLS "06082b06010505070301"
#define EKU(uses) "30{0603551d25 04{30{" uses "}}}"
#define KU(critical, bits) "30{0603551d0f" critical "04{" bits "}}"
#define SIGN KU("", "03020780")
#define OTHER "30{0603551d13 04{3000}}"
#define GOOD EG_FORMAT_OK
#define BAD EG_FORMAT_MALFORMED, false, false, 0

static const struct row {
	const char *why;
	const char *validity;
	const char *extensions;
	enum eg_format result;
	bool signs_code;
	bool may_sign;
	u64 not_after;
} rows[] = {
	{ "for code", VALID, EKU(CODE), GOOD, true, true, 2019686400 },
	{ "for TLS", VALID, EKU(TLS), GOOD, false, true, 2019686400 },
	{ "for both", VALID, EKU(TLS CODE), GOOD, true, true, 2019686400 },
	{ "of no use", VALID, OTHER, GOOD, false, true, 2019686400 },
	{ "to sign", VALID, OTHER EKU(CODE) SIGN, GOOD, true, true,
	  2019686400 },
	{ "critical", VALID, KU("0101ff", "03020780") EKU(CODE), GOOD, true,
	  true, 2019686400 },
	{ "for certificates", VALID, KU("", "03020204") EKU(CODE), GOOD, true,
	  false, 2019686400 },
	{ "two key usages", VALID, SIGN SIGN, BAD },
	{ "two extended ones", VALID, EKU(TLS) EKU(CODE), BAD },
	{ "critical by 01", VALID, KU("010101", "03020780"), BAD },
	{ "no uses", VALID, EKU(""), BAD },
	{ "no bits", VALID, KU("", "030100"), BAD },
	{ "8 bits unused", VALID, KU("", "03020880"), BAD },
	{ "bytes behind the bits", VALID, KU("", "0302078000"), BAD },
	{ "a use that is no OID", VALID, EKU(CODE "0500"), BAD },
	{ "bytes behind the value", VALID, "30{0603551d13 04{3000} 00}", BAD },
	{ "no value", VALID, "30{0603551d13}", BAD },
	{ "until 2050", FROM LATE("20500101000000Z"), EKU(CODE), GOOD, true,
	  true, 2524608000 },
	{ "until the last moment", FROM LATE("99991231235959Z"), EKU(CODE),
	  GOOD, true, true, 253402300799 },
	{ "2049 in four digits", FROM LATE("20491231235959Z"), EKU(CODE), BAD },
	{ "2049", FROM UTC("491231235959Z"), EKU(CODE), GOOD, true, true,
	  2524607999 },
	{ "1969 is 0", FROM UTC("691231235959Z"), EKU(CODE), GOOD, true, true,
	  0 },
	{ "a leap day", FROM UTC("240229235959Z"), EKU(CODE), GOOD, true, true,
	  1709251199 },
	{ "a leap day in 2000", FROM UTC("000301000000Z"), EKU(CODE), GOOD,
	  true, true, 951868800 },
	{ "none in 2025", FROM UTC("250229000000Z"), EKU(CODE), BAD },
	{ "none in 2100", FROM LATE("21000229000000Z"), EKU(CODE), BAD },
	{ "month 0", FROM UTC("250001000000Z"), EKU(CODE), BAD },
	{ "month 13", FROM UTC("251301000000Z"), EKU(CODE), BAD },
	{ "day 0", FROM UTC("251200000000Z"), EKU(CODE), BAD },
	{ "hour 24", FROM UTC("251201240000Z"), EKU(CODE), BAD },
	{ "minute 60", FROM UTC("251201006000Z"), EKU(CODE), BAD },
	{ "second 60", FROM UTC("251201000060Z"), EKU(CODE), BAD },
	{ "no zone", FROM UTC("2512010000000"), EKU(CODE), BAD },
	{ "another zone", FROM UTC("251201000000+0100"), EKU(CODE), BAD },
	{ "no seconds", FROM UTC("2512010000Z"), EKU(CODE), BAD },
	{ "a sign", FROM UTC("25-201000000Z"), EKU(CODE), BAD },
	{ "one date", FROM, EKU(CODE), BAD },
	{ "three dates", VALID FROM, EKU(CODE), BAD },
};

/* The row's parts in a certificate; of the rest only the shape matters. */
static struct eg_bytes certificate(const struct row *row)
{
	char notation[1024];

	snprintf(notation, sizeof(notation),
		 "30{30{a003020102 020105 3000 3000 30{%s} 3000 3000"
		 " a3{30{%s}}} 3000 030100}",
		 row->validity, row->extensions);
	return bytes_of(notation);
}

static void test_rows(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct row *row = &rows[i];
		struct eg_bytes der = certificate(row);
		struct eg_x509 x509;

		expect_format(eg_x509_parse(der, &x509), row->result, row->why);
		if (row->result == EG_FORMAT_OK &&
		    (x509.signs_code != row->signs_code ||
		     x509.may_sign != row->may_sign ||
		     x509.not_after != row->not_after ||
		     x509.not_before != 1704067200))
			fail_msg("%s: code %d, sign %d, %llu to %llu", row->why,
				 x509.signs_code, x509.may_sign,
				 (unsigned long long)x509.not_before,
				 (unsigned long long)x509.not_after);
		bytes_free(der);
	}
}

#define BC(value) "30{0603551d13 0101ff 04{" value "}}"

/* Is it a CA, and may it sign certificates? */
static const struct {
	const char *why;
	const char *extensions;
	enum eg_format result;
	bool is_ca;
	bool certifies;
} authorities[] = {
	{ "nothing said", EKU(CODE), GOOD, false, false },
	{ "a CA", BC("30{0101ff}") KU("0101ff", "03020204"), GOOD, true, true },
	{ "with a length", BC("30{0101ff 020100}") KU("", "03020106"), GOOD,
	  true, true },
	{ "without the usage", BC("30{0101ff}") SIGN, GOOD, true, false },
	{ "without any usage", BC("30{0101ff}"), GOOD, true, false },
	{ "with the usage alone", BC("3000") KU("", "03020284"), GOOD, false,
	  true },
	{ "said to be none", BC("30{010100}"), GOOD, false, false },
	{ "a flag of 01", BC("30{010101}"), EG_FORMAT_MALFORMED, false, false },
	{ "a flag of two bytes", BC("30{0102ffff}"), EG_FORMAT_MALFORMED, false,
	  false },
	{ "two flags", BC("30{0101ff 0101ff}"), EG_FORMAT_MALFORMED, false,
	  false },
	{ "two constraints", BC("3000") BC("30{0101ff}"), EG_FORMAT_MALFORMED,
	  false, false },
	{ "bytes behind it", BC("30{0101ff} 00"), EG_FORMAT_MALFORMED, false,
	  false },
};

static void test_authorities(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(authorities) / sizeof(authorities[0]); i++) {
		const struct row row = { .validity = VALID,
					 .extensions =
						 authorities[i].extensions };
		struct eg_bytes der = certificate(&row);
		struct eg_x509 x509;

		expect_format(eg_x509_parse(der, &x509), authorities[i].result,
			      authorities[i].why);
		if (authorities[i].result == EG_FORMAT_OK &&
		    (x509.is_ca != authorities[i].is_ca ||
		     x509.certifies != authorities[i].certifies ||
		     x509.unknown_critical))
			fail_msg("%s: CA %d, certifies %d", authorities[i].why,
				 x509.is_ca, x509.certifies);
		bytes_free(der);
	}
}

#define RSA(digest) "06092a864886f70d0101" digest
#define ECDSA(digest) "06082a8648ce3d0403" digest

static const struct {
	const char *inside;
	const char *outside;
	bool is_strong;
} algorithms[] = {
	{ RSA("0b") "0500", RSA("0b") "0500", true },
	{ RSA("0c") "0500", RSA("0c") "0500", true },
	{ RSA("0d") "0500", RSA("0d") "0500", true },
	{ RSA("05") "0500", RSA("05") "0500", false }, /* SHA-1 */
	{ RSA("0a") "0500", RSA("0a") "0500", false }, /* PSS */
	{ RSA("0e") "0500", RSA("0e") "0500", false }, /* SHA-224 */
	{ RSA("0b"), RSA("0b"), false },
	{ RSA("0b") "050000", RSA("0b") "050000", false },
	{ RSA("0b") "0400", RSA("0b") "0400", false },
	{ RSA("0b") "0500", RSA("0c") "0500", false },
	{ RSA("0b") "0500", "", false },
	{ "", "", false },
	{ ECDSA("02"), ECDSA("02"), true },
	{ ECDSA("04"), ECDSA("04"), true },
	{ ECDSA("01"), ECDSA("01"), false },
	{ ECDSA("05"), ECDSA("05"), false },
	{ ECDSA("02") "0500", ECDSA("02") "0500", false },
	{ "06082a8648ce3d040402", "06082a8648ce3d040402", false },
};

static void test_algorithms(void **state)
{
	char notation[1024];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++) {
		struct eg_bytes der;
		struct eg_x509 x509;

		snprintf(notation, sizeof(notation),
			 "30{30{a003020102 020105 30{%s} 3000 30{" VALID
			 "} 3000 3000} 30{%s} 030100}",
			 algorithms[i].inside, algorithms[i].outside);
		der = bytes_of(notation);
		expect_format(eg_x509_parse(der, &x509), EG_FORMAT_OK,
			      notation);
		if (x509.is_strong != algorithms[i].is_strong)
			fail_msg("%s: strong %d", notation, x509.is_strong);
		bytes_free(der);
	}
}

/* Cut anywhere, or with a byte behind it, it is none. */
static void test_cut(void **state)
{
	struct eg_bytes der = certificate(&rows[0]), cut;
	u8 longer[1024];
	struct eg_x509 x509;
	size_t size;

	(void)state;
	for (size = 0; size < der.size; size++) {
		cut = bytes_copy(der.data, size);
		assert_int_equal(eg_x509_parse(cut, &x509),
				 EG_FORMAT_MALFORMED);
		bytes_free(cut);
	}
	memcpy(longer, der.data, der.size);
	longer[der.size] = 0;
	cut = bytes_copy(longer, der.size + 1);
	assert_int_equal(eg_x509_parse(cut, &x509), EG_FORMAT_MALFORMED);
	bytes_free(cut);
	bytes_free(der);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_authorities),
		cmocka_unit_test(test_algorithms),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests_name("format/x509", tests, NULL, NULL);
}
