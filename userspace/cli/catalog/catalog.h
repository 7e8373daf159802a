/* SPDX-License-Identifier: GPL-2.0 */
/* The commands of "execgate catalog", and what they share. */
#ifndef EXECGATE_CLI_CMD_CATALOG_H
#define EXECGATE_CLI_CMD_CATALOG_H

#include "cli/common/command.h"
#include "cli/common/signing_key.h"
#include "lib/catalog/file.h"

int cmd_catalog_build_run(const struct command *self, int argc, char **argv);
int cmd_catalog_sign_run(const struct command *self, int argc, char **argv);
int cmd_catalog_verify_run(const struct command *self, int argc, char **argv);
int cmd_catalog_show_run(const struct command *self, int argc, char **argv);
int cmd_catalog_diff_run(const struct command *self, int argc, char **argv);
int cmd_catalog_install_run(const struct command *self, int argc, char **argv);
int cmd_catalog_remove_run(const struct command *self, int argc, char **argv);
int cmd_catalog_list_run(const struct command *self, int argc, char **argv);

extern const char cmd_catalog_build_options[];
extern const char cmd_catalog_sign_options[];
extern const char cmd_catalog_verify_options[];
extern const char cmd_catalog_show_options[];
extern const char cmd_catalog_diff_options[];
extern const char cmd_catalog_install_options[];
extern const char cmd_catalog_remove_options[];
extern const char cmd_catalog_list_options[];

/* {name, sequence, created_at, entries, identities, signed}; a new reference. */
json_t *catalog_json(const struct execgate_catalog_file *file);
/* The same as lines of "  Label: value". */
void catalog_print(const struct execgate_catalog_file *file);

/*
 * Sign a manifest and write the message. @manifest is checked to be a
 * catalog's. Return: an exit code; all has been said.
 */
int catalog_sign(const struct signing_key_choice *key, const char *name,
		 struct eg_bytes manifest, const char *out);

/* A file of that name, or else an installed catalog called so. */
int catalog_find(const char *text, char path[PATH_MAX],
		 struct execgate_error *err);

#endif /* EXECGATE_CLI_CMD_CATALOG_H */
