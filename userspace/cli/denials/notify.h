/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EXECGATE_CLI_NOTIFY_H
#define EXECGATE_CLI_NOTIFY_H

#include "lib/base/error.h"

/*
 * Tell the user on the desktop of the own denials that come from now on. Returns 0 only
 * when the configuration wants none shown.
 */
int denials_notify(struct execgate_error *err);

#endif /* EXECGATE_CLI_NOTIFY_H */
