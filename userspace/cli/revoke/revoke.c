// SPDX-License-Identifier: GPL-2.0
#include "cli/revoke/revoke.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/catalog/catalog.h"
#include "cli/common/key_search.h"
#include "cli/preflight/critical.h"
#include "lib/base/digits.h"
#include "lib/base/names.h"
#include "lib/catalog/sequences.h"
#include "lib/catalog/write.h"
#include "lib/crypto/keystore.h"
#include "lib/crypto/signature.h"
#include "lib/crypto/verity.h"

const char cmd_revoke_key_options[] = REVOKE_COMMON_OPTIONS
	"  --keys-dir DIR   where keys are kept (" EXECGATE_KEYSTORE_DIR ")\n"
	"\n"
	"The key stays enrolled, so that what it signed is denied as revoked and\n"
	"not as of an unknown signer. FINGERPRINT is the beginning of one that is\n"
	"enrolled, or all 64 hex digits of any; CERT is a certificate.\n";

static const char digest_options[] = REVOKE_COMMON_OPTIONS
	"\n"
	"DIGEST is SHA-256 in hex, as \"execgate check\" and \"execgate denials\"\n"
	"show it.\n";

static const char file_options[] = REVOKE_COMMON_OPTIONS
	"\n"
	"Revokes the digests of what FILE holds: with its signature, without it, and\n"
	"that of fs-verity if it has one.\n";

static const char catalog_options[] = REVOKE_COMMON_OPTIONS
	"  --sequence N     up to and with this one; without it the one that is\n"
	"                   loaded, or the newest that ever was\n"
	"  --sequences FILE which ones were (" EXECGATE_SEQUENCES_FILE ")\n"
	"\n"
	"The catalog is removed, and none of its name is taken again unless it has a\n"
	"higher sequence.\n";

enum {
	OPT_UNDO = 400,
	OPT_NO_PERSIST,
	OPT_FORCE,
	OPT_REVOKED,
	OPT_KEYS_DIR,
	OPT_SEQUENCE,
	OPT_SEQUENCES,
};

static const struct option long_options[] = {
	{ "undo", no_argument, NULL, OPT_UNDO },
	{ "no-persist", no_argument, NULL, OPT_NO_PERSIST },
	{ "force", no_argument, NULL, OPT_FORCE },
	{ "revoked", required_argument, NULL, OPT_REVOKED },
	{ "keys-dir", required_argument, NULL, OPT_KEYS_DIR },
	{ "sequence", required_argument, NULL, OPT_SEQUENCE },
	{ "sequences", required_argument, NULL, OPT_SEQUENCES },
	{ 0 },
};

json_t *cmd_revoke_json(const struct execgate_revocation *item)
{
	json_t *row = json_object();

	json_object_set_new(row, "kind",
			    json_string(execgate_revocation_name(item->kind)));
	if (item->kind != EXECGATE_REVOCATION_CATALOG &&
	    item->kind != EXECGATE_REVOCATION_VERSION) {
		output_json_set_hex(row, "value", item->value,
				    sizeof(item->value));
		return row;
	}
	output_json_set_bytes(row, "name", item->name, strlen(item->name));
	if (item->kind == EXECGATE_REVOCATION_CATALOG)
		json_object_set_new(row, "sequence",
				    json_integer((json_int_t)item->sequence));
	if (item->below)
		json_object_set_new(row, "below",
				    json_integer((json_int_t)item->below));
	if (item->reported)
		json_object_set_new(row, "reported_below",
				    json_integer((json_int_t)item->reported));
	return row;
}

static void version_text(char *out, const struct execgate_revocation *item)
{
	char *name = output_escape(item->name, strlen(item->name));
	int used = snprintf(out, REVOKE_TEXT, "version of %.*s",
			    REVOKE_TEXT - 100, name);

	if (item->below)
		used += snprintf(out + used, REVOKE_TEXT - (size_t)used,
				 " below %" PRIu64, item->below);
	if (item->reported)
		snprintf(out + used, REVOKE_TEXT - (size_t)used,
			 "%s reported below %" PRIu64, item->below ? "," : "",
			 item->reported);
	free(name);
}

char *cmd_revoke_text(char *out, const struct execgate_revocation *item)
{
	char hex[2 * EXECGATE_FINGERPRINT_SIZE + 1];

	if (item->kind == EXECGATE_REVOCATION_CATALOG)
		snprintf(out, REVOKE_TEXT, "catalog %s up to sequence %" PRIu64,
			 item->name, item->sequence);
	else if (item->kind == EXECGATE_REVOCATION_VERSION)
		version_text(out, item);
	else
		snprintf(out, REVOKE_TEXT, "%s %s",
			 execgate_revocation_name(item->kind),
			 execgate_hex_write(hex, item->value,
					    sizeof(item->value)));
	return out;
}

