/* SPDX-License-Identifier: GPL-2.0 */
/* Passphrases come from a file or the terminal, never from an option. */
#ifndef EXECGATE_CLI_PASSPHRASE_H
#define EXECGATE_CLI_PASSPHRASE_H

#include <stdbool.h>

#include "lib/base/error.h"

#define PASSPHRASE_SIZE 256

/* The first line of a file, which may be a pipe, into @out[PASSPHRASE_SIZE]. */
int passphrase_read(const char *path, char *out, struct execgate_error *err);

/* Ask on the terminal, twice if @confirm; -ENOTTY without a terminal. */
int passphrase_ask(const char *prompt, bool confirm, char *out,
		   struct execgate_error *err);

/**
 * struct passphrase_source - where that of a signing key comes from
 * @file: of --passphrase-file, or NULL: from the kernel if it is remembered there, else
 *	  from the terminal
 * @key: path of the key, NULL for one in a token, of which nothing is remembered
 * @answer: what was typed, to be remembered when it turns out to be right; the caller
 *	    has it cleansed by passphrase_done()
 */
struct passphrase_source {
	const char *file;
	const char *key;
	char answer[PASSPHRASE_SIZE];
};

/* An execgate_signer_passphrase: @arg is a struct passphrase_source. */
int passphrase_provide(char *buffer, int size, void *arg);

/**
 * passphrase_done() - the key was opened with it, or was not
 * @remember: it was, and is to be kept by the kernel, in memory that is not swapped out:
 *	      in the session's keyring, for PASSPHRASE_SECONDS
 *
 * Every process of the session can read it there, so it is kept only when asked for.
 */
void passphrase_done(struct passphrase_source *source, bool remember);

#define PASSPHRASE_SECONDS 900

/* Forget all of this session. False: nothing was remembered. */
bool passphrase_forget(void);

#endif /* EXECGATE_CLI_PASSPHRASE_H */
