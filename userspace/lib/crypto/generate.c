// SPDX-License-Identifier: GPL-2.0
#include "lib/crypto/generate.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "lib/base/io.h"

/* OWASP's figure for PBKDF2-HMAC-SHA256; OpenSSL's default is 2048. */
#define KDF_ROUNDS 600000
#define SERIAL_BITS 126

int execgate_generate_type(const char *name, enum execgate_key_type *type,
			   struct execgate_error *err)
{
#define X(id, text)                        \
	if (strcmp(name, text) == 0) {     \
		*type = EXECGATE_KEY_##id; \
		return 0;                  \
	}
	EXECGATE_KEY_TYPES(X)
#undef X
#define X(id, text) " " text
	return execgate_error_set(
		err, -EINVAL, EXECGATE_EXIT_USAGE,
		"unknown key type \"%s\"; the types are" EXECGATE_KEY_TYPES(X),
		name);
#undef X
}

static EVP_PKEY *make_key(enum execgate_key_type type)
{
	switch (type) {
	case EXECGATE_KEY_RSA3072:
		return EVP_RSA_gen(3072);
	case EXECGATE_KEY_RSA4096:
		return EVP_RSA_gen(4096);
	case EXECGATE_KEY_P256:
		return EVP_EC_gen("P-256");
	case EXECGATE_KEY_P384:
		return EVP_EC_gen("P-384");
	}
	return NULL;
}

static bool set_serial(X509 *x509)
{
	BIGNUM *number = BN_new();
	bool good;

	/* Random, and its top octet below 0x80: no sign octet, one length. */
	good = number &&
	       BN_rand(number, SERIAL_BITS, BN_RAND_TOP_ONE,
		       BN_RAND_BOTTOM_ANY) &&
	       BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509));
	BN_free(number);
	return good;
}

static bool set_names(X509 *x509, const char *name)
{
	X509_NAME *subject = X509_get_subject_name(x509);

	return X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
					  (const unsigned char *)name, -1, -1,
					  0) &&
	       X509_set_issuer_name(x509, subject);
}

static bool add_extensions(X509 *x509)
{
	static const struct {
		int nid;
		const char *value;
	} extensions[] = {
		{ NID_basic_constraints, "critical,CA:FALSE" },
		{ NID_key_usage, "critical,digitalSignature" },
		{ NID_ext_key_usage, "codeSigning" },
		{ NID_subject_key_identifier, "hash" },
		{ NID_authority_key_identifier, "keyid" },
	};
	X509_EXTENSION *extension;
	X509V3_CTX ctx;
	bool good = true;
	size_t i;

	X509V3_set_ctx(&ctx, x509, x509, NULL, NULL, 0);
	for (i = 0; good && i < sizeof(extensions) / sizeof(extensions[0]);
	     i++) {
		extension = X509V3_EXT_conf_nid(NULL, &ctx, extensions[i].nid,
						extensions[i].value);
		good = extension && X509_add_ext(x509, extension, -1);
		X509_EXTENSION_free(extension);
	}
	return good;
}

static X509 *make_certificate(const struct execgate_generate *options,
			      EVP_PKEY *key)
{
	X509 *x509 = X509_new();

	if (x509 && X509_set_version(x509, X509_VERSION_3) &&
	    set_serial(x509) && set_names(x509, options->name) &&
	    X509_gmtime_adj(X509_getm_notBefore(x509), 0) &&
	    X509_time_adj_ex(X509_getm_notAfter(x509), (int)options->days, 0,
			     NULL) &&
	    X509_set_pubkey(x509, key) && add_extensions(x509) &&
	    X509_sign(x509, key, EVP_sha256()))
		return x509;
	X509_free(x509);
	return NULL;
}

/* PKCS#8, encrypted with AES-256 under a slow key derivation if asked to. */
static BIO *encode_key(EVP_PKEY *key, const char *passphrase)
{
	PKCS8_PRIV_KEY_INFO *plain = EVP_PKEY2PKCS8(key);
	BIO *bio = BIO_new(BIO_s_secmem());
	X509_SIG *sealed = NULL;
	X509_ALGOR *method;
	bool good = false;

	if (plain && bio && !passphrase)
		good = PEM_write_bio_PKCS8_PRIV_KEY_INFO(bio, plain);
	if (plain && bio && passphrase) {
		method = PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), KDF_ROUNDS, NULL,
					   0, NULL, NID_hmacWithSHA256);
		if (method)
			sealed = PKCS8_set0_pbe(passphrase,
						(int)strlen(passphrase), plain,
						method);
		if (method && !sealed)
			X509_ALGOR_free(method);
		good = sealed && PEM_write_bio_PKCS8(bio, sealed);
	}
	X509_SIG_free(sealed);
	PKCS8_PRIV_KEY_INFO_free(plain);
	if (good)
		return bio;
	BIO_free(bio);
	return NULL;
}

static int write_bio(const char *path, mode_t mode, BIO *bio,
		     struct execgate_error *err)
{
	char *data;
	long size = BIO_get_mem_data(bio, &data);

	return execgate_io_create_file(path, mode, false, data, (size_t)size,
				       err);
}

static int write_files(const struct execgate_generate *options, EVP_PKEY *key,
		       X509 *x509, struct execgate_error *err)
{
	BIO *secret = encode_key(key, options->passphrase);
	BIO *public = BIO_new(BIO_s_mem());
	int ret = -ENOMEM;

	if (!secret || !public || !PEM_write_bio_X509(public, x509))
		execgate_error_errno(err, ret, "cannot encode the new key");
	else
		ret = write_bio(options->key_path, 0600, secret, err);
	if (!ret) {
		ret = write_bio(options->certificate_path, 0644, public, err);
		if (ret)
			unlink(options->key_path);
	}
	BIO_free(secret);
	BIO_free(public);
	return ret;
}

static int refuse_existing(const char *path, struct execgate_error *err)
{
	if (access(path, F_OK) < 0 && errno == ENOENT)
		return 0;
	return execgate_error_set(err, -EEXIST, EXECGATE_EXIT_ERROR,
				  "%s exists and is not overwritten; choose "
				  "another folder with --out, or move it away",
				  path);
}

int execgate_generate_key(const struct execgate_generate *options,
			  struct execgate_certificate *out,
			  struct execgate_error *err)
{
	const struct execgate_enrolment code = {
		.purposes = EXECGATE_PURPOSES_CODE
	};
	EVP_PKEY *key;
	X509 *x509;
	uint8_t *der = NULL;
	int size, ret;

	ret = refuse_existing(options->key_path, err);
	if (!ret)
		ret = refuse_existing(options->certificate_path, err);
	if (ret)
		return ret;
	key = make_key(options->type);
	x509 = key ? make_certificate(options, key) : NULL;
	size = x509 ? i2d_X509(x509, &der) : -1;
	ERR_clear_error();
	if (size <= 0)
		ret = execgate_error_set(
			err, -EINVAL, EXECGATE_EXIT_ERROR,
			"cannot make a certificate named \"%s\": a name has 1 "
			"to 64 characters of UTF-8",
			options->name);
	else
		ret = execgate_certificate_parse(options->certificate_path, der,
						 (size_t)size, out, err);
	if (!ret) {
		/* Nothing is written that enrollment would refuse. */
		ret = execgate_certificate_check(options->certificate_path, out,
						 &code, (uint64_t)time(NULL),
						 false, err);
		if (!ret)
			ret = write_files(options, key, x509, err);
		if (ret)
			execgate_certificate_free(out);
	}
	OPENSSL_free(der);
	X509_free(x509);
	EVP_PKEY_free(key);
	return ret;
}
