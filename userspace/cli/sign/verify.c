// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/common/command.h"
#include "cli/common/sign_options.h"
#include "cli/sign/vouching.h"
#include "lib/base/digits.h"
#include "lib/base/names.h"
#include "lib/crypto/keystore.h"
#include "lib/crypto/verify.h"

static const char help[] =
	"  --cert CERT            trust this certificate only; may be repeated\n"
	"  --keys-dir DIR         trust the certificates in DIR\n"
	"                         (" EXECGATE_KEYSTORE_DIR ")\n"
	"  --catalogs-dir DIR     catalogs that may vouch for a FILE\n"
	"                         (" EXECGATE_CATALOG_DIR ")\n"
	"  --extract-cms OUT      write the message of the one FILE, for\n"
	"                         openssl cms -verify -binary -inform DER \\\n"
	"                             -in OUT -certfile cert.pem -noverify\n"
	"\n"
	"Needs neither the kernel nor privilege. Exits with 0 when every FILE is\n"
	"trusted, else with the gravest code of all: 4 altered or malformed,\n"
	"5 not by a trusted key, 3 unsigned, then that it could not be read.\n";

enum { OPT_CERT = 256, OPT_KEYS_DIR, OPT_CATALOGS_DIR, OPT_EXTRACT };

static const struct option long_options[] = {
	{ "cert", required_argument, NULL, OPT_CERT },
	{ "keys-dir", required_argument, NULL, OPT_KEYS_DIR },
	{ "catalogs-dir", required_argument, NULL, OPT_CATALOGS_DIR },
	{ "extract-cms", required_argument, NULL, OPT_EXTRACT },
	{ 0 },
};

struct run {
	struct execgate_trust trust;
	struct vouching vouching;
	const char *catalog; /* that vouches for the file at hand, or NULL */
	const char *keys_dir;
	const char *extract;
	bool has_cert;
};

static void set_signer(json_t *row, const struct execgate_verdict *verdict)
{
	const struct execgate_key *key;
	json_t *signer = json_object();

	if (verdict->signer) {
		key = &verdict->signer->key;
		output_json_set_hex(signer, "fingerprint", key->fingerprint,
				    sizeof(key->fingerprint));
		output_json_set_bytes(signer, "description", key->description,
				      strlen(key->description));
		json_object_set_new(signer, "not_after",
				    json_integer((json_int_t)key->not_after));
	}
	if (verdict->cms.serial.size)
		output_json_set_hex(signer, "serial", verdict->cms.serial.data,
				    verdict->cms.serial.size);
	if (verdict->cms.key_id.size)
		output_json_set_hex(signer, "key_id", verdict->cms.key_id.data,
				    verdict->cms.key_id.size);
	json_object_set_new(row, "signer", signer);
}

static json_t *verdict_json(const char *name,
			    const struct execgate_verdict *verdict)
{
	bool allowed = verdict->reason == EXECGATE_REASON_ALLOWED;
	json_t *row = json_object();

	output_json_set_bytes(row, "file", name, strlen(name));
	json_object_set_new(row, "allowed", json_boolean(allowed));
	json_object_set_new(row, "reason",
			    json_string(execgate_reason_name(verdict->reason)));
	json_object_set_new(row, "text",
			    json_string(execgate_reason_text(verdict->reason)));
	json_object_set_new(row, "exit_code",
			    json_integer(
				    execgate_reason_exit(verdict->reason)));
	json_object_set_new(row, "carrier",
			    json_string(execgate_carrier_name(
				    verdict->signature.carrier)));
	output_json_set_hex(row, "digest", verdict->digest,
			    sizeof(verdict->digest));
	json_object_set_new(
		row, "payload_size",
		json_integer((json_int_t)verdict->signature.payload_size));
	if (verdict->cms_valid)
		set_signer(row, verdict);
	/* An unverified manifest says only what its writer wants. */
	if (!allowed)
		return row;
	output_json_set_bytes(row, "identity", verdict->identity.name.data,
			      verdict->identity.name.size);
	json_object_set_new(row, "identity_version",
			    json_integer(
				    (json_int_t)verdict->identity.version));
	json_object_set_new(row, "rules",
			    sign_options_rules_json(verdict->identity.rules));
	json_object_set_new(row, "classes",
			    sign_options_classes_json(verdict->entry.classes));
	json_object_set_new(row, "created_at",
			    json_integer(
				    (json_int_t)verdict->manifest.created_at));
	return row;
}

