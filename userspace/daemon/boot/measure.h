/* SPDX-License-Identifier: GPL-2.0 */
/* The keys and the policy that count go into a PCR of the TPM, if one is configured. */
#ifndef EXECGATED_MEASURE_H
#define EXECGATED_MEASURE_H

struct daemon;

/* Does nothing while the kernel's keys and policy are those that were measured last. */
void measure_look(struct daemon *daemon);

#endif /* EXECGATED_MEASURE_H */
