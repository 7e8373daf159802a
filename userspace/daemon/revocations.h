/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EXECGATED_REVOCATIONS_H
#define EXECGATED_REVOCATIONS_H

struct daemon;

/* Into the kernel, before anything is trusted. */
void revocations_load(struct daemon *daemon);

#endif /* EXECGATED_REVOCATIONS_H */
