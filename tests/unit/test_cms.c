// SPDX-License-Identifier: GPL-2.0
#include "format/cms.h"
#include "support.h"

/* The parts of a good message; each row below replaces one. */
#define OID_SIGNED_DATA "06092a864886f70d010702"
#define OID_DATA "06092a864886f70d010701"
#define OID_SHA256 "0609608648016503040201"
#define OID_RSA "06092a864886f70d010101"
#define OID_RSA_SHA256 "06092a864886f70d01010b"
#define OID_ECDSA_SHA256 "06082a8648ce3d040302"
#define NONE "0500"
#define V1 "020101"
#define V3 "020103"
#define SHA256 "30{" OID_SHA256 "}"
#define RSA "30{" OID_RSA NONE "}"
#define ECDSA "30{" OID_ECDSA_SHA256 "}"
#define ATTRIBUTE(value) "30{ 0603550403" value "}"
#define NAME "30{31{" ATTRIBUTE("0c{'test'}") "}}"
#define SERIAL "020101"
#define ISSUER "30{" NAME SERIAL "}"
#define KEY_ID "80{ a5*20}"
#define CONTENT "30{" OID_DATA "a0{04{'EXECGATE'}}}"
#define SIGNATURE "04{ 5a*256}"
#define CERTIFICATE "30{020100}"

#define SIGNER(version, id, digest, algorithm, signature) \
	"30{" version id digest algorithm signature "}"
#define SIGNED_DATA(version, digests, content, sets, signers) \
	"30{" version "31{" digests "}" content sets "31{" signers "}}"
#define MESSAGE(signed_data) "30{" OID_SIGNED_DATA "a0{" signed_data "}}"

#define GOOD_SIGNER SIGNER(V3, KEY_ID, SHA256, RSA, SIGNATURE)
#define GOOD_DATA SIGNED_DATA(V3, SHA256, CONTENT, "", GOOD_SIGNER)
#define GOOD MESSAGE(GOOD_DATA)
#define GOOD_ISSUER                                  \
	MESSAGE(SIGNED_DATA(V1, SHA256, CONTENT, "", \
			    SIGNER(V1, ISSUER, SHA256, RSA, SIGNATURE)))

/* A good message but for ... */
#define DIGESTS(digests) \
	MESSAGE(SIGNED_DATA(V3, digests, CONTENT, "", GOOD_SIGNER))
#define INFO(content) MESSAGE(SIGNED_DATA(V3, SHA256, content, "", GOOD_SIGNER))
#define SETS(sets) MESSAGE(SIGNED_DATA(V3, SHA256, CONTENT, sets, GOOD_SIGNER))
#define SIGNERS(signers) MESSAGE(SIGNED_DATA(V3, SHA256, CONTENT, "", signers))
#define VERSIONS(data, signer)                         \
	MESSAGE(SIGNED_DATA(data, SHA256, CONTENT, "", \
			    SIGNER(signer, KEY_ID, SHA256, RSA, SIGNATURE)))
#define KEY(id) SIGNERS(SIGNER(V3, id, SHA256, RSA, SIGNATURE))
#define ID(id)                                       \
	MESSAGE(SIGNED_DATA(V1, SHA256, CONTENT, "", \
			    SIGNER(V1, id, SHA256, RSA, SIGNATURE)))
#define ISSUER_NAME(name) ID("30{" name SERIAL "}")
#define VALUE(value) ISSUER_NAME("30{31{" ATTRIBUTE(value) "}}")
#define DIGEST(digest) SIGNERS(SIGNER(V3, KEY_ID, digest, RSA, SIGNATURE))
#define ALGORITHM(algorithm) \
	SIGNERS(SIGNER(V3, KEY_ID, SHA256, algorithm, SIGNATURE))
#define SIGNED(signature) SIGNERS(SIGNER(V3, KEY_ID, SHA256, RSA, signature))
/* One digest algorithm in both places. */
#define BOTH(digest)                                 \
	MESSAGE(SIGNED_DATA(V3, digest, CONTENT, "", \
			    SIGNER(V3, KEY_ID, digest, RSA, SIGNATURE)))

#define OK EG_FORMAT_OK
#define MALFORMED EG_FORMAT_MALFORMED
#define WEAK EG_FORMAT_WEAK_ALGORITHM

