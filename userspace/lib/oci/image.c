// SPDX-License-Identifier: GPL-2.0
#include "lib/oci/image.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include <openssl/evp.h>

#include "lib/base/digits.h"
#include "lib/oci/blob.h"

#define INDEX_DEPTH 4

enum transport {
	OCI_FOLDER,
	OCI_ARCHIVE,
	DOCKER_ARCHIVE,
};

static const struct {
	const char *prefix;
	enum transport transport;
} transports[] = {
	{ "oci:", OCI_FOLDER },
	{ "oci-archive:", OCI_ARCHIVE },
	{ "docker-archive:", DOCKER_ARCHIVE },
};

static const char *find_transport(const char *source, enum transport *out)
{
	for (size_t i = 0; i < sizeof(transports) / sizeof(transports[0]);
	     i++) {
		size_t length = strlen(transports[i].prefix);

		if (!strncmp(source, transports[i].prefix, length)) {
			*out = transports[i].transport;
			return source + length;
		}
	}
	return NULL;
}

bool execgate_oci_image_is_local(const char *source)
{
	enum transport ignored;

	return find_transport(source, &ignored);
}

void execgate_oci_image_here(struct execgate_oci_platform *out)
{
	static const char *const names[][3] = {
		{ "x86_64", "amd64", "" }, { "aarch64", "arm64", "" },
		{ "i686", "386", "" },	   { "armv7l", "arm", "v7" },
		{ "armv6l", "arm", "v6" },
	};
	struct utsname here;

	memset(out, 0, sizeof(*out));
	uname(&here);
	strcpy(out->os, "linux");
	/* The others are called alike: ppc64le, riscv64, s390x. */
	snprintf(out->architecture, sizeof(out->architecture), "%.31s",
		 here.machine);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(here.machine, names[i][0])) {
			strcpy(out->architecture, names[i][1]);
			strcpy(out->variant, names[i][2]);
		}
}

size_t execgate_oci_image_repository(const char *reference)
{
	size_t length = strcspn(reference, "@");
	const char *slash = memrchr(reference, '/', length);
	const char *last = slash ? slash + 1 : reference;
	const char *colon =
		memchr(last, ':', length - (size_t)(last - reference));

	return colon ? (size_t)(colon - reference) : length;
}

int execgate_oci_image_name(const char *reference, char *out, size_t size,
			    struct execgate_error *err)
{
	size_t i, length = execgate_oci_image_repository(reference);
	bool is_bare = !reference[length] && !strchr(reference, '/');

	/* A word alone is a tag in a folder of OCI, or it may be: nobody knows. */
	if (!length || length >= size || is_bare)
		return execgate_error_set(err, -EINVAL, EXECGATE_EXIT_USAGE,
					  "the image does not say of which "
					  "repository it is; give the catalog "
					  "a --name");
	for (i = 0; i < length; i++)
		out[i] = reference[i] == '/' ? '+' :
			 reference[i] == ':' ? '_' :
					       reference[i];
	out[length] = '\0';
	return 0;
}

/* Not an artifact, which is beside an image as a manifest, too. */
static bool is_image(const struct execgate_oci_descriptor *one)
{
	return (one->kind == EXECGATE_OCI_MANIFEST ||
		one->kind == EXECGATE_OCI_INDEX) &&
	       !one->artifact_type[0];
}

static bool is_for(const struct execgate_oci_platform *platform,
		   const struct execgate_oci_platform *wanted)
{
	return !strcmp(platform->os, wanted->os) &&
	       !strcmp(platform->architecture, wanted->architecture);
}

/*
 * The first for the machine, and of several variants the one that was asked for, or that
 * asks for none. An image that does not say is for this machine, as its configuration
 * will have to say.
 */
static const struct execgate_oci_descriptor *
choose_platform(const struct execgate_oci_descriptors *list,
		const struct execgate_oci_platform *wanted)
{
	const struct execgate_oci_descriptor *first = NULL, *one;

	for (size_t i = 0; i < list->count; i++) {
		one = &list->list[i];
		if (!is_image(one))
			continue;
		if (one->platform.os[0] && !is_for(&one->platform, wanted))
			continue;
		if (!strcmp(one->platform.variant, wanted->variant))
			return one;
		if (!first && !wanted->variant[0])
			first = one;
	}
	return first;
}

