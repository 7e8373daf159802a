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
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests_name("format/x509", tests, NULL, NULL);
}
