/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Trust that was taken back: keys and digests, in one sorted list that is
 * never changed but replaced whole. Catalogs are revoked in catalog.c.
 */
#ifndef EG_REVOCATION_H
#define EG_REVOCATION_H

#include <linux/execgate.h>
#include <linux/types.h>

struct eg_revocation {
	u8 kind; /* EXECGATE_REVOCATION_KEY or _DIGEST */
	u8 value[EXECGATE_FINGERPRINT_SIZE];
};

/* Any context; logarithmic. */
bool eg_revocation_has(enum execgate_revocation_kind kind,
		       const u8 value[EXECGATE_FINGERPRINT_SIZE]);

/**
 * eg_revocation_add() - put @count of them on the list, all or none
 *
 * One that is there already is not an error. Verdicts that rest on them are void
 * when it returns. Return: 0; -ENOSPC over EXECGATE_REVOCATIONS_MAX; -ENOMEM.
 */
int eg_revocation_add(const struct eg_revocation *items, unsigned int count);

/* Return: 0, -ENOENT, -ENOMEM. */
int eg_revocation_remove(const struct eg_revocation *item);

/* The @index'th of the list. Return: false at the end. */
bool eg_revocation_get(unsigned int index, struct eg_revocation *out);
unsigned int eg_revocation_count(void);

void eg_revocation_exit(void);

#endif /* EG_REVOCATION_H */
