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
 * @sums: of the package that is visited, once one was asked for
 * @sums_loaded: whether that was
 */
struct execgate_dpkg_listing {
	const char *admindir;
	struct execgate_dpkg_tables tables;
	struct execgate_dpkg_sums sums;
	bool sums_loaded;
	execgate_dpkg_visit visit;
	void *arg;
};

/* "libc6:amd64" is the package libc6. */
static void bare_name(const char *package, char *out, size_t size)
{
	snprintf(out, size, "%.*s", (int)strcspn(package, ":"), package);
}

int execgate_dpkg_checksum(const struct execgate_dpkg_file *file,
			   uint8_t md5[EXECGATE_MD5_SIZE],
			   struct execgate_error *err)
{
	struct execgate_dpkg_listing *listing = file->listing;
	const struct execgate_dpkg_sum *sum;
	char path[PATH_MAX];
	int ret;

	if (file->is_script)
		return 0;
	if (!listing->sums_loaded) {
		snprintf(path, sizeof(path), "%s/info/%s.md5sums",
			 listing->admindir, file->list);
		ret = execgate_dpkg_sums_load(path, &listing->sums, err);
		if (ret)
			return ret;
		listing->sums_loaded = true;
	}
	sum = execgate_dpkg_sums_find(&listing->sums, file->listed);
	if (!sum)
		sum = execgate_dpkg_sums_find(&listing->tables.conffiles,
					      file->listed);
	if (sum)
		memcpy(md5, sum->md5, EXECGATE_MD5_SIZE);
	return sum != NULL;
}

static int visit_scripts(struct execgate_dpkg_listing *listing,
			 const char *package, struct execgate_error *err)
{
	char path[PATH_MAX], bare[256];
	struct execgate_dpkg_file file = { .path = path,
					   .listed = path,
					   .list = package,
					   .package = bare,
					   .listing = listing,
					   .is_script = true };
	size_t i;
	int ret = 0;

	bare_name(package, bare, sizeof(bare));
	for (i = 0; !ret && i < sizeof(scripts) / sizeof(scripts[0]); i++)
		if (snprintf(path, sizeof(path), "%s/info/%s.%s",
			     listing->admindir, package,
			     scripts[i]) < (int)sizeof(path))
			ret = listing->visit(&file, listing->arg, err);
	return ret;
}

static int visit_paths(struct execgate_dpkg_listing *listing,
		       const char *package, char *text,
		       struct execgate_error *err)
{
	char bare[256], *line;
	struct execgate_dpkg_file file = { .list = package,
					   .package = bare,
					   .listing = listing };
	int ret = 0;

	bare_name(package, bare, sizeof(bare));
	while (!ret && (line = execgate_dpkg_line(&text))) {
		if (line[0] != '/')
			continue;
		file.listed = line;
		file.path = execgate_dpkg_divert(&listing->tables, line, bare);
		ret = listing->visit(&file, listing->arg, err);
	}
	return ret;
}

static int visit_list(struct execgate_dpkg_listing *listing,
		      const char *package, struct execgate_error *err)
{
	char path[PATH_MAX], *text;
	int ret;

	snprintf(path, sizeof(path), "%s/info/%s.list", listing->admindir,
		 package);
	ret = execgate_dpkg_text(path, &text, err);
	if (ret)
		return ret;
	ret = visit_paths(listing, package, text, err);
	free(text);
	execgate_dpkg_sums_free(&listing->sums);
	listing->sums_loaded = false;
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

static int is_list(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && strcmp(dot, ".list") == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int visit_all(struct execgate_dpkg_listing *listing,
		     struct execgate_error *err)
{
	struct dirent **names;
	char path[PATH_MAX];
	int i, count, ret = 0;

	snprintf(path, sizeof(path), "%s/info", listing->admindir);
	count = scandir(path, &names, is_list, by_name);
	if (count < 0)
		return execgate_error_errno(err, -errno,
					    "cannot read dpkg's folder %s",
					    path);
	for (i = 0; i < count; i++) {
		*strrchr(names[i]->d_name, '.') = '\0';
		if (!ret)
			ret = visit_package(listing, names[i]->d_name, err);
		free(names[i]);
	}
	free(names);
	return ret;
}

int execgate_dpkg_list(const char *admindir, execgate_dpkg_visit visit,
		       void *arg, struct execgate_error *err)
{
	struct execgate_dpkg_listing listing = { .admindir = admindir,
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
