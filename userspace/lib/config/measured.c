// SPDX-License-Identifier: GPL-2.0
#include "lib/config/measured.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "lib/base/digits.h"
#include "lib/base/io.h"
#include "lib/base/names.h"
#include "lib/config/policy_known.h"
#include "lib/crypto/tpm.h"

#define RECORD_MAX (1u << 20)
#define DIGEST_SIZE 32

static int by_fingerprint(const void *a, const void *b)
{
	const struct execgate_key *left = a, *right = b;

	return memcmp(left->fingerprint, right->fingerprint,
		      sizeof(left->fingerprint));
}

static void hash_key(EVP_MD_CTX *digest, const struct execgate_key *key)
{
	char hex[EXECGATE_HEX_SIZE(EXECGATE_FINGERPRINT_SIZE)];
	char purposes[EXECGATE_PURPOSES_TEXT];
	char line[sizeof(hex) + sizeof(purposes) + 16];
	int size;

	execgate_hex_write(hex, key->fingerprint, sizeof(key->fingerprint));
	execgate_purposes_text(key->purposes, ",", purposes);
	size = snprintf(line, sizeof(line), "%s %s %s\n", hex, purposes,
			key->is_ca   ? "ca" :
			key->is_leaf ? "leaf" :
				       "key");
	EVP_DigestUpdate(digest, line, (size_t)size);
}

int execgate_measured_text(uint64_t version, struct execgate_key *keys,
			   size_t count, char out[EXECGATE_MEASURED_TEXT],
			   struct execgate_error *err)
{
	char hex[EXECGATE_HEX_SIZE(DIGEST_SIZE)];
	EVP_MD_CTX *digest = EVP_MD_CTX_new();
	uint8_t value[DIGEST_SIZE];

	if (!digest || !EVP_DigestInit_ex(digest, EVP_sha256(), NULL)) {
		EVP_MD_CTX_free(digest);
		return execgate_error_errno(err, -ENOMEM, "cannot measure");
	}
	if (count)
		qsort(keys, count, sizeof(*keys), by_fingerprint);
	for (size_t i = 0; i < count; i++)
		if (!keys[i].revoked)
			hash_key(digest, &keys[i]);
	EVP_DigestFinal_ex(digest, value, NULL);
	EVP_MD_CTX_free(digest);
	execgate_hex_write(hex, value, sizeof(value));
	snprintf(out, EXECGATE_MEASURED_TEXT,
		 "execgate policy %" PRIu64 " keys %s", version, hex);
	return 0;
}

/* A record that is not root's alone says nothing, and one time too many does no harm. */
static bool is_last(const char *path, const char *line)
{
	size_t size, length = strlen(line);
	uint8_t *text;
	bool same;

	if (!execgate_io_is_ours_alone(path) ||
	    execgate_io_read_file(path, RECORD_MAX, &text, &size, NULL))
		return false;
	same = size >= length && !memcmp(text + size - length, line, length);
	free(text);
	return same;
}

/* Opened before the TPM is asked: what cannot be recorded is not measured. */
static int open_record(const char *path, struct execgate_error *err)
{
	int fd = open(path,
		      O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		      0644);

	return fd < 0 ? execgate_error_errno(err, -errno, "cannot write %s",
					     path) :
			fd;
}

int execgate_measured_extend(const char *path, const char *tpm,
			     unsigned int pcr, const char *text, bool *done,
			     struct execgate_error *err)
{
	char line[EXECGATE_MEASURED_TEXT + 8];
	int fd, ret;

	*done = false;
	snprintf(line, sizeof(line), "%u %s\n", pcr, text);
	if (is_last(path, line))
		return 0;
	fd = open_record(path, err);
	if (fd < 0)
		return fd;
	ret = execgate_tpm_extend(execgate_policy_tpm_tcti(tpm), pcr, text,
				  err);
	*done = !ret;
	if (!ret && execgate_io_write(fd, line, strlen(line)))
		ret = execgate_error_errno(err, -EIO, "cannot write %s", path);
	close(fd);
	return ret;
}
