// SPDX-License-Identifier: GPL-2.0
#include "lib/crypto/certificate.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "format/x509.h"
#include "lib/base/io.h"

__attribute__((format(printf, 2, 3))) static int
not_trusted(struct execgate_error *err, const char *format, ...)
{
	char text[900];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return execgate_error_set(err, -EKEYREJECTED,
				  EXECGATE_EXIT_KEY_NOT_TRUSTED, "%s", text);
}

/* Seconds since 1970; what is before 1970 is 0, which counts as past. */
static bool seconds_of(const ASN1_TIME *time, uint64_t *out)
{
	struct tm tm;
	time_t when;

	if (!ASN1_TIME_to_tm(time, &tm))
		return false;
	when = timegm(&tm);
	*out = when > 0 ? (uint64_t)when : 0;
	return true;
}

static void describe_algorithm(EVP_PKEY *key, struct execgate_key *out)
{
	char group[64];

	out->bits = EVP_PKEY_get_bits(key);
	if (EVP_PKEY_is_a(key, "RSA"))
		strcpy(out->algorithm, "rsa");
	else if (!EVP_PKEY_is_a(key, "EC"))
		snprintf(out->algorithm, sizeof(out->algorithm), "%s",
			 EVP_PKEY_get0_type_name(key) ?: "unknown");
	else if (!EVP_PKEY_get_group_name(key, group, sizeof(group), NULL))
		strcpy(out->algorithm, "ecdsa-explicit");
	else if (strcmp(group, "prime256v1") == 0)
		strcpy(out->algorithm, "ecdsa-nist-p256");
	else if (strcmp(group, "secp384r1") == 0)
		strcpy(out->algorithm, "ecdsa-nist-p384");
	else
		snprintf(out->algorithm, sizeof(out->algorithm), "ecdsa-%.20s",
			 group);
}

/* Back to before a character that was cut; @n bytes are there. */
static int whole_characters(const char *text, int n)
{
	int start = n;

	while (start > 0 && n - start < 3 && (text[start - 1] & 0xc0) == 0x80)
		start--;
	/* 110xxxxx has one more byte, 1110xxxx two, 11110xxx three. */
	if (start > 0 && (text[start - 1] & 0xc0) == 0xc0) {
		unsigned char first = (unsigned char)text[start - 1];
		int size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;

		if (n - (start - 1) < size)
			return start - 1;
	}
	return n;
}

/*
 * RFC 2253 order and escapes, but characters as they are: whoever prints them
 * escapes what is not printable. Cut to what the field holds.
 */
