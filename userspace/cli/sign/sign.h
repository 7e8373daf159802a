/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by the files of "execgate sign". */
#ifndef EXECGATE_CLI_SIGN_H
#define EXECGATE_CLI_SIGN_H

#include "cli/common/batch.h"
#include "cli/common/signing_key.h"
#include "lib/sign/rules.h"

/**
 * sign_verity() - turn fs-verity on, and sign a catalog of the digests
 * @files: are taken over
 * @out: may be NULL
 *
 * Return: an exit code; all has been said.
 */
int sign_verity(const struct signing_key_choice *key, struct batch *files,
		unsigned int jobs, const char *out);

/*
 * The rules that the lists of programs have for files (execgate-identities(5)):
 * one array of rules for each name, allocated, NULL if there are none for any.
 * @shipped: the folder of the shipped lists. Return: an exit code; all has been said.
 */
int sign_lists_rules(const char *shipped, const struct batch *files,
		     struct execgate_rules **out);

#endif /* EXECGATE_CLI_SIGN_H */