static const struct row {
	const char *why;
	const char *input;
	enum eg_format expected;
} rows[] = {
	{ "RSA, key id", GOOD, OK },
	{ "RSA, issuer and serial", GOOD_ISSUER, OK },
	{ "sha256 with NULL in both places", BOTH("30{" OID_SHA256 NONE "}"),
	  OK },
	{ "sha256 with NULL in one place", DIGEST("30{" OID_SHA256 NONE "}"),
	  OK },
	{ "sha256WithRSAEncryption", ALGORITHM("30{" OID_RSA_SHA256 NONE "}"),
	  OK },
	{ "ECDSA", ALGORITHM(ECDSA), OK },

	/* ContentInfo */
	{ "nothing", "", MALFORMED },
	{ "an empty ContentInfo", "3000", MALFORMED },
	{ "ContentInfo as a SET", "31{" OID_SIGNED_DATA "a0{" GOOD_DATA "}}",
	  MALFORMED },
	{ "id-data at the top", "30{" OID_DATA "a0{" GOOD_DATA "}}",
	  MALFORMED },
	{ "envelopedData", "30{06092a864886f70d010703 a0{" GOOD_DATA "}}",
	  MALFORMED },
	{ "no SignedData", "30{" OID_SIGNED_DATA "}", MALFORMED },
	{ "an empty [0]", "30{" OID_SIGNED_DATA "a000}", MALFORMED },
	{ "[1] for [0]", "30{" OID_SIGNED_DATA "a1{" GOOD_DATA "}}",
	  MALFORMED },
	{ "two SignedData", MESSAGE(GOOD_DATA GOOD_DATA), MALFORMED },
	{ "a third member of ContentInfo",
	  "30{" OID_SIGNED_DATA "a0{" GOOD_DATA "}" NONE "}", MALFORMED },
	{ "row 27: garbage after the end", GOOD "00", MALFORMED },
	{ "row 27: a second message after the end", GOOD GOOD, MALFORMED },

	/* row 27: other encodings of the same thing */
	{ "row 27: indefinite length outside",
	  "3080" OID_SIGNED_DATA "a0{" GOOD_DATA "} 0000", MALFORMED },
	{ "row 27: indefinite length of [0]",
	  "30{" OID_SIGNED_DATA "a080" GOOD_DATA " 0000}", MALFORMED },
	{ "row 27: length 0x84ffffffff",
	  "3084ffffffff" OID_SIGNED_DATA "a0{" GOOD_DATA "}", MALFORMED },
	{ "row 27: length 0x84ffffffff inside", SIGNED("0484ffffffff 5a*256"),
	  MALFORMED },
	{ "row 27: long form of a short length",
	  "30{0681092a864886f70d010702 a0{" GOOD_DATA "}}", MALFORMED },
	{ "row 27: long form of the version", VERSIONS("02810103", V3),
	  MALFORMED },
	{ "row 27: content in pieces",
	  INFO("30{" OID_DATA "a0{24{0404'EXEC' 0404'GATE'}}}"), MALFORMED },
	{ "row 27: content of indefinite length",
	  INFO("30{" OID_DATA "a0{2480 0408'EXECGATE' 0000}}"), MALFORMED },

	/* versions */
	{ "version 1 with a key id", VERSIONS(V1, V1), MALFORMED },
	{ "version 1 outside, 3 inside", VERSIONS(V1, V3), MALFORMED },
	{ "version 3 outside, 1 inside", VERSIONS(V3, V1), MALFORMED },
	{ "version 3 with issuer and serial", KEY(ISSUER), MALFORMED },
	{ "version 0", VERSIONS("020100", V3), MALFORMED },
	{ "version 4", VERSIONS("020104", V3), MALFORMED },
	{ "signer version 4", VERSIONS(V3, "020104"), MALFORMED },
	{ "version in two octets", VERSIONS("02020003", V3), MALFORMED },
	{ "no version", VERSIONS("", V3), MALFORMED },
	{ "no signer version", VERSIONS(V3, ""), MALFORMED },

	/* digest algorithms */
	{ "row 15: SHA-1", BOTH("30{06052b0e03021a}"), WEAK },
	{ "row 15: SHA-1 with NULL", BOTH("30{06052b0e03021a" NONE "}"), WEAK },
	{ "row 15: MD5", BOTH("30{06082a864886f70d0205" NONE "}"), WEAK },
	{ "row 15: SHA-224", BOTH("30{0609608648016503040204}"), WEAK },
	{ "SHA-384", BOTH("30{0609608648016503040202}"), WEAK },
	{ "SHA-512", BOTH("30{0609608648016503040203}"), WEAK },
	{ "SHA-1 named outside only", DIGESTS("30{06052b0e03021a}"), WEAK },
	{ "SHA-1 named inside only", DIGEST("30{06052b0e03021a}"), WEAK },
	{ "SHA-1 and garbage after the end", BOTH("30{06052b0e03021a}") "00",
	  MALFORMED },
	{ "no digest algorithm", DIGESTS(""), MALFORMED },
	{ "two digest algorithms", DIGESTS(SHA256 SHA256), MALFORMED },
	{ "sha256 and SHA-1", DIGESTS(SHA256 "30{06052b0e03021a}"), MALFORMED },
	{ "an empty digest algorithm", DIGEST("3000"), MALFORMED },
	{ "an empty OID", DIGEST("30{0600}"), MALFORMED },
	{ "a number for an OID", DIGEST("30{020101}"), MALFORMED },
	{ "an OID without its SEQUENCE", DIGEST(OID_SHA256), MALFORMED },
	{ "sha256 with an empty OCTET STRING", DIGEST("30{" OID_SHA256 "0400}"),
	  MALFORMED },
	{ "sha256 with two NULLs", DIGEST("30{" OID_SHA256 NONE NONE "}"),
	  MALFORMED },
	{ "a NULL with content", DIGEST("30{" OID_SHA256 "050100}"),
	  MALFORMED },
	{ "digest algorithms in a SEQUENCE",
	  MESSAGE("30{" V3 "30{" SHA256 "}" CONTENT "31{" GOOD_SIGNER "}}"),
	  MALFORMED },

	/* row 26: the content */
	{ "row 26: no content", INFO("30{" OID_DATA "}"), MALFORMED },
	{ "row 26: an empty [0]", INFO("30{" OID_DATA "a000}"), MALFORMED },
	{ "row 26: empty content", INFO("30{" OID_DATA "a0{0400}}"),
	  MALFORMED },
	{ "one byte is content", INFO("30{" OID_DATA "a0{040145}}"), OK },
	{ "no content info", INFO(""), MALFORMED },
	{ "content type signedData",
	  INFO("30{" OID_SIGNED_DATA "a0{04{'EXECGATE'}}}"), MALFORMED },
	{ "content type of Authenticode",
	  INFO("30{060a2b060104018237020104 a0{04{'EXECGATE'}}}"), MALFORMED },
	{ "content is a SEQUENCE", INFO("30{" OID_DATA "a0{30{'EXECGATE'}}}"),
	  MALFORMED },
	{ "two contents",
	  INFO("30{" OID_DATA "a0{04{'EXECGATE'}04{'EXECGATE'}}}"), MALFORMED },
	{ "two wrapped contents",
	  INFO("30{" OID_DATA "a0{04{'EXECGATE'}}a0{04{'EXECGATE'}}}"),
	  MALFORMED },
	{ "content not wrapped", INFO("30{" OID_DATA "04{'EXECGATE'}}"),
	  MALFORMED },
	{ "content implicitly tagged", INFO("30{" OID_DATA "80{'EXECGATE'}}"),
	  MALFORMED },

	/* certificates and CRLs */
	{ "row 19: a certificate", SETS("a0{" CERTIFICATE "}"), MALFORMED },
	{ "an empty set of certificates", SETS("a000"), MALFORMED },
	{ "a CRL", SETS("a1{" CERTIFICATE "}"), MALFORMED },
	{ "an empty set of CRLs", SETS("a100"), MALFORMED },
	{ "certificate and CRL", SETS("a0{" CERTIFICATE "}a100"), MALFORMED },

	/* SignerInfos */
	{ "no signer", SIGNERS(""), MALFORMED },
	{ "row 21: two signers", SIGNERS(GOOD_SIGNER GOOD_SIGNER), MALFORMED },
	{ "row 21: a signer and another with SHA-1",
	  SIGNERS(GOOD_SIGNER SIGNER(V3, KEY_ID, "30{06052b0e03021a}", RSA,
				     SIGNATURE)),
	  MALFORMED },
	{ "an empty signer", SIGNERS("3000"), MALFORMED },
	{ "signers in a SEQUENCE",
	  MESSAGE("30{" V3 "31{" SHA256 "}" CONTENT "30{" GOOD_SIGNER "}}"),
	  MALFORMED },
	{ "no set of signers", MESSAGE("30{" V3 "31{" SHA256 "}" CONTENT "}"),
	  MALFORMED },
	{ "a second set of signers",
	  MESSAGE("30{" V3 "31{" SHA256 "}" CONTENT "31{" GOOD_SIGNER
		  "}31{" GOOD_SIGNER "}}"),
	  MALFORMED },
	{ "row 24: signed attributes",
	  SIGNERS(SIGNER(V3, KEY_ID, SHA256 "a0{30{0603550403 31{0500}}}", RSA,
			 SIGNATURE)),
	  MALFORMED },
	{ "row 24: an empty set of signed attributes",
	  SIGNERS(SIGNER(V3, KEY_ID, SHA256 "a000", RSA, SIGNATURE)),
	  MALFORMED },
	{ "unsigned attributes",
	  SIGNED(SIGNATURE "a1{30{0603550403 31{0500}}}"), MALFORMED },
	{ "an empty set of unsigned attributes", SIGNED(SIGNATURE "a100"),
	  MALFORMED },

	/* the signer's id */
	{ "key id of one byte", KEY("80{a5}"), OK },
	{ "key id of 256 bytes", KEY("80{ a5*256}"), OK },
	{ "key id of 257 bytes", KEY("80{ a5*257}"), MALFORMED },
	{ "row 32: key id of 60 KB", KEY("80{ a5*61440}"), MALFORMED },
	{ "an empty key id", KEY("8000"), MALFORMED },
	{ "no id", KEY(""), MALFORMED },
	{ "a constructed key id", KEY("a0{04{ a5*20}}"), MALFORMED },
	{ "[1] for a key id", KEY("81{ a5*20}"), MALFORMED },
	{ "both ids", ID(ISSUER KEY_ID), MALFORMED },
	{ "a key id with version 1", ID(KEY_ID), MALFORMED },
	{ "issuer and serial of 256 bytes",
	  ISSUER_NAME("30{31{" ATTRIBUTE("0c{ 41*236}") "}}"), OK },
	{ "issuer and serial of 257 bytes",
	  ISSUER_NAME("30{31{" ATTRIBUTE("0c{ 41*237}") "}}"), MALFORMED },
	{ "row 32: an issuer of 60 KB", VALUE("0c{ 41*61440}"), MALFORMED },
	{ "row 32: a serial of 60 KB", ID("30{" NAME "02{ 41*61440}}"),
	  MALFORMED },
	{ "no serial", ID("30{" NAME "}"), MALFORMED },
	{ "an empty serial", ID("30{" NAME "0200}"), MALFORMED },
	{ "a serial of 20 octets", ID("30{" NAME "02{ 7f*20}}"), OK },
	{ "a serial that needs its zero", ID("30{" NAME "02020080}"), OK },
	{ "a serial with a zero too many", ID("30{" NAME "0202007f}"),
	  MALFORMED },
	{ "a negative serial", ID("30{" NAME "0202ff7f}"), OK },
	{ "a negative serial with ff too many", ID("30{" NAME "0202ff80}"),
	  MALFORMED },
	{ "a third member of the id", ID("30{" NAME SERIAL "0500}"),
	  MALFORMED },
	{ "an empty name", ISSUER_NAME("3000"), MALFORMED },
	{ "an empty RDN", ISSUER_NAME("30{3100}"), MALFORMED },
	{ "an empty RDN behind another",
	  ISSUER_NAME("30{31{" ATTRIBUTE("0c{'a'}") "}3100}"), MALFORMED },
	{ "two RDNs",
	  ISSUER_NAME("30{31{" ATTRIBUTE("0c{'a'}") "}31{" ATTRIBUTE(
		  "13{'b'}") "}}"),
	  OK },
	{ "two attributes in one RDN",
	  ISSUER_NAME("30{31{" ATTRIBUTE("0c{'a'}") ATTRIBUTE("0c{'b'}") "}}"),
	  OK },
	{ "an RDN as a SEQUENCE",
	  ISSUER_NAME("30{30{" ATTRIBUTE("0c{'a'}") "}}"), MALFORMED },
	{ "an attribute as a SET", ISSUER_NAME("30{31{31{0603550403 0c0161}}}"),
	  MALFORMED },
	{ "an attribute without a type", ISSUER_NAME("30{31{30{0c0161}}}"),
	  MALFORMED },
	{ "an attribute with an empty type",
	  ISSUER_NAME("30{31{30{06000c0161}}}"), MALFORMED },
	{ "an attribute without a value", VALUE(""), MALFORMED },
	{ "an empty value", VALUE("0c00"), OK },
	{ "a value and more", VALUE("0c016105 00"), MALFORMED },
	{ "a value beyond its attribute", VALUE("0c7f61"), MALFORMED },
	{ "a constructed value", VALUE("2c{0c0161}"), MALFORMED },
	{ "row 27: an indefinite value", VALUE("2c80 0c0161 0000"), MALFORMED },
	{ "a value with a long tag", VALUE("1f810c0161"), MALFORMED },
	{ "a long tag that reads as a length", VALUE("1f020161"), MALFORMED },
	{ "a value with a non-minimal length", VALUE("0c810161"), MALFORMED },

	/* signature algorithms */
	{ "rsaEncryption without NULL", ALGORITHM("30{" OID_RSA "}"),
	  MALFORMED },
	{ "rsaEncryption with two NULLs",
	  ALGORITHM("30{" OID_RSA NONE NONE "}"), MALFORMED },
	{ "ECDSA with NULL", ALGORITHM("30{" OID_ECDSA_SHA256 NONE "}"),
	  MALFORMED },
	{ "sha1WithRSAEncryption", ALGORITHM("30{06092a864886f70d010105 0500}"),
	  WEAK },
	{ "RSASSA-PSS", ALGORITHM("30{06092a864886f70d01010a 3000}"), WEAK },
	{ "ecdsa-with-SHA1", ALGORITHM("30{06072a8648ce3d0401}"), WEAK },
	{ "Ed25519", ALGORITHM("30{06032b6570}"), WEAK },
	{ "an empty algorithm", ALGORITHM("3000"), MALFORMED },
	{ "an algorithm that is a number", ALGORITHM("020101"), MALFORMED },
	{ "no algorithm", ALGORITHM(""), MALFORMED },

	/* the signature */
	{ "no signature", SIGNED(""), MALFORMED },
	{ "an empty signature", SIGNED("0400"), MALFORMED },
	{ "a signature of one byte", SIGNED("04015a"), OK },
	{ "a signature at the bound", SIGNED("04{ 5a*1024}"), OK },
	{ "a signature above the bound", SIGNED("04{ 5a*1025}"),
	  EG_FORMAT_TOO_LARGE },
	{ "two signatures", SIGNED(SIGNATURE SIGNATURE), MALFORMED },
	{ "a signature as a BIT STRING", SIGNED("03{ 00 5a*256}"), MALFORMED },
};

