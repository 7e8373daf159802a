// SPDX-License-Identifier: GPL-2.0
/* "execgate image verify", "trust" and "pull": what follows when an image is good. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/common/batch.h"
#include "cli/image/image.h"
#include "lib/base/io.h"
#include "lib/oci/artifact.h"

static void print_checked(const struct image_checked *checked)
{
	char digest[EXECGATE_OCI_DIGEST_TEXT];
	char *by = output_escape(checked->signer->key.description,
				 strlen(checked->signer->key.description));
	char *name =
		output_escape(checked->reference, strlen(checked->reference));

	printf("%s: good, signed by %s\n", name, by);
	output_field("Digest", "%s",
		     execgate_oci_digest_text(checked->image.digest, digest));
	output_field("Catalog", "%s, sequence %" PRIu64, checked->catalog.name,
		     checked->catalog.manifest.sequence);
	output_field("Code", "%zu files, %zu of them not in the catalog",
		     checked->image.file_count, checked->missing);
	free(by);
	free(name);
}

/* Its answer is also about what would not run. */
static int verify_one(const struct image_choice *choice, const char *reference,
		      json_t *rows)
{
	struct image_checked checked = { .missing = 0 };
	struct execgate_error err;
	int code = image_check(choice, reference, &checked, &err);

	if (code)
		output_message("%s", err.message);
	else if (!output_is_json())
		print_checked(&checked);
	if (!code)
		image_warn_missing(&checked);
	if (!code && checked.missing)
		code = EXECGATE_EXIT_UNSIGNED;
	json_array_append(rows, checked.row);
	image_checked_free(&checked);
	return code;
}

static int begin_command(const struct command *self, enum image_command which,
			 int argc, char **argv, struct image_choice *choice)
{
	int code = image_parse(self, which, argc, argv, choice);

	batch_catch_signals();
	return code;
}

int cmd_image_verify_run(const struct command *self, int argc, char **argv)
{
	struct image_choice choice;
	json_t *rows;
	int code = begin_command(self, IMAGE_VERIFY, argc, argv, &choice);

	if (!code)
		code = image_prepare(&choice);
	if (!code) {
		rows = json_array();
		for (; optind < argc; optind++)
			code = cmd_worse(code, verify_one(&choice, argv[optind],
							  rows));
		if (output_is_json())
			output_json(json_pack("{s:O}", "images", rows));
		json_decref(rows);
	}
	image_choice_free(&choice);
	return code;
}

/* From a file of our own, as the kernel reads it itself. */
static int install_checked(const struct image_choice *choice,
			   struct image_checked *checked, json_t *rows)
{
	struct execgate_error err;
	char path[600];
	int ret = fetch_folder(&checked->fetch, &err);

	if (ret)
		return output_error(&err);
	snprintf(path, sizeof(path), "%s/signed.cat", checked->fetch.folder);
	if (execgate_io_create_file(path, 0600, false, checked->catalog.bytes,
				    checked->catalog.size, &err))
		return output_error(&err);
	return catalog_install_file(&choice->catalogs, path, checked->reference,
				    rows);
}

static int trust_one(const struct image_choice *choice, const char *reference,
		     json_t *rows)
{
	struct image_checked checked = { .missing = 0 };
	struct execgate_error err;
	json_t *row;
	int code = image_check(choice, reference, &checked, &err);

	if (code) {
		output_message("%s", err.message);
	} else {
		image_warn_missing(&checked);
		code = install_checked(choice, &checked, rows);
	}
	if (!code) {
		row = json_array_get(rows, json_array_size(rows) - 1);
		json_object_update_missing(row, checked.row);
	}
	image_checked_free(&checked);
	return code;
}

int cmd_image_trust_run(const struct command *self, int argc, char **argv)
{
	struct image_choice choice;
	json_t *rows;
	int code = begin_command(self, IMAGE_TRUST, argc, argv, &choice);

	if (!code)
		code = image_prepare(&choice);
	if (!code)
		code = catalog_install_begin(&choice.catalogs);
	if (!code) {
		rows = json_array();
		for (; optind < argc; optind++)
			code = cmd_worse(code, trust_one(&choice, argv[optind],
							 rows));
		catalog_install_end(&choice.catalogs, "installed", rows);
	} else {
		catalog_install_close(&choice.catalogs);
	}
	image_choice_free(&choice);
	return code;
}

/* Beside where it goes to, so that it gets there by a rename, whole. */
static int make_beside(const char *target, struct fetch *fetch,
		       struct execgate_error *err)
{
	size_t length = strlen(target);

	while (length > 1 && target[length - 1] == '/')
		length--;
	if (snprintf(fetch->folder, sizeof(fetch->folder), "%.*s.XXXXXX",
		     (int)length, target) < (int)sizeof(fetch->folder) &&
	    mkdtemp(fetch->folder))
		return 0;
	fetch->folder[0] = '\0';
	return execgate_error_errno(err, -errno,
				    "cannot make a folder beside %s", target);
}

static int publish_checked(const struct image_checked *checked,
			   const char *target, struct execgate_error *err)
{
	const char *folder = checked->fetch.source + strlen("oci:");
	struct eg_bytes catalog = { checked->catalog.bytes,
				    checked->catalog.size };
	int ret = execgate_oci_artifact_write(folder, &checked->image, catalog,
					      err);

	if (!ret && rename(folder, target))
		ret = execgate_error_errno(err, -errno, "cannot make %s",
					   target);
	return ret;
}

/* With its name: there is a catalog in the folder too, and skopeo does not choose. */
static void print_pulled(const struct image_checked *checked,
			 const char *target)
{
	char *folder = output_escape(target, strlen(target));
	char *name = output_escape(checked->image.reference,
				   strlen(checked->image.reference));

	print_checked(checked);
	output_field("Use", "oci:%s:%s", folder, name);
	free(name);
	free(folder);
}

/*
 * The registry is asked for the tag once. The folder is the very bytes that were verified,
 * so it has no second chance to answer.
 */
static int pull_image(const struct image_choice *choice, const char *reference,
		      const char *target)
{
	struct image_checked checked = { .missing = 0 };
	struct execgate_error err;
	int code, ret = make_beside(target, &checked.fetch, &err);

	if (ret)
		return output_error(&err);
	code = image_check(choice, reference, &checked, &err);
	if (!code && publish_checked(&checked, target, &err))
		code = (int)err.code;
	if (code) {
		output_error(&err);
	} else {
		image_warn_missing(&checked);
		output_json_set_bytes(checked.row, "folder", target,
				      strlen(target));
		if (output_is_json())
			output_json(json_incref(checked.row));
		else
			print_pulled(&checked, target);
	}
	image_checked_free(&checked);
	return code;
}

int cmd_image_pull_run(const struct command *self, int argc, char **argv)
{
	struct image_choice choice;
	struct stat st;
	int code = begin_command(self, IMAGE_PULL, argc, argv, &choice);

	if (!code && optind + 2 != argc)
		code = cmd_usage_error(self, "one image, and a folder to make");
	if (!code && execgate_oci_image_is_local(argv[optind]))
		code = cmd_usage_error(self, "%s is here already",
				       argv[optind]);
	if (!code && !lstat(argv[optind + 1], &st))
		code = cmd_usage_error(self,
				       "%s is there already; name a folder "
				       "that is not",
				       argv[optind + 1]);
	if (!code)
		code = image_prepare(&choice);
	if (!code)
		code = pull_image(&choice, argv[optind], argv[optind + 1]);
	image_choice_free(&choice);
	return code;
}
