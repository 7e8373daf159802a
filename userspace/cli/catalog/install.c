// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/catalog/catalog.h"
#include "lib/catalog/write.h"
#include "lib/netlink/netlink.h"

#define FOLDER_OPTIONS                                                      \
	"  --catalogs-dir DIR   where they are kept (" EXECGATE_CATALOG_DIR \
	")\n"

const char cmd_catalog_install_options[] =
	"  --no-persist         until the next boot only\n"
	"  --no-load            only keep it for the next boot; works without the\n"
	"                       module\n"
	"  --keys-dir DIR       trust the certificates of this folder\n"
	"                       (" EXECGATE_KEYSTORE_DIR ")\n" FOLDER_OPTIONS
	"  --sequences FILE     which catalogs are too old\n"
	"                       (" EXECGATE_SEQUENCES_FILE ")\n"
	"\n"
	"A catalog takes the place of the one of its name at once, or not at all.\n";

const char cmd_catalog_remove_options[] =
	"  --no-persist         only take it out of the kernel\n" FOLDER_OPTIONS
	"\n"
	"Files that only this catalog trusts do not run from then on. An older catalog\n"
	"of the name stays refused.\n";

static const struct option long_options[] = {
	CATALOG_INSTALL_OPTIONS,
	{ "no-persist", no_argument, NULL, CATALOG_OPT_NO_PERSIST },
	{ 0 },
};

bool catalog_install_take(int answer, struct catalog_installing *run)
{
	switch (answer) {
	case CATALOG_OPT_NO_PERSIST:
		run->persist = false;
		return true;
	case CATALOG_OPT_NO_LOAD:
		run->load = false;
		return true;
	case CATALOG_OPT_KEYS_DIR:
		run->keys_dir = optarg;
		return true;
	case CATALOG_OPT_CATALOGS_DIR:
		run->catalogs_dir = optarg;
		return true;
	case CATALOG_OPT_SEQUENCES:
		run->sequences = optarg;
		return true;
	}
	return false;
}

/* Options of "catalog remove". */
static bool is_of_removing(int answer)
{
	return answer == CATALOG_OPT_NO_PERSIST ||
	       answer == CATALOG_OPT_CATALOGS_DIR;
}

static int parse_options(const struct command *self, int argc, char **argv,
			 bool removing, struct catalog_installing *run)
{
	int answer;

	*run = (struct catalog_installing)CATALOG_INSTALLING;
	while ((answer = getopt_long(argc, argv, ":", long_options, NULL)) !=
	       -1) {
		if (answer < CATALOG_OPT_NO_PERSIST)
			return cmd_option_error(self, answer, argv);
		if ((removing && !is_of_removing(answer)) ||
		    !catalog_install_take(answer, run))
			return cmd_usage_error(self, "unknown option %s",
					       argv[optind - 1]);
	}
	if (optind == argc)
		return cmd_usage_error(self, "which catalog?");
	if (!run->persist && !run->load)
		return cmd_usage_error(self, "neither loaded nor kept is "
					     "nothing at all");
	return 0;
}

int catalog_check_sequence(const char *sequences, const char *path,
			   const struct execgate_catalog_file *file,
			   struct execgate_error *err)
{
	struct execgate_sequences known;
	uint64_t newest;
	int ret = execgate_sequences_load(sequences, &known, err);

	if (ret)
		return ret;
	newest = execgate_sequences_get(&known, file->name);
	execgate_sequences_free(&known);
	if (file->manifest.sequence >= newest)
		return 0;
	return execgate_error_set(
		err, -ESTALE, EXECGATE_EXIT_BAD_SIGNATURE,
		"%s is older than a catalog %s that was installed before "
		"(sequence %" PRIu64 ", it must be %" PRIu64 " or more): an "
		"old catalog can trust what has been found bad since; build it "
		"anew",
		path, file->name, file->manifest.sequence, newest);
}

/*
 * The kernel first: what it refuses must not be kept. It reads the file itself
 * and verifies what it read.
 */
