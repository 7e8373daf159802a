// SPDX-License-Identifier: GPL-2.0
#include "lib/oci/parse.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/base/digits.h"

static const struct {
	const char *media_type;
	enum execgate_oci_kind kind;
} kinds[] = {
#define OCI "application/vnd.oci.image."
#define DOCKER "application/vnd.docker."
	{ OCI "index.v1+json", EXECGATE_OCI_INDEX },
	{ DOCKER "distribution.manifest.list.v2+json", EXECGATE_OCI_INDEX },
	{ OCI "manifest.v1+json", EXECGATE_OCI_MANIFEST },
	{ DOCKER "distribution.manifest.v2+json", EXECGATE_OCI_MANIFEST },
	{ OCI "config.v1+json", EXECGATE_OCI_CONFIG },
	{ DOCKER "container.image.v1+json", EXECGATE_OCI_CONFIG },
	{ OCI "layer.v1.tar", EXECGATE_OCI_LAYER },
	{ OCI "layer.v1.tar+gzip", EXECGATE_OCI_LAYER_GZIP },
	{ OCI "layer.v1.tar+zstd", EXECGATE_OCI_LAYER_ZSTD },
	{ OCI "layer.nondistributable.v1.tar", EXECGATE_OCI_LAYER },
	{ OCI "layer.nondistributable.v1.tar+gzip", EXECGATE_OCI_LAYER_GZIP },
	{ OCI "layer.nondistributable.v1.tar+zstd", EXECGATE_OCI_LAYER_ZSTD },
	{ DOCKER "image.rootfs.diff.tar", EXECGATE_OCI_LAYER },
	{ DOCKER "image.rootfs.diff.tar.gzip", EXECGATE_OCI_LAYER_GZIP },
	{ DOCKER "image.rootfs.foreign.diff.tar.gzip",
	  EXECGATE_OCI_LAYER_GZIP },
#undef DOCKER
#undef OCI
};

__attribute__((format(printf, 2, 3))) static int
malformed(struct execgate_error *err, const char *format, ...)
{
	char why[512];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	return execgate_error_set(err, -EBADMSG, EXECGATE_EXIT_BAD_SIGNATURE,
				  "the image is malformed: %s", why);
}

/* A repeated key means one thing to us and another to a runtime: it is refused. */
static json_t *load_object(struct eg_bytes text, const char *what,
			   struct execgate_error *err)
{
	json_error_t why;
	json_t *root;

	if (text.size > EXECGATE_OCI_DOCUMENT_MAX) {
		malformed(err, "its %s is larger than 4 MiB", what);
		return NULL;
	}
	root = json_loadb((const char *)text.data, text.size,
			  JSON_REJECT_DUPLICATES, &why);
	if (!root)
		malformed(err, "its %s is not JSON: %s", what, why.text);
	return root;
}

static bool copy_text(const json_t *object, const char *key, char *out,
		      size_t size)
{
	const char *text = json_string_value(json_object_get(object, key));

	out[0] = '\0';
	return !text || (strlen(text) < size && strcpy(out, text));
}

static bool parse_digest(const json_t *value, uint8_t out[EG_SHA256_SIZE])
{
	const char *text = json_string_value(value);

	return text &&
	       !strncmp(text, EXECGATE_OCI_SHA256,
			strlen(EXECGATE_OCI_SHA256)) &&
	       strlen(text) ==
		       strlen(EXECGATE_OCI_SHA256) + 2 * EG_SHA256_SIZE &&
	       execgate_hex_read(text + strlen(EXECGATE_OCI_SHA256), out,
				 EG_SHA256_SIZE);
}

char *execgate_oci_digest_text(const uint8_t digest[EG_SHA256_SIZE],
			       char out[EXECGATE_OCI_DIGEST_TEXT])
{
	strcpy(out, EXECGATE_OCI_SHA256);
	execgate_hex_write(out + strlen(out), digest, EG_SHA256_SIZE);
	return out;
}

static bool parse_machine(const json_t *object,
			  struct execgate_oci_platform *out)
{
	return copy_text(object, "os", out->os, sizeof(out->os)) &&
	       copy_text(object, "architecture", out->architecture,
			 sizeof(out->architecture)) &&
	       copy_text(object, "variant", out->variant, sizeof(out->variant));
}

static enum execgate_oci_kind kind_of(const char *media_type)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i].media_type, media_type))
			return kinds[i].kind;
	return EXECGATE_OCI_OTHER;
}

int execgate_oci_parse_descriptor(const json_t *object,
				  struct execgate_oci_descriptor *out,
				  struct execgate_error *err)
{
	const json_t *notes = json_object_get(object, "annotations");
	json_int_t size = json_integer_value(json_object_get(object, "size"));

