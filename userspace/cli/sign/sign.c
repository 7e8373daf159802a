// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/common/batch.h"
#include "cli/common/command.h"
#include "cli/common/sign_options.h"
#include "cli/common/signing_key.h"
#include "cli/sign/follow.h"
#include "cli/sign/sign.h"
#include "lib/base/names.h"
#include "lib/catalog/file.h"
#include "lib/catalog/identities.h"
#include "lib/crypto/keystore.h"

/* An upgrade may be replacing the very file that is being signed. */
#define TRIES 4

static const char help[] = SIGNING_KEY_OPTIONS_HELP SIGN_OPTIONS_CONTENT_HELP
	"  --from-file LIST       sign the files named in LIST too, one a line or\n"
	"                         ended by zero bytes; - is standard input\n"
	"  --skip-unsupported     leave out what is neither ELF nor a script\n"
	"  --follow               sign what the scripts import and source too,\n"
	"                         after showing it and asking\n"
	"  --yes                  do not ask\n"
	"  --keys-dir DIR         for --follow: whose word counts, so that a file\n"
	"                         is left out (" EXECGATE_KEYSTORE_DIR ")\n"
	"  --catalogs-dir DIR     and which catalogs (" EXECGATE_CATALOG_DIR
	")\n"
	"  --jobs N               files at a time (one a processor)\n"
	"  --verbose              a line for each file\n" SIGN_OPTIONS_REPLACE_HELP
	"  --verity               change no file: turn fs-verity on, for ever, and\n"
	"                         sign a catalog of the files' fs-verity digests\n"
	"  -o OUT                 that catalog (verity-FILE.cat)\n"
	"  --identities DIR       the shipped lists of programs, whose rules are\n"
	"                         signed (" EXECGATE_IDENTITIES_SHIPPED ")\n"
	"  --no-identities        sign no rules but those of --rule\n";

enum {
	OPT_FROM_FILE = 300,
	OPT_SKIP,
	OPT_JOBS,
	OPT_VERBOSE,
	OPT_VERITY,
	OPT_IDENTITIES,
	OPT_NO_IDENTITIES,
	OPT_FOLLOW,
	OPT_YES,
	OPT_KEYS_DIR,
	OPT_CATALOGS_DIR,
};

static const struct option long_options[] = {
	SIGN_OPTIONS_CONTENT,
	SIGN_OPTIONS_REPLACE,
	SIGNING_KEY_OPTIONS,
	{ "from-file", required_argument, NULL, OPT_FROM_FILE },
	{ "skip-unsupported", no_argument, NULL, OPT_SKIP },
	{ "jobs", required_argument, NULL, OPT_JOBS },
	{ "verbose", no_argument, NULL, OPT_VERBOSE },
	{ "verity", no_argument, NULL, OPT_VERITY },
	{ "output", required_argument, NULL, 'o' },
	{ "identities", required_argument, NULL, OPT_IDENTITIES },
	{ "no-identities", no_argument, NULL, OPT_NO_IDENTITIES },
	{ "follow", no_argument, NULL, OPT_FOLLOW },
	{ "yes", no_argument, NULL, OPT_YES },
	{ "keys-dir", required_argument, NULL, OPT_KEYS_DIR },
	{ "catalogs-dir", required_argument, NULL, OPT_CATALOGS_DIR },
	{ 0 },
};

/**
 * struct run - one command line; the counters and rows are under @lock
 * @identities: folder of the shipped lists, NULL: no list is asked
 * @follow: of --follow
 * @given: the files from this one on were found by --follow
 * @rules: of each file by the lists, or NULL; owned
 * @rows: a JSON object for each file, in the order of the command line; only
 *	  with --json
 * @first_failed: index of the file whose @code is the exit code
 */
struct run {
	struct signing_key_choice key;
	struct execgate_sign_options options;
	struct execgate_signer signer;
	struct batch files;
	unsigned int jobs;
	bool skip_unsupported;
	bool verbose;
	bool verity;
	const char *out;
	const char *identities;
	struct follow follow;
	size_t given;
	struct execgate_rules *rules;
	pthread_mutex_t lock;
	size_t signed_count;
	size_t skipped;
	size_t failed;
	size_t first_failed;
	int code;
	json_t **rows;
};

static int take_option(const struct command *self, int answer, char **argv,
		       struct run *run)
{
	struct execgate_error err;