int revoke_options(const struct command *self, int argc, char **argv,
		   struct revoking *run)
{
	int answer;

	*run = (struct revoking){ .persist = true,
				  .file = EXECGATE_REVOKED_FILE,
				  .keys_dir = EXECGATE_KEYSTORE_DIR,
				  .sequences = EXECGATE_SEQUENCES_FILE };
	while ((answer = getopt_long(argc, argv, ":", long_options, NULL)) !=
	       -1) {
		if (answer == OPT_UNDO)
			run->undo = true;
		else if (answer == OPT_NO_PERSIST)
			run->persist = false;
		else if (answer == OPT_FORCE)
			run->force = true;
		else if (answer == OPT_REVOKED)
			run->file = optarg;
		else if (answer == OPT_KEYS_DIR)
			run->keys_dir = optarg;
		else if (answer == OPT_SEQUENCES)
			run->sequences = optarg;
		else if (answer != OPT_SEQUENCE)
			return cmd_option_error(self, answer, argv);
		else if (!execgate_number_read(optarg, &run->sequence))
			return cmd_usage_error(self,
					       "\"%.40s\" is not a sequence",
					       optarg);
		else
			run->has_sequence = true;
	}
	return 0;
}

static int parse(const struct command *self, int argc, char **argv,
		 struct revoking *run)
{
	int code = revoke_options(self, argc, argv, run);

	if (!code && optind + 1 != argc)
		return cmd_usage_error(self,
				       "name exactly one thing to revoke");
	return code;
}

int revoke_connect(struct revoking *run)
{
	struct execgate_error err;

	if (!execgate_netlink_open(&run->nl, &err))
		return 0;
	run->nl = NULL;
	if (err.code != EXECGATE_EXIT_NOT_LOADED || !run->persist)
		return output_error(&err);
	return 0;
}

/* Everything that rests on it would be denied; so the machine, if it needs it. */
static int guard(const struct revoking *run)
{
	struct execgate_status status;
	struct execgate_error err;
	char example[PATH_MAX];
	size_t critical;
	int ret;

	if (run->force || run->undo || !run->nl)
		return 0;
	ret = execgate_netlink_status(run->nl, &status, &err);
	if (!ret && status.mode == EXECGATE_MODE_OFF)
		return 0;
	if (!ret)
		ret = preflight_count_critical(run->nl, run->items, run->count,
					       &critical, example, &err);
	if (ret)
		return output_error(&err);
	if (!critical)
		return 0;
	execgate_error_set(&err, -EBUSY, EXECGATE_EXIT_ERROR,
			   "%zu files that it takes to boot and to log in rest "
			   "on it, for instance %.500s: sign them with another "
			   "key first, or --force",
			   critical, example);
	return output_error(&err);
}

/* The kernel first: it takes effect at once, whatever becomes of the file. */
static int change_kernel(const struct revoking *run, bool *found,
			 struct execgate_error *err)
{
	int ret = 0;

	if (!run->undo)
		return execgate_netlink_revoke_add(run->nl, run->items,
						   run->count, err);
	for (size_t i = 0; i < run->count && !ret; i++) {
		ret = execgate_netlink_revoke_remove(run->nl, &run->items[i],
						     err);
		*found |= !ret;
		/* Perhaps only one of the digests of a file was revoked. */
		if (ret == -ENOENT)
			ret = 0;
	}
	return ret;
}

static int change_file(const struct revoking *run, bool *found,
		       struct execgate_error *err)
{
	struct execgate_error cause;
	int ret = 0;

	for (size_t i = 0; i < run->count && !ret; i++) {
		ret = run->undo ?
			      execgate_revocations_drop(run->file,
							&run->items[i],
							&cause) :
			      execgate_revocations_keep(run->file,
							&run->items[i], &cause);
		*found |= !ret;
		if (ret == -ENOENT && run->undo)
			ret = 0;
	}
	if (ret)
		execgate_error_set(err, ret, cause.code,
				   run->nl ?
					   "done until the next boot, but not "
					   "kept: %.900s" :
					   "not revoked: %.900s",
				   cause.message);
	return ret;
}