static bool is_called(const struct execgate_oci_descriptor *one,
		      const char *name)
{
	const char *tag = strrchr(one->reference, ':');

	return !strcmp(one->reference, name) || (tag && !strcmp(tag + 1, name));
}

/* The images of a folder that are called so; all of them if nobody said. */
static void keep_called(struct execgate_oci_descriptors *list, const char *name)
{
	size_t kept = 0;

	for (size_t i = 0; name && i < list->count; i++)
		if (is_called(&list->list[i], name))
			list->list[kept++] = list->list[i];
	if (name)
		list->count = kept;
}

/* Several that are not variants of one: signatures beside it are not images. */
static size_t count_images(const struct execgate_oci_descriptors *list,
			   const struct execgate_oci_platform *wanted)
{
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++)
		count += is_image(&list->list[i]) &&
			 (!list->list[i].platform.os[0] ||
			  (is_for(&list->list[i].platform, wanted) &&
			   list->list[i].reference[0]));
	return count;
}

static int no_image(const char *name,
		    const struct execgate_oci_platform *wanted,
		    struct execgate_error *err)
{
	return execgate_error_set(
		err, -ENOENT, EXECGATE_EXIT_NOT_FOUND,
		"there is no image%s%s%s for %s/%s%s%s; --platform chooses "
		"another machine's",
		name ? " \"" : "", name ? name : "", name ? "\"" : "",
		wanted->os, wanted->architecture, wanted->variant[0] ? "/" : "",
		wanted->variant);
}

/* From index.json, through indexes of platforms, to a manifest. */
static int find_manifest(const struct execgate_oci_store *store,
			 const char *name,
			 const struct execgate_oci_platform *wanted,
			 struct execgate_oci_descriptor *out,
			 struct execgate_error *err)
{
	struct execgate_oci_descriptors list;
	const struct execgate_oci_descriptor *chosen;
	char reference[EXECGATE_OCI_TEXT_MAX] = "";
	unsigned int depth;
	uint8_t *data;
	size_t size;
	int ret = execgate_oci_store_read(store, "index.json",
					  EXECGATE_OCI_DOCUMENT_MAX, &data,
					  &size, err);

	for (depth = 0; !ret && depth < INDEX_DEPTH; depth++) {
		ret = execgate_oci_parse_index((struct eg_bytes){ data, size },
					       &list, err);
		free(data);
		if (ret)
			return ret;
		if (!depth)
			keep_called(&list, name);
		if (!depth && count_images(&list, wanted) > 1)
			ret = execgate_error_set(
				err, -EINVAL, EXECGATE_EXIT_ERROR,
				"there are several images; say which, by what "
				"it is called: oci:FOLDER:NAME");
		chosen = choose_platform(&list, wanted);
		if (!ret && !chosen)
			ret = no_image(name, wanted, err);
		if (!ret) {
			*out = *chosen;
			if (out->reference[0])
				strcpy(reference, out->reference);
		}
		execgate_oci_descriptors_free(&list);
		if (!ret && out->kind == EXECGATE_OCI_MANIFEST) {
			strcpy(out->reference, reference);
			return 0;
		}
		if (!ret)
			ret = execgate_oci_blob_read(store, out,
						     EXECGATE_OCI_DOCUMENT_MAX,
						     &data, &size, err);
	}
	if (ret)
		return ret;
	free(data);
	return execgate_error_set(err, -ELOOP, EXECGATE_EXIT_BAD_SIGNATURE,
				  "the image is malformed: its index leads to "
				  "indexes only");
}

static int add_layers(struct execgate_oci_image *image,
		      const struct execgate_oci_descriptors *list,
		      struct execgate_error *err)
{
	char name[EXECGATE_OCI_BLOB_NAME];

