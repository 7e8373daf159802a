/* SPDX-License-Identifier: GPL-2.0 */
/* A question on the terminal, which is answered with yes or no. */
#ifndef EXECGATE_CLI_CONFIRM_H
#define EXECGATE_CLI_CONFIRM_H

#include <stdbool.h>

#include "lib/base/error.h"

/**
 * confirm_ask() - "@question [y/N] ", whatever standard input and output are
 *
 * Return: 0 for yes; -ECANCELED for all else, -ENOTTY without a terminal.
 */
int confirm_ask(const char *question, struct execgate_error *err);

#endif /* EXECGATE_CLI_CONFIRM_H */
