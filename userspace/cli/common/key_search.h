/* SPDX-License-Identifier: GPL-2.0 */
/* A key by the beginning of its fingerprint, or by its certificate. */
#ifndef EXECGATE_CLI_KEY_SEARCH_H
#define EXECGATE_CLI_KEY_SEARCH_H

#include "cli/common/command.h"
#include "lib/crypto/key.h"
#include "lib/netlink/netlink.h"

/**
 * struct key_search - the key that is meant
 * @prefix: hex digits, lower case
 * @key: the one that matches, if @matches
 * @matches: different keys that match
 */
struct key_search {
	char prefix[2 * EXECGATE_FINGERPRINT_SIZE + 1];
	struct execgate_key key;
	unsigned int matches;
};

/* A certificate file, or a prefix. 0 or what to exit with. */
int key_search_parse(const struct command *self, const char *text,
		     struct key_search *search);
/* Among loaded keys (@nl may be NULL) and those kept in @dir: exactly one. */
int key_search_find(const char *dir, struct execgate_netlink *nl,
		    struct key_search *search, struct execgate_error *err);

#endif /* EXECGATE_CLI_KEY_SEARCH_H */
