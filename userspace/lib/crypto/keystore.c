// SPDX-License-Identifier: GPL-2.0
#include "lib/crypto/keystore.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/bio.h>
#include <openssl/pem.h>

#include "lib/base/digits.h"
#include "lib/base/io.h"
#include "lib/base/names.h"

#define ALLOW_EXPIRED "allow-expired"

static const char *const extensions[] = { ".pem", ".der", ".crt", ".cer" };

/* The extension of a certificate file's name, or NULL. */
static const char *extension_of(const char *name)
{
	const char *dot = strrchr(name, '.');
	size_t i;

	/* A hidden name is somebody's temporary file. */
	if (!dot || name[0] == '.')
		return NULL;
	for (i = 0; i < sizeof(extensions) / sizeof(extensions[0]); i++)
		if (strcmp(dot, extensions[i]) == 0)
			return dot;
	return NULL;
}

static int is_certificate_file(const struct dirent *entry)
{
	return extension_of(entry->d_name) != NULL;
}

/* The words of a name, between dots: "0123456789abcdef.WORD.pem". */
static void read_words(const char *name, struct execgate_keystore_entry *entry)
{
	const char *end = extension_of(name), *at = name + strcspn(name, ".");

	entry->is_old = true;
	while (at < end) {
		size_t size = strcspn(++at, ".");
		uint32_t purposes = execgate_purpose_find(at, size);

		entry->as.purposes |= purposes;
		if (size == 2 && !strncmp(at, "ca", size))
			entry->as.role = EXECGATE_ROLE_CA;
		if (size == 4 && !strncmp(at, "leaf", size))
			entry->as.role = EXECGATE_ROLE_LEAF;
		/* As before keys had purposes of their own for all of these. */
		if (purposes && purposes != EXECGATE_PURPOSES_CODE &&
		    purposes != EXECGATE_PURPOSE_MODULES)
			entry->is_old = false;
		if (size == strlen(ALLOW_EXPIRED) &&
		    !strncmp(at, ALLOW_EXPIRED, size))
			entry->allow_expired = true;
		at += size;
	}
	if (!entry->as.purposes && entry->as.role != EXECGATE_ROLE_LEAF)
		entry->as.purposes = EXECGATE_PURPOSES_CODE;
	if (!(entry->as.purposes & EXECGATE_PURPOSE_FILES) || entry->as.role)
		entry->is_old = false;
}

static int visit_file(const char *dir, const char *name,
		      execgate_keystore_visit visit, void *arg)
{
	struct execgate_certificate cert;
	struct execgate_error problem;
	struct execgate_keystore_entry entry = { 0 };
	char path[PATH_MAX];
	int ret;

	read_words(name, &entry);
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	entry.path = path;
	if (execgate_certificate_load(path, &cert, &problem)) {
		entry.problem = &problem;
		return visit(&entry, arg);
	}
	cert.key.purposes = entry.as.purposes;
	cert.key.is_ca = entry.as.role == EXECGATE_ROLE_CA;
	cert.key.is_leaf = entry.as.role == EXECGATE_ROLE_LEAF;
	entry.certificate = &cert;
	/* No dates: what was good when it was enrolled is, whatever the clock says. */
	if (execgate_certificate_check_form(path, &cert, &entry.as, &problem))
		entry.problem = &problem;
	ret = visit(&entry, arg);
	execgate_certificate_free(&cert);
	return ret;
}

int execgate_keystore_list(const char *dir, execgate_keystore_visit visit,
			   void *arg, struct execgate_error *err)
{
	struct dirent **names;
	int i, count, ret = 0;

	count = scandir(dir, &names, is_certificate_file, alphasort);
	if (count < 0 && errno == ENOENT)
		return 0;
	if (count < 0)
		return execgate_error_errno(err, -errno,
					    "cannot read the key folder %s",
					    dir);
	for (i = 0; i < count; i++) {
		if (!ret)
			ret = visit_file(dir, names[i]->d_name, visit, arg);
		free(names[i]);
	}
	free(names);
	return ret;
}

