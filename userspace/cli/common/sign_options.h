/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by "sign", "manifest" and "attach". */
#ifndef EXECGATE_CLI_SIGN_OPTIONS_H
#define EXECGATE_CLI_SIGN_OPTIONS_H

#include <getopt.h>

#include "cli/common/command.h"
#include "lib/sign/sign.h"

/* getopt answers of the rows below; a command's own start at 300. */
enum {
	SIGN_OPT_IDENTITY = 280,
	SIGN_OPT_VERSION,
	SIGN_OPT_RULE,
	SIGN_OPT_CLASS,
	SIGN_OPT_ARMOR,
	SIGN_OPT_TRAILER,
	SIGN_OPT_COMMENT,
	SIGN_OPT_KEEP_TIMES,
	SIGN_OPT_NO_SYNC,
	SIGN_OPT_NO_FOLLOW,
};

/* Rows of a table, which the formatter takes for blocks. */
/* clang-format off */
#define SIGN_OPTIONS_CONTENT                                       \
	{ "identity", required_argument, NULL, SIGN_OPT_IDENTITY }, \
	{ "version", required_argument, NULL, SIGN_OPT_VERSION },   \
	{ "rule", required_argument, NULL, SIGN_OPT_RULE },         \
	{ "class", required_argument, NULL, SIGN_OPT_CLASS },       \
	{ "armor", no_argument, NULL, SIGN_OPT_ARMOR },             \
	{ "trailer", no_argument, NULL, SIGN_OPT_TRAILER },         \
	{ "comment", required_argument, NULL, SIGN_OPT_COMMENT }

#define SIGN_OPTIONS_REPLACE                                        \
	{ "keep-times", no_argument, NULL, SIGN_OPT_KEEP_TIMES },   \
	{ "no-sync", no_argument, NULL, SIGN_OPT_NO_SYNC },         \
	{ "no-follow", no_argument, NULL, SIGN_OPT_NO_FOLLOW }
/* clang-format on */

#define SIGN_OPTIONS_CONTENT_HELP                                                     \
	"  --identity NAME        who the file is (default: its own name)\n"          \
	"  --version N            its version, a number (0)\n"                        \
	"  --rule RULE            what it may be: \"hardened\", \"libraries own\";\n" \
	"                         may repeat (execgate-identities(5))\n"              \
	"  --class LIST           what it is for: program, library, script,\n"        \
	"                         interpreter, module, firmware, data, may-jit\n"     \
	"                         (default: from the content)\n"                      \
	"  --armor | --trailer    signature in comment lines, or appended as\n"       \
	"                         bytes (default: armor for scripts)\n"               \
	"  --comment PREFIX       of armor lines: # // -- ; % or \"\n"

#define SIGN_OPTIONS_REPLACE_HELP                                                  \
	"  --keep-times           keep access and modification time\n"             \
	"  --no-sync              do not wait for the disk: for images that can\n" \
	"                         be made again after a power cut\n"               \
	"  --no-follow            refuse a symlink; one of several files is\n"     \
	"                         never followed\n"

/* Defaults; created_at is now, or SOURCE_DATE_EPOCH for reproducible builds. */
void sign_options_init(struct execgate_sign_options *options);

/*
 * Take one answer of getopt_long. Zero, or the exit code of what was wrong and
 * has been said. An answer of none of the rows is an unknown option.
 */
int sign_options_take(const struct command *self, int answer, char **argv,
		      struct execgate_sign_options *options);

/* The notes for the operator about a signed file. */
void sign_options_warn(const struct execgate_sign_result *result);

/* {"file", "path", "identity", ...} of a result; a new reference. */
json_t *sign_options_json(const char *name,
			  const struct execgate_sign_result *result);

/* ["path /usr/bin/x", ...]; a new reference. */
json_t *sign_options_rules_json(struct eg_bytes rules);
/* A field "Rule" for each, on stdout. */
void sign_options_rules_print(struct eg_bytes rules);

/* ["program", ...]; a new reference. */
json_t *sign_options_classes_json(uint16_t classes);

#endif /* EXECGATE_CLI_SIGN_OPTIONS_H */