	memset(out, 0, sizeof(*out));
	if (!json_is_object(object) ||
	    !copy_text(object, "mediaType", out->media_type,
		       sizeof(out->media_type)) ||
	    !copy_text(object, "artifactType", out->artifact_type,
		       sizeof(out->artifact_type)) ||
	    !parse_machine(json_object_get(object, "platform"),
			   &out->platform) ||
	    size < 0)
		return malformed(err, "a descriptor has unknown contents");
	if (!parse_digest(json_object_get(object, "digest"), out->digest))
		return malformed(err, "a digest is not of the form sha256:HEX");
	out->kind = kind_of(out->media_type);
	out->size = (uint64_t)size;
	if (!copy_text(notes, "io.containerd.image.name", out->reference,
		       sizeof(out->reference)) ||
	    (!out->reference[0] &&
	     !copy_text(notes, "org.opencontainers.image.ref.name",
			out->reference, sizeof(out->reference))))
		return malformed(err, "the name in an annotation is longer "
				      "than 255 bytes");
	return 0;
}

static int parse_descriptors(const json_t *array, size_t max,
			     struct execgate_oci_descriptors *out,
			     struct execgate_error *err)
{
	size_t i, count = json_array_size(array);
	int ret = 0;

	memset(out, 0, sizeof(*out));
	if (!json_is_array(array) || count > max)
		return malformed(err,
				 "a list of descriptors is missing, or "
				 "has more than %zu",
				 max);
	out->list = calloc(count + 1, sizeof(*out->list));
	if (!out->list)
		return execgate_error_errno(err, -ENOMEM,
					    "cannot read the image");
	out->count = count;
	for (i = 0; !ret && i < count; i++)
		ret = execgate_oci_parse_descriptor(json_array_get(array, i),
						    &out->list[i], err);
	if (ret)
		execgate_oci_descriptors_free(out);
	return ret;
}

void execgate_oci_descriptors_free(struct execgate_oci_descriptors *list)
{
	free(list->list);
	memset(list, 0, sizeof(*list));
}

/*
 * A document that could be read as either is a trap: a signer would look at one image
 * and a runtime run another (CVE-2021-41190).
 */
static bool is_ambiguous(const json_t *root)
{
	return json_object_get(root, "manifests") &&
	       (json_object_get(root, "layers") ||
		json_object_get(root, "config"));
}

static json_t *load_document(struct eg_bytes text, const char *what,
			     struct execgate_error *err)
{
	json_t *root = load_object(text, what, err);

	if (!root)
		return NULL;
	if (is_ambiguous(root))
		malformed(err, "its %s is an index and a manifest", what);
	else if (json_integer_value(json_object_get(root, "schemaVersion")) !=
		 2)
		malformed(err, "its %s is not of schema version 2", what);
	else
		return root;
	json_decref(root);
	return NULL;
}

int execgate_oci_parse_index(struct eg_bytes text,
			     struct execgate_oci_descriptors *out,
			     struct execgate_error *err)
{
	json_t *root = load_document(text, "index", err);
	int ret;

	if (!root)
		return -EBADMSG;
	ret = parse_descriptors(json_object_get(root, "manifests"),
				EXECGATE_OCI_LIST_MAX, out, err);
	json_decref(root);
	return ret;
}

int execgate_oci_parse_manifest(struct eg_bytes text,
				struct execgate_oci_descriptor *config,
				struct execgate_oci_descriptors *layers,
				struct execgate_error *err)
{
	json_t *root = load_document(text, "manifest", err);
	int ret;

	if (!root)
		return -EBADMSG;
	ret = execgate_oci_parse_descriptor(json_object_get(root, "config"),
					    config, err);
	if (!ret && config->kind != EXECGATE_OCI_CONFIG)
		ret = execgate_error_set(err, -EINVAL, EXECGATE_EXIT_ERROR,
					 "that is not the image of a "
					 "container: its configuration is of "
					 "type \"%s\"",
					 config->media_type);
	if (!ret)
		ret = parse_descriptors(json_object_get(root, "layers"),
					EXECGATE_OCI_LAYERS_MAX, layers, err);
	json_decref(root);
	return ret;
}

static int read_artifact(const json_t *root, struct execgate_oci_artifact *out,
			 struct execgate_error *err)
{
	const json_t *layers = json_object_get(root, "layers");
	int ret =
		execgate_oci_parse_descriptor(json_object_get(root, "subject"),
					      &out->subject, err);