static int encode_pem(const struct execgate_certificate *cert, uint8_t **data,
		      size_t *size)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long length;

	if (!bio || !PEM_write_bio_X509(bio, cert->x509)) {
		BIO_free(bio);
		return -ENOMEM;
	}
	length = BIO_get_mem_data(bio, &text);
	*data = malloc(length);
	if (*data)
		memcpy(*data, text, length);
	*size = length;
	BIO_free(bio);
	return *data ? 0 : -ENOMEM;
}

static int make_folder(const char *dir, struct execgate_error *err)
{
	char path[PATH_MAX];
	char *slash;

	if (snprintf(path, sizeof(path), "%s", dir) >= (int)sizeof(path))
		return execgate_error_errno(err, -ENAMETOOLONG,
					    "cannot make the key folder %s",
					    dir);
	for (slash = strchr(path + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(path, 0755);
		*slash = '/';
	}
	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		return execgate_error_errno(err, -errno,
					    "cannot make the key folder %s",
					    dir);
	return 0;
}

/* @but_for: files that say just that stay; NULL: none does */
struct removal {
	const uint8_t *fingerprint;
	const struct execgate_enrolment *but_for;
	unsigned int count;
	struct execgate_error *err;
};

static int remove_match(const struct execgate_keystore_entry *entry, void *arg)
{
	struct removal *removal = arg;
	const struct execgate_enrolment *but_for = removal->but_for;

	if (!entry->certificate ||
	    (but_for && entry->as.purposes == but_for->purposes &&
	     entry->as.role == but_for->role && !entry->is_old) ||
	    memcmp(entry->certificate->key.fingerprint, removal->fingerprint,
		   EXECGATE_FINGERPRINT_SIZE) != 0)
		return 0;
	if (unlink(entry->path) < 0 && errno != ENOENT)
		return execgate_error_errno(removal->err, -errno,
					    "cannot remove %s", entry->path);
	removal->count++;
	return 0;
}

int execgate_keystore_add(const char *dir,
			  const struct execgate_certificate *cert,
			  const struct execgate_enrolment *as,
			  bool allow_expired, char *path, size_t path_size,
			  struct execgate_error *err)
{
	static const char *const roles[] = { "", ".ca", ".leaf" };
	struct removal others = { .fingerprint = cert->key.fingerprint,
				  .but_for = as,
				  .err = err };
	char fingerprint[EXECGATE_HEX_SIZE(8)], words[EXECGATE_PURPOSES_TEXT];
	uint8_t *data;
	size_t size;
	int ret;

	ret = make_folder(dir, err);
	if (ret)
		return ret;
	execgate_hex_write(fingerprint, cert->key.fingerprint, 8);
	execgate_purposes_text(as->purposes, ".", words);
	if (snprintf(path, path_size, "%s/%s%s%s%s%s.pem", dir, fingerprint,
		     roles[as->role], words[0] ? "." : "", words,
		     allow_expired ? "." ALLOW_EXPIRED : "") >= (int)path_size)
		return execgate_error_errno(err, -ENAMETOOLONG,
					    "cannot keep a key in %s", dir);
	if (encode_pem(cert, &data, &size))
		return execgate_error_errno(err, -ENOMEM,
					    "cannot keep a key in %s", dir);
	ret = execgate_io_create_file(path, 0644, true, data, size, err);
	free(data);
	if (ret)
		return ret;
	return execgate_keystore_list(dir, remove_match, &others, err);
}

int execgate_keystore_remove(
	const char *dir, const uint8_t fingerprint[EXECGATE_FINGERPRINT_SIZE],
	unsigned int *count, struct execgate_error *err)
{
	struct removal removal = { .fingerprint = fingerprint, .err = err };
	int ret;

	ret = execgate_keystore_list(dir, remove_match, &removal, err);
	*count = removal.count;
	return ret;
}
