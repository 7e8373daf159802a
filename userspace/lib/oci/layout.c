// SPDX-License-Identifier: GPL-2.0
#include "lib/oci/layout.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>
#include <openssl/evp.h>

#include "lib/base/io.h"
#include "lib/oci/blob.h"

#define HEX_LENGTH (2 * EG_SHA256_SIZE)

static int join_path(const char *folder, const char *name, char out[PATH_MAX],
		     struct execgate_error *err)
{
	if (snprintf(out, PATH_MAX, "%s/%s", folder, name) < PATH_MAX)
		return 0;
	return execgate_error_errno(err, -ENAMETOOLONG,
				    "cannot write in %.200s", folder);
}

static int make_folder(const char *folder, const char *name,
		       struct execgate_error *err)
{
	char path[PATH_MAX];
	int ret = join_path(folder, name, path, err);

	if (ret || mkdir(path, 0755) == 0 || errno == EEXIST)
		return ret;
	return execgate_error_errno(err, -errno, "cannot make the folder %s",
				    path);
}

static int write_part(const char *folder, const char *name, const void *data,
		      size_t size, struct execgate_error *err)
{
	char path[PATH_MAX];
	int ret = join_path(folder, name, path, err);

	return ret ? ret :
		     execgate_io_create_file(path, 0644, true, data, size, err);
}

int execgate_oci_layout_create(const char *folder, struct execgate_error *err)
{
	static const char version[] = "{\"imageLayoutVersion\":\"1.0.0\"}";
	static const char index[] = "{\"schemaVersion\":2,\"manifests\":[]}";
	int ret;

	if (mkdir(folder, 0755) && errno != EEXIST)
		return execgate_error_errno(err, -errno,
					    "cannot make the folder %s",
					    folder);
	ret = make_folder(folder, "blobs", err);
	if (!ret)
		ret = make_folder(folder, "blobs/sha256", err);
	if (!ret)
		ret = write_part(folder, "oci-layout", version, strlen(version),
				 err);
	return ret ? ret :
		     write_part(folder, "index.json", index, strlen(index),
				err);
}

int execgate_oci_layout_blob(const char *folder, struct eg_bytes data,
			     uint8_t out[EG_SHA256_SIZE],
			     struct execgate_error *err)
{
	char name[EXECGATE_OCI_BLOB_NAME];

	if (EVP_Digest(data.data, data.size, out, NULL, EVP_sha256(), NULL) !=
	    1)
		return execgate_error_errno(err, -ENOMEM, "cannot hash");
	execgate_oci_blob_name(out, name);
	return write_part(folder, name, data.data, data.size, err);
}

json_t *execgate_oci_part_json(const char *media_type,
			       const uint8_t digest[EG_SHA256_SIZE],
			       uint64_t size)
{
	char text[EXECGATE_OCI_DIGEST_TEXT];

	return json_pack("{s:s, s:s, s:I}", "mediaType", media_type, "digest",
			 execgate_oci_digest_text(digest, text), "size",
			 (json_int_t)size);
}

static json_t *descriptor_json(const struct execgate_oci_descriptor *from)
{
	json_t *object = execgate_oci_part_json(from->media_type, from->digest,
						from->size);

	if (from->artifact_type[0])
		json_object_set_new(object, "artifactType",
				    json_string(from->artifact_type));
	if (from->reference[0])
		json_object_set_new(
			object, "annotations",
			json_pack("{s:s}", "org.opencontainers.image.ref.name",
				  from->reference));
	return object;
}

static bool is_listed(const json_t *manifests, const json_t *descriptor)
{
	const json_t *digest = json_object_get(descriptor, "digest");

	for (size_t i = 0; i < json_array_size(manifests); i++)
		if (json_equal(json_object_get(json_array_get(manifests, i),
					       "digest"),
			       digest))
			return true;
	return false;
}

static int replace_index(const char *folder, const json_t *root,
			 struct execgate_error *err)
{
	char *text = json_dumps(root, JSON_COMPACT);
	int ret;

	if (!text)
		return execgate_error_errno(err, -ENOMEM,
					    "cannot write index.json");
	ret = write_part(folder, "index.json", text, strlen(text), err);
	free(text);
	return ret;
}

