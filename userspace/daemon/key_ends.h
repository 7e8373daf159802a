/* SPDX-License-Identifier: GPL-2.0 */
/* Tells the journal 60, 30 and 7 days before a key ends, and when it has. */
#ifndef DAEMON_KEY_ENDS_H
#define DAEMON_KEY_ENDS_H

#include "daemon/daemon.h"

/* Return: 0 or -errno. */
int key_ends_init(struct daemon *daemon);

/* Now: keys were loaded. A warning is not repeated by this daemon. */
void key_ends_look(struct daemon *daemon);

#endif /* DAEMON_KEY_ENDS_H */
