// SPDX-License-Identifier: GPL-2.0
/* An image, and which catalog beside it is good. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/catalog/builder.h"
#include "cli/image/image.h"
#include "lib/oci/artifact.h"

/* An attacker who may write beside an image can put many there: the newest are tried. */
#define TRIED_MAX 16

#define NOTHING_BESIDE                                                       \
	"there is no signed catalog of %s (%s) beside it; \"execgate image " \
	"sign\" makes one"

static int open_image(const struct image_choice *choice,
		      struct image_checked *out, struct execgate_error *err)
{
	bool is_here = execgate_oci_image_is_local(out->reference);
	int ret = 0;

	if (!is_here && !fetch_is_registry(out->reference))
		return execgate_error_set(
			err, -EINVAL, EXECGATE_EXIT_USAGE,
			"catalogs are beside images in registries and in "
			"oci:FOLDER, not in %s",
			out->reference);
	if (!is_here)
		ret = fetch_image(out->reference, &choice->platform,
				  &out->fetch, err);
	if (!ret)
		ret = catalog_image_read(is_here ? out->reference :
						   out->fetch.source,
					 &choice->platform, &choice->identities,
					 choice->jobs, &out->image, err);
	if (!ret && !out->image.size)
		ret = execgate_error_set(err, -EINVAL, EXECGATE_EXIT_USAGE,
					 "\"docker save\" leaves the image's "
					 "manifest out, so nothing can be "
					 "beside it; save %s as oci-archive",
					 out->reference);
	return ret;
}

/*
 * A signer can be asked to sign one image and an attacker pass it off as another, so the
 * repository must be the one that was signed. A folder may call its image by a tag only.
 */
static int check_name(const struct image_choice *choice,
		      const struct image_checked *checked,
		      struct execgate_error *err)
{
	char name[EXECGATE_CATALOG_NAME_FILE_MAX + 1];
	const char *wanted = choice->name;

	if (!wanted && !execgate_oci_image_name(checked->image.reference, name,
						sizeof(name), NULL))
		wanted = name;
	if (!wanted || !strcmp(wanted, checked->catalog.name))
		return 0;
	return execgate_error_set(
		err, -EBADMSG, EXECGATE_EXIT_BAD_SIGNATURE,
		"%s was signed as \"%s\", not as \"%s\": somebody moved it, or "
		"it is a copy that you know of, and then say --name %s",
		checked->reference, checked->catalog.name, wanted,
		checked->catalog.name);
}

static int check_age(const struct image_choice *choice,
		     const struct image_checked *checked,
		     struct execgate_error *err)
{
	int ret = catalog_check_sequence(choice->catalogs.sequences,
					 checked->reference, &checked->catalog,
					 err);

	if (!ret || err->code != EXECGATE_EXIT_NO_PRIVILEGE)
		return ret;
	output_warning("%s; so an image that is too old is not noticed",
		       err->message);
	return 0;
}

/* Takes @bytes over. The signer first: nothing else of it counts without one. */
static int judge_catalog(const struct image_choice *choice, uint8_t *bytes,
			 size_t size, struct image_checked *out,
			 struct execgate_error *err)
{
	int ret = execgate_catalog_file_parse(out->reference, bytes, size,
					      &out->catalog, err);

	if (ret)
		return ret;
	out->signer = NULL;
	ret = execgate_catalog_file_verify(out->reference, &out->catalog,
					   &choice->trust, &out->signer, err);
	if (!ret &&
	    !execgate_oci_artifact_binds(&out->catalog.manifest, &out->image))
		ret = execgate_error_set(err, -EBADMSG,
					 EXECGATE_EXIT_BAD_SIGNATURE,
					 "the catalog beside %s is signed, but "
					 "it is of another image",
					 out->reference);
	if (!ret)
		ret = check_name(choice, out, err);
	if (!ret)
		ret = check_age(choice, out, err);
	if (ret)
		execgate_catalog_file_free(&out->catalog);
	out->has_catalog = !ret;
	return ret;
}

/* The first that is good; else what is wrong with the newest. */
static int choose_catalog(const struct image_choice *choice,
			  const struct execgate_oci_store *store,
			  const struct execgate_oci_descriptors *list,
			  struct image_checked *out, struct execgate_error *err)
{
	char digest[EXECGATE_OCI_DIGEST_TEXT];
	struct execgate_error cause;
	size_t i, size, tried = 0;
	uint8_t *bytes;
	int one, ret = 0;