static void test_parse(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct eg_bytes in = bytes_of(rows[i].input);
		struct eg_cms out;

		expect_format(eg_cms_parse(in, &out), rows[i].expected,
			      rows[i].why);
		bytes_free(in);
	}
}

static void expect_bytes(struct eg_bytes got, const char *notation)
{
	struct eg_bytes expected = bytes_of(notation);

	assert_int_equal(got.size, expected.size);
	assert_memory_equal(got.data, expected.data, expected.size);
	bytes_free(expected);
}

static void test_fields(void **state)
{
	struct eg_bytes in = bytes_of(GOOD);
	struct eg_cms out;

	(void)state;
	expect_format(eg_cms_parse(in, &out), EG_FORMAT_OK, "key id");
	expect_bytes(out.content, "'EXECGATE'");
	expect_bytes(out.key_id, "a5*20");
	expect_bytes(out.signature, "5a*256");
	assert_int_equal(out.algorithm, EG_CMS_RSA);
	assert_int_equal(out.issuer.size, 0);
	assert_int_equal(out.serial.size, 0);
	bytes_free(in);

	in = bytes_of(GOOD_ISSUER);
	expect_format(eg_cms_parse(in, &out), EG_FORMAT_OK, "issuer");
	expect_bytes(out.issuer, "31{" ATTRIBUTE("0c{'test'}") "}");
	expect_bytes(out.serial, "01");
	assert_int_equal(out.key_id.size, 0);
	bytes_free(in);

	in = bytes_of(ALGORITHM(ECDSA));
	expect_format(eg_cms_parse(in, &out), EG_FORMAT_OK, "ECDSA");
	assert_int_equal(out.algorithm, EG_CMS_ECDSA);
	bytes_free(in);
}

