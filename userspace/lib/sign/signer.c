// SPDX-License-Identifier: GPL-2.0
#include "lib/sign/signer.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/provider.h>
#include <openssl/ui.h>
#include <openssl/x509v3.h>

#include "format/policy.h"
#include "lib/crypto/signature.h"
#include "lib/crypto/token.h"
#include "lib/crypto/verify.h"

/* @length: of what was answered; negative: nothing. Only kept for a second try. */
struct prompt {
	execgate_signer_passphrase ask;
	void *arg;
	bool asked;
	bool answered;
	int length;
	char answer[PEM_BUFSIZE];
};

static int ask_passphrase(char *buffer, int size, int writing, void *arg)
{
	struct prompt *prompt = arg;

	(void)writing;
	/* A store tries several decoders; the operator is asked only once. */
	if (!prompt->ask || prompt->asked)
		return -1;
	prompt->asked = true;
	if (!prompt->answered)
		prompt->length = prompt->ask(prompt->answer,
					     sizeof(prompt->answer),
					     prompt->arg);
	prompt->answered = true;
	if (prompt->length > size)
		return -1;
	if (prompt->length > 0)
		memcpy(buffer, prompt->answer, (size_t)prompt->length);
	return prompt->length;
}

static bool is_token(const char *key)
{
	return strncmp(key, "pkcs11:", strlen("pkcs11:")) == 0;
}

/* OpenSSL's words, which are many, by many decoders. */
static bool was_unsupported(void)
{
	unsigned long error;
	bool found = false;

	while ((error = ERR_get_error()))
		if (ERR_GET_REASON(error) == ERR_R_UNSUPPORTED ||
		    ERR_GET_REASON(error) == EVP_R_UNSUPPORTED_ALGORITHM)
			found = true;
	return found;
}

/*
 * Old tools write PKCS#12 and PEM with RC2, RC4 or DES, which are in a provider
 * of their own. It is loaded for such a file only; the 1 keeps the default one.
 */
static EVP_PKEY *from_file(const char *path, UI_METHOD *ui,
			   struct prompt *prompt)
{
	EVP_PKEY *key = execgate_token_from_store(path, ui, prompt);

	if (key || !OSSL_PROVIDER_try_load(NULL, "legacy", 1))
		return key;
	prompt->asked = false;
	ERR_clear_error();
	return execgate_token_from_store(path, ui, prompt);
}

static int no_key(const char *name, const struct prompt *prompt,
		  struct execgate_error *err)
{
	const char *why = "%s is not a private key: give the file key.pem that "
			  "\"execgate key generate\" wrote";

	if (is_token(name))
		why = "the key %s cannot be used: is its PKCS#11 module "
		      "configured for OpenSSL, the token there and the PIN "
		      "right?";
	else if (was_unsupported() && !OSSL_PROVIDER_available(NULL, "legacy"))
		why = "%s is encrypted in a way that only OpenSSL's legacy "
		      "provider reads, which is not there: install "
		      "openssl-provider-legacy, or write it anew with \"openssl "
		      "pkcs12\" or \"openssl pkcs8\" where it can be read";
	else if (prompt->answered && prompt->length > 0)
		why = "the passphrase is wrong: it does not open the private "
		      "key in %s";
	else if (prompt->answered)
		why = "the private key in %s is encrypted, and no passphrase "
		      "was given";
	return execgate_error_set(err, -EINVAL, EXECGATE_EXIT_ERROR, why, name);
}

static int load_key(const char *name, struct prompt *prompt,
		    struct execgate_signer *out, struct execgate_error *err)
{
	UI_METHOD *ui = UI_UTIL_wrap_read_pem_callback(ask_passphrase, 0);
	char path[PATH_MAX];

	if (is_token(name)) {
		out->in_token = true;
		out->key = execgate_token_load(name, ui, prompt);
	} else if (!realpath(name, path)) {
		UI_destroy_method(ui);
		return execgate_error_errno(err, -errno,
					    "cannot open the signing key %s",
					    name);
	} else {
		/* An absolute path cannot be taken for a URI. */
		out->key = from_file(path, ui, prompt);
	}
	UI_destroy_method(ui);
	if (out->key) {
		ERR_clear_error();
		return 0;
	}
	if (access(is_token(name) ? "/" : path, R_OK) < 0)
		return execgate_error_errno(err, -errno,
					    "cannot read the signing key %s",
					    name);
	return no_key(name, prompt, err);
}

int execgate_signer_open(const char *key, const char *certificate,
			 execgate_signer_passphrase passphrase, void *arg,
			 uint64_t now, struct execgate_signer *out,
			 struct execgate_error *err)
{
	const struct execgate_enrolment as = { .purposes =
						       EXECGATE_PURPOSES_CODE };
	struct prompt prompt = { .ask = passphrase, .arg = arg };
	int ret;

