/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The catalog of files that "execgate review" was told to trust as they are,
 * without changing them. Its name is its own: what packages have installed is
 * in the catalog "local", which apt's hook makes anew. The files' names are
 * kept, each with a zero byte behind it.
 */
#ifndef EXECGATE_CLI_REVIEW_LOCAL_H
#define EXECGATE_CLI_REVIEW_LOCAL_H

#include "lib/netlink/netlink.h"

#define REVIEW_LOCAL_NAME "reviewed"

/**
 * struct review_key - what to sign with, as given; NULL = the default
 */
struct review_key {
	const char *key;
	const char *certificate;
	const char *passphrase_file;
};

/* Run this very program; what it exits with. Its output is the user's. */
int review_run(const struct review_key *key, const char *const *words);

/*
 * Build, sign and install the catalog with these files besides those that
 * it has. One of the latter that the kernel would not allow any more was
 * changed since somebody looked at it: it is left out, with a warning.
 * Return: an exit code; all has been said.
 */
int review_local_add(struct execgate_netlink *nl, const struct review_key *key,
		     const char *const *files, size_t count);

#endif /* EXECGATE_CLI_REVIEW_LOCAL_H */
