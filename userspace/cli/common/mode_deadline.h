/* SPDX-License-Identifier: GPL-2.0 */
/* The parts of "execgate mode" that are about not being locked out. */
#ifndef EXECGATE_CLI_MODE_DEADLINE_H
#define EXECGATE_CLI_MODE_DEADLINE_H

#include <stdint.h>

#include "lib/base/error.h"

/*
 * Have the daemon take enforce back after so many seconds. 0 once it has said
 * that it will: only then may the mode be set.
 */
int mode_deadline_hold(uint64_t seconds, struct execgate_error *err);

/* 0; -ENOENT when nothing waits to be confirmed. */
int mode_deadline_confirm(struct execgate_error *err);

/* The mode was set for good: nothing takes it back. */
void mode_deadline_cancel(void);

/* Enforce was set by hand: boots that failed before do not count any more. */
void mode_boots_reset(void);

/* "mode healthy": this boot came to a good end in enforce. */
int mode_boots_healthy(void);

#endif /* EXECGATE_CLI_MODE_DEADLINE_H */