	if (ret)
		return ret;
	if (!copy_text(root, "artifactType", out->type, sizeof(out->type)) ||
	    json_array_size(layers) != 1)
		return malformed(err, "what is beside it is not one file of a "
				      "known type");
	ret = execgate_oci_parse_descriptor(json_array_get(layers, 0),
					    &out->content, err);
	if (!ret && strcmp(out->content.media_type, out->type) != 0)
		ret = malformed(err, "what is beside it is of two types");
	return ret;
}

int execgate_oci_parse_artifact(struct eg_bytes text,
				struct execgate_oci_artifact *out,
				struct execgate_error *err)
{
	json_t *root = load_document(text, "artifact", err);
	int ret;

	memset(out, 0, sizeof(*out));
	if (!root)
		return -EBADMSG;
	ret = read_artifact(root, out, err);
	json_decref(root);
	return ret;
}

int execgate_oci_parse_types(struct eg_bytes text,
			     char media_type[EXECGATE_OCI_TYPE_MAX],
			     char artifact_type[EXECGATE_OCI_TYPE_MAX],
			     struct execgate_error *err)
{
	json_t *root = load_document(text, "manifest", err);
	int ret = 0;

	if (!root)
		return -EBADMSG;
	if (!copy_text(root, "mediaType", media_type, EXECGATE_OCI_TYPE_MAX) ||
	    !copy_text(root, "artifactType", artifact_type,
		       EXECGATE_OCI_TYPE_MAX))
		ret = malformed(err, "the type of its manifest is not one");
	json_decref(root);
	return ret;
}

static int parse_diff_ids(const json_t *array, struct execgate_oci_config *out,
			  struct execgate_error *err)
{
	size_t i, count = json_array_size(array);

	if (!json_is_array(array) || count > EXECGATE_OCI_LAYERS_MAX)
		return malformed(err,
				 "its configuration does not list its "
				 "layers, or more than %d",
				 EXECGATE_OCI_LAYERS_MAX);
	out->diff_ids = calloc(count + 1, sizeof(*out->diff_ids));
	if (!out->diff_ids)
		return execgate_error_errno(err, -ENOMEM,
					    "cannot read the image");
	out->count = count;
	for (i = 0; i < count; i++)
		if (!parse_digest(json_array_get(array, i), out->diff_ids[i])) {
			free(out->diff_ids);
			return malformed(err, "a digest of its configuration "
					      "is not of the form sha256:HEX");
		}
	return 0;
}

int execgate_oci_parse_config(struct eg_bytes text,
			      struct execgate_oci_config *out,
			      struct execgate_error *err)
{
	json_t *root = load_object(text, "configuration", err);
	const char *created;
	int ret = 0;

	memset(out, 0, sizeof(*out));
	if (!root)
		return -EBADMSG;
	created = json_string_value(json_object_get(root, "created"));
	if (created && !execgate_oci_parse_time(created, &out->created))
		ret = malformed(err, "the time of its creation is not one");
	if (!ret && !parse_machine(root, &out->platform))
		ret = malformed(err, "its platform is not one");
	if (!ret)
		ret = parse_diff_ids(json_object_get(json_object_get(root,
								     "rootfs"),
						     "diff_ids"),
				     out, err);
	json_decref(root);
	return ret;
}

static int copy_names(const json_t *array, size_t max, char ***out,
		      size_t *count, struct execgate_error *err)
{
	size_t i, size = json_array_size(array);
	const char *name;
	char **names;

	if (size > max)
		return malformed(err,
				 "manifest.json has a list of more than "
				 "%zu names",
				 max);
	names = calloc(size + 1, sizeof(*names));
	*out = names;
	if (!names)
		return execgate_error_errno(err, -ENOMEM,
					    "cannot read the image");
	for (i = 0; i < size; i++, ++*count) {
		name = json_string_value(json_array_get(array, i));
		if (!name)
			return malformed(err, "manifest.json has a name that "
					      "is not text");
		names[i] = strdup(name);
		if (!names[i])
			return execgate_error_errno(err, -ENOMEM,
						    "cannot read the image");
	}
	return 0;
}

static bool is_tagged(const json_t *image, const char *reference)
{
	const json_t *tags = json_object_get(image, "RepoTags");
	const char *tag;

	for (size_t i = 0; i < json_array_size(tags); i++) {
		tag = json_string_value(json_array_get(tags, i));
		if (tag && !strcmp(tag, reference))
			return true;
	}
	return false;
}

