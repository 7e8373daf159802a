// SPDX-License-Identifier: GPL-2.0
/*
 * What is accepted can be written again from its fields alone: then the message
 * holds nothing that we did not see, and each message has one encoding. Only
 * three things are free: NULL or nothing behind each of the two sha256, and
 * which of the two names RSA goes by.
 */
#include "encode.h"
#include "format/cms.h"
#include "format/der.h"

static const u8 signed_data[] = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
static const u8 id_data[] = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
static const u8 sha256[] = "\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01";
static const u8 rsa[] = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05";
static const u8 rsa_sha256[] = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b"
			       "\x05";
static const u8 ecdsa[] = "\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02";

enum { NULL_OUTSIDE = 1, NULL_INSIDE = 2, RSA_WITH_SHA256 = 4, CHOICES = 8 };

static void put_digest(struct encoder *e, bool with_null)
{
	const u8 *end = e->at;

	if (with_null)
		put_bytes(e, "\x05", 2);
	put_bytes(e, sha256, sizeof(sha256) - 1);
	put_header(e, EG_DER_SEQUENCE, end);
}

static void put_signer(struct encoder *e, const struct eg_cms *cms, int choice,
		       u8 version)
{
	const u8 *end = e->at, *id;

	put_element(e, EG_DER_OCTET_STRING, cms->signature.data,
		    cms->signature.size);
	if (cms->algorithm == EG_CMS_ECDSA)
		put_element(e, EG_DER_SEQUENCE, ecdsa, sizeof(ecdsa) - 1);
	else
		put_element(e, EG_DER_SEQUENCE,
			    choice & RSA_WITH_SHA256 ? rsa_sha256 : rsa,
			    sizeof(rsa));
	put_digest(e, choice & NULL_INSIDE);
	id = e->at;
	if (version == 3) {
		put_element(e, EG_DER_CONTEXT_0, cms->key_id.data,
			    cms->key_id.size);
	} else {
		put_element(e, EG_DER_INTEGER, cms->serial.data,
			    cms->serial.size);
		put_element(e, EG_DER_SEQUENCE, cms->issuer.data,
			    cms->issuer.size);
		put_header(e, EG_DER_SEQUENCE, id);
	}
	put_element(e, EG_DER_INTEGER, &version, 1);
	put_header(e, EG_DER_SEQUENCE, end);
	put_header(e, EG_DER_SET, end);
}

static void put_message(struct encoder *e, const struct eg_cms *cms, int choice)
{
	u8 version = cms->key_id.size ? 3 : 1;
	const u8 *end = e->at, *part;

	put_signer(e, cms, choice, version);
	part = e->at;
	put_element(e, EG_DER_OCTET_STRING, cms->content.data,
		    cms->content.size);
	put_header(e, EG_DER_CONTEXT_0_CONSTRUCTED, part);
	put_bytes(e, id_data, sizeof(id_data) - 1);
	put_header(e, EG_DER_SEQUENCE, part);
	part = e->at;
	put_digest(e, choice & NULL_OUTSIDE);
	put_header(e, EG_DER_SET, part);
	put_element(e, EG_DER_INTEGER, &version, 1);
	put_header(e, EG_DER_SEQUENCE, end);
	put_header(e, EG_DER_CONTEXT_0_CONSTRUCTED, end);
	put_bytes(e, signed_data, sizeof(signed_data) - 1);
	put_header(e, EG_DER_SEQUENCE, end);
}

static void check_fields(const struct eg_cms *cms, struct eg_bytes in)
{
	HOLDS(is_within(cms->content, in) && cms->content.size);
	HOLDS(is_within(cms->signature, in) && cms->signature.size);
	HOLDS(is_within(cms->issuer, in) && is_within(cms->serial, in));
	HOLDS(is_within(cms->key_id, in));
	HOLDS(!cms->issuer.size == !cms->serial.size);
	HOLDS(!cms->issuer.size != !cms->key_id.size);
	HOLDS(cms->signature.size <= EG_SIGNATURE_MAX);
	HOLDS(cms->key_id.size <= EG_SIGNER_ID_MAX);
	HOLDS(cms->issuer.size + cms->serial.size <= EG_SIGNER_ID_MAX);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct eg_bytes in = { data, size };
	struct encoder e;
	struct eg_cms cms;
	bool same = false;
	int choice;

	if (eg_cms_parse(in, &cms) != EG_FORMAT_OK)
		return 0;
	check_fields(&cms, in);
	e.start = malloc(size + 8);
	HOLDS(e.start);
	e.end = e.start + size + 8;
	for (choice = 0; choice < CHOICES && !same; choice++) {
		e.at = e.end;
		put_message(&e, &cms, choice);
		same = (size_t)(e.end - e.at) == size &&
		       !memcmp(e.at, data, size);
	}
	HOLDS(same);
	free(e.start);
	return 0;
}
