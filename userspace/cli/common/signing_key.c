// SPDX-License-Identifier: GPL-2.0
#include "cli/common/signing_key.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/common/output.h"
#include "cli/common/passphrase.h"

int signing_key_folder(char out[PATH_MAX], struct execgate_error *err)
{
	if (geteuid() == 0) {
		strcpy(out, EXECGATE_SIGNING_DIR);
		return 0;
	}
	if (execgate_key_places_own(out))
		return 0;
	return execgate_error_set(err, -ENOENT, EXECGATE_EXIT_USAGE,
				  "HOME is not set, so there is no folder for "
				  "the key; give one with --out");
}

static int find_certificate(const char *key, char out[PATH_MAX],
			    struct execgate_error *err)
{
	char copy[PATH_MAX];

	if (strncmp(key, "pkcs11:", 7) == 0)
		return execgate_error_set(
			err, -EINVAL, EXECGATE_EXIT_USAGE,
			"a key in a token needs its certificate: give --cert");
	/* Else the certificate would be missed first, beside no key. */
	if (access(key, F_OK))
		return execgate_error_errno(err, -errno,
					    "cannot open the signing key %s",
					    key);
	snprintf(copy, sizeof(copy), "%s", key);
	if (snprintf(out, PATH_MAX, "%s/cert.pem", dirname(copy)) < PATH_MAX &&
	    access(out, F_OK) == 0)
		return 0;
	return execgate_error_set(err, -ENOENT, EXECGATE_EXIT_NOT_FOUND,
				  "the certificate %s that belongs beside the "
				  "key is not there; give --cert",
				  out);
}

bool signing_key_take(int answer, struct signing_key_choice *choice)
{
	switch (answer) {
	case SIGNING_KEY_OPT_KEY:
		choice->key = optarg;
		return true;
	case SIGNING_KEY_OPT_CERT:
		choice->certificate = optarg;
		return true;
	case SIGNING_KEY_OPT_PASSPHRASE_FILE:
		choice->passphrase_file = optarg;
		return true;
	}
	return false;
}

/* @path: room for the name; NULL and @err: there is none. */
static const char *choose_key(const struct signing_key_choice *choice,
			      char path[PATH_MAX], struct execgate_error *err)
{
	if (choice->key)
		return choice->key;
	if (execgate_key_places_find(path))
		return path;
	execgate_error_set(
		err, -ENOENT, EXECGATE_EXIT_NOT_FOUND,
		"there is no signing key in ~/.config/execgate, " EXECGATE_SIGNING_DIR
		" or " EXECGATE_LOCAL_DIR "; make one with \"execgate key "
		"generate\" or give --key");
	return NULL;
}

/* @key: NULL will do where there is --cert. */
static int choose_certificate(const struct signing_key_choice *choice,
			      const char *key, char out[PATH_MAX],
			      struct execgate_error *err)
{
	if (!choice->certificate)
		return find_certificate(key, out, err);
	snprintf(out, PATH_MAX, "%s", choice->certificate);
	return 0;
}

int signing_key_certificate(const struct signing_key_choice *choice,
			    char out[PATH_MAX], struct execgate_error *err)
{
	char path[PATH_MAX];
	const char *key = NULL;

	if (!choice->certificate) {
		key = choose_key(choice, path, err);
		if (!key)
			return -ENOENT;
	}
	return choose_certificate(choice, key, out, err);
}

int signing_key_open(const struct signing_key_choice *choice,
		     struct execgate_signer *out, struct execgate_error *err)
{
	struct passphrase_source source = { .file = choice->passphrase_file };
	char path[PATH_MAX], certificate[PATH_MAX];
	const char *key = choose_key(choice, path, err);
	int ret = key ? choose_certificate(choice, key, certificate, err) :
			-ENOENT;

	if (ret)
		return ret;
	/* Not read here: it may be a pipe, which is read once. */
	if (choice->passphrase_file && access(choice->passphrase_file, R_OK))
		return execgate_error_errno(err, -errno,
					    "cannot open the passphrase file "
					    "%s",
					    choice->passphrase_file);
	source.key = strncmp(key, "pkcs11:", 7) ? key : NULL;
	ret = execgate_signer_open(key, certificate, passphrase_provide,
				   &source, (uint64_t)time(NULL), out, err);
	passphrase_done(&source, choice->remember && !ret);
	return ret;
}

int signing_key_write(const struct signing_key_choice *choice,
		      struct eg_bytes content, const char *out,
		      struct execgate_error *err)
{
	struct execgate_signer signer;
	uint8_t *message = NULL;
	size_t size;
	int ret = signing_key_open(choice, &signer, err);

	if (ret)
		return ret;
	ret = execgate_signer_sign(&signer, content, &message, &size, err);
	if (!ret)
		ret = output_file(out, message, size, err);
	free(message);
	execgate_signer_close(&signer);
	return ret;
}
