/* SPDX-License-Identifier: GPL-2.0 */
/* "execgate identity": lists of programs, and the rules that files have by them. */
#ifndef EXECGATE_CLI_IDENTITY_H
#define EXECGATE_CLI_IDENTITY_H

#include <getopt.h>

#include "cli/common/command.h"
#include "lib/catalog/identities.h"

extern const char cmd_identity_list_options[], cmd_identity_show_options[],
	cmd_identity_lint_options[];
int cmd_identity_list_run(const struct command *self, int argc, char **argv);
int cmd_identity_show_run(const struct command *self, int argc, char **argv);
int cmd_identity_lint_run(const struct command *self, int argc, char **argv);

/* Where the lists are, and dpkg's database. */
struct identity_places {
	const char *shipped;
	const char *own;
	const char *admindir;
};

/* clang-format off */
#define IDENTITY_PLACES_OPTIONS                           \
	{ "identities", required_argument, NULL, 'i' },   \
	{ "own", required_argument, NULL, 'o' },          \
	{ "admindir", required_argument, NULL, 'a' }
/* clang-format on */

#define IDENTITY_PLACES_HELP                                       \
	"  --identities DIR   the shipped lists\n"                 \
	"                     (" EXECGATE_IDENTITIES_SHIPPED ")\n" \
	"  --own DIR          the administrator's\n"               \
	"                     (" EXECGATE_IDENTITIES_OWN ")\n"     \
	"  --admindir DIR     dpkg's database (" EXECGATE_DPKG_ADMINDIR ")\n"

/* The defaults. */
struct identity_places identity_places(void);
/* Takes one answer of getopt_long; false if it is none of those. */
bool identity_places_take(int answer, struct identity_places *places);

/* An array of strings; a new reference. */
json_t *identity_texts(char *const *texts, size_t count);
/* {"name", "source", "packages", "paths", "classes", "rules", "why"} */
json_t *identity_json(const struct execgate_identity *identity);
/* "debian.conf [node]": of outside, safe for a terminal; the caller frees. */
char *identity_title(const struct execgate_identity *identity);

#endif /* EXECGATE_CLI_IDENTITY_H */
