/* SPDX-License-Identifier: GPL-2.0 */
/* The statements that vouch for a file, by what lies on this machine. */
#ifndef EXECGATE_CLI_STATEMENTS_H
#define EXECGATE_CLI_STATEMENTS_H

#include "format/manifest.h"
#include "lib/crypto/verify.h"

/**
 * struct statement - one who vouches for it
 * @kind: "Signature" or "Catalog"
 * @catalog: its name, or ""
 */
struct statement {
	const char *kind;
	const char *catalog;
	struct eg_manifest_identity identity;
};

typedef void (*statement_fn)(const struct statement *statement, void *arg);

/**
 * struct statement_search - whose word counts
 * @kernel_knows_signer: the kernel answered for the file's own signature, by a key
 *			 that may be enrolled without lying in a folder
 */
struct statement_search {
	const struct execgate_trust *trust;
	const char *catalogs_dir;
	bool kernel_knows_signer;
};

/**
 * statements_each() - the file's own signature if it is good, else the catalogs
 * @name: of the file, for messages
 *
 * Return: 0 or -errno; a catalog that cannot be read is warned of.
 */
int statements_each(const struct statement_search *search, int fd,
		    const char *name, statement_fn fn, void *arg,
		    struct execgate_error *err);

/* "catalog: org.example/x, version 7": any bytes; the caller frees. */
char *statement_title(const struct statement *statement);

#endif /* EXECGATE_CLI_STATEMENTS_H */