static int change(const struct revoking *run, struct execgate_error *err)
{
	bool found = false;
	int ret = run->nl ? change_kernel(run, &found, err) : 0;

	if (!ret && run->persist)
		ret = change_file(run, &found, err);
	if (ret || !run->undo || found)
		return ret;
	return execgate_error_set(err, -ENOENT, EXECGATE_EXIT_NOT_FOUND,
				  "it is not revoked; \"execgate revoke list\" "
				  "shows what is");
}

static void say(const struct revoking *run, json_t *running)
{
	char text[REVOKE_TEXT];
	json_t *rows;

	if (output_is_json()) {
		rows = json_array();
		for (size_t i = 0; i < run->count; i++)
			json_array_append_new(rows,
					      cmd_revoke_json(&run->items[i]));
		output_json(json_pack("{s:o, s:b, s:b, s:O}",
				      run->undo ? "taken_back" : "revoked",
				      rows, "loaded", run->nl != NULL,
				      "persisted", run->persist, "running",
				      running));
		return;
	}
	for (size_t i = 0; i < run->count; i++)
		printf("%s: %s%s\n", run->undo ? "Taken back" : "Revoked",
		       cmd_revoke_text(text, &run->items[i]),
		       !run->nl	     ? ", from the next boot on" :
		       !run->persist ? ", until the next boot" :
				       "");
}

static int do_it(struct revoking *run)
{
	struct revoke_running running;
	struct execgate_error err;
	json_t *rows = json_array();
	bool look = run->nl && !run->undo;
	int ret;

	/* The programs that run now; a machine where that cannot be told is still
	 * revoked. */
	if (look && revoke_running_start(&running, &err)) {
		output_warning("%s", err.message);
		execgate_preflight_free(&running.before);
		look = false;
	}
	ret = change(run, &err);
	if (!ret && !output_is_json())
		say(run, rows);
	if (look) {
		struct execgate_error problem;

		if (revoke_running_report(&running, rows, &problem))
			output_warning("%s", problem.message);
	}
	if (!ret && output_is_json())
		say(run, rows);
	json_decref(rows);
	return ret ? output_error(&err) : EXECGATE_EXIT_OK;
}

int revoke_finish(struct revoking *run, int code)
{
	if (!code)
		code = guard(run);
	if (!code)
		code = do_it(run);
	execgate_netlink_close(run->nl);
	return code;
}

int cmd_revoke_key_run(const struct command *self, int argc, char **argv)
{
	struct key_search search = { .matches = 0 };
	struct execgate_error err;
	struct revoking run;
	int code = parse(self, argc, argv, &run);

	if (!code)
		code = revoke_connect(&run);
	if (!code)
		code = key_search_parse(self, argv[optind], &search);
	if (code)
		return revoke_finish(&run, code);
	run.count = 1;
	run.items[0].kind = EXECGATE_REVOCATION_KEY;
	/* All digits name a key that need not be here. */
	if (!execgate_revocation_hex(search.prefix, run.items[0].value)) {
		if (key_search_find(run.keys_dir, run.nl, &search, &err))
			return revoke_finish(&run, output_error(&err));
		memcpy(run.items[0].value, search.key.fingerprint,
		       sizeof(run.items[0].value));
	}
	return revoke_finish(&run, 0);
}

static int run_digest(const struct command *self, int argc, char **argv)
{
	struct revoking run;
	int code = parse(self, argc, argv, &run);

	if (code)
		return code;
	run.count = 1;
	run.items[0].kind = EXECGATE_REVOCATION_DIGEST;
	if (!execgate_revocation_hex(argv[optind], run.items[0].value))
		return cmd_usage_error(self, "a digest is %d hex digits",
				       2 * EXECGATE_FINGERPRINT_SIZE);
	return revoke_finish(&run, revoke_connect(&run));
}

static void add_digest(struct revoking *run, const uint8_t *digest)
{
	struct execgate_revocation *item = &run->items[run->count++];

	item->kind = EXECGATE_REVOCATION_DIGEST;
	memcpy(item->value, digest, sizeof(item->value));
}

