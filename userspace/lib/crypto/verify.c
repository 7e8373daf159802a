// SPDX-License-Identifier: GPL-2.0
#include "lib/crypto/verify.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "lib/base/array.h"
#include "lib/base/names.h"
#include "lib/crypto/keystore.h"

static struct execgate_trust_item *grow_list(struct execgate_trust *trust)
{
	struct execgate_trust_item *item =
		execgate_array_add(trust->items, trust->count);

	if (item)
		memset(item, 0, sizeof(*item));
	return item;
}

int execgate_trust_add_file(struct execgate_trust *trust, const char *path,
			    struct execgate_error *err)
{
	struct execgate_trust_item *item = grow_list(trust);
	int ret;

	if (!item)
		return execgate_error_errno(err, -ENOMEM, "cannot read %s",
					    path);
	ret = execgate_certificate_load(path, &item->certificate, err);
	if (!ret) {
		item->allow_expired = true;
		item->certificate.key.purposes = EXECGATE_PURPOSES_ALL;
		trust->count++;
	}
	return ret;
}

static int add_entry(const struct execgate_keystore_entry *entry, void *arg)
{
	struct execgate_trust *trust = arg;
	struct execgate_trust_item *item;
	struct execgate_error err;

	/* As the daemon: a key that has ended still vouches for what it signed. */
	if (!entry->certificate || entry->problem)
		return 0;
	item = grow_list(trust);
	if (!item ||
	    execgate_certificate_parse(entry->path, entry->certificate->der,
				       entry->certificate->size,
				       &item->certificate, &err))
		return -ENOMEM;
	item->allow_expired = entry->allow_expired;
	item->certificate.key.purposes = entry->as.purposes;
	item->certificate.key.is_ca = entry->as.role == EXECGATE_ROLE_CA;
	item->certificate.key.is_leaf = entry->as.role == EXECGATE_ROLE_LEAF;
	trust->count++;
	return 0;
}

static bool is_issued_by(X509 *x509, X509 *ca)
{
	bool issued = X509_check_issued(ca, x509) == X509_V_OK &&
		      X509_verify(x509, X509_get0_pubkey(ca)) == 1;

	ERR_clear_error();
	return issued;
}

/*
 * As the kernel takes a leaf: signed by a CA here, for no more than that is, and no
 * longer. One that is not is for nothing.
 */
static void judge_leaf(const struct execgate_trust *trust,
		       struct execgate_trust_item *leaf)
{
	struct execgate_key *key = &leaf->certificate.key;
	const struct execgate_trust_item *ca;

	for (ca = trust->items; ca < trust->items + trust->count; ca++)
		if (ca->certificate.key.is_ca &&
		    !(key->purposes & ~ca->certificate.key.purposes) &&
		    is_issued_by(leaf->certificate.x509, ca->certificate.x509))
			break;
	leaf->allow_expired = false;
	if (ca == trust->items + trust->count) {
		key->purposes = 0;
		return;
	}
	if (!key->purposes)
		key->purposes = ca->certificate.key.purposes;
	if (!ca->allow_expired &&
	    ca->certificate.key.not_after < key->not_after)
		key->not_after = ca->certificate.key.not_after;
}

int execgate_trust_add_dir(struct execgate_trust *trust, const char *dir,
			   struct execgate_error *err)
{
	int ret = execgate_keystore_list(dir, add_entry, trust, err);

	if (ret == -ENOMEM)
		return execgate_error_errno(err, ret, "cannot read %s", dir);
	for (size_t i = 0; i < trust->count; i++)
		if (trust->items[i].certificate.key.is_leaf)
			judge_leaf(trust, trust->items + i);
	return ret;
}

void execgate_trust_free(struct execgate_trust *trust)
{
	size_t i;

	for (i = 0; i < trust->count; i++)
		execgate_certificate_free(&trust->items[i].certificate);
	free(trust->items);
	memset(trust, 0, sizeof(*trust));
}

