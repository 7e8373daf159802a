// SPDX-License-Identifier: GPL-2.0
#include "lib/debian/dpkg.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/debian/dpkg_tables.h"

static const char *const scripts[] = { "preinst", "postinst", "prerm", "postrm",
				       "config" };

/**
 * struct execgate_dpkg_listing - one walk over the database
 * @names: of the files of its folder info/, @name_count of them, in order
 * @sums: of the package that is visited, once one was asked for
 * @sums_loaded: whether that was
 */
struct execgate_dpkg_listing {
	const char *admindir;
	struct dirent **names;
	int name_count;
	struct execgate_dpkg_tables tables;
	struct execgate_dpkg_sums sums;
	bool sums_loaded;
	execgate_dpkg_recall recall;
	execgate_dpkg_visit visit;
	void *arg;
};

/* "libc6:amd64" is the package libc6. */
static void bare_name(const char *package, char *out, size_t size)
{
	snprintf(out, size, "%.*s", (int)strcspn(package, ":"), package);
}

static int load_sums(struct execgate_dpkg_listing *listing, const char *list,
		     struct execgate_error *err)
{
	char path[PATH_MAX];
	int ret;

	if (listing->sums_loaded)
		return 0;
	snprintf(path, sizeof(path), "%s/info/%s.md5sums", listing->admindir,
		 list);
	ret = execgate_dpkg_sums_load(path, &listing->sums, err);
	listing->sums_loaded = !ret;
	return ret;
}

int execgate_dpkg_checksum(const struct execgate_dpkg_file *file,
			   uint8_t md5[EXECGATE_MD5_SIZE],
			   struct execgate_error *err)
{
	const struct execgate_dpkg_sum *sum = NULL;
	int ret;

	if (file->is_script)
		return EXECGATE_DPKG_SUM_NONE;
	if (file->known && file->known->has_md5) {
		memcpy(md5, file->known->md5, EXECGATE_MD5_SIZE);
		return EXECGATE_DPKG_SUM_OF_PACKAGE;
	}
	if (!file->known) {
		ret = load_sums(file->listing, file->list, err);
		if (ret)
			return ret;
		sum = execgate_dpkg_sums_find(&file->listing->sums,
					      file->listed);
	}
	ret = sum ? EXECGATE_DPKG_SUM_OF_PACKAGE :
		    EXECGATE_DPKG_SUM_OF_CONFFILE;
	if (!sum)
		sum = execgate_dpkg_sums_find(&file->listing->tables.conffiles,
					      file->listed);
	if (!sum)
		return EXECGATE_DPKG_SUM_NONE;
	memcpy(md5, sum->md5, EXECGATE_MD5_SIZE);
	return ret;
}

static int has_name(const void *key, const void *item)
{
	const struct dirent *const *entry = item;

	return strcmp(key, (*entry)->d_name);
}

/* Most packages have none of most scripts: the folder has been read, so nothing asks. */
static bool is_there(const struct execgate_dpkg_listing *listing,
		     const char *name)
{
	return bsearch(name, listing->names, (size_t)listing->name_count,
		       sizeof(*listing->names), has_name);
}

static int visit_scripts(struct execgate_dpkg_listing *listing,
			 const char *package, struct execgate_error *err)
{
	char path[PATH_MAX], name[NAME_MAX + 1], bare[256];
	struct execgate_dpkg_file file = { .path = path,
					   .listed = path,
					   .list = package,
					   .package = bare,
					   .listing = listing,
					   .is_script = true };
	size_t i;
	int ret = 0;

	bare_name(package, bare, sizeof(bare));
	for (i = 0; !ret && i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		if (snprintf(name, sizeof(name), "%s.%s", package,
			     scripts[i]) >= (int)sizeof(name) ||
		    !is_there(listing, name))
			continue;
		snprintf(path, sizeof(path), "%s/info/%s", listing->admindir,
			 name);
		ret = listing->visit(&file, listing->arg, err);
	}
	return ret;
}

