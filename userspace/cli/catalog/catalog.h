/* SPDX-License-Identifier: GPL-2.0 */
/* The commands of "execgate catalog", and what they share. */
#ifndef EXECGATE_CLI_CMD_CATALOG_H
#define EXECGATE_CLI_CMD_CATALOG_H

#include "cli/common/command.h"
#include "cli/common/signing_key.h"
#include "lib/catalog/file.h"
#include "lib/catalog/sequences.h"
#include "lib/crypto/keystore.h"
#include "lib/netlink/netlink.h"
#include "lib/oci/parse.h"

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

/**
 * struct catalog_installing - from CATALOG_INSTALLING on, where what is installed goes
 * @persist: kept for the next boot; @load: into the kernel, now
 * @trust, @nl: filled by catalog_install_open()
 */
struct catalog_installing {
	bool persist;
	bool load;
	const char *keys_dir;
	const char *catalogs_dir;
	const char *sequences;
	struct execgate_trust trust;
	struct execgate_netlink *nl;
};

#define CATALOG_INSTALLING                            \
	{                                             \
		.persist = true,                      \
		.load = true,                         \
		.keys_dir = EXECGATE_KEYSTORE_DIR,    \
		.catalogs_dir = EXECGATE_CATALOG_DIR, \
		.sequences = EXECGATE_SEQUENCES_FILE, \
	}

/* The options that fill it; CATALOG_INSTALL_OPTIONS are those that each command has. */
enum {
	CATALOG_OPT_NO_PERSIST = 400,
	CATALOG_OPT_NO_LOAD,
	CATALOG_OPT_KEYS_DIR,
	CATALOG_OPT_CATALOGS_DIR,
	CATALOG_OPT_SEQUENCES,
};

#define CATALOG_INSTALL_OPTIONS                                                \
	{ "no-load", no_argument, NULL, CATALOG_OPT_NO_LOAD },                 \
		{ "keys-dir", required_argument, NULL, CATALOG_OPT_KEYS_DIR }, \
		{ "catalogs-dir", required_argument, NULL,                     \
		  CATALOG_OPT_CATALOGS_DIR },                                  \
	{                                                                      \
		"sequences", required_argument, NULL, CATALOG_OPT_SEQUENCES    \
	}

/* False: @answer is none of these options. */
bool catalog_install_take(int answer, struct catalog_installing *run);

/* Reads the trusted keys and, with @load, opens the kernel; always closed by the other. */
int catalog_install_open(struct catalog_installing *run,
			 struct execgate_error *err);
void catalog_install_close(struct catalog_installing *run);
/* The same. An exit code; all has been said. */
int catalog_install_begin(struct catalog_installing *run);
/**
 * catalog_install_file() - one catalog, verified anew
 * @shown: what it is called in messages
 * @rows: gets a row of it
 *
 * Return: an exit code; all has been said.
 */
int catalog_install_file(const struct catalog_installing *run, const char *path,
			 const char *shown, json_t *rows);
/* Tells of @rows as @what, with --json, and drops them and what @run holds. */
void catalog_install_end(struct catalog_installing *run, const char *what,
			 json_t *rows);

/**
 * catalog_install_built() - one that this process has made, and signed
 * @supersedes: a catalog that goes once this one is there, or NULL; it may be absent
 * @object: gets "installed" and "removed"
 *
 * Without a gate it is kept for the next boot. Return: an exit code; all has been said.
 */
int catalog_install_built(struct catalog_installing *run, const char *path,
			  const char *supersedes, json_t *object);

/* -ESTALE: one of its name with a higher sequence was installed here before. */
int catalog_check_sequence(const char *sequences, const char *path,
			   const struct execgate_catalog_file *file,
			   struct execgate_error *err);

/* "--sequence" and "--platform" of a command line; 0, or an exit code, and all is said. */
int catalog_take_sequence(const struct command *self, const char *text,
			  uint64_t *out);
int catalog_take_platform(const struct command *self, const char *text,
			  struct execgate_oci_platform *out);

/* A file of that name, or else an installed catalog called so. */
int catalog_find(const char *text, char path[PATH_MAX],
		 struct execgate_error *err);

#endif /* EXECGATE_CLI_CMD_CATALOG_H */
