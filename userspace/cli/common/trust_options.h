/* SPDX-License-Identifier: GPL-2.0 */
/* The keys that a command believes which looks at signatures and needs no kernel. */
#ifndef EXECGATE_CLI_TRUST_OPTIONS_H
#define EXECGATE_CLI_TRUST_OPTIONS_H

#include "cli/common/command.h"
#include "lib/crypto/keystore.h"
#include "lib/crypto/verify.h"

#define TRUST_OPTIONS_HELP                                             \
	"  --cert CERT      trust this certificate; may be repeated\n" \
	"  --keys-dir DIR   trust the certificates of this folder\n"   \
	"                   (" EXECGATE_KEYSTORE_DIR ")\n"

/**
 * trust_options_take() - all options of a command that has these two only
 * @trust: filled; execgate_trust_free() it, also after an error
 *
 * Return: 0, and optind is at the first argument; or the exit code of what was
 * wrong and has been said.
 */
int trust_options_take(const struct command *self, int argc, char **argv,
		       struct execgate_trust *trust);

#endif /* EXECGATE_CLI_TRUST_OPTIONS_H */