static int visit_file(struct execgate_dpkg_listing *listing,
		      struct execgate_dpkg_file *file, const char *listed,
		      struct execgate_error *err)
{
	file->listed = listed;
	file->path =
		execgate_dpkg_divert(&listing->tables, listed, file->package);
	return listing->visit(file, listing->arg, err);
}

static int visit_text(struct execgate_dpkg_listing *listing,
		      struct execgate_dpkg_file *file,
		      struct execgate_error *err)
{
	char path[PATH_MAX], *text, *line, *next;
	int ret;

	snprintf(path, sizeof(path), "%s/info/%s.list", listing->admindir,
		 file->list);
	ret = execgate_dpkg_text(path, &text, err);
	if (ret)
		return ret;
	for (next = text; !ret && (line = execgate_dpkg_line(&next));)
		if (line[0] == '/')
			ret = visit_file(listing, file, line, err);
	free(text);
	execgate_dpkg_sums_free(&listing->sums);
	listing->sums_loaded = false;
	return ret;
}

static int visit_list(struct execgate_dpkg_listing *listing,
		      const char *package, struct execgate_error *err)
{
	const struct execgate_code_path *known = NULL;
	char bare[256];
	struct execgate_dpkg_file file = { .list = package,
					   .package = bare,
					   .listing = listing };
	size_t count = 0;
	int ret = listing->recall ? listing->recall(package, listing->arg,
						    &known, &count) :
				    0;

	if (ret < 0)
		return execgate_error_errno(err, ret, "cannot take package %s",
					    package);
	bare_name(package, bare, sizeof(bare));
	if (!ret)
		return visit_text(listing, &file, err);
	for (ret = 0; !ret && count; known++, count--) {
		file.known = known;
		ret = visit_file(listing, &file, known->listed, err);
	}
	return ret;
}

static int visit_package(struct execgate_dpkg_listing *listing,
			 const char *package, struct execgate_error *err)
{
	int ret = 0;

	if (execgate_dpkg_is_installed(&listing->tables, package))
		ret = visit_list(listing, package, err);
	return ret ? ret : visit_scripts(listing, package, err);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* The package of a list; false: it is another file. */
static bool list_of(const char *name, char *out, size_t size)
{
	const char *dot = strrchr(name, '.');

	if (!dot || strcmp(dot, ".list") != 0)
		return false;
	snprintf(out, size, "%.*s", (int)(dot - name), name);
	return true;
}

static int visit_all(struct execgate_dpkg_listing *listing,
		     struct execgate_error *err)
{
	char path[PATH_MAX], package[NAME_MAX + 1];
	int i, ret = 0;

	snprintf(path, sizeof(path), "%s/info", listing->admindir);
	listing->name_count = scandir(path, &listing->names, NULL, by_name);
	if (listing->name_count < 0)
		return execgate_error_errno(err, -errno,
					    "cannot read dpkg's folder %s",
					    path);
	for (i = 0; !ret && i < listing->name_count; i++)
		if (list_of(listing->names[i]->d_name, package,
			    sizeof(package)))
			ret = visit_package(listing, package, err);
	for (i = 0; i < listing->name_count; i++)
		free(listing->names[i]);
	free(listing->names);
	return ret;
}

int execgate_dpkg_list(const char *admindir, execgate_dpkg_recall recall,
		       execgate_dpkg_visit visit, void *arg,
		       struct execgate_error *err)
{
	struct execgate_dpkg_listing listing = { .admindir = admindir,
						 .recall = recall,
						 .visit = visit,
						 .arg = arg };
	int ret;

	if (strlen(admindir) > PATH_MAX - 512)
		return execgate_error_errno(err, -ENAMETOOLONG,
					    "cannot read %s", admindir);
	ret = execgate_dpkg_tables_load(admindir, &listing.tables, err);
	if (!ret)
		ret = visit_all(&listing, err);
	execgate_dpkg_tables_free(&listing.tables);
	return ret;
}
