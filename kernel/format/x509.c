// SPDX-License-Identifier: GPL-2.0
#include "x509.h"

#include "der.h"

enum {
	TAG_BOOLEAN = 0x01,
	TAG_UTC_TIME = 0x17,
	TAG_GENERALIZED_TIME = 0x18,
	TAG_ISSUER_UID = 0x81,
	TAG_SUBJECT_UID = 0x82,
	TAG_EXTENSIONS = 0xa3,
};

#define DAY 86400ull

static const u8 version_3[] = { 0xa0, 3, 2, 1, 2 };
static const u8 oid_basic_constraints[] = { 6, 3, 0x55, 0x1d, 0x13 };
static const u8 oid_key_usage[] = { 6, 3, 0x55, 0x1d, 0x0f };
static const u8 oid_extended_key_usage[] = { 6, 3, 0x55, 0x1d, 0x25 };
static const u8 oid_code_signing[] = { 6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 3 };
/* 1.3.6.1.4.1.2312.16.1.2, of distributions' tools for modules */
static const u8 oid_module_signing[] = { 6, 10,	  0x2b, 6,  1, 4,
					 1, 0x92, 8,	16, 1, 2 };

/* The contents of an AlgorithmIdentifier, but for the digest in its last arc. */
static const u8 rsa_with[] = { 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1 };
static const u8 rsa_null[] = { 5, 0 };
static const u8 ecdsa_with[] = { 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3 };

/* @digits decimal digits off the front, or false. */
static bool take_number(struct eg_bytes *in, unsigned int digits, u32 *value)
{
	*value = 0;
	if (in->size < digits)
		return false;
	for (; digits; digits--) {
		u8 digit = *in->data;

		if (digit < '0' || digit > '9')
			return false;
		*value = *value * 10 + (digit - '0');
		in->data++;
		in->size--;
	}
	return true;
}

static bool is_leap(u32 year)
{
	return !(year % 4) && (year % 100 || !(year % 400));
}

static u32 days_in(u32 month, u32 year)
{
	static const u8 days[] = { 31, 28, 31, 30, 31, 30,
				   31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && is_leap(year));
}

/* From 1970 to the first of January of @year, which is 1970 or later. */
static u64 days_before(u32 year)
{
	u32 past = year - 1;

	return (u64)(year - 1970) * 365 + (past / 4 - 1969 / 4) -
	       (past / 100 - 1969 / 100) + (past / 400 - 1969 / 400);
}

static bool take_date(struct eg_bytes *in, u32 year, u64 *days)
{
	u32 month, day, i;

	if (!take_number(in, 2, &month) || month < 1 || month > 12 ||
	    !take_number(in, 2, &day) || day < 1 || day > days_in(month, year))
		return false;
	*days = year < 1970 ? 0 : days_before(year) + day - 1;
	for (i = 1; i < month && year >= 1970; i++)
		*days += days_in(i, year);
	return true;
}

/* YYMMDDHHMMSSZ from 1950 to 2049, YYYYMMDDHHMMSSZ from then on. */
static bool take_time(struct eg_bytes *in, u64 *seconds)
{
	u32 year, hour, minute, second;
	struct eg_bytes text;
	u64 days;

	if (eg_der_next(in, TAG_UTC_TIME, &text)) {
		if (!take_number(&text, 2, &year))
			return false;
		year += year < 50 ? 2000 : 1900;
	} else if (!eg_der_next(in, TAG_GENERALIZED_TIME, &text) ||
		   !take_number(&text, 4, &year) || year < 2050) {
		return false;
	}
	if (!take_date(&text, year, &days) || !take_number(&text, 2, &hour) ||
	    hour > 23 || !take_number(&text, 2, &minute) || minute > 59 ||
	    !take_number(&text, 2, &second) || second > 59 || text.size != 1 ||
	    text.data[0] != 'Z')
		return false;
	*seconds = year < 1970 ?
			   0 :
			   days * DAY + hour * 3600 + minute * 60 + second;
	return true;
}

