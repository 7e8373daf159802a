// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/catalog/builder.h"
#include "cli/common/output.h"
#include "lib/base/array.h"
#include "lib/catalog/revoked.h"
#include "lib/debian/deb.h"
#include "lib/debian/dpkg.h"

#define NO_RULES ((struct eg_bytes){ 0 })

/* As the vendor would sign it: a package is one identity. */
static int package_identity(struct catalog_build *build, const char *package,
			    uint64_t version, uint32_t *identity,
			    struct execgate_error *err)
{
	char name[EG_MANIFEST_NAME_MAX + 1];

	snprintf(name, sizeof(name), "%s%.200s", CATALOG_OF_PACKAGE, package);
	return execgate_catalog_identity(&build->catalog, name, version,
					 NO_RULES, identity, err);
}

/* @out is good until the next item is added. */
static int add_item(struct catalog_build *build, const char *path,
		    uint32_t identity, struct execgate_catalog_item **out,
		    struct execgate_error *err)
{
	char *copy = strdup(path);
	struct catalog_build_item *new =
		execgate_array_add(build->items, build->item_count);

	if (!copy || !new) {
		free(copy);
		return execgate_error_errno(err, -ENOMEM, "cannot take %s",
					    path);
	}
	build->item_count++;
	memset(new, 0, sizeof(*new));
	new->identity = identity;
	new->item.path = copy;
	new->item.is_read = execgate_identities_read(&build->identities, path);
	*out = &new->item;
	return 0;
}

/* The last item's name in dpkg's list, to be kept if it proves to be code. */
static int note_listed(struct catalog_build *build, const char *listed,
		       struct execgate_error *err)
{
	struct catalog_build_item *last = &build->items[build->item_count - 1];

	last->listed = strdup(listed);
	last->package = execgate_code_paths_number(build->code);
	return last->listed ? 0 :
			      execgate_error_errno(err, -ENOMEM,
						   "cannot take %s", listed);
}

static int recall(const char *list, void *arg,
		  const struct execgate_code_path **files, size_t *count)
{
	struct catalog_build *build = arg;

	return execgate_code_paths_package(build->code, build->admindir, list,
					   files, count);
}

static int add_installed(const struct execgate_dpkg_file *file, void *arg,
			 struct execgate_error *err)
{
	struct catalog_build *build = arg;
	struct execgate_catalog_item *item;
	uint32_t identity;
	int ret = package_identity(build, file->package, 0, &identity, err);

	if (!ret)
		ret = add_item(build, file->path, identity, &item, err);
	if (!ret && build->code && !file->is_script && !file->known)
		ret = note_listed(build, file->listed, err);
	if (ret)
		return ret;
	item->must_match = !file->is_script;
	ret = execgate_dpkg_checksum(file, item->md5, err);
	if (ret < 0)
		return ret;
	item->has_md5 = ret != EXECGATE_DPKG_SUM_NONE;
	build->items[build->item_count - 1].sum_of_package =
		ret == EXECGATE_DPKG_SUM_OF_PACKAGE;
	return 0;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static int walk(struct catalog_build *build, FTS *tree, uint32_t identity,
		struct execgate_error *err)
{
	struct execgate_catalog_item *item;
	FTSENT *entry;
	int ret = 0;

	while (!ret && !batch_cancelled && (entry = fts_read(tree))) {
		item = NULL;
		/* It was there when its folder was listed: somebody removes files. */
		if (entry->fts_level > 0 && entry->fts_errno == ENOENT &&
		    (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR ||
		     entry->fts_info == FTS_NS))
			continue;
		switch (entry->fts_info) {
		case FTS_DNR:
		case FTS_ERR:
		case FTS_NS:
			return execgate_error_errno(err, -entry->fts_errno,
						    "cannot read %s",
						    entry->fts_path);
		case FTS_F:
			ret = add_item(build, entry->fts_path, identity, &item,
				       err);
			break;
		}
		/* One that was named itself must be something. */
		if (!ret && entry->fts_level == 0 && entry->fts_info != FTS_D &&
		    entry->fts_info != FTS_DP && entry->fts_info != FTS_F)
			return execgate_error_set(
				err, -EINVAL, EXECGATE_EXIT_ERROR,
				"%s is neither a file nor a folder",
				entry->fts_path);
		if (item && entry->fts_level == 0)
			item->required = true;
	}
	return ret;
}

static int add_path(struct catalog_build *build, char *path, uint32_t identity,
		    struct execgate_error *err)
{
	char *const paths[] = { path, NULL };
	FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR,
			     by_name);
	int ret;

	if (!tree)
		return execgate_error_errno(err, -errno, "cannot read %s",
					    path);
	ret = walk(build, tree, identity, err);
	fts_close(tree);
	return ret;
}

