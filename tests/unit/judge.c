// SPDX-License-Identifier: GPL-2.0
#include "judge.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

#include "format/armor.h"
#include "format/cms.h"
#include "format/manifest.h"
#include "format/policy.h"
#include "format/trailer.h"
#include "support.h"

const char *judge_manifest(struct eg_bytes manifest)
{
	struct eg_manifest m;

	return format_name(eg_manifest_parse(manifest, &m));
}

const char *judge_policy(struct eg_bytes object)
{
	struct eg_policy_object out;

	return format_name(eg_policy_object_parse(object, &out));
}

/* What has neither magic is malformed for both. */
static bool is_policy(struct eg_bytes content)
{
	return content.size >= 8 &&
	       !memcmp(content.data, EG_POLICY_OBJECT_MAGIC, 8);
}

const char *judge_message(struct eg_bytes message, struct judged *out)
{
	enum eg_format result;
	struct eg_cms cms;

	out->message = message;
	result = eg_cms_parse(message, &cms);
	if (result != EG_FORMAT_OK)
		return format_name(result);
	out->content = cms.content;
	return is_policy(cms.content) ? judge_policy(cms.content) :
					judge_manifest(cms.content);
}

/* The trailer or, without one, the block of comments at the end. */
static enum eg_format find_message(struct eg_bytes file, struct judged *out)
{
	struct eg_bytes tail = file;
	struct eg_trailer trailer;
	struct eg_armor armor;
	enum eg_format result;

	if (tail.size > EG_TRAILER_SIZE) {
		tail.data += tail.size - EG_TRAILER_SIZE;
		tail.size = EG_TRAILER_SIZE;
	}
	result = eg_trailer_parse(tail, file.size, &trailer);
	if (result == EG_FORMAT_OK) {
		out->payload.size = trailer.payload_size;
		out->message.data = file.data + trailer.payload_size;
		out->message.size = trailer.cms_size;
	} else if (result == EG_FORMAT_ABSENT) {
		result = eg_armor_parse(file, file.size, out->decoded,
					sizeof(out->decoded), &armor);
		if (result == EG_FORMAT_OK) {
			out->payload.size = armor.payload_size;
			out->message = armor.cms;
		}
	}
	out->payload.data = file.data;
	return result;
}

const char *judge_file(struct eg_bytes file, struct judged *out)
{
	struct eg_manifest_entry entry;
	u8 digest[EG_SHA256_SIZE];
	struct eg_manifest m;
	enum eg_format result;
	const char *judgement;

	result = find_message(file, out);
	if (result != EG_FORMAT_OK)
		return format_name(result);
	judgement = judge_message(out->message, out);
	if (strcmp(judgement, "ok"))
		return judgement;
	SHA256(out->payload.data, out->payload.size, digest);
	eg_manifest_parse(out->content, &m);
	if (!eg_manifest_find(&m, EG_DIGEST_CONTENT, digest, &entry) ||
	    entry.size != out->payload.size)
		return "digest-mismatch";
	return "ok";
}

bool judge_openssl(struct eg_bytes message, X509 *certificate,
		   struct eg_bytes content)
{
	const unsigned char *p = message.data;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &p, message.size);
	STACK_OF(X509) *certificates = sk_X509_new_null();
	BIO *signed_bytes = BIO_new(BIO_s_mem());
	bool good = false;
	char *data;
	long size;

	assert_non_null(certificates);
	assert_non_null(signed_bytes);
	sk_X509_push(certificates, certificate);
	if (cms && CMS_verify(cms, certificates, NULL, NULL, signed_bytes,
			      CMS_BINARY | CMS_NOINTERN |
				      CMS_NO_SIGNER_CERT_VERIFY) == 1) {
		size = BIO_get_mem_data(signed_bytes, &data);
		good = !content.size ||
		       ((size_t)size == content.size &&
			!memcmp(data, content.data, content.size));
	}
	ERR_clear_error();
	BIO_free(signed_bytes);
	sk_X509_free(certificates);
	CMS_ContentInfo_free(cms);
	return good;
}

X509 *judge_certificate(const char *path)
{
	FILE *file = fopen(path, "r");
	X509 *certificate;

	if (!file)
		fail_msg("%s: cannot be opened; run tests/vectors/generate",
			 path);
	certificate = PEM_read_X509(file, NULL, NULL, NULL);
	assert_non_null(certificate);
	fclose(file);
	return certificate;
}