	for (i = list->count; i-- && tried < TRIED_MAX;) {
		one = execgate_oci_artifact_read(store, &list->list[i],
						 out->image.digest, &bytes,
						 &size, &cause);
		if (!one && !bytes)
			continue;
		tried++;
		if (!one)
			one = judge_catalog(choice, bytes, size, out, &cause);
		if (!one)
			return 0;
		if (!ret) {
			ret = one;
			*err = cause;
		}
	}
	return ret ? ret :
		     execgate_error_set(err, -ENODATA, EXECGATE_EXIT_UNSIGNED,
					NOTHING_BESIDE, out->reference,
					execgate_oci_digest_text(
						out->image.digest, digest));
}

static int find_in(const struct image_choice *choice,
		   const struct execgate_oci_store *store,
		   struct image_checked *out, struct execgate_error *err)
{
	struct execgate_oci_descriptors list;
	int ret = execgate_oci_artifact_list(store, &list, err);

	if (ret)
		return ret;
	ret = choose_catalog(choice, store, &list, out, err);
	execgate_oci_descriptors_free(&list);
	return ret;
}

static int find_in_registry(const struct image_choice *choice,
			    struct image_checked *out,
			    struct execgate_error *err)
{
	char digest[EXECGATE_OCI_DIGEST_TEXT];
	struct execgate_oci_store *store;
	int ret = fetch_beside(&out->fetch, out->reference, out->image.digest,
			       EXECGATE_OCI_TAG_CATALOG, &store, err);

	if (ret == -ENODATA)
		return execgate_error_set(
			err, ret, EXECGATE_EXIT_UNSIGNED, NOTHING_BESIDE,
			out->reference,
			execgate_oci_digest_text(out->image.digest, digest));
	if (ret)
		return ret;
	ret = find_in(choice, store, out, err);
	execgate_oci_store_close(store);
	return ret;
}

/* As much as its content makes it, which lists may add to. */
static bool is_covered(const struct eg_manifest *catalog,
		       const struct execgate_oci_file *file)
{
	struct eg_manifest_entry entry;
	uint16_t classes = file->entry->hash.classes;

	return eg_manifest_find(catalog, EG_DIGEST_CONTENT,
				file->entry->hash.sha256, &entry) &&
	       (entry.classes & classes) == classes;
}

static void count_missing(struct image_checked *out)
{
	json_t *missing = json_array(), *row;

	for (size_t i = 0; i < out->image.file_count; i++) {
		const struct execgate_oci_file *file = &out->image.files[i];

		if (is_covered(&out->catalog.manifest, file))
			continue;
		out->missing++;
		row = json_object();
		output_json_set_bytes(row, "path", file->path,
				      strlen(file->path));
		json_array_append_new(missing, row);
	}
	json_object_set_new(out->row, "catalog", catalog_json(&out->catalog));
	output_json_set_hex(out->row, "signer", out->signer->key.fingerprint,
			    sizeof(out->signer->key.fingerprint));
	json_object_set_new(out->row, "not_covered", missing);
}

static int check_opened(const struct image_choice *choice,
			struct image_checked *out, struct execgate_error *err)
{
	char digest[EXECGATE_OCI_DIGEST_TEXT];
	int ret = open_image(choice, out, err);

	if (ret)
		return ret;
	json_object_set_new(out->row, "digest",
			    json_string(
				    execgate_oci_digest_text(out->image.digest,
							     digest)));
	json_object_set_new(out->row, "files",
			    json_integer((json_int_t)out->image.file_count));
	ret = execgate_oci_image_is_local(out->reference) ?
		      find_in(choice, out->image.store, out, err) :
		      find_in_registry(choice, out, err);
	if (!ret)
		count_missing(out);
	return ret;
}

int image_check(const struct image_choice *choice, const char *reference,
		struct image_checked *out, struct execgate_error *err)
{
	int ret;

	out->reference = reference;
	out->row = json_object();
	output_json_set_bytes(out->row, "image", reference, strlen(reference));
	ret = check_opened(choice, out, err);
	json_object_set_new(out->row, "good", json_boolean(!ret));
	if (!ret)
		return 0;
	output_json_set_bytes(out->row, "message", err->message,
			      strlen(err->message));
	return (int)err->code;
}

void image_warn_missing(const struct image_checked *checked)
{
	char *path;

	for (size_t i = 0; checked->missing && i < checked->image.file_count;
	     i++) {
		const struct execgate_oci_file *file = &checked->image.files[i];

		if (is_covered(&checked->catalog.manifest, file))
			continue;
		path = output_escape(file->path, strlen(file->path));
		output_message("%s: %s is code that the catalog does not list; "
			       "it will not run",
			       checked->reference, path);
		free(path);
	}
}

void image_checked_free(struct image_checked *checked)
{
	if (checked->has_catalog)
		execgate_catalog_file_free(&checked->catalog);
	execgate_oci_image_close(&checked->image);
	fetch_remove(&checked->fetch);
	json_decref(checked->row);
}
