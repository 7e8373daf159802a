// SPDX-License-Identifier: GPL-2.0
#include "cli/common/passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "cli/common/output.h"

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

int passphrase_provide(char *buffer, int size, void *arg)
{
	char passphrase[PASSPHRASE_SIZE];
	struct execgate_error err;
	int length, ret;

	ret = arg ? passphrase_read(arg, passphrase, &err) :
		    passphrase_ask("Passphrase of the signing key: ", false,
				   passphrase, &err);
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