/* Every message that ends early, at each of its bytes. */
static void test_truncated(void **state)
{
	struct eg_bytes whole = bytes_of(GOOD_ISSUER);
	struct eg_cms out;
	size_t size;

	(void)state;
	for (size = 0; size < whole.size; size++) {
		struct eg_bytes in = bytes_copy(whole.data, size);

		expect_format(eg_cms_parse(in, &out), EG_FORMAT_MALFORMED,
			      "a truncated message");
		bytes_free(in);
	}
	bytes_free(whole);
}

static bool same_fields(const struct eg_cms *a, const struct eg_cms *b)
{
	return a->content.data == b->content.data &&
	       a->content.size == b->content.size &&
	       a->signature.data == b->signature.data &&
	       a->signature.size == b->signature.size &&
	       a->key_id.data == b->key_id.data &&
	       a->key_id.size == b->key_id.size;
}

/*
 * One byte changed to every other value: what is still accepted differs from
 * the message only inside a field, never in how it is put together.
 */
static void test_each_byte(void **state)
{
	struct eg_bytes in = bytes_of(GOOD);
	u8 *data = (u8 *)in.data;
	struct eg_cms good, out;
	size_t i, value;

	(void)state;
	expect_format(eg_cms_parse(in, &good), EG_FORMAT_OK, "before");
	for (i = 0; i < in.size; i++)
		for (value = 1; value < 256; value++) {
			bool field = (data + i >= good.content.data &&
				      data + i < good.content.data +
							 good.content.size) ||
				     (data + i >= good.key_id.data &&
				      data + i < good.key_id.data +
							 good.key_id.size) ||
				     data + i >= good.signature.data;
			enum eg_format result;

			data[i] ^= (u8)value;
			result = eg_cms_parse(in, &out);
			if (field)
				expect_format(result, EG_FORMAT_OK, "a field");
			if (result == EG_FORMAT_OK &&
			    (!field || !same_fields(&out, &good))) {
				/* rsaEncryption has one neighbour we accept. */
				assert_int_equal(value, 0x01 ^ 0x0b);
				assert_true(same_fields(&out, &good));
			}
			data[i] ^= (u8)value;
		}
	bytes_free(in);
}

