// SPDX-License-Identifier: GPL-2.0
#include "cli/catalog/builder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/common/output.h"
#include "cli/common/sign_options.h"
#include "lib/catalog/file.h"
#include "lib/catalog/sequences.h"

static void read_item(size_t index, void *arg)
{
	struct catalog_build *build = arg;

	execgate_catalog_item_read(&build->items[index].item, &build->reading);
}

/* The catalogs to keep; those that are not there have no bytes. */
struct keeping {
	struct execgate_catalog_file files[CATALOG_BUILD_KEEP];
};

static bool was_accepted(const struct keeping *keep,
			 const struct execgate_catalog_item *item)
{
	struct eg_manifest_entry entry;

	for (size_t i = 0; i < CATALOG_BUILD_KEEP; i++)
		if (keep->files[i].bytes &&
		    eg_manifest_find(&keep->files[i].manifest,
				     (enum eg_digest_kind)item->kind,
				     item->digest, &entry))
			return true;
	return false;
}

/* The first catalog keeps nothing. */
static int load_kept(const struct catalog_build *build, struct keeping *keep,
		     struct execgate_error *err)
{
	int ret = 0;

	for (unsigned int i = 0; !ret && i < build->keep_count; i++) {
		ret = execgate_catalog_file_load(build->keep[i],
						 &keep->files[i], err);
		if (ret == -ENOENT)
			ret = 0;
	}
	return ret;
}

static void free_kept(struct keeping *keep)
{
	for (size_t i = 0; i < CATALOG_BUILD_KEEP; i++)
		if (keep->files[i].bytes)
			execgate_catalog_file_free(&keep->files[i]);
}

static const char *why_changed(const struct execgate_catalog_item *item)
{
	return item->result == EXECGATE_CATALOG_CHANGED ?
		       "is not what dpkg installed" :
		       "has no checksum that dpkg recorded";
}

/* Whether the file goes into the catalog. */
static bool judge(struct catalog_build *build, const struct keeping *keep,
		  const struct execgate_catalog_item *item)
{
	switch (item->result) {
	case EXECGATE_CATALOG_SKIPPED:
		return false;
	case EXECGATE_CATALOG_TAKEN:
		return true;
	case EXECGATE_CATALOG_CHANGED:
	case EXECGATE_CATALOG_UNRECORDED:
		if (was_accepted(keep, item)) {
			build->accepted++;
			return true;
		}
		output_message("%s %s%s", item->path, why_changed(item),
			       build->changed == CATALOG_CHANGED_ACCEPT ?
				       "; it is accepted as it is" :
			       build->changed == CATALOG_CHANGED_SKIP ?
				       "; it is left out" :
				       "");
		if (build->changed == CATALOG_CHANGED_ACCEPT) {
			build->accepted++;
			return true;
		}
		build->refused++;
		return false;
	case EXECGATE_CATALOG_FAILED:
		build->failed++;
		output_message("%s", item->error ? item->error->message :
						   "no memory");
		return false;
	}
	return false;
}

/* Identities of packages are made by cli/catalog/sources.c. */
static const char *package_of(const struct catalog_build *build,
			      const struct catalog_build_item *item)
{
	const char *name = build->catalog.identities[item->identity].name;

	return strncmp(name, CATALOG_OF_PACKAGE, strlen(CATALOG_OF_PACKAGE)) ?
		       NULL :
		       name + strlen(CATALOG_OF_PACKAGE);
}

uint64_t catalog_build_version(uint64_t version, uint64_t mtime)
{
	return mtime > version && mtime <= (uint64_t)time(NULL) ? mtime :
								  version;
}

/* Only of files as dpkg installed them: a file changed here is not of a release. */
static void date_packages(struct catalog_build *build)
{
	for (size_t i = 0; i < build->item_count; i++) {
		const struct catalog_build_item *item = &build->items[i];
		struct execgate_catalog_identity *of =
			&build->catalog.identities[item->identity];

		if (item->item.result == EXECGATE_CATALOG_TAKEN &&
		    item->item.has_md5 && package_of(build, item))
			of->version = catalog_build_version(of->version,
							    item->item.mtime);
	}
}

static int add_items(struct catalog_build *build, const struct keeping *keep,
		     uint64_t *newest, struct execgate_error *err)
{
	struct execgate_catalog_entry entry;
	int ret = 0;
	size_t i;

	for (i = 0; !ret && i < build->item_count; i++) {
		const struct execgate_catalog_item *item =
			&build->items[i].item;

		if (!judge(build, keep, item))
			continue;
		entry.identity = build->items[i].identity;
		entry.kind = item->kind;
		entry.classes = item->hash.classes;
		entry.size = item->size;
		memcpy(entry.digest, item->digest, sizeof(entry.digest));
		ret = catalog_classes_add(build,
					  package_of(build, &build->items[i]),
					  item->path, &entry.classes, err);
		if (!ret)
			ret = catalog_classes_rules(
				build, package_of(build, &build->items[i]),
				item->path, &entry.identity, err);
		if (!ret)
			ret = execgate_catalog_add(&build->catalog, &entry,
						   err);
		build->items[i].taken = !ret;
		if (item->mtime > *newest)
			*newest = item->mtime;
	}
	if (ret)
		return ret;
	if (build->failed)
		return execgate_error_set(err, -EIO, EXECGATE_EXIT_ERROR,
					  "%zu files could not be read, so "
					  "no catalog was made",
					  build->failed);
	if (build->refused && build->changed == CATALOG_CHANGED_REFUSE)
		return execgate_error_set(
			err, -EBADMSG, EXECGATE_EXIT_BAD_SIGNATURE,
			"%zu files are not what dpkg installed, so there is no "
			"catalog: look at each, then leave them out with "
			"--skip-changed or trust them with --accept-changed",
			build->refused);
	return 0;
}