static int load_catalogs(const struct catalog_installing *run, int fd,
			 const char *path, struct execgate_error *err)
{
	struct execgate_error cause;
	int ret;

	if (!run->load)
		return 0;
	ret = execgate_netlink_catalog_add(run->nl, fd, NULL, &cause);
	if (ret)
		execgate_error_set(err, ret, cause.code, "%.300s: %.600s", path,
				   cause.message);
	return ret;
}

static int keep_catalog(const struct catalog_installing *run,
			const struct execgate_catalog_file *file,
			struct execgate_error *err)
{
	char path[PATH_MAX];
	struct execgate_error cause;
	int ret;

	if (!run->persist)
		return 0;
	ret = execgate_catalog_file_keep(run->catalogs_dir, file, path, &cause);
	/* Last: as long as the file is the old one, it must not be too old. */
	if (!ret)
		ret = execgate_sequences_raise(run->sequences, file->name,
					       file->manifest.sequence, &cause);
	if (ret)
		execgate_error_set(err, ret, cause.code,
				   "catalog %s is %s, but %.800s", file->name,
				   run->load ? "loaded until the next boot" :
					       "not installed",
				   cause.message);
	return ret;
}

static int install_opened(const struct catalog_installing *run, int fd,
			  const char *path, const char *shown,
			  struct execgate_catalog_file *file,
			  struct execgate_error *err)
{
	const struct execgate_certificate *signer;
	int ret;

	ret = execgate_catalog_file_load(path, file, err);
	if (ret)
		return ret;
	ret = execgate_catalog_file_verify(shown, file, &run->trust, &signer,
					   err);
	/* Here already, so that --no-load refuses what the next boot would. */
	if (!ret)
		ret = catalog_check_sequence(run->sequences, shown, file, err);
	if (!ret)
		ret = load_catalogs(run, fd, shown, err);
	if (!ret)
		ret = keep_catalog(run, file, err);
	if (ret)
		execgate_catalog_file_free(file);
	return ret;
}

int catalog_install_file(const struct catalog_installing *run, const char *path,
			 const char *shown, json_t *rows)
{
	struct execgate_catalog_file file;
	struct execgate_error err;
	json_t *row;
	int fd, ret;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0) {
		execgate_error_errno(&err, -errno, "cannot open %s", path);
		return output_error(&err);
	}
	ret = install_opened(run, fd, path, shown, &file, &err);
	close(fd);
	if (ret) {
		output_message("%s", err.message);
		return err.code;
	}
	if (!output_is_json())
		printf("Installed: %s, sequence %" PRIu64 ", %u digests%s\n",
		       file.name, file.manifest.sequence,
		       file.manifest.entry_count,
		       !run->load    ? ", from the next boot on" :
		       !run->persist ? ", until the next boot" :
				       "");
	row = catalog_json(&file);
	output_json_set_bytes(row, "file", shown, strlen(shown));
	json_object_set_new(row, "loaded", json_boolean(run->load));
	json_object_set_new(row, "persisted", json_boolean(run->persist));
	json_array_append_new(rows, row);
	execgate_catalog_file_free(&file);
	return 0;
}

int catalog_install_open(struct catalog_installing *run,
			 struct execgate_error *err)
{
	int ret = execgate_trust_add_dir(&run->trust, run->keys_dir, err);

	if (!ret && run->load)
		ret = execgate_netlink_open(&run->nl, err);
	return ret;
}

void catalog_install_close(struct catalog_installing *run)
{
	execgate_netlink_close(run->nl);
	execgate_trust_free(&run->trust);
}

int catalog_install_begin(struct catalog_installing *run)
{
	struct execgate_error err;

	return catalog_install_open(run, &err) ? output_error(&err) : 0;
}

void catalog_install_end(struct catalog_installing *run, const char *what,
			 json_t *rows)
{
	if (output_is_json())
		output_json(json_pack("{s:O}", what, rows));
	json_decref(rows);
	catalog_install_close(run);
}