/* Row 27: 200 levels, wherever a level can be opened. */
static void test_nesting(void **state)
{
	static const struct {
		const char *why;
		const char *before;
		const char *open;
	} places[] = {
		{ "the top", "", "30" },
		{ "the top, contexts", "", "a0" },
		{ "the content",
		  "30{" OID_SIGNED_DATA "a0{30{" V3 "31{" SHA256 "}30{" OID_DATA
		  "a0{",
		  "24" },
		{ "an attribute's value",
		  "30{" OID_SIGNED_DATA "a0{30{" V1 "31{" SHA256 "}" CONTENT
		  "31{30{" V1 "30{30{31{30{0603550403",
		  "30" },
		{ "the name",
		  "30{" OID_SIGNED_DATA "a0{30{" V1 "31{" SHA256 "}" CONTENT
		  "31{30{" V1 "30{30{",
		  "31" },
	};
	size_t place, i, open;

	(void)state;
	for (place = 0; place < ARRAY_SIZE(places); place++) {
		char notation[2048] = "";
		struct eg_bytes in;
		struct eg_cms out;
		const char *p;

		strcat(notation, places[place].before);
		for (i = 0; i < 200; i++) {
			strcat(notation, places[place].open);
			strcat(notation, "{");
		}
		for (p = places[place].before, open = 200; *p; p++)
			open += (*p == '{') - (*p == '}');
		for (i = 0; i < open; i++)
			strcat(notation, "}");
		in = bytes_of(notation);
		expect_format(eg_cms_parse(in, &out), EG_FORMAT_MALFORMED,
			      places[place].why);
		bytes_free(in);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_each_byte),
		cmocka_unit_test(test_nesting),
	};

	return cmocka_run_group_tests_name("format/cms", tests, NULL, NULL);
}
