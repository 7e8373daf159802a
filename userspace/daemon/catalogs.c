// SPDX-License-Identifier: GPL-2.0
#include "daemon/catalogs.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "daemon/daemon.h"
#include "daemon/journal.h"
#include "lib/catalog/file.h"
#include "lib/catalog/sequences.h"

/* Files that it lists do not run without it: a moment's want of memory is waited out. */
#define CATALOG_TRIES 3

/**
 * struct loading - one pass over the folders
 * @shipped: by packages: that a signer is not trusted is not a fault of anybody
 */
struct loading {
	struct daemon *daemon;
	struct execgate_sequences known;
	bool shipped;
};

static void say_rejected(const char *path, const struct execgate_error *problem,
			 bool shipped)
{
	bool unused = shipped && problem->code == EXECGATE_EXIT_KEY_NOT_TRUSTED;
	struct execgate_record *record;

	record = journal_begin(EXECGATE_MESSAGE_CATALOG_REJECTED,
			       unused ? LOG_INFO : LOG_ERR);
	execgate_record_bytes(record, "EXECGATE_FILE", path, strlen(path));
	journal_finish(record, "the catalog %s was not loaded: %s", path,
		       problem->message);
}

static void say_loaded(const char *path,
		       const struct execgate_loaded_catalog *catalog)
{
	struct execgate_record *record;

	record = journal_begin(EXECGATE_MESSAGE_CATALOG_LOADED, LOG_INFO);
	execgate_record_bytes(record, "EXECGATE_FILE", path, strlen(path));
	journal_finish(record,
		       "catalog %s is trusted: sequence %" PRIu64
		       ", %u digests",
		       catalog->name, catalog->sequence, catalog->entries);
}

/* Across reboots: the kernel knows only what this boot has loaded. */
static int check_sequence(const struct loading *loading, const char *path,
			  struct execgate_error *err)
{
	struct execgate_catalog_file file;
	uint64_t newest, sequence;
	int ret;

	ret = execgate_catalog_file_load(path, &file, err);
	if (ret)
		return ret;
	newest = execgate_sequences_get(&loading->known, file.name);
	sequence = file.manifest.sequence;
	if (sequence < newest)
		ret = execgate_error_set(
			err, -ESTALE, EXECGATE_EXIT_BAD_SIGNATURE,
			"an older one was put back: its sequence is %" PRIu64
			", but %" PRIu64 " of catalog %s was loaded before",
			sequence, newest, file.name);
	execgate_catalog_file_free(&file);
	return ret;
}

static int load(const struct loading *loading, const char *path,
		struct execgate_loaded_catalog *out, struct execgate_error *err)
{
	int fd, ret = check_sequence(loading, path, err);

	if (ret)
		return ret;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return execgate_error_errno(err, -errno, "cannot open %s",
					    path);
	ret = execgate_netlink_catalog_add(loading->daemon->control, fd, out,
					   err);
	close(fd);
	return ret;
}

/* One that the kernel does not take must not keep out the others. */
static int load_catalog(const char *path, void *arg)
{
	struct execgate_loaded_catalog catalog;
	struct loading *loading = arg;
	struct execgate_error err;
	int ret, tries = 0;

	do
		ret = load(loading, path, &catalog, &err);
	while (execgate_error_may_pass(ret) && ++tries < CATALOG_TRIES);
	if (ret) {
		say_rejected(path, &err, loading->shipped);
		return 0;
	}
	say_loaded(path, &catalog);
	if (catalog.sequence >
		    execgate_sequences_get(&loading->known, catalog.name) &&
	    execgate_sequences_raise(EXECGATE_SEQUENCES_FILE, catalog.name,
				     catalog.sequence, &err))
		journal_say(EXECGATE_MESSAGE_SEQUENCES_FAILED, LOG_ERR,
			    "an older catalog %s would be taken after the next "
			    "boot: %s",
			    catalog.name, err.message);
	return 0;
}

static void load_folder(struct loading *loading, const char *dir, bool shipped)
{
	struct execgate_error err;
	int ret, tries = 0;

	loading->shipped = shipped;
	/* It fails before the first of them is visited, or not at all. */
	do
		ret = execgate_catalog_file_list(dir, load_catalog, loading,
						 &err);
	while (execgate_error_may_pass(ret) && ++tries < CATALOG_TRIES);
	if (ret)
		journal_say(EXECGATE_MESSAGE_CATALOG_REJECTED, LOG_ERR,
			    "the catalogs were not read: %s", err.message);
}

void catalogs_load(struct daemon *daemon)
{
	struct loading loading = { .daemon = daemon };
	struct execgate_error err;

	/* Without any catalog a machine that enforces would not boot. */
	if (execgate_sequences_load(EXECGATE_SEQUENCES_FILE, &loading.known,
				    &err))
		journal_say(EXECGATE_MESSAGE_SEQUENCES_FAILED, LOG_ALERT,
			    "older catalogs that were put back are NOT "
			    "refused: %s",
			    err.message);
	load_folder(&loading, EXECGATE_CATALOG_SHIPPED_DIR, true);
	load_folder(&loading, daemon->catalogs_dir, false);
	execgate_sequences_free(&loading.known);
}
