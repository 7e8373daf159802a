/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which key signs: the one of --key and --cert, else key.pem and cert.pem of
 * ~/.config/execgate, else of /etc/execgate/signing.
 */
#ifndef EXECGATE_CLI_SIGNING_KEY_H
#define EXECGATE_CLI_SIGNING_KEY_H

#include <limits.h>

#include "lib/sign/signer.h"

#define SIGNING_KEY_SYSTEM_DIR "/etc/execgate/signing"

/* Where "key generate" writes: root to the system's folder, others to their own. */
int signing_key_folder(char out[PATH_MAX], struct execgate_error *err);

/**
 * struct signing_key_choice - the command line
 * @key: of --key, or NULL
 * @certificate: of --cert, or NULL: cert.pem beside the key
 * @passphrase_file: of --passphrase-file, or NULL
 */
struct signing_key_choice {
	const char *key;
	const char *certificate;
	char *passphrase_file;
};

/**
 * signing_key_open() - find, load and check the key
 */
int signing_key_open(const struct signing_key_choice *choice,
		     struct execgate_signer *out, struct execgate_error *err);

/**
 * signing_key_write() - sign @content and write the message to @out
 * @content: a manifest or a policy object
 *
 * @out is replaced whole, or stays as it was.
 */
int signing_key_write(const struct signing_key_choice *choice,
		      struct eg_bytes content, const char *out,
		      struct execgate_error *err);

#endif /* EXECGATE_CLI_SIGNING_KEY_H */
