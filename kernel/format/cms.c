// SPDX-License-Identifier: GPL-2.0
#include "cms.h"
#include "der.h"

/* OIDs as whole elements: identifier and length octets included. */
static const u8 oid_signed_data[] = { 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
				      0xf7, 0x0d, 0x01, 0x07, 0x02 };
static const u8 oid_data[] = { 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
			       0xf7, 0x0d, 0x01, 0x07, 0x01 };
static const u8 oid_sha256[] = { 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
				 0x65, 0x03, 0x04, 0x02, 0x01 };
static const u8 oid_rsa[] = { 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
			      0xf7, 0x0d, 0x01, 0x01, 0x01 };
static const u8 oid_rsa_sha256[] = { 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
				     0xf7, 0x0d, 0x01, 0x01, 0x0b };
static const u8 oid_ecdsa_sha256[] = { 0x06, 0x08, 0x2a, 0x86, 0x48,
				       0xce, 0x3d, 0x04, 0x03, 0x02 };
static const u8 der_null[] = { EG_DER_NULL, 0x00 };
static const u8 version_1[] = { EG_DER_INTEGER, 0x01, 0x01 };
static const u8 version_3[] = { EG_DER_INTEGER, 0x01, 0x03 };

#define TAKE(in, encoded) eg_der_take(in, encoded, sizeof(encoded))

/*
 * The algorithm's name is judged after everything else: a message with
 * SHA-1 and a second fault is malformed, not merely weak.
 */
struct parse {
	struct eg_cms *out;
	u8 version;
	bool weak;
	bool detached;
};

/* CMSVersion: 1 or 3, or 0 for anything else. */
static u8 take_version(struct eg_bytes *in)
{
	if (TAKE(in, version_1))
		return 1;
	if (TAKE(in, version_3))
		return 3;
	return 0;
}

/* An AlgorithmIdentifier that we do not allow; its parameters are not ours. */
static bool is_other_algorithm(struct eg_bytes body)
{
	struct eg_bytes oid;

	return eg_der_next(&body, EG_DER_OID, &oid) && oid.size;
}

static bool take_digest_algorithm(struct parse *p, struct eg_bytes *in)
{
	struct eg_bytes body;

	if (!eg_der_next(in, EG_DER_SEQUENCE, &body))
		return false;
	if (!TAKE(&body, oid_sha256)) {
		p->weak = true;
		return is_other_algorithm(body);
	}
	/* RFC 5754, 2: parameters absent or NULL, both occur. */
	TAKE(&body, der_null);
	return !body.size;
}

static bool take_signature_algorithm(struct parse *p, struct eg_bytes *in)
{
	struct eg_bytes body;

	if (!eg_der_next(in, EG_DER_SEQUENCE, &body))
		return false;
	if (TAKE(&body, oid_rsa) || TAKE(&body, oid_rsa_sha256)) {
		p->out->algorithm = EG_CMS_RSA;
		return TAKE(&body, der_null) && !body.size;
	}
	if (TAKE(&body, oid_ecdsa_sha256)) {
		p->out->algorithm = EG_CMS_ECDSA;
		return !body.size;
	}
	p->weak = true;
	return is_other_algorithm(body);
}

/* AttributeTypeAndValue; a constructed value could hide nesting and BER. */
static bool take_name_attribute(struct eg_bytes *in)
{
	struct eg_bytes attribute, oid, value;
	u8 tag;

	if (!eg_der_next(in, EG_DER_SEQUENCE, &attribute) ||
	    !eg_der_next(&attribute, EG_DER_OID, &oid) || !oid.size ||
	    !attribute.size)
		return false;
	tag = attribute.data[0];
	if ((tag & 0x20) || (tag & 0x1f) == 0x1f)
		return false;
	return eg_der_next(&attribute, tag, &value) && !attribute.size;
}

static bool is_name(struct eg_bytes name)
{
	struct eg_bytes rdn;

	do {
		if (!eg_der_next(&name, EG_DER_SET, &rdn))
			return false;
		do {
			if (!take_name_attribute(&rdn))
				return false;
		} while (rdn.size);
	} while (name.size);
	return true;
}

/* Minimal: the first nine bits of more than one octet are not all the same. */
static bool is_minimal_integer(struct eg_bytes n)
{
	if (n.size < 2)
		return n.size == 1;
	return n.data[0] != (n.data[1] & 0x80 ? 0xff : 0x00);
}

/* The kernel compares ids that it keeps: bound them before it copies any. */
static bool take_signer_id(struct parse *p, struct eg_bytes *in, u8 version)
{
	struct eg_cms *out = p->out;
	struct eg_bytes id;

	if (version == 3) {
		if (!eg_der_next(in, EG_DER_CONTEXT_0, &out->key_id))
			return false;
		return out->key_id.size && out->key_id.size <= EG_SIGNER_ID_MAX;
	}
	if (!eg_der_next(in, EG_DER_SEQUENCE, &id) ||
	    id.size > EG_SIGNER_ID_MAX)
		return false;
	return eg_der_next(&id, EG_DER_SEQUENCE, &out->issuer) &&
	       is_name(out->issuer) &&
	       eg_der_next(&id, EG_DER_INTEGER, &out->serial) &&
	       is_minimal_integer(out->serial) && !id.size;
}

/*
 * The SET must hold this one SignerInfo and the SignerInfo nothing but these
 * fields: signed attributes would stand between the digest and the signature
 * algorithm, unsigned ones behind the signature, a second signer behind that.
 */
