/* SPDX-License-Identifier: GPL-2.0 */
/* What the files of "execgate sign" share. */
#ifndef EXECGATE_CLI_SIGN_H
#define EXECGATE_CLI_SIGN_H

#include "cli/common/batch.h"
#include "cli/common/signing_key.h"

/**
 * sign_verity() - turn fs-verity on, and sign a catalog of the digests
 * @files: are taken over
 * @out: may be NULL
 *
 * Return: an exit code; all has been said.
 */
int sign_verity(const struct signing_key_choice *key, struct batch *files,
		unsigned int jobs, const char *out);

#endif /* EXECGATE_CLI_SIGN_H */
