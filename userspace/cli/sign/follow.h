/* SPDX-License-Identifier: GPL-2.0 */
/* "sign --follow": what scripts import, shown to a person and then signed with them. */
#ifndef EXECGATE_CLI_FOLLOW_H
#define EXECGATE_CLI_FOLLOW_H

#include <jansson.h>

#include "cli/common/batch.h"
#include "lib/sign/imports.h"
#include "lib/sign/sign.h"

/**
 * struct follow - follow_init() fills it
 * @is_wanted: --follow was given
 * @yes: do not ask
 * @keys_dir: keys whose signatures and catalogs vouch for a file
 * @catalogs_dir: the catalogs
 * @found: what is proposed, and what was not found
 * @left_out: files that are vouched for already
 * @packaged: files of packages, by path and package: dpkg knows their bytes, so they are
 *	      not changed but are for a catalog
 */
struct follow {
	bool is_wanted;
	bool yes;
	const char *keys_dir;
	const char *catalogs_dir;
	struct execgate_imports found;
	size_t left_out;
	struct follow_packaged {
		char *path;
		char *package;
	} *packaged;
	size_t packaged_count;
};

void follow_init(struct follow *follow);
/*
 * Find, show, ask, and add what is found to @files. The exit code; all is said, and in JSON
 * too if it is not 0.
 */
int follow_imports(struct follow *follow, struct batch *files);
/* How to sign a file that nothing in it makes a script. */
void follow_options(struct execgate_sign_options *options);
json_t *follow_json(const struct follow *follow);
void follow_free(struct follow *follow);

#endif /* EXECGATE_CLI_FOLLOW_H */
