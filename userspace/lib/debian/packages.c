// SPDX-License-Identifier: GPL-2.0
#include "lib/debian/packages.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/debian/dpkg.h"

#define MERGED "/usr"

/* Both spellings of a path on a merged /usr compare equal. */
static const char *plain(const char *path)
{
	static const char *const merged[] = { "/usr/bin/", "/usr/sbin/",
					      "/usr/lib" };

	for (size_t i = 0; i < sizeof(merged) / sizeof(merged[0]); i++)
		if (!strncmp(path, merged[i], strlen(merged[i])))
			return path + strlen(MERGED);
	return path;
}

static int by_path(const void *a, const void *b)
{
	const struct execgate_package_query *const *left = a, *const *right = b;

	return strcmp(plain((*left)->path), plain((*right)->path));
}

/* The equals of one path stand together: fill them all. */
static int fill_query(struct execgate_package_query **sorted, size_t count,
		      const struct execgate_dpkg_file *file,
		      struct execgate_error *err)
{
	struct execgate_package_query key = { .path = file->path };
	struct execgate_package_query *wanted = &key;
	struct execgate_package_query **found;
	uint8_t md5[EXECGATE_MD5_SIZE];
	int has_md5;

	found = bsearch(&wanted, sorted, count, sizeof(*sorted), by_path);
	if (!found)
		return 0;
	has_md5 = execgate_dpkg_checksum(file, md5, err);
	if (has_md5 < 0)
		return has_md5;
	while (found > sorted && !by_path(found - 1, &wanted))
		found--;
	for (; found < sorted + count && !by_path(found, &wanted); found++) {
		snprintf((*found)->package, sizeof((*found)->package), "%s",
			 file->package);
		(*found)->has_md5 = has_md5;
		if (has_md5)
			memcpy((*found)->md5, md5, sizeof(md5));
	}
	return 0;
}

struct finding {
	struct execgate_package_query **sorted;
	size_t count;
};

static int on_file(const struct execgate_dpkg_file *file, void *arg,
		   struct execgate_error *err)
{
	const struct finding *finding = arg;

	return fill_query(finding->sorted, finding->count, file, err);
}

int execgate_packages_find(const char *admindir,
			   struct execgate_package_query *queries, size_t count)
{
	struct finding finding = { .count = count };

	for (size_t i = 0; i < count; i++)
		queries[i].package[0] = '\0', queries[i].has_md5 = false;
	if (!count)
		return 0;
	finding.sorted = calloc(count, sizeof(struct execgate_package_query *));
	if (!finding.sorted)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		finding.sorted[i] = &queries[i];
	qsort(finding.sorted, count, sizeof(*finding.sorted), by_path);
	execgate_dpkg_list(admindir, NULL, on_file, &finding, NULL);
	free(finding.sorted);
	return 0;
}
