// SPDX-License-Identifier: GPL-2.0
#include "cli/common/passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <keyutils.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "cli/common/output.h"

/* How our keys in the session's keyring begin; the path of the signing key follows. */
#define DESCRIPTION "execgate:"

int passphrase_read(const char *path, char *out, struct execgate_error *err)
{
	FILE *file = fopen(path, "re");
	size_t length;

	if (!file)
		return execgate_error_errno(err, -errno,
					    "cannot open the passphrase file %s",
					    path);
	setvbuf(file, NULL, _IONBF, 0);
	out[0] = '\0';
	if (!fgets(out, PASSPHRASE_SIZE, file) && ferror(file)) {
		fclose(file);
		return execgate_error_errno(
			err, -EIO, "cannot read the passphrase file %s", path);
	}
	fclose(file);
	length = strcspn(out, "\r\n");
	if (length && length < PASSPHRASE_SIZE - 1) {
		out[length] = '\0';
		return 0;
	}
	OPENSSL_cleanse(out, PASSPHRASE_SIZE);
	return execgate_error_set(err, -EINVAL, EXECGATE_EXIT_ERROR,
				  "the first line of the passphrase file %s "
				  "must have 1 to %d bytes",
				  path, PASSPHRASE_SIZE - 2);
}

static bool has_terminal(void)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

int passphrase_ask(const char *prompt, bool confirm, char *out,
		   struct execgate_error *err)
{
	if (!has_terminal())
		return execgate_error_set(
			err, -ENOTTY, EXECGATE_EXIT_USAGE,
			"there is no terminal to ask for the passphrase on; "
			"give --passphrase-file");
	/* OpenSSL's prompt restores the echo whatever signal comes. */
	if (EVP_read_pw_string_min(out, 1, PASSPHRASE_SIZE - 1, prompt,
				   confirm) == 0)
		return 0;
	OPENSSL_cleanse(out, PASSPHRASE_SIZE);
	return execgate_error_set(err, -ECANCELED, EXECGATE_EXIT_ERROR,
				  "no passphrase was given, or the two differ");
}

/*
 * By its number: where there is no session, the kernel makes one for the process when the
 * name is used to add something, and it dies with the process. The number is then that of
 * the user's keyring, which the processes of the user share. A failure
 * is -1, the keyring of this thread alone, in which nothing is found later.
 */
static key_serial_t session_keyring(void)
{
	return keyctl_get_keyring_ID(KEY_SPEC_SESSION_KEYRING, 0);
}

/* By the key, as two keys have two passphrases. */
static bool describe_key(const struct passphrase_source *source,
			 char out[PATH_MAX + sizeof(DESCRIPTION)])
{
	char path[PATH_MAX];

	if (!source->key || !realpath(source->key, path))
		return false;
	sprintf(out, DESCRIPTION "%s", path);
	return true;
}

static int recall(const struct passphrase_source *source, char *out)
{
	char description[PATH_MAX + sizeof(DESCRIPTION)];
	long serial, size;

	if (!describe_key(source, description))
		return -ENOKEY;
	serial = keyctl_search(session_keyring(), "user", description, 0);
	if (serial < 0)
		return -ENOKEY;
	size = keyctl_read((key_serial_t)serial, out, PASSPHRASE_SIZE - 1);
	if (size <= 0 || size >= PASSPHRASE_SIZE)
		return -ENOKEY;
	out[size] = '\0';
	return 0;
}

int passphrase_provide(char *buffer, int size, void *arg)
{
	struct passphrase_source *source = arg;
	char passphrase[PASSPHRASE_SIZE];
	struct execgate_error err;
	int length, ret;

	if (source->file) {
		ret = passphrase_read(source->file, passphrase, &err);
	} else if (!recall(source, passphrase)) {
		ret = 0;
	} else {
		ret = passphrase_ask("Passphrase of the signing key: ", false,
				     passphrase, &err);
		if (!ret)
			strcpy(source->answer, passphrase);
	}
	if (ret) {
		output_message("%s", err.message);
		return -1;
	}
	length = (int)strlen(passphrase);
	if (length > size)
		length = -1;
	else
		memcpy(buffer, passphrase, length);
	OPENSSL_cleanse(passphrase, sizeof(passphrase));
	return length;
}

/* Only who has the keyring may read it, and nobody by the user id alone. */
static void keep(const char *description, const char *passphrase)
{
	key_serial_t ring = session_keyring();
	key_serial_t serial = add_key("user", description, passphrase,
				      strlen(passphrase), ring);

	if (serial < 0)
		return;
	if (keyctl_setperm(serial, KEY_POS_VIEW | KEY_POS_READ |
					   KEY_POS_SEARCH | KEY_POS_SETATTR) ||
	    keyctl_set_timeout(serial, PASSPHRASE_SECONDS))
		keyctl_unlink(serial, ring);
}

void passphrase_done(struct passphrase_source *source, bool remember)
{
	char description[PATH_MAX + sizeof(DESCRIPTION)];

	/* It is a convenience: where the kernel keeps none, it is asked for again. */
	if (remember && source->answer[0] && describe_key(source, description))
		keep(description, source->answer);
	OPENSSL_cleanse(source->answer, sizeof(source->answer));
}

static bool is_ours(key_serial_t serial)
{
	char *described;
	bool is;

	if (keyctl_describe_alloc(serial, &described) < 0)
		return false;
	is = !strncmp(described, "user;", 5) &&
	     strstr(described, ";" DESCRIPTION);
	free(described);
	return is;
}

bool passphrase_forget(void)
{
	key_serial_t *serials = NULL;
	bool found = false;
	key_serial_t ring = session_keyring();
	int size = keyctl_read_alloc(ring, (void **)&serials);

	for (int i = 0; i < size / (int)sizeof(*serials); i++)
		if (is_ours(serials[i]))
			found |= !keyctl_unlink(serials[i], ring);
	free(serials);
	return found;
}
