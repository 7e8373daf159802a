// SPDX-License-Identifier: GPL-2.0
/* Signing elsewhere, in two halves: "manifest" here, "attach" after. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/common/batch.h"
#include "cli/common/sign_options.h"
#include "lib/base/io.h"
#include "lib/base/names.h"

static const char manifest_help[] =
	"  -o, --output OUT       where the manifest goes\n" SIGN_OPTIONS_CONTENT_HELP
	"\n"
	"Sign OUT anywhere, then put the message on the file:\n"
	"  openssl cms -sign -binary -nodetach -noattr -nocerts -md sha256 \\\n"
	"      -outform DER -signer cert.pem -inkey key.pem -in OUT -out MSG\n"
	"  execgate attach --cms MSG FILE\n";

static const char attach_help[] =
	"  --cms MSG              the signed message, DER\n"
	"  --armor | --trailer    as it was given to \"execgate manifest\"\n"
	"  --comment PREFIX       of armor lines: # // -- ; % or \"\n" SIGN_OPTIONS_REPLACE_HELP;

enum { OPT_CMS = 300 };

static const struct option manifest_options[] = {
	SIGN_OPTIONS_CONTENT,
	{ "output", required_argument, NULL, 'o' },
	{ 0 },
};

static const struct option attach_options[] = {
	{ "armor", no_argument, NULL, SIGN_OPT_ARMOR },
	{ "trailer", no_argument, NULL, SIGN_OPT_TRAILER },
	{ "comment", required_argument, NULL, SIGN_OPT_COMMENT },
	SIGN_OPTIONS_REPLACE,
	{ "cms", required_argument, NULL, OPT_CMS },
	{ 0 },
};

static void report_file(const char *name,
			const struct execgate_sign_result *result,
			const char *verb)
{
	char classes[EXECGATE_CLASSES_TEXT], *path;

	if (output_is_json()) {
		output_json(sign_options_json(name, result));
		return;
	}
	path = output_escape(result->path, strlen(result->path));
	printf("%s: %s, for %s, %s\n", path, verb,
	       execgate_classify_text(result->file.classes, classes),
	       execgate_carrier_name(result->carrier));
	free(path);
}

static int run_manifest(const struct command *self, int argc, char **argv)
{
	uint8_t manifest[EXECGATE_MANIFEST_FILE_MAX];
	struct execgate_sign_options options;
	struct execgate_sign_result result;
	const char *output = NULL;
	struct execgate_error err;
	int answer, code;
	size_t size;

	sign_options_init(&options);
	while ((answer = getopt_long(argc, argv, ":o:", manifest_options,
				     NULL)) != -1) {
		code = 0;
		if (answer == 'o')
			output = optarg;
		else
			code = sign_options_take(self, answer, argv, &options);
		if (code)
			return code;
	}
	if (optind + 1 != argc)
		return cmd_usage_error(self, "name exactly one file");
	if (!output)
		return cmd_usage_error(self, "where to? give --output");
	if (execgate_sign_manifest(argv[optind], &options, manifest, &size,
				   &result, &err) ||
	    output_file(output, manifest, size, &err))
		return output_error(&err);
	report_file(argv[optind], &result, "manifest written");
	return EXECGATE_EXIT_OK;
}

static int attach_message(const char *name, const char *message_path,
			  const struct execgate_sign_options *options)
{
	struct execgate_sign_result result;
	struct execgate_error err;
	uint8_t *message;
	size_t size;
	int ret;

	if (execgate_io_read_file(message_path, EG_CMS_FILE_MAX, &message,
				  &size, &err))
		return output_error(&err);
	ret = execgate_sign_attach(name, (struct eg_bytes){ message, size },
				   options, &result, &err);
	free(message);
	if (ret)
		return output_error(&err);
	sign_options_warn(&result);
	report_file(name, &result, "signature attached");
	return EXECGATE_EXIT_OK;
}

static int run_attach(const struct command *self, int argc, char **argv)
{
	struct execgate_sign_options options;
	const char *message = NULL;
	int answer, code;

	sign_options_init(&options);
	while ((answer = getopt_long(argc, argv, ":", attach_options, NULL)) !=
	       -1) {
		code = 0;
		if (answer == OPT_CMS)
			message = optarg;
		else
			code = sign_options_take(self, answer, argv, &options);
		if (code)
			return code;
	}
	if (optind + 1 != argc)
		return cmd_usage_error(self, "name exactly one file");
	if (!message)
		return cmd_usage_error(self, "which message? give --cms");
	batch_catch_signals();
	options.cancel = &batch_cancelled;
	/* Its use stands in the message; no guess is needed. */
	options.classes = EXECGATE_CLASS_DATA;
	return attach_message(argv[optind], message, &options);
}

const struct command cmd_manifest = {
	.name = "manifest",
	.arguments = "[OPTION...] -o OUT FILE",
	.summary = "write what would be signed, to sign it elsewhere",
	.options = manifest_help,
	.run = run_manifest,
};

const struct command cmd_attach = {
	.name = "attach",
	.arguments = "[OPTION...] --cms MSG FILE",
	.summary = "put a message signed elsewhere on its file",
	.options = attach_help,
	.run = run_attach,
};
