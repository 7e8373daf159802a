/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Trust that was taken back, and the file that keeps it for the next
 * boot. One line each, "#" begins a comment:
 *
 *	key HEX		fingerprint of the certificate
 *	digest HEX	SHA-256 of the content
 *	catalog N NAME	the catalog up to and with sequence N
 *	version N NAME	what is signed as identity NAME, below version N
 *
 * Text behind the digits on a line of the first two is a comment.
 */
#ifndef EXECGATE_REVOKED_H
#define EXECGATE_REVOKED_H

#include <linux/execgate.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

#define EXECGATE_REVOKED_FILE "/etc/execgate/revoked"

/**
 * struct execgate_revocation - one
 * @kind: enum execgate_revocation_kind
 * @value: of a key or digest
 * @name: of a catalog or an identity
 * @sequence: of a catalog
 * @below: of an identity: the first version that still counts; 0 = all do
 * @reported: of an identity, from the kernel: the first that is not told of
 */
struct execgate_revocation {
	uint32_t kind;
	uint8_t value[EXECGATE_FINGERPRINT_SIZE];
	char name[EXECGATE_CATALOG_NAME_MAX + 1];
	uint64_t sequence;
	uint64_t below;
	uint64_t reported;
};

/* Zeroed = none; @items is owned. */
struct execgate_revocations {
	struct execgate_revocation *items;
	size_t count;
};

/*
 * All lines that are understood, also when others are not: then the result is
 * -EBADMSG and @err names the first. An absent file is empty.
 */
int execgate_revocations_load(const char *path,
			      struct execgate_revocations *out,
			      struct execgate_error *err);
void execgate_revocations_free(struct execgate_revocations *all);

/*
 * Put one into the file, in place of one of the same key, digest, catalog or
 * identity, but not in place of a higher version; or take it out. Everything else in the file stays. Others may do the same
 * meanwhile: it is read again under a lock. A file that is not understood is
 * not touched.
 */
int execgate_revocations_keep(const char *path,
			      const struct execgate_revocation *item,
			      struct execgate_error *err);
/* -ENOENT: it is not in the file. */
int execgate_revocations_drop(const char *path,
			      const struct execgate_revocation *item,
			      struct execgate_error *err);

/* The same key, digest or name? */
bool execgate_revocation_same(const struct execgate_revocation *a,
			      const struct execgate_revocation *b);

/*
 * May an identity whose versions are revoked be called so? Its name is the end of
 * a line: any bytes but those that end one, and no blank first or last.
 */
bool execgate_revocation_identity(const char *name);

/* 64 hex digits, and nothing but a space or the end behind them. */
bool execgate_revocation_hex(const char *text,
			     uint8_t out[EXECGATE_FINGERPRINT_SIZE]);

#endif /* EXECGATE_REVOKED_H */