static int find_digests(struct revoking *run, int fd, const char *name,
			struct execgate_error *err)
{
	struct execgate_signature signature;
	uint8_t digest[EG_SHA256_SIZE];
	struct stat st;
	int ret;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		return execgate_error_set(err, -EINVAL, EXECGATE_EXIT_ERROR,
					  "%.500s is not a regular file", name);
	ret = execgate_signature_find(fd, name, (uint64_t)st.st_size,
				      &signature, err);
	if (ret)
		return ret;
	ret = execgate_signature_digest(fd, (uint64_t)st.st_size, false,
					digest);
	if (!ret) {
		add_digest(run, digest);
		if (signature.payload_size < (uint64_t)st.st_size) {
			ret = execgate_signature_digest(fd,
							signature.payload_size,
							false, digest);
			add_digest(run, digest);
		}
	}
	execgate_signature_free(&signature);
	if (ret)
		return execgate_error_errno(err, ret, "cannot read %s", name);
	ret = execgate_verity_measure(fd, name, digest, err);
	if (!ret)
		add_digest(run, digest);
	return ret == -ENODATA ? 0 : ret;
}

static int run_file(const struct command *self, int argc, char **argv)
{
	struct execgate_error err;
	struct revoking run;
	int fd, code = parse(self, argc, argv, &run);

	if (code)
		return code;
	fd = open(argv[optind], O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0) {
		execgate_error_errno(&err, -errno, "cannot open %s",
				     argv[optind]);
		return output_error(&err);
	}
	if (find_digests(&run, fd, argv[optind], &err))
		code = output_error(&err);
	close(fd);
	return revoke_finish(&run, code ? code : revoke_connect(&run));
}

static int note_loaded(const struct execgate_loaded_catalog *catalog, void *arg)
{
	struct revoking *run = arg;

	if (!strcmp(catalog->name, run->items[0].name)) {
		run->items[0].sequence = catalog->sequence;
		run->has_sequence = true;
	}
	return 0;
}

static int find_sequence(struct revoking *run, struct execgate_error *err)
{
	struct execgate_sequences known;
	int ret = 0;

	run->items[0].sequence = run->sequence;
	if (run->undo || run->has_sequence)
		return 0;
	if (run->nl)
		ret = execgate_netlink_catalog_list(run->nl, note_loaded, run,
						    err);
	if (ret || run->has_sequence)
		return ret;
	ret = execgate_sequences_load(run->sequences, &known, err);
	if (ret)
		return ret;
	run->items[0].sequence =
		execgate_sequences_get(&known, run->items[0].name);
	execgate_sequences_free(&known);
	if (run->items[0].sequence)
		return 0;
	return execgate_error_set(err, -ENOENT, EXECGATE_EXIT_NOT_FOUND,
				  "no catalog %s is loaded or ever was: say "
				  "which with --sequence",
				  run->items[0].name);
}

static int run_catalog(const struct command *self, int argc, char **argv)
{
	struct execgate_error err;
	struct revoking run;
	int code = parse(self, argc, argv, &run);

	if (code)
		return code;
	if (execgate_catalog_check_name(argv[optind], strlen(argv[optind]),
					&err))
		return output_error(&err);
	run.count = 1;
	run.items[0].kind = EXECGATE_REVOCATION_CATALOG;
	strcpy(run.items[0].name, argv[optind]);
	code = revoke_connect(&run);
	if (!code && find_sequence(&run, &err))
		code = output_error(&err);
	return revoke_finish(&run, code);
}

static const struct command children[] = {
	{
		.name = "revoke key",
		.arguments = "[OPTION...] FINGERPRINT | CERT",
		.summary = "deny what a key signed",
		.options = cmd_revoke_key_options,
		.run = cmd_revoke_key_run,
	},
	{
		.name = "revoke digest",
		.arguments = "[OPTION...] DIGEST",
		.summary = "deny one content, whoever signed it",
		.options = digest_options,
		.run = run_digest,
	},
	{
		.name = "revoke file",
		.arguments = "[OPTION...] FILE",
		.summary = "deny the content of a file",
		.options = file_options,
		.run = run_file,
	},
	{
		.name = "revoke catalog",
		.arguments = "[OPTION...] NAME",
		.summary = "remove a catalog and never take it again",
		.options = catalog_options,
		.run = run_catalog,
	},
	{
		.name = "revoke version",
		.arguments = "[OPTION...] IDENTITY BELOW",
		.summary = "deny what is signed under a name, below a version",
		.options = cmd_revoke_version_options,
		.run = cmd_revoke_version_run,
	},
	{
		.name = "revoke list",
		.arguments = "[--revoked FILE]",
		.summary = "show what is revoked, loaded and kept",
		.options = "  --revoked FILE   where it is kept "
			   "(" EXECGATE_REVOKED_FILE ")\n",
		.run = cmd_revoke_list_run,
	},
	{ 0 },
};

const struct command cmd_revoke = {
	.name = "revoke",
	.summary = "take trust back, at once and for good",
	.children = children,
};