	memset(out, 0, sizeof(*out));
	ret = execgate_certificate_load(certificate, &out->certificate, err);
	if (ret)
		return ret;
	ret = execgate_certificate_check(certificate, &out->certificate, &as,
					 now, false, err);
	if (!ret)
		ret = load_key(key, &prompt, out, err);
	OPENSSL_cleanse(&prompt, sizeof(prompt));
	if (!ret &&
	    X509_check_private_key(out->certificate.x509, out->key) != 1)
		ret = execgate_error_set(
			err, -EINVAL, EXECGATE_EXIT_ERROR,
			"the certificate %s belongs to another key than %s; "
			"give the right one with --cert",
			certificate, key);
	ERR_clear_error();
	if (ret)
		execgate_signer_close(out);
	return ret;
}

void execgate_signer_close(struct execgate_signer *signer)
{
	EVP_PKEY_free(signer->key);
	if (signer->certificate.x509)
		execgate_certificate_free(&signer->certificate);
	memset(signer, 0, sizeof(*signer));
}

/* A long issuer name does not fit the profile; the key identifier does. */
static unsigned int id_flag(X509 *x509)
{
	int name = i2d_X509_NAME(X509_get_issuer_name(x509), NULL);
	int number = i2d_ASN1_INTEGER(X509_get0_serialNumber(x509), NULL);

	return name + number > EG_SIGNER_ID_MAX ? CMS_USE_KEYID : 0;
}

static int make_message(const struct execgate_signer *signer,
			struct eg_bytes manifest, uint8_t **out)
{
	X509 *x509 = signer->certificate.x509;
	unsigned int flags = CMS_BINARY | CMS_NOATTR | CMS_NOCERTS |
			     CMS_NOSMIMECAP | id_flag(x509);
	BIO *data = BIO_new_mem_buf(manifest.data, (int)manifest.size);
	CMS_ContentInfo *cms;
	int size = -1;

	*out = NULL;
	cms = CMS_sign(NULL, NULL, NULL, NULL, flags | CMS_PARTIAL);
	if (data && cms &&
	    CMS_add1_signer(cms, x509, signer->key, EVP_sha256(), flags) &&
	    CMS_final(cms, data, NULL, flags))
		size = i2d_CMS_ContentInfo(cms, out);
	CMS_ContentInfo_free(cms);
	BIO_free(data);
	return size;
}

/* A signed object says what it is by its magic: a manifest or a policy. */
static bool take_time(struct eg_bytes content, uint64_t *created)
{
	struct eg_policy_object object;
	struct eg_manifest manifest;

	if (!eg_manifest_parse(content, &manifest))
		*created = manifest.created_at;
	else if (!eg_policy_object_parse(content, &object))
		*created = object.created_at;
	else
		return false;
	return true;
}

/* Checks of the kernel, made here first. */
static bool is_good(const struct execgate_signer *signer,
		    struct eg_bytes message, struct eg_bytes manifest)
{
	struct eg_cms cms;
	uint64_t created;

	return !eg_cms_parse(message, &cms) &&
	       take_time(cms.content, &created) &&
	       cms.content.size == manifest.size &&
	       memcmp(cms.content.data, manifest.data, manifest.size) == 0 &&
	       execgate_verify_names(&cms, signer->certificate.x509) &&
	       execgate_verify_message(&cms, signer->certificate.x509);
}

int execgate_signer_sign(const struct execgate_signer *signer,
			 struct eg_bytes manifest, uint8_t **message,
			 size_t *size, struct execgate_error *err)
{
	uint64_t created;
	char reason[256];
	uint8_t *der;
	int length;

	/* Nothing is signed that no gate would let count. */
	if (take_time(manifest, &created) &&
	    created > signer->certificate.key.not_after)
		return execgate_error_set(
			err, -EKEYEXPIRED, EXECGATE_EXIT_KEY_NOT_TRUSTED,
			"what is to be signed says that it was made after the "
			"end of the key %s; check the clock, or sign with "
			"another key",
			signer->certificate.key.description);
	length = make_message(signer, manifest, &der);
	if (length <= 0) {
		ERR_error_string_n(ERR_peek_error(), reason, sizeof(reason));
		ERR_clear_error();
		return execgate_error_set(err, -EIO, EXECGATE_EXIT_ERROR,
					  "the key did not sign: %s", reason);
	}
	if (!is_good(signer, (struct eg_bytes){ der, (size_t)length },
		     manifest)) {
		OPENSSL_free(der);
		return execgate_error_set(
			err, -EBADMSG, EXECGATE_EXIT_ERROR,
			"the signature just made by %s does not hold the "
			"strict profile; use another key or certificate",
			signer->certificate.key.description);
	}
	*size = (size_t)length;
	*message = malloc(*size);
	if (*message)
		memcpy(*message, der, *size);
	OPENSSL_free(der);
	return *message ? 0 : execgate_error_errno(err, -ENOMEM, "cannot sign");
}