	if (signing_key_take(answer, &run->key))
		return 0;
	switch (answer) {
	case OPT_FROM_FILE:
		if (batch_add_list(&run->files, optarg, &err))
			return output_error(&err);
		return 0;
	case OPT_SKIP:
		run->skip_unsupported = true;
		return 0;
	case OPT_JOBS:
		if (batch_parse_jobs(optarg, &run->jobs, &err))
			return output_error(&err);
		return 0;
	case OPT_VERBOSE:
		run->verbose = true;
		return 0;
	case OPT_VERITY:
		run->verity = true;
		return 0;
	case OPT_IDENTITIES:
		run->identities = optarg;
		return 0;
	case OPT_NO_IDENTITIES:
		run->identities = NULL;
		return 0;
	case 'o':
		run->out = optarg;
		return 0;
	case OPT_FOLLOW:
		run->follow.is_wanted = true;
		return 0;
	case OPT_YES:
		run->follow.yes = true;
		return 0;
	case OPT_KEYS_DIR:
		run->follow.keys_dir = optarg;
		return 0;
	case OPT_CATALOGS_DIR:
		run->follow.catalogs_dir = optarg;
		return 0;
	}
	return sign_options_take(self, answer, argv, &run->options);
}

static int parse_options(const struct command *self, int argc, char **argv,
			 struct run *run)
{
	bool listed = false;
	struct execgate_error err;
	int answer, code;

	while ((answer = getopt_long(argc, argv, ":o:", long_options, NULL)) !=
	       -1) {
		listed |= answer == OPT_FROM_FILE;
		code = take_option(self, answer, argv, run);
		if (code)
			return code;
	}
	for (; optind < argc; optind++)
		if (batch_add(&run->files, argv[optind], &err))
			return output_error(&err);
	/* An empty list is nothing to do; an empty command line a mistake. */
	if (!run->files.count && !listed)
		return cmd_usage_error(self, "which file?");
	if (run->out && !run->verity)
		return cmd_usage_error(self, "-o is for --verity: a file is "
					     "signed in its own place");
	if (run->verity && !run->files.count)
		return cmd_usage_error(self, "which file?");
	if (run->verity && run->follow.is_wanted)
		return cmd_usage_error(self, "--follow does not go with "
					     "--verity; name the files");
	/* A folder's links lead to files that nobody meant to change. */
	if (listed || run->files.count > 1)
		run->options.no_follow = true;
	/* Two threads at one file would only get in each other's way. */
	return batch_unique(&run->files, &err) ? output_error(&err) : 0;
}

static void print_signed(const struct execgate_sign_result *result)
{
	char classes[EXECGATE_CLASSES_TEXT];
	char *path = output_escape(result->path, strlen(result->path));
	char *identity =
		output_escape(result->identity, strlen(result->identity));

	printf("%s: signed as %s, identity %s, %s%s\n", path,
	       execgate_classify_text(result->file.classes, classes), identity,
	       execgate_carrier_name(result->carrier),
	       result->replaced ? ", in place of an older signature" : "");
	free(path);
	free(identity);
}

static void note_signed(struct run *run, size_t index,
			const struct execgate_sign_result *result)
{
	const char *name = run->files.names[index];

	run->signed_count++;
	if (result->is_symlink)
		output_message("%s is a symlink; its target %s was signed",
			       name, result->path);
	sign_options_warn(result);
	if (output_is_json()) {
		run->rows[index] = sign_options_json(name, result);
		json_object_set_new(run->rows[index], "result",
				    json_string("signed"));
	} else if (run->verbose || run->files.count == 1) {
		print_signed(result);
	}
}

static json_t *unsigned_row(const char *name, const char *result,
			    const struct execgate_error *err)
{
	json_t *row = json_object();

	output_json_set_bytes(row, "file", name, strlen(name));
	json_object_set_new(row, "result", json_string(result));
	json_object_set_new(row, "exit_code", json_integer(err->code));
	output_json_set_bytes(row, "message", err->message,
			      strlen(err->message));
	return row;
}

static void note_skipped(struct run *run, size_t index,
			 const struct execgate_error *err)
{
	run->skipped++;
	if (run->verbose)
		output_message("skipped: %s", err->message);
	if (output_is_json())
		run->rows[index] =
			unsigned_row(run->files.names[index], "skipped", err);
}

static void note_failed(struct run *run, size_t index,
			const struct execgate_error *err)
{
	run->failed++;
	if (!run->code || index < run->first_failed) {
		run->first_failed = index;
		run->code = err->code;
	}
	output_message("%s", err->message);
	if (output_is_json())
		run->rows[index] =
			unsigned_row(run->files.names[index], "failed", err);
}

static int try_to_sign(struct run *run, size_t index,
		       const struct execgate_sign_options *options,
		       struct execgate_sign_result *result,
		       struct execgate_error *err)
{
	int tries = TRIES, ret;

	do
		ret = execgate_sign_file(&run->signer, run->files.names[index],
					 options, result, err);
	while (ret == -EAGAIN && --tries);
	return ret;
}