static bool take_validity(struct eg_bytes *tbs, struct eg_x509 *out)
{
	struct eg_bytes validity;

	return eg_der_next(tbs, EG_DER_SEQUENCE, &validity) &&
	       take_time(&validity, &out->not_before) &&
	       take_time(&validity, &out->not_after) && !validity.size;
}

/* A signature that nobody can make a second message for. */
static bool is_strong(struct eg_bytes algorithm)
{
	u8 digest;

	if (algorithm.size == sizeof(rsa_with) + 1 + sizeof(rsa_null) &&
	    !memcmp(algorithm.data, rsa_with, sizeof(rsa_with)) &&
	    !memcmp(algorithm.data + sizeof(rsa_with) + 1, rsa_null,
		    sizeof(rsa_null))) {
		digest = algorithm.data[sizeof(rsa_with)];
		return digest >= 11 && digest <= 13;
	}
	if (algorithm.size != sizeof(ecdsa_with) + 1 ||
	    memcmp(algorithm.data, ecdsa_with, sizeof(ecdsa_with)))
		return false;
	digest = algorithm.data[sizeof(ecdsa_with)];
	return digest >= 2 && digest <= 4;
}

/* DER leaves a false flag out, and some tools write it all the same. */
static bool take_basic_constraints(struct eg_bytes value, struct eg_x509 *out)
{
	struct eg_bytes list, flag, length;

	if (!eg_der_next(&value, EG_DER_SEQUENCE, &list) || value.size)
		return false;
	if (eg_der_next(&list, TAG_BOOLEAN, &flag)) {
		if (flag.size != 1 || (flag.data[0] && flag.data[0] != 0xff))
			return false;
		out->is_ca = flag.data[0];
	}
	eg_der_next(&list, EG_DER_INTEGER, &length);
	return !list.size;
}

/* The first bit is digitalSignature, the sixth keyCertSign. */
static bool take_key_usage(struct eg_bytes value, struct eg_x509 *out)
{
	struct eg_bytes bits;

	if (!eg_der_next(&value, EG_DER_BIT_STRING, &bits) || value.size ||
	    bits.size < 2 || bits.data[0] > 7)
		return false;
	out->may_sign = bits.data[1] & 0x80;
	out->certifies = bits.data[1] & 0x04;
	return true;
}

static bool take_extended_key_usage(struct eg_bytes value, struct eg_x509 *out)
{
	struct eg_bytes list, oid;

	if (!eg_der_next(&value, EG_DER_SEQUENCE, &list) || value.size ||
	    !list.size)
		return false;
	out->says_use = true;
	while (list.size) {
		if (eg_der_take(&list, oid_code_signing,
				sizeof(oid_code_signing)))
			out->signs_code = true;
		else if (eg_der_take(&list, oid_module_signing,
				     sizeof(oid_module_signing)))
			out->signs_modules = true;
		else if (!eg_der_next(&list, EG_DER_OID, &oid))
			return false;
	}
	return true;
}

/* Which extensions were there: a second one could say something else. */
struct seen {
	bool basic_constraints;
	bool key_usage;
	bool extended_key_usage;
};

static bool once(bool *seen)
{
	bool first = !*seen;

	*seen = true;
	return first;
}

/*
 * Critical: whoever does not know what it means must not go on. These say nothing
 * against signing code: names, ids, policies.
 */
static bool is_harmless(struct eg_bytes oid)
{
	static const u8 last[] = { 14, 17, 18, 32, 35 };
	size_t i;

	if (oid.size != 3 || oid.data[0] != 0x55 || oid.data[1] != 0x1d)
		return false;
	for (i = 0; i < sizeof(last); i++)
		if (oid.data[2] == last[i])
			return true;
	return false;
}

static bool take_extension(struct eg_bytes extension, struct seen *seen,
			   struct eg_x509 *out)
{
	struct eg_bytes oid = { NULL, 0 }, flag, value;
	bool usage, extended, constraints, critical;

