/* SPDX-License-Identifier: GPL-2.0 */
/* Hooks that only rules of processes need are attached when the first one is met. */
#ifndef EG_NEED_H
#define EG_NEED_H

#include <linux/types.h>

/* @attach: attaches them if the gate is armed, in a worker; before any hook runs. */
void eg_need_init(void (*attach)(void));

/* No hook runs any more. */
void eg_need_exit(void);

/**
 * eg_need_rules() - a file with rules of processes is judged
 *
 * Sleeps until the hooks are there, EG_NEED_SECONDS at most.
 * Return: 0; -EINTR; -EAGAIN: they are not, and the file must not be used.
 */
int eg_need_rules(void);
#define EG_NEED_SECONDS 10

#endif /* EG_NEED_H */