static void print_signer(const struct execgate_verdict *verdict)
{
	char hex[2 * EG_SIGNER_ID_MAX + 1], *name;
	const struct execgate_key *key;
	struct eg_bytes id = verdict->cms.key_id.size ? verdict->cms.key_id :
							verdict->cms.serial;

	if (verdict->signer) {
		key = &verdict->signer->key;
		name = output_escape(key->description,
				     strlen(key->description));
		output_field("Signer", "%s", name);
		output_field("Key", "%s",
			     execgate_hex_write(hex, key->fingerprint,
						sizeof(key->fingerprint)));
		free(name);
		return;
	}
	if (id.size <= EG_SIGNER_ID_MAX)
		output_field("Signer", "unknown, %s %s",
			     verdict->cms.key_id.size ? "key identifier" :
							"certificate serial",
			     execgate_hex_write(hex, id.data, id.size));
}

static void print_verdict(const char *name,
			  const struct execgate_verdict *verdict)
{
	bool allowed = verdict->reason == EXECGATE_REASON_ALLOWED;
	char hex[2 * EG_SHA256_SIZE + 1], classes[EXECGATE_CLASSES_TEXT];
	char when[OUTPUT_TIME_SIZE], *safe = output_escape(name, strlen(name));

	printf("%s: %s%s%s: %s\n", safe,
	       output_style(allowed ? OUTPUT_GOOD : OUTPUT_BAD),
	       execgate_reason_name(verdict->reason),
	       output_style(OUTPUT_PLAIN),
	       execgate_reason_text(verdict->reason));
	free(safe);
	if (verdict->cms_valid)
		print_signer(verdict);
	if (allowed) {
		safe = output_escape(verdict->identity.name.data,
				     verdict->identity.name.size);
		output_field("Identity", "%s, version %llu", safe,
			     (unsigned long long)verdict->identity.version);
		free(safe);
		sign_options_rules_print(verdict->identity.rules);
		output_field("Class", "%s",
			     execgate_classify_text(verdict->entry.classes,
						    classes));
		output_field("Signed at", "%s",
			     output_time(when, verdict->manifest.created_at));
	}
	if (verdict->signature.carrier)
		output_field("Carrier", "%s",
			     execgate_carrier_name(verdict->signature.carrier));
	output_field("SHA-256", "%s",
		     execgate_hex_write(hex, verdict->digest,
					sizeof(verdict->digest)));
}

static int extract(const struct run *run, const char *name,
		   const struct execgate_verdict *verdict,
		   struct execgate_error *err)
{
	if (!verdict->signature.cms_size)
		return execgate_error_set(
			err, -ENODATA, execgate_reason_exit(verdict->reason),
			"%s holds no message that could be extracted: %s", name,
			execgate_reason_text(verdict->reason));
	return output_file(run->extract, verdict->signature.cms,
			   verdict->signature.cms_size, err);
}

static int judge(struct run *run, const char *name,
		 struct execgate_verdict *verdict, struct execgate_error *err)
{
	int ret, fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return execgate_error_errno(err, -errno, "cannot open %s",
					    name);
	ret = execgate_verify_fd(fd, name, &run->trust, verdict, err);
	run->catalog = NULL;
	/* --extract-cms asks for the message of the file itself. */
	if (!ret && verdict->reason != EXECGATE_REASON_ALLOWED && !run->extract)
		run->catalog = vouching_ask(&run->vouching, fd, verdict);
	close(fd);
	return ret;
}

/* A catalog itself: who signed it, and is that one trusted? */
static int verify_catalog(const struct run *run, const char *name,
			  const struct execgate_catalog_file *file,
			  json_t *rows)
{
	const struct execgate_certificate *signer;
	struct execgate_error err = { .code = EXECGATE_EXIT_OK };
	bool refused = execgate_catalog_file_verify(name, file, &run->trust,
						    &signer, &err);
	json_t *row = json_pack("{s:b, s:i, s:s, s:I, s:i}", "allowed",
				!refused, "exit_code", (int)err.code, "catalog",
				file->name, "sequence",
				(json_int_t)file->manifest.sequence, "digests",
				(int)file->manifest.entry_count);
	char *safe = output_escape(name, strlen(name));

	output_json_set_bytes(row, "file", name, strlen(name));
	json_array_append_new(rows, row);
	if (refused)
		output_message("%s", err.message);
	else if (!output_is_json())
		printf("%s: %scatalog%s %s, sequence %" PRIu64
		       ", %u digests, signed by a trusted key\n",
		       safe, output_style(OUTPUT_GOOD),
		       output_style(OUTPUT_PLAIN), file->name,
		       file->manifest.sequence, file->manifest.entry_count);
	free(safe);
	return refused ? (int)err.code : EXECGATE_EXIT_OK;
}

