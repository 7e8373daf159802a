/* SPDX-License-Identifier: GPL-2.0 */
/* systemd's manager tells what its units start, with drop-ins, resets and specifiers applied. */
#ifndef EXECGATE_MANAGER_H
#define EXECGATE_MANAGER_H

#include <stdbool.h>

#include <systemd/sd-bus.h>

#include "lib/preflight/programs_text.h"

/**
 * execgate_manager_programs() - the programs of all units, loaded or not
 * @bus: where org.freedesktop.systemd1 is
 * @stale: a unit's file has changed since the manager read it, so that the next boot starts
 *	something else
 *
 * Templates are not units: the manager knows only instances of them.
 * Return: what @fn did, 0 after the last one, or -errno if the manager did not say it all.
 */
int execgate_manager_programs(sd_bus *bus, bool *stale, execgate_program_fn fn,
			      void *arg);

#endif /* EXECGATE_MANAGER_H */
