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
 * struct listing - one walk over the database
 * @packages: status of each
 * @conffiles: path to checksum
 * @diverted: path to where it is instead, and for whom not
 */
struct listing {
	const char *admindir;
	struct execgate_dpkg_tables tables;
	execgate_dpkg_visit visit;
	void *arg;
};

/* "libc6:amd64" is the package libc6. */
static void bare_name(const char *package, char *out, size_t size)
{
	snprintf(out, size, "%.*s", (int)strcspn(package, ":"), package);
}

static int visit_scripts(const struct listing *listing, const char *package,
			 struct execgate_error *err)
{
	char path[PATH_MAX], bare[256];
	struct execgate_dpkg_file file = { .path = path,
					   .listed = path,
					   .list = package,
					   .package = bare,
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

static int visit_path(const struct listing *listing, const char *path,
		      const char *package,
		      const struct execgate_dpkg_sums *sums,
		      struct execgate_error *err)
{
	char bare[256];
	struct execgate_dpkg_file file = { .listed = path,
					   .list = package,
					   .package = bare };
	const struct execgate_dpkg_sum *sum;

	if (path[0] != '/')
		return 0;
	bare_name(package, bare, sizeof(bare));
	sum = execgate_dpkg_sums_find(sums, path);
	if (!sum)
		sum = execgate_dpkg_sums_find(&listing->tables.conffiles, path);
	if (sum) {
		file.has_md5 = true;
		memcpy(file.md5, sum->md5, sizeof(file.md5));
	}
	file.path = execgate_dpkg_divert(&listing->tables, path, bare);
	return listing->visit(&file, listing->arg, err);
}

static int visit_list(const struct listing *listing, const char *package,
		      struct execgate_error *err)
{
	struct execgate_dpkg_sums sums = { 0 };
	char path[PATH_MAX], *text, *line, *save;
	int ret;

	snprintf(path, sizeof(path), "%s/info/%s.md5sums", listing->admindir,
		 package);
	ret = execgate_dpkg_sums_load(path, &sums, err);
	if (ret)
		return ret;
	snprintf(path, sizeof(path), "%s/info/%s.list", listing->admindir,
		 package);
	ret = execgate_dpkg_text(path, &text, err);
	if (!ret) {
		for (line = strtok_r(text, "\n", &save); line && !ret;
		     line = strtok_r(NULL, "\n", &save))
			ret = visit_path(listing, line, package, &sums, err);
		free(text);
	}
	execgate_dpkg_sums_free(&sums);
	return ret;
}

static int visit_package(const struct listing *listing, const char *package,
			 struct execgate_error *err)
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

static int visit_all(const struct listing *listing, struct execgate_error *err)
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
	struct listing listing = { .admindir = admindir,
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
