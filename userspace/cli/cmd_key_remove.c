// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cmd_key.h"
#include "keystore.h"
#include "netlink.h"

#define PREFIX_MIN 8

const char cmd_key_remove_options[] =
	"  --keys-dir DIR   where keys are kept (" EXECGATE_KEYSTORE_DIR ")\n"
	"\n"
	"FINGERPRINT is the beginning of one, 8 hex digits at least, as \"execgate\n"
	"key list\" shows it; CERT is the file of a certificate.\n";

static const struct option options[] = {
	{ "keys-dir", required_argument, NULL, 'd' },
	{ 0 },
};

/**
 * struct search - the key to remove
 * @prefix: hex digits, lower case
 * @key: the one that matches, if @matches
 * @matches: different keys that match
 */
struct search {
	char prefix[2 * EXECGATE_FINGERPRINT_SIZE + 1];
	struct execgate_key key;
	unsigned int matches;
};

static int match(const struct execgate_key *key, void *arg)
{
	char hex[2 * EXECGATE_FINGERPRINT_SIZE + 1];
	struct search *search = arg;

	output_hex(hex, key->fingerprint, sizeof(key->fingerprint));
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
	return entry->certificate ? match(&entry->certificate->key, arg) : 0;
}

static bool parse_prefix(const char *text, struct search *search)
{
	size_t i;

	for (i = 0; text[i]; i++) {
		if (i == sizeof(search->prefix) - 1 ||
		    !isxdigit((unsigned char)text[i]))
			return false;
		search->prefix[i] = (char)tolower((unsigned char)text[i]);
	}
	return i >= PREFIX_MIN;
}

/* A certificate file, or a prefix; a file wins, for its name is exact. */
static int parse_name(const struct command *self, const char *text,
		      struct search *search)
{
	struct execgate_certificate cert;
	struct execgate_error err;

	if (access(text, F_OK) == 0) {
		if (execgate_certificate_load(text, &cert, &err))
			return output_error(&err);
		output_hex(search->prefix, cert.key.fingerprint,
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

static int find(const char *dir, struct execgate_netlink *nl,
		struct search *search, struct execgate_error *err)
{
	int ret = 0;

	if (nl)
		ret = execgate_netlink_key_list(nl, match, search, err);
	if (!ret)
		ret = execgate_keystore_list(dir, (uint64_t)time(NULL),
					     match_kept, search, err);
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

/* From the kernel first: what cannot be unloaded must stay visible on disk. */
static int remove_key(const char *dir, struct execgate_netlink *nl,
		      const struct execgate_key *key, bool *loaded,
		      unsigned int *kept, struct execgate_error *err)
{
	struct execgate_error cause;
	int ret = 0;

	*loaded = false;
	if (nl)
		ret = execgate_netlink_key_remove(nl, key->fingerprint, err);
	if (!ret)
		*loaded = nl != NULL;
	else if (ret != -ENOENT && ret != -ENOKEY)
		return ret;
	ret = execgate_keystore_remove(dir, key->fingerprint, kept, &cause);
	if (!ret)
		return 0;
	if (!*loaded) {
		*err = cause;
		return ret;
	}
	return execgate_error_set(err, ret, cause.code,
				  "the key is no longer trusted, but will be "
				  "again after a boot: %.900s",
				  cause.message);
}

static void report(const struct execgate_key *key, bool loaded,
		   unsigned int kept, bool asked)
{
	json_t *object;

	if (output_is_json()) {
		object = cmd_key_json(key);
		json_object_set_new(object, "unloaded", json_boolean(loaded));
		json_object_set_new(object, "files_removed",
				    json_integer(kept));
		output_json(object);
		return;
	}
	printf("Removed: %s%s%s\n", loaded ? "from the kernel" : "",
	       loaded && kept ? " and " : "", kept ? "from disk" : "");
	cmd_key_print(key);
	if (!asked)
		printf("The module is not loaded, so only the disk was "
		       "cleared.\n");
}

int cmd_key_remove_run(const struct command *self, int argc, char **argv)
{
	const char *dir = EXECGATE_KEYSTORE_DIR;
	struct execgate_netlink *nl = NULL;
	struct search search = { .matches = 0 };
	struct execgate_error err;
	unsigned int kept = 0;
	bool loaded = false;
	int answer, code;

	while ((answer = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (answer != 'd')
			return cmd_option_error(self, answer, argv);
		dir = optarg;
	}
	if (optind + 1 != argc)
		return cmd_usage_error(self, "name exactly one key");
	code = parse_name(self, argv[optind], &search);
	if (code)
		return code;
	/* Without the module there is still the disk. */
	if (execgate_netlink_open(&nl, &err)) {
		nl = NULL;
		if (err.code != EXECGATE_EXIT_NOT_LOADED)
			return output_error(&err);
	}
	code = find(dir, nl, &search, &err);
	if (!code)
		code = remove_key(dir, nl, &search.key, &loaded, &kept, &err);
	if (!code)
		report(&search.key, loaded, kept, nl != NULL);
	execgate_netlink_close(nl);
	return code ? output_error(&err) : EXECGATE_EXIT_OK;
}