/* By its name, as for the daemon: its bytes could be those of any signed message. */
static bool load_catalog(const char *name, struct execgate_catalog_file *file)
{
	size_t size = strlen(name), ending = strlen(EXECGATE_CATALOG_ENDING);

	return size > ending &&
	       !strcmp(name + size - ending, EXECGATE_CATALOG_ENDING) &&
	       !execgate_catalog_file_load(name, file, NULL);
}

static int verify_file(struct run *run, const char *name, json_t *rows)
{
	struct execgate_verdict verdict = { .reason =
						    EXECGATE_REASON_UNSIGNED };
	struct execgate_error err;
	int code;

	if (judge(run, name, &verdict, &err)) {
		output_message("%s", err.message);
		json_array_append_new(rows,
				      json_pack("{s:s, s:b, s:s, s:i, s:s}",
						"file", "", "allowed", 0,
						"reason", "io-error",
						"exit_code", (int)err.code,
						"text", ""));
		output_json_set_bytes(json_array_get(rows,
						     json_array_size(rows) - 1),
				      "file", name, strlen(name));
		output_json_set_bytes(json_array_get(rows,
						     json_array_size(rows) - 1),
				      "text", err.message, strlen(err.message));
		return err.code;
	}
	code = execgate_reason_exit(verdict.reason);
	json_array_append_new(rows, verdict_json(name, &verdict));
	if (run->catalog)
		json_object_set_new(json_array_get(rows,
						   json_array_size(rows) - 1),
				    "catalog", json_string(run->catalog));
	/* First: if it goes to stdout, nothing else may stand before it. */
	if (run->extract && extract(run, name, &verdict, &err)) {
		output_message("%s", err.message);
		code = err.code;
	}
	if (!output_is_json())
		print_verdict(name, &verdict);
	if (!output_is_json() && run->catalog)
		output_field("Catalog", "%s", run->catalog);
	execgate_verdict_free(&verdict);
	return code;
}

static int verify(struct run *run, const char *name, json_t *rows)
{
	struct execgate_catalog_file file;
	int code;

	if (run->extract || !load_catalog(name, &file))
		return verify_file(run, name, rows);
	code = verify_catalog(run, name, &file, rows);
	execgate_catalog_file_free(&file);
	return code;
}

static int parse(const struct command *self, int argc, char **argv,
		 struct run *run)
{
	struct execgate_error err;
	int answer;

	while ((answer = getopt_long(argc, argv, ":", long_options, NULL)) !=
	       -1) {
		switch (answer) {
		case OPT_CERT:
			if (execgate_trust_add_file(&run->trust, optarg, &err))
				return output_error(&err);
			run->has_cert = true;
			break;
		case OPT_KEYS_DIR:
			run->keys_dir = optarg;
			break;
		case OPT_CATALOGS_DIR:
			run->vouching.dir = optarg;
			break;
		case OPT_EXTRACT:
			run->extract = optarg;
			break;
		default:
			return cmd_option_error(self, answer, argv);
		}
	}
	if (optind == argc)
		return cmd_usage_error(self, "which file?");
	if (run->extract && optind + 1 != argc)
		return cmd_usage_error(self,
				       "--extract-cms goes with one file only");
	/* --cert alone asks about that key and no other. */
	if (!run->keys_dir && !run->has_cert)
		run->keys_dir = EXECGATE_KEYSTORE_DIR;
	if (run->keys_dir &&
	    execgate_trust_add_dir(&run->trust, run->keys_dir, &err))
		return output_error(&err);
	return 0;
}

static int run_verify(const struct command *self, int argc, char **argv)
{
	struct run run = { .vouching.dir = EXECGATE_CATALOG_DIR };
	int code, worst = EXECGATE_EXIT_OK;
	json_t *rows;

	code = parse(self, argc, argv, &run);
	if (code) {
		execgate_trust_free(&run.trust);
		return code;
	}
	if (!run.trust.count)
		output_warning("no certificate in %s: no signer can be known; "
			       "give --cert or enroll a key",
			       run.keys_dir);
	run.vouching.trust = &run.trust;
	rows = json_array();
	for (; optind < argc; optind++) {
		code = verify(&run, argv[optind], rows);
		worst = cmd_worse(worst, code);
	}
	if (output_is_json())
		output_json(json_pack("{s:b, s:O}", "allowed", worst == 0,
				      "files", rows));
	json_decref(rows);
	vouching_free(&run.vouching);
	execgate_trust_free(&run.trust);
	return worst;
}

const struct command cmd_verify = {
	.name = "verify",
	.arguments =
		"[--cert CERT]... [--keys-dir DIR] [--catalogs-dir DIR] [--extract-cms OUT] "
		"FILE...",
	.summary = "judge files without the kernel, by its rules",
	.options = help,
	.run = run_verify,
};