static bool take_signer(struct parse *p, struct eg_bytes *in)
{
	struct eg_bytes set, signer;
	u8 version;

	if (!eg_der_next(in, EG_DER_SET, &set) ||
	    !eg_der_next(&set, EG_DER_SEQUENCE, &signer) || set.size)
		return false;
	version = take_version(&signer);
	if (!version || version != p->version)
		return false;
	return take_signer_id(p, &signer, version) &&
	       take_digest_algorithm(p, &signer) &&
	       take_signature_algorithm(p, &signer) &&
	       eg_der_next(&signer, EG_DER_OCTET_STRING, &p->out->signature) &&
	       p->out->signature.size && !signer.size;
}

static bool take_content(struct parse *p, struct eg_bytes *in)
{
	struct eg_bytes info, wrapped;

	if (!eg_der_next(in, EG_DER_SEQUENCE, &info) || !TAKE(&info, oid_data))
		return false;
	if (p->detached)
		return !info.size;
	if (!eg_der_next(&info, EG_DER_CONTEXT_0_CONSTRUCTED, &wrapped) ||
	    info.size)
		return false;
	return eg_der_next(&wrapped, EG_DER_OCTET_STRING, &p->out->content) &&
	       p->out->content.size && !wrapped.size;
}

static bool take_signed_data(struct parse *p, struct eg_bytes *in)
{
	struct eg_bytes set;

	p->version = take_version(in);
	if (!p->version || !eg_der_next(in, EG_DER_SET, &set) ||
	    !take_digest_algorithm(p, &set) || set.size)
		return false;
	return take_content(p, in) && take_signer(p, in) && !in->size;
}

static enum eg_format parse(struct eg_bytes in, bool detached,
			    struct eg_cms *out)
{
	struct parse p = { .out = out, .detached = detached };
	struct eg_bytes info, wrapped, signed_data;

	memset(out, 0, sizeof(*out));
	if (!eg_der_next(&in, EG_DER_SEQUENCE, &info) || in.size ||
	    !TAKE(&info, oid_signed_data) ||
	    !eg_der_next(&info, EG_DER_CONTEXT_0_CONSTRUCTED, &wrapped) ||
	    info.size ||
	    !eg_der_next(&wrapped, EG_DER_SEQUENCE, &signed_data) ||
	    wrapped.size || !take_signed_data(&p, &signed_data))
		return EG_FORMAT_MALFORMED;
	if (p.weak)
		return EG_FORMAT_WEAK_ALGORITHM;
	if (out->signature.size > EG_SIGNATURE_MAX)
		return EG_FORMAT_TOO_LARGE;
	return EG_FORMAT_OK;
}

enum eg_format eg_cms_parse(struct eg_bytes in, struct eg_cms *out)
{
	return parse(in, false, out);
}

enum eg_format eg_cms_parse_detached(struct eg_bytes in, struct eg_cms *out)
{
	return parse(in, true, out);
}

/* Bytes that stand before @size bytes of content. */
static size_t header_size(size_t size)
{
	return size < 0x80 ? 2 : size < 0x100 ? 3 : 4;
}

static u8 *put_header(u8 *to, u8 tag, size_t size)
{
	*to++ = tag;
	if (size >= 0x100) {
		*to++ = 0x82;
		*to++ = (u8)(size >> 8);
	} else if (size >= 0x80) {
		*to++ = 0x81;
	}
	*to++ = (u8)size;
	return to;
}

static u8 *put_bytes(u8 *to, const void *bytes, size_t size)
{
	memcpy(to, bytes, size);
	return to + size;
}

/* The parts before the content (version, algorithms) and behind it (signer). */
static bool split(struct eg_bytes in, struct eg_bytes *head,
		  struct eg_bytes *tail)
{
	struct eg_bytes info, wrapped, ignored;

	if (!eg_der_next(&in, EG_DER_SEQUENCE, &info) ||
	    !TAKE(&info, oid_signed_data) ||
	    !eg_der_next(&info, EG_DER_CONTEXT_0_CONSTRUCTED, &wrapped) ||
	    !eg_der_next(&wrapped, EG_DER_SEQUENCE, tail))
		return false;
	head->data = tail->data;
	if (!take_version(tail) || !eg_der_next(tail, EG_DER_SET, &ignored))
		return false;
	head->size = (size_t)(tail->data - head->data);
	return eg_der_next(tail, EG_DER_SEQUENCE, &ignored);
}

size_t eg_cms_detach(struct eg_bytes in, u8 out[EG_CMS_DETACHED_MAX])
{
	struct eg_bytes head, tail;
	size_t data, wrapped, info;
	u8 *to = out;

	if (!split(in, &head, &tail) ||
	    head.size + tail.size > EG_CMS_DETACHED_MAX - 64)
		return 0;
	data = head.size + 2 + sizeof(oid_data) + tail.size;
	wrapped = header_size(data) + data;
	info = sizeof(oid_signed_data) + header_size(wrapped) + wrapped;
	to = put_header(to, EG_DER_SEQUENCE, info);
	to = put_bytes(to, oid_signed_data, sizeof(oid_signed_data));
	to = put_header(to, EG_DER_CONTEXT_0_CONSTRUCTED, wrapped);
	to = put_header(to, EG_DER_SEQUENCE, data);
	to = put_bytes(to, head.data, head.size);
	to = put_header(to, EG_DER_SEQUENCE, sizeof(oid_data));
	to = put_bytes(to, oid_data, sizeof(oid_data));
	to = put_bytes(to, tail.data, tail.size);
	return (size_t)(to - out);
}