static bool names_issuer(const struct eg_cms *cms, X509 *x509)
{
	const ASN1_INTEGER *serial = X509_get0_serialNumber(x509);
	unsigned char *name = NULL, *number = NULL;
	const unsigned char *inside;
	int name_size, number_size, tag, class;
	long length;
	bool same;

	name_size = i2d_X509_NAME(X509_get_issuer_name(x509), &name);
	number_size = i2d_ASN1_INTEGER(serial, &number);
	inside = name;
	same = name_size > 0 && number_size > 2 &&
	       !(ASN1_get_object(&inside, &length, &tag, &class, name_size) &
		 0x80) &&
	       (size_t)length == cms->issuer.size &&
	       memcmp(inside, cms->issuer.data, length) == 0;
	inside = number;
	same = same &&
	       !(ASN1_get_object(&inside, &length, &tag, &class, number_size) &
		 0x80) &&
	       (size_t)length == cms->serial.size &&
	       memcmp(inside, cms->serial.data, length) == 0;
	OPENSSL_free(name);
	OPENSSL_free(number);
	return same;
}

bool execgate_verify_names(const struct eg_cms *cms, X509 *x509)
{
	const ASN1_OCTET_STRING *id;

	if (!cms->key_id.size)
		return names_issuer(cms, x509);
	id = X509_get0_subject_key_id(x509);
	return id && (size_t)ASN1_STRING_length(id) == cms->key_id.size &&
	       memcmp(ASN1_STRING_get0_data(id), cms->key_id.data,
		      cms->key_id.size) == 0;
}

bool execgate_verify_message(const struct eg_cms *cms, X509 *x509)
{
	EVP_PKEY *key = X509_get0_pubkey(x509);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good;

	/* PKCS#1 v1.5 or ECDSA, as the message says; the key must be of it. */
	good = ctx && key &&
	       EVP_PKEY_is_a(key,
			     cms->algorithm == EG_CMS_RSA ? "RSA" : "EC") &&
	       EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
	       EVP_DigestVerify(ctx, cms->signature.data, cms->signature.size,
				cms->content.data, cms->content.size) == 1;
	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return good;
}

enum execgate_reason execgate_verify_reason(enum eg_format format)
{
	switch (format) {
#define X(id, reason)        \
	case EG_FORMAT_##id: \
		return EXECGATE_REASON_##reason;
		EG_FORMATS(X)
#undef X
	}
	return EXECGATE_REASON_MALFORMED;
}

enum execgate_reason
execgate_verify_signer(const struct execgate_trust *trust,
		       const struct eg_cms *cms, uint32_t purposes,
		       uint64_t created,
		       const struct execgate_certificate **signer)
{
	enum execgate_reason reason = EXECGATE_REASON_UNKNOWN_SIGNER;
	const struct execgate_trust_item *item;
	size_t i;

	for (i = 0; i < trust->count; i++) {
		item = trust->items + i;
		/* No signature by a CA counts, nor by a leaf without one. */
		if (item->certificate.key.is_ca ||
		    !item->certificate.key.purposes)
			continue;
		if (!execgate_verify_names(cms, item->certificate.x509))
			continue;
		/* Two keys may bear one name: the next may be the right one. */
		reason = EXECGATE_REASON_BAD_SIGNATURE;
		if (!execgate_verify_message(cms, item->certificate.x509))
			continue;
		*signer = &item->certificate;
		if (!(item->certificate.key.purposes & purposes))
			return EXECGATE_REASON_WRONG_PURPOSE;
		if (created > item->certificate.key.not_after &&
		    !item->allow_expired)
			return EXECGATE_REASON_EXPIRED;
		return EXECGATE_REASON_ALLOWED;
	}
	return reason;
}

static int digest_payload(int fd, const char *name,
			  struct execgate_verdict *out,
			  struct execgate_error *err)
{
	int ret = execgate_signature_digest(fd, out->signature.payload_size,
					    false, out->digest);

	if (ret)
		return execgate_error_errno(err, ret, "cannot read %s", name);
	out->digested = true;
	return 0;
}

/* The purposes of which a key must have one, when it signs for these classes. */
static uint32_t purposes_for(uint16_t classes)
{
	const uint16_t loaded = EXECGATE_CLASS_MODULE |
				EXECGATE_CLASS_FIRMWARE | EXECGATE_CLASS_DATA;
	uint32_t purposes = 0;

	if (classes & loaded)
		purposes |= EXECGATE_PURPOSE_KERNEL;
	if (classes & ~loaded || !purposes)
		purposes |= EXECGATE_PURPOSE_FILES;
	return purposes;
}