int cmd_catalog_install_run(const struct command *self, int argc, char **argv)
{
	struct catalog_installing run;
	json_t *rows;
	int code = parse_options(self, argc, argv, false, &run), one;

	if (code)
		return code;
	code = catalog_install_begin(&run);
	if (code) {
		catalog_install_close(&run);
		return code;
	}
	rows = json_array();
	for (; optind < argc; optind++) {
		one = catalog_install_file(&run, argv[optind], argv[optind],
					   rows);
		code = cmd_worse(code, one);
	}
	catalog_install_end(&run, "installed", rows);
	return code;
}

/* From the kernel first: what cannot be unloaded must stay visible on disk. */
static int remove_one(const struct catalog_installing *run, const char *name,
		      bool *unloaded, bool *deleted, struct execgate_error *err)
{
	char path[PATH_MAX];
	int ret;

	ret = execgate_catalog_check_name(name, strlen(name), err);
	if (!ret)
		ret = execgate_catalog_file_path(run->catalogs_dir, name, path,
						 err);
	if (ret)
		return ret;
	if (run->nl) {
		ret = execgate_netlink_catalog_remove(run->nl, name, err);
		if (ret && ret != -ENOENT)
			return ret;
		*unloaded = !ret;
	}
	if (run->persist) {
		*deleted = unlink(path) == 0;
		if (!*deleted && errno != ENOENT)
			return execgate_error_errno(err, -errno,
						    "cannot remove %s", path);
	}
	if (*unloaded || *deleted)
		return 0;
	return execgate_error_set(err, -ENOENT, EXECGATE_EXIT_NOT_FOUND,
				  "no catalog %s is loaded or kept in %s; "
				  "\"execgate catalog list\" shows them",
				  name, run->catalogs_dir);
}

/* @must: that there is none is an error. */
static int remove_named(const struct catalog_installing *run, const char *name,
			bool must, json_t *rows)
{
	bool unloaded = false, deleted = false;
	struct execgate_error err;
	json_t *row;
	int ret = remove_one(run, name, &unloaded, &deleted, &err);

	if (ret == -ENOENT && !must)
		return 0;
	if (ret) {
		output_message("%s", err.message);
		return err.code;
	}
	if (!output_is_json())
		printf("Removed: %s%s%s%s\n", name,
		       unloaded ? ", from the kernel" : "",
		       unloaded && deleted ? " and" :
		       deleted		   ? "," :
					     "",
		       deleted ? " from disk" : "");
	row = json_pack("{s:b, s:b}", "unloaded", unloaded, "deleted", deleted);
	output_json_set_bytes(row, "name", name, strlen(name));
	json_array_append_new(rows, row);
	return 0;
}

int catalog_install_built(struct catalog_installing *run, const char *path,
			  const char *supersedes, json_t *object)
{
	json_t *installed = json_array(), *removed = json_array();
	struct execgate_error err;
	int code = 0;

	/* A machine that has no gate yet has the catalog when it gets one. */
	if (catalog_install_open(run, &err)) {
		run->load = false;
		if (err.code != EXECGATE_EXIT_NOT_LOADED)
			code = output_error(&err);
	}
	if (!code)
		code = catalog_install_file(run, path, path, installed);
	/* Last: until the new one counts, the files of the other are trusted by it. */
	if (!code && supersedes)
		code = remove_named(run, supersedes, false, removed);
	json_object_set_new(object, "installed", installed);
	json_object_set_new(object, "removed", removed);
	catalog_install_close(run);
	return code;
}

int cmd_catalog_remove_run(const struct command *self, int argc, char **argv)
{
	struct execgate_error err;
	struct catalog_installing run;
	json_t *rows;
	int code = parse_options(self, argc, argv, true, &run), one;

	if (code)
		return code;
	/* Without the module the disk is cleared all the same. */
	if (execgate_netlink_open(&run.nl, &err) &&
	    (err.code != EXECGATE_EXIT_NOT_LOADED || !run.persist))
		return output_error(&err);
	rows = json_array();
	for (; optind < argc; optind++) {
		one = remove_named(&run, argv[optind], true, rows);
		code = cmd_worse(code, one);
	}
	catalog_install_end(&run, "removed", rows);
	return code;
}