/* All files on all processors; -EINTR when a signal came. */
static int read_items(struct catalog_build *build, struct execgate_error *err)
{
	struct execgate_error ignored;
	int ret = execgate_hash_cache_open(build->cache, &build->reading.cache,
					   err);

	if (ret)
		return ret;
	if (batch_run(build->item_count, build->jobs, "reading", read_item,
		      build) < build->item_count)
		ret = execgate_error_set(err, -EINTR, EXECGATE_EXIT_ERROR,
					 "interrupted: no catalog was made");
	/* The hashes are worth keeping even then, if the caller may. */
	if (execgate_hash_cache_save(build->reading.cache, &ignored) &&
	    ignored.code != EXECGATE_EXIT_NO_PRIVILEGE)
		output_warning("%s", ignored.message);
	execgate_hash_cache_close(build->reading.cache);
	build->reading.cache = NULL;
	return ret;
}

/* A file that is not there may come back: only what is there and no code is left. */
static void note_code(struct catalog_build *build)
{
	struct execgate_error err;
	int ret = 0;

	for (size_t i = 0; !ret && i < build->item_count; i++) {
		const struct catalog_build_item *item = &build->items[i];

		if (item->listed && !item->item.is_data)
			ret = execgate_code_paths_add(
				build->code, item->package, item->listed,
				item->sum_of_package ? item->item.md5 : NULL);
	}
	if (!ret && execgate_code_paths_save(build->code, &err) &&
	    err.code != EXECGATE_EXIT_NO_PRIVILEGE)
		output_warning("%s", err.message);
}

static int next_sequence(const char *name, uint64_t *out,
			 struct execgate_error *err)
{
	struct execgate_catalog_file installed;
	struct execgate_sequences known;
	char path[PATH_MAX];
	int ret;

	ret = execgate_sequences_load(EXECGATE_SEQUENCES_FILE, &known, err);
	if (ret)
		return ret;
	*out = execgate_sequences_get(&known, name);
	execgate_sequences_free(&known);
	ret = execgate_catalog_file_path(EXECGATE_CATALOG_DIR, name, path, err);
	if (!ret && !execgate_catalog_file_load(path, &installed, NULL)) {
		if (installed.manifest.sequence > *out)
			*out = installed.manifest.sequence;
		execgate_catalog_file_free(&installed);
	}
	if (*out == UINT64_MAX)
		return execgate_error_set(err, -EOVERFLOW, EXECGATE_EXIT_ERROR,
					  "no sequence is left for catalog %s; "
					  "choose another name",
					  name);
	++*out;
	return ret;
}

/*
 * Reproducible: not the clock, but for a file of the future. One that was written
 * while the clock was ahead must not make the catalog younger than its key's end.
 */
static uint64_t creation_time(uint64_t newest)
{
	struct execgate_sign_options options;

	sign_options_init(&options);
	if (!getenv("SOURCE_DATE_EPOCH") && newest < options.created_at)
		return newest;
	return options.created_at;
}

static int run(struct catalog_build *build, const struct keeping *keep,
	       uint64_t *newest, struct execgate_error *err)
{
	struct execgate_catalog *catalog = &build->catalog;
	int ret = catalog_sources_collect(build, err);

	if (!ret)
		ret = read_items(build, err);
	if (!ret) {
		date_packages(build);
		ret = add_items(build, keep, newest, err);
	}
	if (!ret)
		ret = catalog_python_add(build, err);
	if (!ret && build->code)
		note_code(build);
	strcpy(catalog->name, build->name);
	catalog->created_at = creation_time(*newest);
	catalog->sequence = build->sequence;
	if (!ret && !build->sequence)
		ret = next_sequence(build->name, &catalog->sequence, err);
	return ret;
}

int catalog_build_run(struct catalog_build *build, uint8_t **manifest,
		      size_t *size)
{
	struct keeping keep = { 0 };
	struct execgate_error err;
	uint64_t newest = 0;
	int ret, code;

	if (!build->no_classes &&
	    execgate_identities_load(build->identities_dir,
				     EXECGATE_IDENTITIES_OWN,
				     &build->identities, &err))
		return output_error(&err);
	code = catalog_sources_debs(build, &newest);
	if (!code)
		code = catalog_images_add(build, &newest);
	if (code)
		return code;
	ret = load_kept(build, &keep, &err);
	if (!ret)
		ret = run(build, &keep, &newest, &err);
	if (!ret)
		ret = execgate_catalog_write(&build->catalog, manifest, size,
					     &err);
	free_kept(&keep);
	return ret ? output_error(&err) : EXECGATE_EXIT_OK;
}

void catalog_build_free(struct catalog_build *build)
{
	size_t i;

	for (i = 0; i < build->item_count; i++) {
		free(build->items[i].item.path);
		free(build->items[i].item.error);
		free(build->items[i].listed);
	}
	free(build->items);
	execgate_code_paths_close(build->code);
	execgate_catalog_free(&build->catalog);
	catalog_classes_free(build);
	batch_free(&build->paths);
	batch_free(&build->debs);
	batch_free(&build->bpf);
	batch_free(&build->images);
	free(build->seen);
}
