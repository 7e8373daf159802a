/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which key signs: the one of --key and --cert, else key.pem and cert.pem of
 * ~/.config/execgate, else of /etc/execgate/signing.
 */
#ifndef EXECGATE_CLI_SIGNING_KEY_H
#define EXECGATE_CLI_SIGNING_KEY_H

#include <limits.h>

#include "signer.h"

#define SIGNING_KEY_SYSTEM_DIR "/etc/execgate/signing"

/* Where "key generate" writes: root to the system's folder, others to their own. */
int signing_key_folder(char out[PATH_MAX], struct execgate_error *err);

/**
 * signing_key_open() - find, load and check the key
 * @key: of --key, or NULL
 * @certificate: of --cert, or NULL: cert.pem beside the key
 * @passphrase_file: of --passphrase-file, or NULL
 */
int signing_key_open(const char *key, const char *certificate,
		     char *passphrase_file, struct execgate_signer *out,
		     struct execgate_error *err);

/**
 * signing_key_write() - sign @content and write the message to @out
 * @key, @certificate, @passphrase_file: as signing_key_open()
 * @content: a manifest or a policy object
 *
 * @out is replaced whole, or stays as it was.
 */
int signing_key_write(const char *key, const char *certificate,
		      char *passphrase_file, struct eg_bytes content,
		      const char *out, struct execgate_error *err);

#endif /* EXECGATE_CLI_SIGNING_KEY_H */
