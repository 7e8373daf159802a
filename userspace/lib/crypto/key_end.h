/* SPDX-License-Identifier: GPL-2.0 */
/* When a key ends, and whom that is to be told. */
#ifndef EXECGATE_KEY_END_H
#define EXECGATE_KEY_END_H

#include "lib/crypto/key.h"

#define EXECGATE_KEY_END_TEXT 512

/**
 * execgate_key_end_stage() - how near is the end?
 * @now: seconds since 1970
 *
 * Return: 0: more than 60 days, or never; 1: 60 days or fewer; 2: 30; 3: 7; 4: it
 * is over. Each step is told once.
 */
unsigned int execgate_key_end_stage(const struct execgate_key *key,
				    uint64_t now);

/* A sentence for a stage other than 0; its subject is escaped. Returns @out. */
char *execgate_key_end_text(const struct execgate_key *key, uint64_t now,
			    char out[EXECGATE_KEY_END_TEXT]);

#endif /* EXECGATE_KEY_END_H */
