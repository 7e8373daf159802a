/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The highest sequence that was ever loaded under each catalog's name. The
 * kernel keeps it for one boot; this file carries it to the next, so that an
 * older catalog, which trusts what a newer one no longer does, stays refused.
 * One line each: the sequence, a space, the name. The version of the signed
 * policy is kept in the same way, in a file of its own (policy_file.h).
 */
#ifndef EXECGATE_SEQUENCES_H
#define EXECGATE_SEQUENCES_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

#define EXECGATE_SEQUENCES_FILE "/var/lib/execgate/sequences"

/* Zeroed = none; owned. */
struct execgate_sequences {
	struct execgate_sequences_item {
		char *name;
		uint64_t sequence;
	} *items;
	size_t count;
};

/* An absent file is empty; a line that is not understood fails the whole. */
int execgate_sequences_load(const char *path, struct execgate_sequences *out,
			    struct execgate_error *err);
/* 0 for a name that was never loaded. */
uint64_t execgate_sequences_get(const struct execgate_sequences *sequences,
				const char *name);
/*
 * Remember @sequence if it is higher, and write the file then. Others may raise
 * other names meanwhile: the file is read again under a lock.
 */
int execgate_sequences_raise(const char *path, const char *name,
			     uint64_t sequence, struct execgate_error *err);
void execgate_sequences_free(struct execgate_sequences *sequences);

#endif /* EXECGATE_SEQUENCES_H */
