// SPDX-License-Identifier: GPL-2.0
#include "cli/common/key_search.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/digits.h"
#include "lib/crypto/keystore.h"

#define PREFIX_MIN 8

static int match_key(const struct execgate_key *key, void *arg)
{
	char hex[2 * EXECGATE_FINGERPRINT_SIZE + 1];
	struct key_search *search = arg;

	execgate_hex_write(hex, key->fingerprint, sizeof(key->fingerprint));
	if (strncmp(hex, search->prefix, strlen(search->prefix)) != 0)
		return 0;
	if (search->matches && memcmp(search->key.fingerprint, key->fingerprint,
				      sizeof(key->fingerprint)) == 0)
		return 0;
	search->key = *key;
	search->matches++;
	return 0;
}

static int match_kept(const struct execgate_keystore_entry *entry, void *arg)
{
	return entry->certificate ? match_key(&entry->certificate->key, arg) :
				    0;
}

static bool parse_prefix(const char *text, struct key_search *search)
{
	size_t i;

	for (i = 0; text[i]; i++) {
		if (i == sizeof(search->prefix) - 1 ||
		    !isxdigit((unsigned char)text[i]))
			return false;
		search->prefix[i] = (char)tolower((unsigned char)text[i]);
	}
	search->prefix[i] = '\0';
	return i >= PREFIX_MIN;
}

/* A file wins, for its name is exact. */
int key_search_parse(const struct command *self, const char *text,
		     struct key_search *search)
{
	struct execgate_certificate cert;
	struct execgate_error err;

	if (access(text, F_OK) == 0) {
		if (execgate_certificate_load(text, &cert, &err))
			return output_error(&err);
		execgate_hex_write(search->prefix, cert.key.fingerprint,
				   sizeof(cert.key.fingerprint));
		execgate_certificate_free(&cert);
		return 0;
	}
	if (parse_prefix(text, search))
		return 0;
	return cmd_usage_error(self,
			       "\"%s\" is neither a file nor %d to %d hex "
			       "digits of a fingerprint",
			       text, PREFIX_MIN, 2 * EXECGATE_FINGERPRINT_SIZE);
}

int key_search_find(const char *dir, struct execgate_netlink *nl,
		    struct key_search *search, struct execgate_error *err)
{
	int ret = 0;

	if (nl)
		ret = execgate_netlink_key_list(nl, match_key, search, err);
	if (!ret)
		ret = execgate_keystore_list(dir, match_kept, search, err);
	if (ret)
		return ret;
	if (!search->matches)
		return execgate_error_set(
			err, -ENOENT, EXECGATE_EXIT_NOT_FOUND,
			"no key with the fingerprint %s is loaded or kept in "
			"%s; \"execgate key list\" shows them",
			search->prefix, dir);
	if (search->matches > 1)
		return execgate_error_set(
			err, -EINVAL, EXECGATE_EXIT_USAGE,
			"%u keys have a fingerprint that begins with %s; give "
			"more digits",
			search->matches, search->prefix);
	return 0;
}
