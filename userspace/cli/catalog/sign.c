// SPDX-License-Identifier: GPL-2.0
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/catalog/catalog.h"
#include "cli/common/signing_key.h"
#include "cli/common/trust_options.h"

const char cmd_catalog_sign_options[] = SIGNING_KEY_OPTIONS_HELP
	"  -o OUT                 the signed catalog\n";

const char cmd_catalog_verify_options[] = TRUST_OPTIONS_HELP
	"\n"
	"Exits with 0 if all are good, 3 not signed, 4 altered or malformed, 5 key\n"
	"not trusted.\n";

int catalog_sign(const struct signing_key_choice *key, const char *name,
		 struct eg_bytes manifest, const char *out)
{
	struct execgate_error err;
	struct eg_manifest parsed;

	if (eg_manifest_parse(manifest, &parsed) || !parsed.name.size) {
		execgate_error_set(&err, 0, EXECGATE_EXIT_BAD_SIGNATURE,
				   "%s is not what \"execgate catalog build\" "
				   "writes",
				   name);
		return output_error(&err);
	}
	return signing_key_write(key, manifest, out, &err) ?
		       output_error(&err) :
		       0;
}

static int sign_file(const struct signing_key_choice *key, const char *name,
		     const char *out)
{
	struct execgate_catalog_file file;
	struct execgate_error err;
	json_t *object;
	int code;

	if (execgate_catalog_file_load(name, &file, &err))
		return output_error(&err);
	/* One that is signed already is signed anew, by another key maybe. */
	code = catalog_sign(key, name,
			    file.is_signed ?
				    file.cms.content :
				    (struct eg_bytes){ file.bytes, file.size },
			    out);
	if (!code && output_is_json()) {
		object = catalog_json(&file);
		json_object_set_new(object, "signed", json_true());
		output_json_set_bytes(object, "file", out, strlen(out));
		output_json(object);
	} else if (!code) {
		printf("%s: catalog %s is signed\n", out, file.name);
	}
	execgate_catalog_file_free(&file);
	return code;
}

int cmd_catalog_sign_run(const struct command *self, int argc, char **argv)
{
	static const struct option options[] = {
		SIGNING_KEY_OPTIONS,
		{ "output", required_argument, NULL, 'o' },
		{ 0 },
	};
	struct signing_key_choice key = { 0 };
	const char *out = NULL;
	int answer;

	while ((answer = getopt_long(argc, argv, ":o:", options, NULL)) != -1) {
		if (signing_key_take(answer, &key))
			continue;
		if (answer == 'o')
			out = optarg;
		else
			return cmd_option_error(self, answer, argv);
	}
	if (optind + 1 != argc)
		return cmd_usage_error(self, "which one manifest?");
	if (!out)
		return cmd_usage_error(self, "where to? Give -o OUT");
	return sign_file(&key, argv[optind], out);
}

static void print_good(const char *path, const char *name,
		       const struct execgate_key *key)
{
	char *by = output_escape(key->description, strlen(key->description));

	printf("%s: catalog %s, good, signed by %s\n", path, name, by);
	free(by);
}

static int verify_one(const char *path, const struct execgate_trust *trust,
		      json_t *rows)
{
	const struct execgate_certificate *signer = NULL;
	struct execgate_catalog_file file;
	struct execgate_error err;
	json_t *row;
	int ret;

	ret = execgate_catalog_file_load(path, &file, &err);
	if (ret) {
		row = json_object();
	} else {
		row = catalog_json(&file);
		ret = execgate_catalog_file_verify(path, &file, trust, &signer,
						   &err);
		if (!ret && !output_is_json())
			print_good(path, file.name, &signer->key);
		execgate_catalog_file_free(&file);
	}
	output_json_set_bytes(row, "file", path, strlen(path));
	json_object_set_new(row, "good", json_boolean(!ret));
	if (signer)
		output_json_set_hex(row, "signer", signer->key.fingerprint,
				    sizeof(signer->key.fingerprint));
	if (ret) {
		output_message("%s", err.message);
		output_json_set_bytes(row, "message", err.message,
				      strlen(err.message));
	}
	json_array_append_new(rows, row);
	return ret ? (int)err.code : 0;
}

static int verify_all(char **names, const struct execgate_trust *trust)
{
	json_t *rows = json_array();
	int code = 0, one;

	for (; *names; names++) {
		one = verify_one(*names, trust, rows);
		code = code ? code : one;
	}
	if (output_is_json())
		output_json(json_pack("{s:O}", "catalogs", rows));
	json_decref(rows);
	return code;
}

int cmd_catalog_verify_run(const struct command *self, int argc, char **argv)
{
	struct execgate_trust trust = { 0 };
	int code = trust_options_take(self, argc, argv, &trust);

	if (!code)
		code = optind == argc ?
			       cmd_usage_error(self, "which catalog?") :
			       verify_all(argv + optind, &trust);
	execgate_trust_free(&trust);
	return code;
}
