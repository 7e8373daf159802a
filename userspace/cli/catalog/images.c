// SPDX-License-Identifier: GPL-2.0
/* Images of containers as sources of a catalog. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/catalog/builder.h"
#include "cli/catalog/fetch.h"
#include "cli/common/output.h"
#include "lib/base/array.h"
#include "lib/base/digits.h"
#include "lib/oci/artifact.h"

/**
 * struct reading - the layers of an image, on all processors
 * @errors: of each layer; its code is 0 if there is none
 */
struct reading {
	struct execgate_oci_image *image;
	const struct execgate_identities *identities;
	struct execgate_oci_limits *limits;
	struct execgate_error *errors;
};

static void read_layer(size_t index, void *arg)
{
	struct reading *reading = arg;

	execgate_oci_layer_read(reading->image->store,
				&reading->image->layers[index],
				reading->identities, reading->limits,
				&reading->errors[index]);
}

/* The first layer that failed is told of, in whatever order they were read. */
static int read_layers(struct execgate_oci_image *image,
		       const struct execgate_identities *identities,
		       unsigned int jobs, struct execgate_oci_limits *limits,
		       struct execgate_error *err)
{
	struct reading reading = {
		.image = image,
		.identities = identities,
		.limits = limits,
	};
	size_t i, done;
	int ret = 0;

	reading.errors =
		calloc(image->layer_count + 1, sizeof(*reading.errors));
	if (!reading.errors)
		return execgate_error_errno(err, -ENOMEM,
					    "cannot read the image");
	done = batch_run(image->layer_count, jobs, "reading layers", read_layer,
			 &reading);
	for (i = 0; !ret && i < image->layer_count; i++)
		if (reading.errors[i].code) {
			*err = reading.errors[i];
			ret = -EBADMSG;
		}
	if (!ret && done < image->layer_count)
		ret = execgate_error_set(err, -EINTR, EXECGATE_EXIT_ERROR,
					 "interrupted: the image was not read");
	free(reading.errors);
	return ret;
}

/*
 * A path rule is of a place of this machine, where the files of a container are not: with
 * it they would be refused.
 */
static int add_rules(const struct catalog_build *build, const char *package,
		     const char *path, struct execgate_rules *rules,
		     struct execgate_error *err)
{
	struct execgate_rules found = { .size = 0 };
	uint8_t bytes[EG_RULES_SIZE_MAX];
	struct eg_bytes rest;
	struct eg_rule rule;
	int ret = execgate_identities_rules(&build->identities, package, path,
					    &found, err);

	rest = execgate_rules_bytes(&found);
	while (!ret && eg_rules_next(&rest, &rule)) {
		size_t size = eg_rule_write(&rule, bytes, sizeof(bytes));

		if (rule.kind != EG_RULE_PATH)
			ret = execgate_rules_join(
				rules, (struct eg_bytes){ bytes, size }, err);
	}
	return ret;
}

/* The names of files that no package of the image has. */
struct owner {
	const char *name;
	uint64_t version;
};

static int identify(struct catalog_build *build, const struct owner *owner,
		    const struct execgate_oci_file *file, uint32_t *identity,
		    struct execgate_error *err)
{
	struct execgate_rules rules = { .size = 0 };
	char name[EG_MANIFEST_NAME_MAX + 1];
	size_t own;
	int ret = 0;

	if (!file->package)
		rules = build->rules;
	own = rules.size;
	ret = add_rules(build, file->package, file->path, &rules, err);
	if (ret)
		return ret;
	build->ruled += rules.size != own;
	if (!file->package)
		return execgate_catalog_identity(&build->catalog, owner->name,
						 owner->version,
						 execgate_rules_bytes(&rules),
						 identity, err);
	snprintf(name, sizeof(name), "%s%s", file->origin, file->package);
	return execgate_catalog_identity(&build->catalog, name, file->version,
					 execgate_rules_bytes(&rules), identity,
					 err);
}

static int add_file(struct catalog_build *build, const struct owner *owner,
		    const struct execgate_oci_file *file,
		    struct execgate_error *err)
{
	struct execgate_catalog_entry entry = {
		.size = file->entry->size,
		.kind = EG_DIGEST_CONTENT,
		.classes = file->entry->hash.classes,
	};
	int ret;

	memcpy(entry.digest, file->entry->hash.sha256, sizeof(entry.digest));
	ret = catalog_classes_add(build, file->package, file->path,
				  &entry.classes, err);
	if (!ret)
		ret = identify(build, owner, file, &entry.identity, err);
	return ret ? ret : execgate_catalog_add(&build->catalog, &entry, err);
}

/* The image says what nobody said on the command line. */
static int set_defaults(struct catalog_build *build,
			const struct execgate_oci_image *image,
			struct execgate_error *err)
{
	int ret;

	if (!build->name) {
		ret = execgate_oci_image_name(image->reference,
					      build->name_of_image,
					      sizeof(build->name_of_image),
					      err);
		if (!ret)
			ret = execgate_catalog_check_name(
				build->name_of_image,
				strlen(build->name_of_image), err);
		if (ret)
			return ret;
		build->name = build->name_of_image;
	}
	/*
	 * An older image makes an older catalog, which the kernel does not take in place
	 * of a newer one. With other sources the image's age says nothing.
	 */
	if (!build->sequence && build->images.count == 1 && !build->installed &&
	    !build->debs.count && !build->paths.count)
		build->sequence =
			image->config.created ? image->config.created : 1;
	return 0;
}

static int note_image(struct catalog_build *build,
		      const struct execgate_oci_image *image,
		      struct execgate_error *err)
{
	struct catalog_build_image *seen =
		execgate_array_add(build->seen, build->seen_count);