	image->layers = calloc(list->count + 1, sizeof(*image->layers));
	if (!image->layers)
		return execgate_error_errno(err, -ENOMEM,
					    "cannot read the image");
	for (size_t i = 0; i < list->count; i++) {
		const struct execgate_oci_descriptor *from = &list->list[i];
		struct execgate_oci_layer *layer = &image->layers[i];

		if (from->kind < EXECGATE_OCI_LAYER)
			return execgate_error_set(
				err, -EINVAL, EXECGATE_EXIT_ERROR,
				"a layer of the image is of the unknown type "
				"\"%s\"",
				from->media_type);
		layer->packing = from->kind == EXECGATE_OCI_LAYER_GZIP ?
					 EXECGATE_OCI_GZIP :
				 from->kind == EXECGATE_OCI_LAYER_ZSTD ?
					 EXECGATE_OCI_ZSTD :
					 EXECGATE_OCI_PLAIN;
		memcpy(layer->digest, from->digest, sizeof(layer->digest));
		layer->has_digest = true;
		layer->size = from->size;
		execgate_oci_blob_name(from->digest, name);
		layer->name = strdup(name);
		image->layer_count++;
		if (!layer->name)
			return execgate_error_errno(err, -ENOMEM,
						    "cannot read the image");
	}
	return 0;
}

/* The layers that are there must be those that the configuration says. */
static int take_config(struct execgate_oci_image *image, struct eg_bytes text,
		       const struct execgate_oci_platform *wanted,
		       struct execgate_error *err)
{
	int ret = execgate_oci_parse_config(text, &image->config, err);

	if (ret) {
		image->config.diff_ids = NULL;
		return ret;
	}
	if (image->config.count != image->layer_count)
		return execgate_error_set(
			err, -EBADMSG, EXECGATE_EXIT_BAD_SIGNATURE,
			"the image is malformed: it has %zu layers, and its "
			"configuration is of %zu",
			image->layer_count, image->config.count);
	for (size_t i = 0; i < image->layer_count; i++)
		memcpy(image->layers[i].diff_id, image->config.diff_ids[i],
		       EG_SHA256_SIZE);
	if (is_for(&image->config.platform, wanted))
		return 0;
	return execgate_error_set(err, -EINVAL, EXECGATE_EXIT_NOT_FOUND,
				  "the image is for %s/%s, not for %s/%s; "
				  "--platform chooses another machine's",
				  image->config.platform.os,
				  image->config.platform.architecture,
				  wanted->os, wanted->architecture);
}

static int open_layout(struct execgate_oci_image *image, const char *name,
		       const struct execgate_oci_platform *wanted,
		       struct execgate_error *err)
{
	struct execgate_oci_descriptor manifest, config;
	struct execgate_oci_descriptors layers;
	uint8_t *data;
	size_t size;
	int ret = find_manifest(image->store, name, wanted, &manifest, err);

	if (ret)
		return ret;
	strcpy(image->reference, manifest.reference);
	strcpy(image->media_type, manifest.media_type);
	memcpy(image->digest, manifest.digest, sizeof(image->digest));
	image->size = manifest.size;
	ret = execgate_oci_blob_read(image->store, &manifest,
				     EXECGATE_OCI_DOCUMENT_MAX, &data, &size,
				     err);
	if (ret)
		return ret;
	ret = execgate_oci_parse_manifest((struct eg_bytes){ data, size },
					  &config, &layers, err);
	free(data);
	data = NULL;
	if (ret)
		return ret;
	ret = add_layers(image, &layers, err);
	execgate_oci_descriptors_free(&layers);
	if (!ret)
		ret = execgate_oci_blob_read(image->store, &config,
					     EXECGATE_OCI_DOCUMENT_MAX, &data,
					     &size, err);
	if (ret)
		return ret;
	ret = take_config(image, (struct eg_bytes){ data, size }, wanted, err);
	free(data);
	return ret;
}