/* No file has these bytes: that is what size 0 says (kernel/hooks/bpf_load.c). */
static int add_bpf(struct catalog_build *build, const char *text,
		   uint32_t identity, struct execgate_error *err)
{
	struct execgate_catalog_entry entry = {
		.identity = identity,
		.kind = EG_DIGEST_CONTENT,
		.classes = EXECGATE_CLASS_MODULE,
	};

	if (strlen(text) != 2 * sizeof(entry.digest) ||
	    !execgate_revocation_hex(text, entry.digest))
		return execgate_error_set(err, -EINVAL, EXECGATE_EXIT_USAGE,
					  "\"%s\" is not a digest of 64 hex "
					  "digits",
					  text);
	return execgate_catalog_add(&build->catalog, &entry, err);
}

static int open_code_paths(struct catalog_build *build,
			   struct execgate_error *err)
{
	uint8_t readers[EG_SHA256_SIZE];
	int ret = execgate_identities_readers(&build->identities, readers);

	if (ret)
		return execgate_error_errno(err, ret, "cannot read %s",
					    build->code_file);
	return execgate_code_paths_open(build->code_file, readers, &build->code,
					err);
}

int catalog_sources_collect(struct catalog_build *build,
			    struct execgate_error *err)
{
	uint32_t identity = 0;
	int ret = 0;
	size_t i;

	if (build->installed && build->code_file)
		ret = open_code_paths(build, err);
	if (!ret && build->installed)
		ret = execgate_dpkg_list(build->admindir,
					 build->code ? recall : NULL,
					 add_installed, build, err);
	if (!ret && (build->paths.count || build->bpf.count))
		ret = execgate_catalog_identity(
			&build->catalog,
			build->identity ? build->identity : build->name,
			build->version, execgate_rules_bytes(&build->rules),
			&identity, err);
	for (i = 0; !ret && i < build->paths.count; i++)
		ret = add_path(build, build->paths.names[i], identity, err);
	for (i = 0; !ret && i < build->bpf.count; i++)
		ret = add_bpf(build, build->bpf.names[i], identity, err);
	return ret;
}

/* One package and how reading it went. */
struct package {
	const char *path;
	const struct execgate_identities *identities;
	struct execgate_deb deb;
	struct execgate_error err;
	int ret;
};

static void read_package(size_t index, void *arg)
{
	struct package *package = (struct package *)arg + index;

	package->ret = execgate_deb_read(package->path, package->identities,
					 &package->deb, &package->err);
}

/*
 * Maintainer scripts do not count: dpkg records no checksum of those, so that of an
 * installed package it is not known whose they are.
 */
static uint64_t package_version(const struct execgate_deb *deb)
{
	uint64_t version = 0;

	for (size_t i = 0; i < deb->count; i++)
		if (strrchr(deb->files[i].path, '/') != deb->files[i].path)
			version = catalog_build_version(version,
							deb->files[i].mtime);
	return version;
}

static int add_package(struct catalog_build *build,
		       const struct execgate_deb *deb, uint64_t *newest,
		       struct execgate_error *err)
{
	struct execgate_catalog_entry entry = { .kind = EG_DIGEST_CONTENT };
	const struct execgate_deb_file *file = deb->files;
	uint32_t identity;
	size_t i;
	int ret;

	ret = package_identity(build, deb->package, package_version(deb),
			       &identity, err);
	for (i = 0; !ret && i < deb->count; i++, file++) {
		entry.identity = identity;
		entry.size = file->size;
		entry.classes = file->hash.classes;
		memcpy(entry.digest, file->hash.sha256, sizeof(entry.digest));
		ret = catalog_classes_add(build, deb->package, file->path,
					  &entry.classes, err);
		if (!ret)
			ret = catalog_classes_rules(build, deb->package,
						    file->path, &entry.identity,
						    err);
		if (!ret)
			ret = execgate_catalog_add(&build->catalog, &entry,
						   err);
		if (file->mtime > *newest)
			*newest = file->mtime;
	}
	return ret;
}

int catalog_sources_debs(struct catalog_build *build, uint64_t *newest)
{
	size_t i, count = build->debs.count;
	struct package *packages = calloc(count + 1, sizeof(*packages));
	int code = 0;

	if (!packages)
		abort();
	for (i = 0; i < count; i++) {
		packages[i].path = build->debs.names[i];
		packages[i].identities = &build->identities;
	}
	if (batch_run(count, build->jobs, "reading packages", read_package,
		      packages) < count)
		code = EXECGATE_EXIT_ERROR;
	for (i = 0; i < count; i++) {
		struct package *package = &packages[i];

		if (!code && !package->ret)
			package->ret = add_package(build, &package->deb, newest,
						   &package->err);
		if (!code && package->ret)
			code = output_error(&package->err);
		execgate_deb_free(&package->deb);
	}
	free(packages);
	return code;
}