	if (!seen)
		return execgate_error_errno(err, -ENOMEM,
					    "cannot read the image");
	*seen = (struct catalog_build_image){
		.created = image->config.created,
		.layers = image->layer_count,
		.files = image->file_count,
	};
	strcpy(seen->reference, image->reference);
	memcpy(seen->digest, image->digest, sizeof(seen->digest));
	for (size_t i = 0; i < image->file_count; i++)
		seen->packaged += image->files[i].package != NULL;
	build->seen_count++;
	return 0;
}

/* The image's manifest as a file: it says of which image the catalog is. */
static int bind_image(struct catalog_build *build,
		      const struct execgate_oci_image *image,
		      struct execgate_error *err)
{
	struct execgate_catalog_entry entry = {
		.size = image->size,
		.kind = EG_DIGEST_CONTENT,
		.classes = EXECGATE_CLASS_DATA,
	};
	int ret;

	if (!build->bind)
		return 0;
	memcpy(entry.digest, image->digest, sizeof(entry.digest));
	ret = execgate_catalog_identity(&build->catalog, EXECGATE_OCI_BOUND,
					image->config.created,
					(struct eg_bytes){ NULL, 0 },
					&entry.identity, err);
	return ret ? ret : execgate_catalog_add(&build->catalog, &entry, err);
}

static int add_files(struct catalog_build *build,
		     const struct execgate_oci_image *image,
		     struct execgate_error *err)
{
	char name[EXECGATE_CATALOG_NAME_FILE_MAX + 1];
	struct owner owner = { .version = build->version };
	int ret = 0;

	/* Several images in one catalog keep their own names. */
	owner.name = build->identity;
	if (!owner.name)
		owner.name = execgate_oci_image_name(image->reference, name,
						     sizeof(name), NULL) ?
				     build->name :
				     name;
	if (!owner.version)
		owner.version = image->config.created;
	for (size_t i = 0; !ret && i < image->file_count; i++)
		ret = add_file(build, &owner, &image->files[i], err);
	if (!ret)
		ret = bind_image(build, image, err);
	return ret ? ret : note_image(build, image, err);
}

int catalog_image_read(const char *source,
		       const struct execgate_oci_platform *platform,
		       const struct execgate_identities *identities,
		       unsigned int jobs, struct execgate_oci_image *image,
		       struct execgate_error *err)
{
	struct execgate_oci_limits limits = EXECGATE_OCI_LIMITS;
	int ret;

	limits.cancel = &batch_cancelled;
	ret = execgate_oci_image_open(source, platform, &limits, image, err);
	if (!ret)
		ret = read_layers(image, identities, jobs, &limits, err);
	return ret ? ret : execgate_oci_image_merge(image, &limits, err);
}

static int add_image(struct catalog_build *build, const char *source,
		     uint64_t *newest, struct execgate_error *err)
{
	struct execgate_oci_image image = { 0 };
	struct fetch fetch = { .folder = "" };
	bool is_here = execgate_oci_image_is_local(source);
	int ret = 0;

	if (!is_here)
		ret = fetch_image(source, &build->platform, &fetch, err);
	if (!ret)
		ret = catalog_image_read(is_here ? source : fetch.source,
					 &build->platform, &build->identities,
					 build->jobs, &image, err);
	if (!ret && !is_here)
		snprintf(image.reference, sizeof(image.reference), "%s",
			 fetch_name(source));
	if (!ret)
		ret = set_defaults(build, &image, err);
	if (!ret)
		ret = add_files(build, &image, err);
	if (!ret && image.config.created > *newest)
		*newest = image.config.created;
	execgate_oci_image_close(&image);
	fetch_remove(&fetch);
	return ret;
}

int catalog_images_add(struct catalog_build *build, uint64_t *newest)
{
	struct execgate_error err;

	for (size_t i = 0; i < build->images.count; i++)
		if (add_image(build, build->images.names[i], newest, &err))
			return output_error(&err);
	return EXECGATE_EXIT_OK;
}

void catalog_images_print(const struct catalog_build *build)
{
	char hex[EXECGATE_HEX_SIZE(EG_SHA256_SIZE)], when[OUTPUT_TIME_SIZE];
	char *reference;

	for (size_t i = 0; i < build->seen_count; i++) {
		const struct catalog_build_image *seen = &build->seen[i];

		reference =
			output_escape(seen->reference, strlen(seen->reference));
		printf("\nImage %s\n",
		       *reference ? reference : "without a name");
		output_field("Digest", "sha256:%s",
			     execgate_hex_write(hex, seen->digest,
						sizeof(seen->digest)));
		output_field("Created", "%s", output_time(when, seen->created));
		output_field("Layers", "%zu", seen->layers);
		output_field("Code", "%zu files, %zu of them of packages",
			     seen->files, seen->packaged);
		free(reference);
	}
}

json_t *catalog_images_json(const struct catalog_build *build)
{
	json_t *array = json_array(), *object;

	for (size_t i = 0; i < build->seen_count; i++) {
		const struct catalog_build_image *seen = &build->seen[i];

		object = json_pack("{s:I, s:I, s:I, s:I}", "created_at",
				   (json_int_t)seen->created, "layers",
				   (json_int_t)seen->layers, "files",
				   (json_int_t)seen->files, "packaged_files",
				   (json_int_t)seen->packaged);
		output_json_set_bytes(object, "reference", seen->reference,
				      strlen(seen->reference));
		output_json_set_hex(object, "digest", seen->digest,
				    sizeof(seen->digest));
		json_array_append_new(array, object);
	}
	return array;
}