static void judge_content(struct execgate_verdict *out)
{
	if (!eg_manifest_find(&out->manifest, EG_DIGEST_CONTENT, out->digest,
			      &out->entry) ||
	    out->entry.size != out->signature.payload_size) {
		out->reason = EXECGATE_REASON_DIGEST_MISMATCH;
		return;
	}
	eg_manifest_identity_at(&out->manifest, out->entry.identity,
				&out->identity);
	/* The use is not known here: good for one use is good. */
	if (!(out->signer->key.purposes & purposes_for(out->entry.classes)))
		out->reason = EXECGATE_REASON_WRONG_PURPOSE;
}

static void judge_message(const struct execgate_trust *trust,
			  struct execgate_verdict *out)
{
	enum eg_format format = out->signature.format;

	if (!format)
		format = eg_cms_parse(
			(struct eg_bytes){ out->signature.cms,
					   out->signature.cms_size },
			&out->cms);
	out->cms_valid = !format;
	if (!format)
		format = eg_manifest_parse(out->cms.content, &out->manifest);
	out->manifest_valid = !format;
	out->reason = execgate_verify_reason(format);
	if (!format)
		out->reason =
			execgate_verify_signer(trust, &out->cms,
					       EXECGATE_PURPOSE_FILES |
						       EXECGATE_PURPOSE_KERNEL,
					       out->manifest.created_at,
					       &out->signer);
}

int execgate_verify_fd(int fd, const char *name,
		       const struct execgate_trust *trust,
		       struct execgate_verdict *out, struct execgate_error *err)
{
	struct stat st;
	int ret;

	memset(out, 0, sizeof(*out));
	if (fstat(fd, &st) < 0)
		return execgate_error_errno(err, -errno, "cannot read %s",
					    name);
	if (!S_ISREG(st.st_mode))
		return execgate_error_set(err, -EINVAL, EXECGATE_EXIT_ERROR,
					  "%s is not a regular file and cannot "
					  "carry a signature",
					  name);
	ret = execgate_signature_find(fd, name, (uint64_t)st.st_size,
				      &out->signature, err);
	if (ret)
		return ret;
	judge_message(trust, out);
	ret = digest_payload(fd, name, out, err);
	if (ret) {
		execgate_verdict_free(out);
		return ret;
	}
	if (out->reason == EXECGATE_REASON_ALLOWED)
		judge_content(out);
	return 0;
}

void execgate_verdict_free(struct execgate_verdict *verdict)
{
	execgate_signature_free(&verdict->signature);
	memset(verdict, 0, sizeof(*verdict));
}

int execgate_verify_signed(const char *path, const struct eg_cms *cms,
			   enum execgate_purpose purpose, const char *command,
			   const struct execgate_trust *trust, uint64_t created,
			   const struct execgate_certificate **signer,
			   struct execgate_error *err)
{
	char is_for[EXECGATE_PURPOSES_TEXT], wanted[EXECGATE_PURPOSES_TEXT];
	enum execgate_reason reason;

	*signer = NULL;
	if (!cms)
		return execgate_error_set(
			err, -ENODATA, EXECGATE_EXIT_UNSIGNED,
			"%s is not signed yet; do it with \"execgate %s\"",
			path, command);
	reason = execgate_verify_signer(trust, cms, purpose, created, signer);
	if (reason == EXECGATE_REASON_ALLOWED)
		return 0;
	if (reason == EXECGATE_REASON_BAD_SIGNATURE)
		return execgate_error_set(
			err, -EKEYREJECTED, EXECGATE_EXIT_BAD_SIGNATURE,
			"%s was changed after it was signed, or another key of "
			"the same name signed it; get it again",
			path);
	if (reason == EXECGATE_REASON_EXPIRED)
		return execgate_error_set(
			err, -EKEYEXPIRED, EXECGATE_EXIT_KEY_NOT_TRUSTED,
			"%s was signed after the end of its key; sign it anew, "
			"with a key that is in its time",
			path);
	if (reason == EXECGATE_REASON_WRONG_PURPOSE)
		return execgate_error_set(
			err, -EACCES, EXECGATE_EXIT_KEY_NOT_TRUSTED,
			"%s is signed by a key that this machine trusts to "
			"sign something else; if it should be for this as well, "
			"\"execgate key enroll --for %s,%s CERT\" says so",
			path,
			execgate_purposes_text((*signer)->key.purposes, ",",
					       is_for),
			execgate_purposes_text(purpose, ",", wanted));
	return execgate_error_set(
		err, -ENOKEY, EXECGATE_EXIT_KEY_NOT_TRUSTED,
		"%s is signed by a key that is not trusted; if it should be, "
		"\"execgate key enroll CERT\" does that",
		path);
}
