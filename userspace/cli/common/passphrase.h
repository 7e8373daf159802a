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

/*
 * An execgate_signer_passphrase: @arg is the path given with --passphrase-file,
 * or NULL to ask on the terminal.
 */
int passphrase_provide(char *buffer, int size, void *arg);

#endif /* EXECGATE_CLI_PASSPHRASE_H */