static int add_saved(struct execgate_oci_image *image,
		     struct execgate_oci_saved *saved,
		     struct execgate_error *err)
{
	image->layers = calloc(saved->layer_count + 1, sizeof(*image->layers));
	if (!image->layers)
		return execgate_error_errno(err, -ENOMEM,
					    "cannot read the image");
	for (size_t i = 0; i < saved->layer_count; i++) {
		image->layers[i].name = saved->layers[i];
		saved->layers[i] = NULL;
		image->layer_count++;
	}
	if (saved->tag_count && strlen(saved->tags[0]) < EXECGATE_OCI_TEXT_MAX)
		strcpy(image->reference, saved->tags[0]);
	return 0;
}

/* "HEX.json" or "blobs/sha256/HEX": a name that is a digest must be the right one. */
static int check_config_name(const struct execgate_oci_image *image,
			     const char *name, struct execgate_error *err)
{
	const char *slash = strrchr(name, '/');
	const char *hex = slash ? slash + 1 : name;
	uint8_t said[EG_SHA256_SIZE];

	if (strspn(hex, "0123456789abcdef") == 2 * EG_SHA256_SIZE &&
	    execgate_hex_read(hex, said, sizeof(said)) &&
	    memcmp(said, image->digest, sizeof(said)) != 0)
		return execgate_oci_blob_changed(name, err);
	return 0;
}

static int open_saved(struct execgate_oci_image *image, const char *name,
		      const struct execgate_oci_platform *wanted,
		      struct execgate_error *err)
{
	struct execgate_oci_saved saved;
	uint8_t *data;
	size_t size;
	int ret = execgate_oci_store_read(image->store, "manifest.json",
					  EXECGATE_OCI_DOCUMENT_MAX, &data,
					  &size, err);

	if (ret)
		return ret;
	ret = execgate_oci_parse_saved((struct eg_bytes){ data, size }, name,
				       &saved, err);
	free(data);
	data = NULL;
	if (!ret)
		ret = add_saved(image, &saved, err);
	if (!ret)
		ret = execgate_oci_store_read(image->store, saved.config,
					      EXECGATE_OCI_DOCUMENT_MAX, &data,
					      &size, err);
	if (!ret) {
		EVP_Digest(data, size, image->digest, NULL, EVP_sha256(), NULL);
		ret = check_config_name(image, saved.config, err);
		if (!ret)
			ret = take_config(image,
					  (struct eg_bytes){ data, size },
					  wanted, err);
		free(data);
	}
	if (name && !ret && strlen(name) < sizeof(image->reference))
		strcpy(image->reference, name);
	execgate_oci_saved_free(&saved);
	return ret;
}

int execgate_oci_image_open(const char *source,
			    const struct execgate_oci_platform *platform,
			    struct execgate_oci_limits *limits,
			    struct execgate_oci_image *image,
			    struct execgate_error *err)
{
	enum transport transport = OCI_FOLDER;
	const char *place = find_transport(source, &transport);
	const char *name;
	int ret;

	if (!place)
		return execgate_error_set(err, -EINVAL, EXECGATE_EXIT_USAGE,
					  "\"%s\" is not the place of an image",
					  source);
	name = strchr(place, ':');
	image->path = name ? strndup(place, (size_t)(name - place)) :
			     strdup(place);
	name += name != NULL;
	if (!image->path)
		return execgate_error_errno(err, -ENOMEM,
					    "cannot read the image");
	ret = transport == OCI_FOLDER ?
		      execgate_oci_store_folder(image->path, &image->store,
						err) :
		      execgate_oci_store_archive(image->path, limits,
						 &image->store, err);
	if (ret)
		return ret;
	return transport == DOCKER_ARCHIVE ?
		       open_saved(image, name, platform, err) :
		       open_layout(image, name, platform, err);
}

void execgate_oci_image_close(struct execgate_oci_image *image)
{
	size_t i;

	for (i = 0; i < image->file_count; i++) {
		free(image->files[i].path);
		free(image->files[i].package);
	}
	free(image->files);
	execgate_oci_tree_free(&image->tree);
	for (i = 0; i < image->layer_count; i++)
		execgate_oci_layer_free(&image->layers[i]);
	free(image->layers);
	free(image->config.diff_ids);
	execgate_oci_store_close(image->store);
	free(image->path);
	memset(image, 0, sizeof(*image));
}
