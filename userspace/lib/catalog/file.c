// SPDX-License-Identifier: GPL-2.0
#include "lib/catalog/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/base/io.h"
#include "lib/catalog/write.h"
#include "lib/crypto/signature.h"

static int is_malformed(const char *path, const char *what,
			struct execgate_error *err)
{
	return execgate_error_set(
		err, -EBADMSG, EXECGATE_EXIT_BAD_SIGNATURE,
		"%s is not a catalog: %s; make it again with \"execgate "
		"catalog build\" and \"execgate catalog sign\"",
		path, what);
}

static int take_name(const char *path, struct execgate_catalog_file *file,
		     struct execgate_error *err)
{
	const struct eg_bytes *name = &file->manifest.name;

	if (!name->size)
		return is_malformed(path,
				    "it has no name, so it is the "
				    "signature of one file",
				    err);
	if (execgate_catalog_check_name((const char *)name->data, name->size,
					err))
		return -EBADMSG;
	memcpy(file->name, name->data, name->size);
	return 0;
}

static int parse_file(const char *path, struct execgate_catalog_file *file,
		      struct execgate_error *err)
{
	struct eg_bytes content;
	const char *fault = execgate_signature_open(
		(struct eg_bytes){ file->bytes, file->size }, EG_MANIFEST_MAGIC,
		&file->is_signed, &file->cms, &content);

	if (fault)
		return is_malformed(path, fault, err);
	if (eg_manifest_parse(content, &file->manifest))
		return is_malformed(path, "its manifest is damaged", err);
	return take_name(path, file, err);
}

int execgate_catalog_file_parse(const char *path, uint8_t *bytes, size_t size,
				struct execgate_catalog_file *out,
				struct execgate_error *err)
{
	int ret;

	memset(out, 0, sizeof(*out));
	out->bytes = bytes;
	out->size = size;
	ret = parse_file(path, out, err);
	if (ret)
		execgate_catalog_file_free(out);
	return ret;
}

int execgate_catalog_file_load(const char *path,
			       struct execgate_catalog_file *out,
			       struct execgate_error *err)
{
	uint8_t *bytes;
	size_t size;
	int ret;

	ret = execgate_io_read_file(path, EXECGATE_CATALOG_SIZE_MAX, &bytes,
				    &size, err);
	return ret ? ret :
		     execgate_catalog_file_parse(path, bytes, size, out, err);
}

void execgate_catalog_file_free(struct execgate_catalog_file *file)
{
	free(file->bytes);
	memset(file, 0, sizeof(*file));
}

int execgate_catalog_file_verify(const char *path,
				 const struct execgate_catalog_file *file,
				 const struct execgate_trust *trust,
				 const struct execgate_certificate **signer,
				 struct execgate_error *err)
{
	return execgate_verify_signed(path, file->is_signed ? &file->cms : NULL,
				      EXECGATE_PURPOSE_CATALOGS, "catalog sign",
				      trust, file->manifest.created_at, signer,
				      err);
}

int execgate_catalog_file_path(const char *dir, const char *name,
			       char out[PATH_MAX], struct execgate_error *err)
{
	if (snprintf(out, PATH_MAX, "%s/%s" EXECGATE_CATALOG_ENDING, dir,
		     name) < PATH_MAX)
		return 0;
	return execgate_error_errno(err, -ENAMETOOLONG, "cannot use %.200s",
				    dir);
}

int execgate_catalog_file_keep(const char *dir,
			       const struct execgate_catalog_file *file,
			       char path[PATH_MAX], struct execgate_error *err)
{
	int ret = execgate_catalog_file_path(dir, file->name, path, err);

	if (ret)
		return ret;
	if (mkdir(dir, 0755) < 0 && errno != EEXIST)
		return execgate_error_errno(err, -errno,
					    "cannot make the folder %s", dir);
	return execgate_io_create_file(path, 0644, true, file->bytes,
				       file->size, err);
}

static int is_catalog(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);
	size_t ending = strlen(EXECGATE_CATALOG_ENDING);

	return length > ending && entry->d_name[0] != '.' &&
	       strcmp(entry->d_name + length - ending,
		      EXECGATE_CATALOG_ENDING) == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

int execgate_catalog_file_list(const char *dir,
			       execgate_catalog_file_visit visit, void *arg,
			       struct execgate_error *err)
{
	struct dirent **names;
	char path[PATH_MAX];
	int i, count, ret = 0;

	count = scandir(dir, &names, is_catalog, by_name);
	if (count < 0 && errno == ENOENT)
		return 0;
	if (count < 0)
		return execgate_error_errno(err, -errno,
					    "cannot read the folder %s", dir);
	for (i = 0; i < count; i++) {
		if (!ret && snprintf(path, sizeof(path), "%s/%s", dir,
				     names[i]->d_name) < (int)sizeof(path))
			ret = visit(path, arg);
		free(names[i]);
	}
	free(names);
	return ret;
}
