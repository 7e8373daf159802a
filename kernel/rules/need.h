/* SPDX-License-Identifier: GPL-2.0 */
/* Hooks that only rules of processes need are attached when the first one is met. */
#ifndef EG_NEED_H
#define EG_NEED_H

#include <linux/types.h>

/*
 * @attach: attaches them if the gate is armed, in a worker; before any hook runs. Those
 * of what is read too, if @reads.
 */
void eg_need_init(void (*attach)(bool reads));

/* No hook runs any more. */
void eg_need_exit(void);

/* Said once the hooks of what is read are attached, and before they go. */
void eg_need_have_reads(bool have);
bool eg_need_has_reads(void);

/**
 * eg_need_rules() - a file with rules of processes is judged
 * @reads: one of them is of what is read
 *
 * Sleeps until the hooks are there, EG_NEED_SECONDS at most.
 * Return: 0; -EINTR; -EAGAIN: they are not, and the file must not be used.
 */
int eg_need_rules(bool reads);
#define EG_NEED_SECONDS 10

#endif /* EG_NEED_H */
