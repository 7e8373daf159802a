// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/common/key_search.h"
#include "cli/key/key.h"
#include "lib/crypto/keystore.h"
#include "lib/netlink/netlink.h"

const char cmd_key_remove_options[] =
	"  --keys-dir DIR   where keys are kept (" EXECGATE_KEYSTORE_DIR ")\n"
	"\n"
	"FINGERPRINT is the beginning of one, 8 hex digits at least, as \"execgate\n"
	"key list\" shows it; CERT is the file of a certificate.\n";

static const struct option options[] = {
	{ "keys-dir", required_argument, NULL, 'd' },
	{ 0 },
};

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

static void report_key(const struct execgate_key *key, bool loaded,
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
	struct key_search search = { .matches = 0 };
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
	code = key_search_parse(self, argv[optind], &search);
	if (code)
		return code;
	/* Without the module there is still the disk. */
	if (execgate_netlink_open(&nl, &err)) {
		nl = NULL;
		if (err.code != EXECGATE_EXIT_NOT_LOADED)
			return output_error(&err);
	}
	code = key_search_find(dir, nl, &search, &err);
	if (!code)
		code = remove_key(dir, nl, &search.key, &loaded, &kept, &err);
	if (!code)
		report_key(&search.key, loaded, kept, nl != NULL);
	execgate_netlink_close(nl);
	return code ? output_error(&err) : EXECGATE_EXIT_OK;
}
