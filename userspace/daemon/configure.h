/* SPDX-License-Identifier: GPL-2.0 */
/* The administrator's keys and mode, carried to the kernel. */
#ifndef EXECGATED_CONFIGURE_H
#define EXECGATED_CONFIGURE_H

#include <stdbool.h>

struct daemon;

/*
 * Enroll the keys, load the catalogs, then set the mode. The mode is applied once to each load of
 * the module and when the configuration has changed since, so that a restart
 * of the daemon does not undo what was set by hand; @asked applies it anyway.
 */
void configure_gate(struct daemon *daemon, bool asked);

/* Settings that the kernel did not take then: ask again. */
void configure_retry(struct daemon *daemon);

#endif /* EXECGATED_CONFIGURE_H */
