/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which key signs: the one of --key and --cert, else the one that
 * execgate_key_places_find() finds, with cert.pem beside it.
 */
#ifndef EXECGATE_CLI_SIGNING_KEY_H
#define EXECGATE_CLI_SIGNING_KEY_H

#include <getopt.h>
#include <limits.h>
#include <stdbool.h>

#include "lib/sign/key_places.h"
#include "lib/sign/signer.h"

/* Where "key generate" writes: root to the system's folder, others to their own. */
int signing_key_folder(char out[PATH_MAX], struct execgate_error *err);

/**
 * struct signing_key_choice - the command line
 * @key: of --key, or NULL
 * @certificate: of --cert, or NULL: cert.pem beside the key
 * @passphrase_file: of --passphrase-file, or NULL
 * @remember: a passphrase that is typed is remembered for a while: passphrase_done()
 */
struct signing_key_choice {
	const char *key;
	const char *certificate;
	char *passphrase_file;
	bool remember;
};

/* The options that fill it: for the help, for getopt_long(), and what it answers. */
#define SIGNING_KEY_OPTIONS_HELP                                                   \
	"  --key KEY              file or pkcs11: URI (default: key.pem in\n"      \
	"                         ~/.config/execgate, else in\n"                   \
	"                         " EXECGATE_SIGNING_DIR ", else in\n"             \
	"                         " EXECGATE_LOCAL_DIR ")\n"                       \
	"  --cert CERT            its certificate (default: cert.pem beside it)\n" \
	"  --passphrase-file FILE of an encrypted key; else it is asked for\n"

enum {
	SIGNING_KEY_OPT_KEY = 270,
	SIGNING_KEY_OPT_CERT,
	SIGNING_KEY_OPT_PASSPHRASE_FILE,
};

#define SIGNING_KEY_OPTIONS                                                \
	{ "key", required_argument, NULL, SIGNING_KEY_OPT_KEY },           \
		{ "cert", required_argument, NULL, SIGNING_KEY_OPT_CERT }, \
	{                                                                  \
		"passphrase-file", required_argument, NULL,                \
			SIGNING_KEY_OPT_PASSPHRASE_FILE                    \
	}

/* False: @answer is none of these options. */
bool signing_key_take(int answer, struct signing_key_choice *choice);

/* The certificate that would be used, so that it can be looked at before the key is. */
int signing_key_certificate(const struct signing_key_choice *choice,
			    char out[PATH_MAX], struct execgate_error *err);

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
