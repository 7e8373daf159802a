/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EXECGATED_REVOCATIONS_H
#define EXECGATED_REVOCATIONS_H

struct daemon;

/* Into the kernel, before anything is trusted. */
void revocations_load(struct daemon *daemon);

/*
 * Constrained users, and constrained units that run. A unit that starts later is
 * constrained before its main process, by a line of its own (execgate-constrain(1)).
 */
void constrained_load(struct daemon *daemon);

#endif /* EXECGATED_REVOCATIONS_H */
