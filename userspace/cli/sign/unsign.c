// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/common/batch.h"
#include "cli/common/sign_options.h"

static const struct option long_options[] = {
	SIGN_OPTIONS_REPLACE,
	{ 0 },
};

static int unsign_file(const char *name,
		       const struct execgate_sign_options *options,
		       json_t *rows)
{
	struct execgate_sign_result result;
	struct execgate_error err = { .code = EXECGATE_EXIT_OK };
	char *path;
	json_t *row = json_object();

	output_json_set_bytes(row, "file", name, strlen(name));
	if (execgate_sign_remove(name, options, &result, &err)) {
		output_message("%s", err.message);
		json_object_set_new(row, "result", json_string("failed"));
		output_json_set_bytes(row, "message", err.message,
				      strlen(err.message));
	} else {
		json_object_set_new(row, "result", json_string("unsigned"));
		output_json_set_bytes(row, "path", result.path,
				      strlen(result.path));
		output_json_set_hex(row, "digest", result.file.digest,
				    sizeof(result.file.digest));
		json_object_set_new(row, "payload_size",
				    json_integer((json_int_t)result.file.size));
		if (result.links)
			sign_options_warn(&result);
		path = output_escape(result.path, strlen(result.path));
		if (!output_is_json())
			printf("%s: signature removed\n", path);
		free(path);
	}
	json_object_set_new(row, "exit_code", json_integer(err.code));
	json_array_append_new(rows, row);
	return err.code;
}

static int run_unsign(const struct command *self, int argc, char **argv)
{
	struct execgate_sign_options options;
	int answer, code, first = EXECGATE_EXIT_OK;
	json_t *rows;

	sign_options_init(&options);
	while ((answer = getopt_long(argc, argv, ":", long_options, NULL)) !=
	       -1) {
		code = sign_options_take(self, answer, argv, &options);
		if (code)
			return code;
	}
	if (optind == argc)
		return cmd_usage_error(self, "which file?");
	if (optind + 1 < argc)
		options.no_follow = true;
	batch_catch_signals();
	options.cancel = &batch_cancelled;
	rows = json_array();
	for (; optind < argc && !batch_cancelled; optind++) {
		code = unsign_file(argv[optind], &options, rows);
		first = first ? first : code;
	}
	if (output_is_json())
		output_json(json_pack("{s:O}", "files", rows));
	json_decref(rows);
	if (!first && optind < argc)
		return EXECGATE_EXIT_ERROR;
	return first;
}

const struct command cmd_unsign = {
	.name = "unsign",
	.arguments = "[--keep-times] [--no-sync] [--no-follow] FILE...",
	.summary = "take the signature off: what was signed remains",
	.options = SIGN_OPTIONS_REPLACE_HELP,
	.run = run_unsign,
};