static void describe_subject(X509 *x509, struct execgate_key *out)
{
	BIO *bio = BIO_new(BIO_s_mem());
	int n = 0;

	if (bio &&
	    X509_NAME_print_ex(bio, X509_get_subject_name(x509), 0,
			       XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0)
		n = BIO_read(bio, out->description,
			     sizeof(out->description) - 1);
	n = n == sizeof(out->description) - 1 ?
		    whole_characters(out->description, n) :
		    n;
	out->description[n > 0 ? n : 0] = '\0';
	BIO_free(bio);
}

static int take_apart(const char *name, struct execgate_certificate *cert,
		      struct execgate_error *err)
{
	EVP_PKEY *key = X509_get0_pubkey(cert->x509);
	unsigned int digest_size;
	uint8_t *der = NULL;
	int size;

	size = i2d_X509(cert->x509, &der);
	if (size <= 0 || !key ||
	    !seconds_of(X509_get0_notBefore(cert->x509), &cert->not_before) ||
	    !seconds_of(X509_get0_notAfter(cert->x509), &cert->key.not_after)) {
		OPENSSL_free(der);
		return not_trusted(err,
				   "%s holds a certificate whose key or dates "
				   "cannot be read; make a new one with "
				   "\"execgate key generate\"",
				   name);
	}
	cert->size = size;
	cert->der = malloc(size);
	if (cert->der)
		memcpy(cert->der, der, size);
	OPENSSL_free(der);
	if (!cert->der ||
	    !EVP_Digest(cert->der, cert->size, cert->key.fingerprint,
			&digest_size, EVP_sha256(), NULL))
		return execgate_error_errno(err, -ENOMEM, "cannot read %s",
					    name);
	describe_algorithm(key, &cert->key);
	describe_subject(cert->x509, &cert->key);
	return 0;
}

static X509 *decode_file(const void *data, size_t size)
{
	const unsigned char *p = data;
	X509 *x509;
	BIO *bio;

	if (size && p[0] == 0x30) {
		x509 = d2i_X509(NULL, &p, (long)size);
		/* Bytes behind the certificate would not be in its fingerprint. */
		if (x509 && p != (const unsigned char *)data + size) {
			X509_free(x509);
			x509 = NULL;
		}
		return x509;
	}
	bio = BIO_new_mem_buf(data, (int)size);
	x509 = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
	BIO_free(bio);
	return x509;
}

int execgate_certificate_parse(const char *name, const void *data, size_t size,
			       struct execgate_certificate *out,
			       struct execgate_error *err)
{
	int ret;

	memset(out, 0, sizeof(*out));
	out->x509 = decode_file(data, size);
	ERR_clear_error();
	if (!out->x509)
		return execgate_error_set(
			err, -EINVAL, EXECGATE_EXIT_ERROR,
			"%s is not a certificate in PEM or DER; give the "
			"certificate that belongs to the signing key (cert.pem)",
			name);
	ret = take_apart(name, out, err);
	if (ret)
		execgate_certificate_free(out);
	return ret;
}

int execgate_certificate_load(const char *path,
			      struct execgate_certificate *out,
			      struct execgate_error *err)
{
	struct stat st;
	uint8_t *data;
	size_t size;
	int ret;

	/* PEM is a third larger than DER and may carry text and a key. */
	ret = execgate_io_read_file(path, 8 * EXECGATE_CERT_MAX, &data, &size,
				    err);
	if (ret)
		return ret;
	ret = execgate_certificate_parse(path, data, size, out, err);
	OPENSSL_cleanse(data, size);
	free(data);
	if (!ret && !stat(path, &st) && st.st_mtime > 0)
		out->written = (uint64_t)st.st_mtime;
	return ret;
}

void execgate_certificate_free(struct execgate_certificate *cert)
{
	X509_free(cert->x509);
	free(cert->der);
	memset(cert, 0, sizeof(*cert));
}

static int check_algorithm(const char *name, const struct execgate_key *key,
			   struct execgate_error *err)
{
	if (strcmp(key->algorithm, "ecdsa-nist-p256") == 0 ||
	    strcmp(key->algorithm, "ecdsa-nist-p384") == 0)
		return 0;
	if (strcmp(key->algorithm, "rsa") != 0)
		return not_trusted(err,
				   "%s has a key of type %s, which the gate "
				   "does not verify; use RSA of 3072 bits, "
				   "P-256 or P-384",
				   name, key->algorithm);
	if (key->bits == 2048 || key->bits == 3072 || key->bits == 4096)
		return 0;
	if (key->bits < 2048)
		return not_trusted(err,
				   "%s has an RSA key of %u bits, which is too "
				   "weak; use 3072 bits",
				   name, key->bits);
	return not_trusted(err,
			   "%s has an RSA key of %u bits, a size that the "
			   "kernel does not verify; use 2048, 3072 or 4096",
			   name, key->bits);
}

/* "Linux kernel module signing only", of Fedora's and Ubuntu's tools. */
#define MODULE_SIGNING "1.3.6.1.4.1.2312.16.1.2"

static bool has_usage(X509 *x509, const char *wanted)
{
	EXTENDED_KEY_USAGE *usages =
		X509_get_ext_d2i(x509, NID_ext_key_usage, NULL, NULL);
	bool found = false;
	char text[64];

	for (int i = 0; !found && i < sk_ASN1_OBJECT_num(usages); i++) {
		OBJ_obj2txt(text, sizeof(text), sk_ASN1_OBJECT_value(usages, i),
			    1);
		found = strcmp(text, wanted) == 0;
	}
	EXTENDED_KEY_USAGE_free(usages);
	return found;
}

/* On some systems DKMS's certificate does not state its use, and is good for this. */
static bool may_sign_modules(X509 *x509)
{
	return !(X509_get_extension_flags(x509) & EXFLAG_XKUSAGE) ||
	       has_usage(x509, MODULE_SIGNING);
}

/* A CA signs certificates, and what it says of its use must not speak against it. */
static int check_ca(const char *name, const struct eg_x509 *strict,
		    struct execgate_error *err)
{
	if (!strict->is_ca || !strict->certifies)
		return not_trusted(
			err,
			"%s is not the certificate of a CA: it needs "
			"the basic constraint CA:TRUE and the key "
			"usage keyCertSign; to trust the key itself, "
			"leave --ca away",
			name);
	if (strict->says_use && !strict->signs_code)
		return not_trusted(err,
				   "%s is not of a CA for code signing: its "
				   "extended key usage lacks codeSigning",
				   name);
	return 0;
}

static int check_leaf(const char *name, const struct eg_x509 *strict,
		      struct execgate_error *err)
{
	if (strict->is_ca || strict->certifies)
		return not_trusted(err,
				   "%s is the certificate of a CA, and a leaf "
				   "may not be one",
				   name);
	if (!strict->is_strong)
		return not_trusted(
			err,
			"%s has a signature that is not RSA or ECDSA "
			"over SHA-256, 384 or 512; have it made anew",
			name);
	return 0;
}

static int check_usage(const char *name,
		       const struct execgate_certificate *cert,
		       const struct execgate_enrolment *as,
		       struct execgate_error *err)
{
	X509 *x509 = cert->x509;
	uint32_t flags = X509_get_extension_flags(x509);
	struct eg_x509 strict;
	bool code_signing = flags & EXFLAG_XKUSAGE &&
			    X509_get_extended_key_usage(x509) & XKU_CODE_SIGN;
	bool modules_only = as->purposes == EXECGATE_PURPOSE_MODULES;

	/* As the kernel will: here it can still be said what to do. */
	if (flags & EXFLAG_INVALID ||
	    eg_x509_parse((struct eg_bytes){ cert->der, cert->size }, &strict))
		return not_trusted(err,
				   "%s has extensions that cannot be read; make "
				   "a new certificate",
				   name);
	if (strict.unknown_critical)
		return not_trusted(err,
				   "%s has a critical extension that is not "
				   "known here, so nothing may be trusted by "
				   "it; make a certificate without it",
				   name);
	if (as->role == EXECGATE_ROLE_CA)
		return check_ca(name, &strict, err);
	if (as->role == EXECGATE_ROLE_LEAF && check_leaf(name, &strict, err))
		return -EKEYREJECTED;
	if (!code_signing && !may_sign_modules(x509))
		return not_trusted(err,
				   "%s is not a certificate for code signing: "
				   "its extended key usage lacks codeSigning; "
				   "make one with \"execgate key generate\"",
				   name);
	if (!code_signing && !modules_only)
		return not_trusted(err,
				   "%s is not a certificate for code signing: "
				   "its extended key usage lacks codeSigning; "
				   "it can be enrolled for kernel modules "
				   "alone, with \"execgate key enroll "
				   "--modules\"",
				   name);
	if ((flags & EXFLAG_KUSAGE) &&
	    !(X509_get_key_usage(x509) & KU_DIGITAL_SIGNATURE))
		return not_trusted(err,
				   "%s may not sign: its key usage lacks "
				   "digitalSignature",
				   name);
	return 0;
}

int execgate_certificate_check_form(const char *name,
				    const struct execgate_certificate *cert,
				    const struct execgate_enrolment *as,
				    struct execgate_error *err)
{
	int ret;

	if (cert->size > EXECGATE_CERT_MAX)
		return not_trusted(err,
				   "%s is larger than the %u bytes that the "
				   "kernel takes",
				   name, EXECGATE_CERT_MAX);
	ret = check_algorithm(name, &cert->key, err);
	return ret ? ret : check_usage(name, cert, as, err);
}

/*
 * A clock that was set back, or has no battery, is behind the certificate's own
 * file: what was written then is not of the future.
 */
static bool is_of_the_future(const struct execgate_certificate *cert,
			     uint64_t now)
{
	return now < cert->not_before && cert->written < cert->not_before;
}

int execgate_certificate_check(const char *name,
			       const struct execgate_certificate *cert,
			       const struct execgate_enrolment *as,
			       uint64_t now, bool allow_expired,
			       struct execgate_error *err)
{
	int ret = execgate_certificate_check_form(name, cert, as, err);

	if (ret)
		return ret;
	if (is_of_the_future(cert, now))
		return not_trusted(err,
				   "%s is not valid yet; check the clock of "
				   "this machine",
				   name);
	if (now > cert->key.not_after && !allow_expired)
		return not_trusted(err,
				   "%s has expired, by the clock of this "
				   "machine; if that is right, sign with a new "
				   "key, or use --allow-expired to trust it for "
				   "ever",
				   name);
	return 0;
}

uint64_t execgate_certificate_expiry(const struct execgate_certificate *cert,
				     bool allow_expired)
{
	return allow_expired ? 0 : cert->key.not_after;
}
