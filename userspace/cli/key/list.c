// SPDX-License-Identifier: GPL-2.0
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/kept/list.h"
#include "cli/key/key.h"
#include "lib/base/digits.h"
#include "lib/base/names.h"
#include "lib/crypto/keystore.h"
#include "lib/netlink/netlink.h"

const char cmd_key_list_options[] =
	"  --keys-dir DIR   where keys are kept (" EXECGATE_KEYSTORE_DIR ")\n"
	"\n"
	"Loaded keys are those the kernel trusts now; kept keys are loaded at\n"
	"boot. Exits with 6 when the module is not there to be asked.\n";

static const struct option options[] = {
	{ "keys-dir", required_argument, NULL, 'd' },
	{ 0 },
};

/*
 * One JSON object a key: {..., loaded, persisted, problem}. Loaded is null where the kernel
 * was not asked, since who may not ask does not know.
 */
static json_t *new_row(json_t *rows, const struct execgate_key *key)
{
	json_t *row = cmd_key_json(key);

	json_object_set_new(row, "loaded", json_null());
	json_object_set_new(row, "persisted", json_null());
	json_object_set_new(row, "problem", json_null());
	json_array_append_new(rows, row);
	return row;
}

static int add_loaded(const struct execgate_key *key, void *rows)
{
	json_object_set_new(new_row(rows, key), "loaded", json_true());
	return 0;
}

static json_t *find_row(json_t *rows, const struct execgate_key *key)
{
	char hex[2 * EXECGATE_FINGERPRINT_SIZE + 1];
	size_t i;
	json_t *row;

	execgate_hex_write(hex, key->fingerprint, sizeof(key->fingerprint));
	json_array_foreach(rows, i, row)
		if (strcmp(json_string_value(
				   json_object_get(row, "fingerprint")),
			   hex) == 0)
			return row;
	return NULL;
}

static int add_kept(const struct execgate_keystore_entry *entry, void *rows)
{
	static const struct execgate_key unreadable = {
		.description = "(not a certificate)",
		.algorithm = "none",
	};
	const struct execgate_key *key = &unreadable;
	json_t *row = NULL;

	if (entry->certificate) {
		key = &entry->certificate->key;
		row = find_row(rows, key);
	}
	if (!row)
		row = new_row(rows, key);
	output_json_set_bytes(row, "persisted", entry->path,
			      strlen(entry->path));
	if (entry->problem)
		output_json_set_bytes(row, "problem", entry->problem->message,
				      strlen(entry->problem->message));
	return 0;
}

static const char *signs_of(const json_t *row,
			    char text[EXECGATE_PURPOSES_TEXT])
{
	const json_t *list = json_object_get(row, "purposes"), *name;
	uint32_t purposes = 0;
	size_t i;

	json_array_foreach(list, i, name)
		purposes |= execgate_purpose_find(json_string_value(name),
						  json_string_length(name));
	return purposes ? execgate_purposes_text(purposes, ", ", text) :
	       json_is_true(json_object_get(row, "leaf")) ?
			  "what its CA is for" :
			  "nothing";
}

static void print_row(const json_t *row)
{
	const char *name, *algorithm, *hex, *kept, *problem, *file = NULL;
	bool loaded = json_is_true(json_object_get(row, "loaded"));
	char when[OUTPUT_TIME_SIZE], signs[EXECGATE_PURPOSES_TEXT], *safe;
	int bits;
	json_int_t not_after;

	json_unpack((json_t *)row, "{s:s, s:s, s:s, s:i, s:I}", "description",
		    &name, "algorithm", &algorithm, "fingerprint", &hex, "bits",
		    &bits, "not_after", &not_after);
	kept = json_string_value(json_object_get(row, "persisted"));
	problem = json_string_value(json_object_get(row, "problem"));
	file = kept ? strrchr(kept, '/') + 1 : NULL;
	safe = output_escape(name, strlen(name));
	printf("%.16s  %s%s%s  %s\n", hex,
	       output_style(loaded ? OUTPUT_GOOD : OUTPUT_WARN),
	       output_loaded(json_object_get(row, "loaded"), kept),
	       output_style(OUTPUT_PLAIN), safe);
	free(safe);
	output_field("Type", "%s, %d bits", algorithm, bits);
	if (json_is_true(json_object_get(row, "leaf")))
		output_field("Trusted", "as its CA says");
	output_field(json_is_true(json_object_get(row, "ca")) ? "CA for" :
								"Signs",
		     "%s", signs_of(row, signs));
	output_field("Expires", "%s", output_time(when, (uint64_t)not_after));
	if (json_is_true(json_object_get(row, "revoked")))
		output_field("Revoked", "what it signed is denied");
	if (file) {
		safe = output_escape(file, strlen(file));
		output_field("Kept as", "%s", safe);
		free(safe);
	}
	if (problem)
		output_field("Problem", "%s", problem);
}

static void print_keys(json_t *rows, const char *dir, int code)
{
	json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
		print_row(row);
	if (json_array_size(rows))
		return;
	/* The kernel may have some: it was not asked. */
	if (code)
		printf("No key is kept in %s.\n", dir);
	else
		printf("No key is trusted: nothing is allowed to run once the "
		       "gate enforces. \"execgate key enroll CERT\" adds one."
		       "\n");
}

static int ask_kernel(struct execgate_netlink *nl, void *rows,
		      struct execgate_error *err)
{
	return execgate_netlink_key_list(nl, add_loaded, rows, err);
}

int cmd_key_list_run(const struct command *self, int argc, char **argv)
{
	const char *dir = EXECGATE_KEYSTORE_DIR;
	struct execgate_error err;
	json_t *rows;
	int answer, code;

	while ((answer = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (answer != 'd')
			return cmd_option_error(self, answer, argv);
		dir = optarg;
	}
	if (optind < argc)
		return cmd_usage_error(self, "%s is one word too many",
				       argv[optind]);
	rows = json_array();
	code = kept_list_ask("only kept keys are shown", ask_kernel, rows);
	if (execgate_keystore_list(dir, add_kept, rows, &err)) {
		json_decref(rows);
		return output_error(&err);
	}
	if (code != EXECGATE_EXIT_NO_PRIVILEGE)
		output_loaded_known(rows);
	if (output_is_json()) {
		output_json(json_pack("{s:b, s:O}", "module_asked",
				      code == EXECGATE_EXIT_OK, "keys", rows));
	} else {
		print_keys(rows, dir, code);
	}
	json_decref(rows);
	return code;
}