static int list_more(const char *folder, const char *path,
		     const struct execgate_oci_descriptor *descriptor,
		     struct execgate_error *err)
{
	json_t *root = NULL, *manifests, *object;
	uint8_t *data;
	size_t size;
	int ret = execgate_io_read_file(path, EXECGATE_OCI_DOCUMENT_MAX, &data,
					&size, err);

	if (ret)
		return ret;
	root = json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES,
			  NULL);
	free(data);
	manifests = json_object_get(root, "manifests");
	object = descriptor_json(descriptor);
	if (!json_is_array(manifests) ||
	    json_array_size(manifests) >= EXECGATE_OCI_LIST_MAX)
		ret = execgate_error_set(err, -EBADMSG,
					 EXECGATE_EXIT_BAD_SIGNATURE,
					 "%s is not the index of an image, or "
					 "lists %d already",
					 path, EXECGATE_OCI_LIST_MAX);
	else if (!is_listed(manifests, object) &&
		 (json_array_append(manifests, object) != 0))
		ret = execgate_error_errno(err, -ENOMEM, "cannot write %s",
					   path);
	if (!ret)
		ret = replace_index(folder, root, err);
	json_decref(object);
	json_decref(root);
	return ret;
}

int execgate_oci_layout_add(const char *folder,
			    const struct execgate_oci_descriptor *descriptor,
			    struct execgate_error *err)
{
	char path[PATH_MAX];
	int lock, ret = join_path(folder, "index.json", path, err);

	if (ret)
		return ret;
	/* Two that sign at once would each write a list without the other's. */
	lock = execgate_io_lock_folder(path, err);
	if (lock < 0)
		return lock;
	ret = list_more(folder, path, descriptor, err);
	close(lock);
	return ret;
}

/* Layers and the configuration are called by their digests already. */
static int move_blobs(const char *folder, struct execgate_error *err)
{
	char from[PATH_MAX], to[PATH_MAX], name[EXECGATE_OCI_BLOB_NAME];
	const struct dirent *one;
	DIR *dir = opendir(folder);
	int ret = 0;

	if (!dir)
		return execgate_error_errno(err, -errno, "cannot read %s",
					    folder);
	while (!ret && (one = readdir(dir))) {
		if (strlen(one->d_name) != HEX_LENGTH ||
		    strspn(one->d_name, "0123456789abcdef") != HEX_LENGTH)
			continue;
		snprintf(name, sizeof(name), EXECGATE_OCI_BLOBS "%.64s",
			 one->d_name);
		ret = join_path(folder, one->d_name, from, err);
		if (!ret)
			ret = join_path(folder, name, to, err);
		if (!ret && rename(from, to))
			ret = execgate_error_errno(err, -errno,
						   "cannot rename %s", from);
	}
	closedir(dir);
	return ret;
}

int execgate_oci_layout_adopt(const char *folder, const char *reference,
			      struct execgate_error *err)
{
	struct execgate_oci_descriptor found = { .size = 0 };
	char path[PATH_MAX];
	uint8_t *data;
	size_t size;
	int ret = join_path(folder, "manifest.json", path, err);

	if (!ret)
		ret = execgate_io_read_file(path, EXECGATE_OCI_DOCUMENT_MAX,
					    &data, &size, err);
	if (ret)
		return ret;
	ret = execgate_oci_parse_types((struct eg_bytes){ data, size },
				       found.media_type, found.artifact_type,
				       err);
	if (!found.media_type[0])
		strcpy(found.media_type, EXECGATE_OCI_MANIFEST_TYPE);
	if (!ret)
		ret = execgate_oci_layout_create(folder, err);
	if (!ret)
		ret = execgate_oci_layout_blob(folder,
					       (struct eg_bytes){ data, size },
					       found.digest, err);
	free(data);
	if (!ret)
		ret = move_blobs(folder, err);
	if (ret)
		return ret;
	unlink(path);
	if (!join_path(folder, "version", path, err))
		unlink(path);
	found.size = size;
	/* A longer one is not a name that an annotation may have. */
	if (strlen(reference) < sizeof(found.reference))
		strcpy(found.reference, reference);
	return execgate_oci_layout_add(folder, &found, err);
}