static int choose_saved(const json_t *root, const char *reference,
			const json_t **image, struct execgate_error *err)
{
	size_t i, count = json_array_size(root);

	*image = NULL;
	if (!count || count > EXECGATE_OCI_LIST_MAX)
		return malformed(err,
				 "manifest.json lists no image, or more "
				 "than %d",
				 EXECGATE_OCI_LIST_MAX);
	if (!reference && count > 1)
		return execgate_error_set(
			err, -EINVAL, EXECGATE_EXIT_ERROR,
			"the archive has %zu images; say which: "
			"docker-archive:FILE:NAME:TAG",
			count);
	for (i = 0; i < count && !*image; i++)
		if (!reference || is_tagged(json_array_get(root, i), reference))
			*image = json_array_get(root, i);
	return *image ?
		       0 :
		       execgate_error_set(err, -ENOENT, EXECGATE_EXIT_NOT_FOUND,
					  "the archive has no image \"%s\"",
					  reference);
}

int execgate_oci_parse_saved(struct eg_bytes text, const char *reference,
			     struct execgate_oci_saved *out,
			     struct execgate_error *err)
{
	json_t *root = load_object(text, "manifest.json", err);
	const json_t *image;
	const char *config;
	int ret;

	memset(out, 0, sizeof(*out));
	if (!root)
		return -EBADMSG;
	ret = choose_saved(root, reference, &image, err);
	if (!ret) {
		config = json_string_value(json_object_get(image, "Config"));
		out->config = config ? strdup(config) : NULL;
		if (!out->config)
			ret = malformed(err, "manifest.json names no "
					     "configuration");
	}
	if (!ret)
		ret = copy_names(json_object_get(image, "RepoTags"),
				 EXECGATE_OCI_LIST_MAX, &out->tags,
				 &out->tag_count, err);
	if (!ret)
		ret = copy_names(json_object_get(image, "Layers"),
				 EXECGATE_OCI_LAYERS_MAX, &out->layers,
				 &out->layer_count, err);
	json_decref(root);
	return ret;
}

void execgate_oci_saved_free(struct execgate_oci_saved *saved)
{
	size_t i;

	for (i = 0; i < saved->tag_count; i++)
		free(saved->tags[i]);
	for (i = 0; i < saved->layer_count; i++)
		free(saved->layers[i]);
	free(saved->tags);
	free(saved->layers);
	free(saved->config);
	memset(saved, 0, sizeof(*saved));
}

/* "Z", "+02:00" or "-02:00" to seconds east of Greenwich. */
static bool parse_zone(const char *text, long *seconds)
{
	int hours, minutes, end = 0;

	*seconds = 0;
	if (!strcmp(text, "Z") || !strcmp(text, "z"))
		return true;
	if ((*text != '+' && *text != '-') || text[1] < '0' || text[1] > '9' ||
	    sscanf(text + 1, "%2d:%2d%n", &hours, &minutes, &end) != 2 ||
	    end != 5 || text[1 + end] || hours > 23 || minutes > 59)
		return false;
	*seconds = hours * 3600L + minutes * 60L;
	if (*text == '-')
		*seconds = -*seconds;
	return true;
}

bool execgate_oci_parse_time(const char *text, uint64_t *out)
{
	struct tm tm = { 0 };
	int end = 0;
	long zone;
	time_t at;

	if (sscanf(text, "%4d-%2d-%2d%*1[Tt]%2d:%2d:%2d%n", &tm.tm_year,
		   &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &tm.tm_sec,
		   &end) != 6 ||
	    end != 19)
		return false;
	text += end;
	if (*text == '.')
		text += 1 + strspn(text + 1, "0123456789");
	if (!parse_zone(text, &zone))
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	at = timegm(&tm);
	/* Some builders write the year 1 for "not known". */
	*out = at - zone > 0 ? (uint64_t)(at - zone) : 0;
	return true;
}

bool execgate_oci_parse_platform(const char *text,
				 struct execgate_oci_platform *out)
{
	size_t parts[3], count = 0;
	const char *at = text;

	memset(out, 0, sizeof(*out));
	strcpy(out->os, "linux");
	while (count < 3) {
		parts[count] = strcspn(at, "/");
		if (!parts[count] || parts[count] >= sizeof(out->os))
			return false;
		at += parts[count++];
		if (!*at)
			break;
		at++;
	}
	if (*at || at[-1] == '/')
		return false;
	if (count > 1) {
		snprintf(out->os, sizeof(out->os), "%.*s", (int)parts[0], text);
		text += parts[0] + 1;
	}
	snprintf(out->architecture, sizeof(out->architecture), "%.*s",
		 (int)parts[count > 1], text);
	if (count > 2)
		snprintf(out->variant, sizeof(out->variant), "%s",
			 text + parts[1] + 1);
	return true;
}
