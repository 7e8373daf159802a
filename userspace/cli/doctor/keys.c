// SPDX-License-Identifier: GPL-2.0
/*
 * Private keys on this machine whose signatures count here. A locked gate takes no
 * new key, but who has the key of one that is enrolled needs none.
 */
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include "cli/doctor/doctor.h"
#include "lib/base/io.h"
#include "lib/crypto/keystore.h"

#define KEY_SIZE_MAX (64 * 1024)
#define FILES_MAX 4096
#define ENROLLED_MAX EXECGATE_KEYS_MAX
#define HOOK_CONF "/etc/execgate/local/hook.conf"

/*
 * Where tools put private keys: ours, people's, DKMS's and the boot loader's. In
 * /etc/ssl/private there are many for other things: only what is enrolled counts.
 */
static const char *const folders[] = { "/etc/execgate",
				       "/root",
				       "/home",
				       "/var/lib/dkms",
				       "/var/lib/shim-signed",
				       "/etc/dkms",
				       "/etc/ssl/private",
				       "/etc/efi-keys",
				       "/usr/share/secureboot" };

/* nftw() has no argument for its caller. */
static struct search {
	struct doctor *doctor;
	EVP_PKEY *enrolled[ENROLLED_MAX];
	size_t enrolled_count;
	unsigned int files;
	unsigned int found;
} search;

static int take_enrolled(const struct execgate_keystore_entry *entry, void *arg)
{
	EVP_PKEY *key = entry->certificate ?
				X509_get_pubkey(entry->certificate->x509) :
				NULL;

	(void)arg;
	if (key && search.enrolled_count < ENROLLED_MAX)
		search.enrolled[search.enrolled_count++] = key;
	else
		EVP_PKEY_free(key);
	return 0;
}

/* Nobody is asked: a key with a passphrase is one that cannot be read. */
static int no_passphrase(char *buffer, int size, int writing, void *arg)
{
	(void)buffer;
	(void)size;
	(void)writing;
	(void)arg;
	return -1;
}

static EVP_PKEY *from_pkcs12(BIO *bio)
{
	PKCS12 *file = d2i_PKCS12_bio(bio, NULL);
	EVP_PKEY *key = NULL;
	X509 *x509 = NULL;

	if (file && !PKCS12_parse(file, "", &key, &x509, NULL))
		PKCS12_parse(file, NULL, &key, &x509, NULL);
	X509_free(x509);
	PKCS12_free(file);
	return key;
}

static EVP_PKEY *read_key(const uint8_t *data, size_t size)
{
	BIO *bio = BIO_new_mem_buf(data, (int)size);
	EVP_PKEY *key;

	key = bio ? PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL) :
		    NULL;
	if (!key && bio && BIO_reset(bio) >= 0)
		key = d2i_PrivateKey_bio(bio, NULL);
	if (!key && bio && BIO_reset(bio) >= 0)
		key = from_pkcs12(bio);
	BIO_free(bio);
	ERR_clear_error();
	return key;
}

static bool is_enrolled(const EVP_PKEY *key)
{
	for (size_t i = 0; i < search.enrolled_count; i++)
		if (EVP_PKEY_eq(search.enrolled[i], key) == 1)
			return true;
	return false;
}

static void tell_key(const char *path, const struct stat *st)
{
	bool locked = search.doctor->status.locked;
	bool others = st->st_uid != 0 || st->st_mode & 077;

	search.found++;
	doctor_report(search.doctor, locked || others ? DOCTOR_WARN : DOCTOR_OK,
		      "root: signing key",
		      locked || others ?
			      "give it a passphrase (openssl pkcs8 -topk8), or "
			      "sign on another machine or with a token" :
			      NULL,
		      "%s is the private key of a key that is trusted here, "
		      "with no passphrase: %s can sign anything with it",
		      path, others ? "others than root" : "root");
}

static bool looks_like_key(const uint8_t *data, size_t size)
{
	static const char pem[] = "PRIVATE KEY-----";

	return size > 64 &&
	       (data[0] == 0x30 || memmem(data, size, pem, strlen(pem)));
}

/* In people's folders only hidden files, or those at the top: not their work. */
static bool is_work(const char *path, const char *name, int level)
{
	return name[0] != '.' && ((level == 2 && !strncmp(path, "/home/", 6)) ||
				  (level == 1 && !strncmp(path, "/root/", 6)));
}

static int visit_file(const char *path, const struct stat *st, int type,
		      struct FTW *at)
{
	const char *name = path + at->base;
	EVP_PKEY *key = NULL;
	uint8_t *data;
	size_t size;

	if (type == FTW_D && (at->level > 3 || is_work(path, name, at->level)))
		return FTW_SKIP_SUBTREE;
	if (type != FTW_F || st->st_size > KEY_SIZE_MAX || st->st_size <= 64)
		return FTW_CONTINUE;
	if (search.files++ >= FILES_MAX)
		return FTW_STOP;
	if (execgate_io_read_file(path, KEY_SIZE_MAX, &data, &size, NULL))
		return FTW_CONTINUE;
	if (looks_like_key(data, size))
		key = read_key(data, size);
	OPENSSL_cleanse(data, size);
	free(data);
	if (key && is_enrolled(key))
		tell_key(path, st);
	EVP_PKEY_free(key);
	return FTW_CONTINUE;
}

/* A key that signs without anybody being asked is open to root, wherever its key is. */
static void check_hook(void)
{
	struct doctor *doctor = search.doctor;
	uint8_t *text;
	size_t size;

	if (execgate_io_read_file(HOOK_CONF, KEY_SIZE_MAX, &text, &size, NULL))
		return;
	if (strstr((char *)text, "PASSPHRASE_FILE=") ||
	    strstr((char *)text, "pkcs11:")) {
		search.found++;
		doctor_report(doctor,
			      doctor->status.locked ? DOCTOR_WARN : DOCTOR_OK,
			      "root: signing key",
			      doctor->status.locked ?
				      "sign catalogs on another machine" :
				      NULL,
			      HOOK_CONF " lets execgate-apt sign without "
					"asking: root can sign anything as it "
					"does");
	}
	free(text);
}

void doctor_check_keys(struct doctor *doctor)
{
	struct execgate_error err;

	if (!doctor->nl)
		return;
	search = (struct search){ .doctor = doctor };
	if (execgate_keystore_list(EXECGATE_KEYSTORE_DIR, take_enrolled, NULL,
				   &err))
		doctor_report(doctor, DOCTOR_WARN, "root: signing key",
			      "execgate key list", "%s", err.message);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		nftw(folders[i], visit_file, 16, FTW_PHYS | FTW_ACTIONRETVAL);
	check_hook();
	for (size_t i = 0; i < search.enrolled_count; i++)
		EVP_PKEY_free(search.enrolled[i]);
	if (!search.found)
		doctor_report(
			doctor, DOCTOR_OK, "root: signing key", NULL,
			"closed: no private key of a trusted one was found "
			"that needs no passphrase");
}