static void sign_one(size_t index, void *arg)
{
	struct run *run = arg;
	struct execgate_sign_options options = run->options;
	struct execgate_sign_result result;
	struct execgate_error err;
	int ret = 0;

	if (run->rules)
		ret = execgate_rules_join(&options.rules,
					  execgate_rules_bytes(
						  &run->rules[index]),
					  &err);
	if (!ret)
		ret = try_to_sign(run, index, &options, &result, &err);
	/* An imported file is a script, also without a #! line. */
	if (ret == -ENOEXEC && index >= run->given) {
		follow_options(&options);
		ret = try_to_sign(run, index, &options, &result, &err);
	}
	pthread_mutex_lock(&run->lock);
	if (!ret)
		note_signed(run, index, &result);
	else if (run->skip_unsupported && (ret == -ENOEXEC || ret == -ENODATA))
		note_skipped(run, index, &err);
	else
		note_failed(run, index, &err);
	pthread_mutex_unlock(&run->lock);
}

static void report_files(struct run *run, size_t untouched)
{
	json_t *files;
	size_t i;

	if (untouched)
		output_message("interrupted: %zu of %zu files were not looked "
			       "at",
			       untouched, run->files.count);
	if (!output_is_json()) {
		if (run->files.count != 1)
			printf("%zu signed, %zu skipped, %zu failed\n",
			       run->signed_count, run->skipped, run->failed);
		return;
	}
	files = json_array();
	for (i = 0; i < run->files.count; i++)
		if (run->rows[i])
			json_array_append_new(files, run->rows[i]);
	files = json_pack("{s:o, s:I, s:I, s:I, s:b}", "files", files, "signed",
			  (json_int_t)run->signed_count, "skipped",
			  (json_int_t)run->skipped, "failed",
			  (json_int_t)run->failed, "interrupted",
			  untouched != 0);
	if (run->follow.is_wanted)
		json_object_set_new(files, "follow", follow_json(&run->follow));
	output_json(files);
}

static int sign_all(struct run *run)
{
	size_t done;

	run->rows = calloc(run->files.count + 1, sizeof(*run->rows));
	if (!run->rows)
		abort();
	/* Seeded before there are threads. */
	json_object_seed(0);
	batch_catch_signals();
	run->options.cancel = &batch_cancelled;
	/* Few tokens take several requests at once. */
	done = batch_run(run->files.count, run->signer.in_token ? 1 : run->jobs,
			 "signing", sign_one, run);
	report_files(run, run->files.count - done);
	free(run->rows);
	if (!run->code && done < run->files.count)
		return EXECGATE_EXIT_ERROR;
	return run->code;
}

/* fs-verity cannot be taken back: not one file of a batch before all are known. */
static int refuse_symlinks(const struct run *run)
{
	struct execgate_error err;
	struct stat st;
	size_t i;

	for (i = 0; run->options.no_follow && i < run->files.count; i++) {
		if (lstat(run->files.names[i], &st) || !S_ISLNK(st.st_mode))
			continue;
		execgate_error_set(&err, -ELOOP, EXECGATE_EXIT_ERROR,
				   "%s is a symlink and is not followed; name "
				   "the file that it leads to",
				   run->files.names[i]);
		return output_error(&err);
	}
	return 0;
}

static int sign_by_verity(struct run *run)
{
	int code = refuse_symlinks(run);

	if (code)
		return code;
	batch_catch_signals();
	return sign_verity(&run->key, &run->files, run->jobs, run->out);
}

static int run_sign(const struct command *self, int argc, char **argv)
{
	struct run run = { .lock = PTHREAD_MUTEX_INITIALIZER };
	struct execgate_error err;
	int code;

	sign_options_init(&run.options);
	run.identities = EXECGATE_IDENTITIES_SHIPPED;
	follow_init(&run.follow);
	code = parse_options(self, argc, argv, &run);
	if (!code && run.verity) {
		code = sign_by_verity(&run);
		batch_free(&run.files);
		return code;
	}
	run.given = run.files.count;
	if (!code && run.follow.is_wanted)
		code = follow_imports(&run.follow, &run.files);
	if (!code && run.identities)
		code = sign_lists_rules(run.identities, &run.files, &run.rules);
	if (!code && signing_key_open(&run.key, &run.signer, &err))
		code = output_error(&err);
	if (!code)
		code = sign_all(&run);
	execgate_signer_close(&run.signer);
	free(run.rules);
	follow_free(&run.follow);
	batch_free(&run.files);
	return code;
}

const struct command cmd_sign = {
	.name = "sign",
	.arguments = "[OPTION...] FILE...",
	.summary = "sign programs, libraries and scripts, each in its own file",
	.options = help,
	.run = run_sign,
};