	usage = eg_der_take(&extension, oid_key_usage, sizeof(oid_key_usage));
	extended = !usage && eg_der_take(&extension, oid_extended_key_usage,
					 sizeof(oid_extended_key_usage));
	constraints = !usage && !extended &&
		      eg_der_take(&extension, oid_basic_constraints,
				  sizeof(oid_basic_constraints));
	if (!usage && !extended && !constraints &&
	    !eg_der_next(&extension, EG_DER_OID, &oid))
		return false;
	/* Critical: TRUE is all that DER lets stand there. */
	critical = eg_der_next(&extension, TAG_BOOLEAN, &flag);
	if (critical && (flag.size != 1 || flag.data[0] != 0xff))
		return false;
	if (critical && !usage && !extended && !constraints &&
	    !is_harmless(oid))
		out->unknown_critical = true;
	if (!eg_der_next(&extension, EG_DER_OCTET_STRING, &value) ||
	    extension.size)
		return false;
	if (usage)
		return once(&seen->key_usage) && take_key_usage(value, out);
	if (extended)
		return once(&seen->extended_key_usage) &&
		       take_extended_key_usage(value, out);
	if (constraints)
		return once(&seen->basic_constraints) &&
		       take_basic_constraints(value, out);
	return true;
}

static bool take_extensions(struct eg_bytes *tbs, struct eg_x509 *out)
{
	struct eg_bytes wrapper, list, extension;
	struct seen seen = { false, false, false };

	if (!tbs->size)
		return true;
	if (!eg_der_next(tbs, TAG_EXTENSIONS, &wrapper) || tbs->size ||
	    !eg_der_next(&wrapper, EG_DER_SEQUENCE, &list) || wrapper.size ||
	    !list.size)
		return false;
	while (list.size)
		if (!eg_der_next(&list, EG_DER_SEQUENCE, &extension) ||
		    !take_extension(extension, &seen, out))
			return false;
	return true;
}

/* @algorithm: of its signature, as it stands inside what is signed */
static bool take_certificate(struct eg_bytes tbs, struct eg_bytes *algorithm,
			     struct eg_x509 *out)
{
	struct eg_bytes skipped;

	if (!eg_der_take(&tbs, version_3, sizeof(version_3)) ||
	    !eg_der_next(&tbs, EG_DER_INTEGER, &skipped) ||
	    !eg_der_next(&tbs, EG_DER_SEQUENCE, algorithm) ||
	    !eg_der_next(&tbs, EG_DER_SEQUENCE, &skipped) || /* issuer */
	    !take_validity(&tbs, out) ||
	    !eg_der_next(&tbs, EG_DER_SEQUENCE, &skipped) || /* subject */
	    !eg_der_next(&tbs, EG_DER_SEQUENCE, &skipped))   /* key */
		return false;
	/* Both may be left out. */
	eg_der_next(&tbs, TAG_ISSUER_UID, &skipped);
	eg_der_next(&tbs, TAG_SUBJECT_UID, &skipped);
	return take_extensions(&tbs, out);
}

enum eg_format eg_x509_parse(struct eg_bytes der, struct eg_x509 *out)
{
	struct eg_bytes certificate, tbs, inside, outside, skipped;

	memset(out, 0, sizeof(*out));
	out->may_sign = true;
	if (!eg_der_next(&der, EG_DER_SEQUENCE, &certificate) || der.size ||
	    !eg_der_next(&certificate, EG_DER_SEQUENCE, &tbs) ||
	    !eg_der_next(&certificate, EG_DER_SEQUENCE, &outside) ||
	    !eg_der_next(&certificate, EG_DER_BIT_STRING, &skipped) ||
	    certificate.size || !take_certificate(tbs, &inside, out))
		return EG_FORMAT_MALFORMED;
	out->is_strong = is_strong(inside) && inside.size == outside.size &&
			 !memcmp(inside.data, outside.data, inside.size);
	return EG_FORMAT_OK;
}
