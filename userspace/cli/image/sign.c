// SPDX-License-Identifier: GPL-2.0
/* "execgate image sign": the catalog of an image, signed, beside the image. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/catalog/builder.h"
#include "cli/image/image.h"
#include "lib/debian/dpkg.h"
#include "lib/oci/artifact.h"
#include "lib/oci/cosign.h"
#include "lib/oci/layout.h"

const char cmd_image_sign_options[] = SIGNING_KEY_OPTIONS_HELP
	"  --name NAME            of the catalog (the image's repository)\n"
	"  --platform PLATFORM    of an image for several machines, which one\n"
	"                         (this one)\n"
	"  --sequence N           of the catalog (when the image was made)\n"
	"  --no-classes           take nothing of execgate-identities(5)\n"
	"  --identities FOLDER    take them from there\n"
	"  --jobs N               layers at a time (one a processor)\n"
	"  --cosign-key KEY       only images that cosign signed, in a registry, by\n"
	"                         this public key\n"
	"\n"
	"IMAGE is a reference in a registry that skopeo may push to, or\n"
	"oci:FOLDER[:NAME].\n";

enum {
	OPT_NAME = 300,
	OPT_PLATFORM,
	OPT_SEQUENCE,
	OPT_NO_CLASSES,
	OPT_IDENTITIES,
	OPT_JOBS,
	OPT_COSIGN_KEY,
};

/**
 * struct signing - one command line
 * @build: what is the same for each image
 * @cosign: by whom an image must be signed before, or NULL; owned
 */
struct signing {
	struct catalog_build build;
	EVP_PKEY *cosign;
	struct signing_key_choice key;
	struct execgate_signer signer;
};

static int take_option(const struct command *self, int answer, char **argv,
		       struct signing *run)
{
	struct execgate_error err;

	if (signing_key_take(answer, &run->key))
		return 0;
	switch (answer) {
	case OPT_NAME:
		if (execgate_catalog_check_name(optarg, strlen(optarg), &err))
			return output_error(&err);
		run->build.name = optarg;
		return 0;
	case OPT_PLATFORM:
		return catalog_take_platform(self, optarg,
					     &run->build.platform);
	case OPT_SEQUENCE:
		return catalog_take_sequence(self, optarg,
					     &run->build.sequence);
	case OPT_NO_CLASSES:
		run->build.no_classes = true;
		return 0;
	case OPT_IDENTITIES:
		run->build.identities_dir = optarg;
		return 0;
	case OPT_COSIGN_KEY:
		EVP_PKEY_free(run->cosign);
		run->cosign = NULL;
		return execgate_oci_cosign_key(optarg, &run->cosign, &err) ?
			       output_error(&err) :
			       0;
	case OPT_JOBS:
		return batch_parse_jobs(optarg, &run->build.jobs, &err) ?
			       output_error(&err) :
			       0;
	}
	return cmd_option_error(self, answer, argv);
}

static int parse_line(const struct command *self, int argc, char **argv,
		      struct signing *run)
{
	static const struct option options[] = {
		SIGNING_KEY_OPTIONS,
		{ "name", required_argument, NULL, OPT_NAME },
		{ "platform", required_argument, NULL, OPT_PLATFORM },
		{ "sequence", required_argument, NULL, OPT_SEQUENCE },
		{ "no-classes", no_argument, NULL, OPT_NO_CLASSES },
		{ "identities", required_argument, NULL, OPT_IDENTITIES },
		{ "jobs", required_argument, NULL, OPT_JOBS },
		{ "cosign-key", required_argument, NULL, OPT_COSIGN_KEY },
		{ 0 },
	};
	int answer, code = 0;

	execgate_oci_image_here(&run->build.platform);
	while (!code &&
	       (answer = getopt_long(argc, argv, ":", options, NULL)) != -1)
		code = take_option(self, answer, argv, run);
	if (!code && optind == argc)
		code = cmd_usage_error(self, "which image?");
	return code;
}

/* Where nothing can be put beside an image, nothing is built of it. */
static int check_place(const char *reference, struct execgate_error *err)
{
	if (!strncmp(reference, "oci:", strlen("oci:")) ||
	    (!execgate_oci_image_is_local(reference) &&
	     fetch_is_registry(reference)))
		return 0;
	return execgate_error_set(err, -EINVAL, EXECGATE_EXIT_USAGE,
				  "a catalog can be put into a registry and "
				  "into oci:FOLDER, not beside %s; copy it "
				  "there first, as with \"skopeo copy\"",
				  reference);
}

static int push_catalog(struct fetch *fetch, const char *reference,
			const struct execgate_oci_image *image,
			struct eg_bytes catalog, struct execgate_error *err)
{
	char layout[600];
	int ret;

	snprintf(layout, sizeof(layout), "%s/signed", fetch->folder);
	ret = execgate_oci_layout_create(layout, err);
	if (!ret)
		ret = execgate_oci_artifact_write(layout, image, catalog, err);
	return ret ? ret : fetch_push(layout, reference, image->digest, err);
}

/**
 * struct target - one image that is signed
 * @source: as for execgate_oci_image_open()
 * @manifest: of the catalog; owned
 */
struct target {
	const char *reference;
	const char *source;
	struct fetch fetch;
	struct catalog_build build;
	struct execgate_oci_image image;
	uint8_t *manifest;
	size_t size;
};

static void report_signed(const struct target *target, json_t *rows)
{
	const struct execgate_catalog *catalog = &target->build.catalog;
	char digest[EXECGATE_OCI_DIGEST_TEXT];
	char *name =
		output_escape(target->reference, strlen(target->reference));
	json_t *row = json_pack("{s:s, s:s, s:I, s:I}", "digest",
				execgate_oci_digest_text(target->image.digest,
							 digest),
				"name", catalog->name, "sequence",
				(json_int_t)catalog->sequence, "entries",
				(json_int_t)catalog->count);

	output_json_set_bytes(row, "image", target->reference,
			      strlen(target->reference));
	json_array_append_new(rows, row);
	if (!output_is_json()) {
		printf("%s: signed\n", name);
		output_field("Digest", "%s", digest);
		output_field("Catalog", "%s, sequence %" PRIu64 ", %zu digests",
			     catalog->name, catalog->sequence, catalog->count);
	}
	free(name);
}

/* The image that was read for the catalog, and no other, whoever changed it meanwhile. */
static int reopen_image(struct target *target, struct execgate_error *err)
{
	struct execgate_oci_limits limits = EXECGATE_OCI_LIMITS;
	int ret = execgate_oci_image_open(target->source,
					  &target->build.platform, &limits,
					  &target->image, err);

	if (ret || !memcmp(target->image.digest, target->build.seen[0].digest,
			   EG_SHA256_SIZE))
		return ret;
	return execgate_error_set(err, -EINVAL, EXECGATE_EXIT_ERROR,
				  "%s changed while it was read; sign it again",
				  target->reference);
}

/* Cosign's signature must name the digest of the image that was read for the catalog. */
static int check_cosign(const struct signing *run, struct target *target,
			struct execgate_error *err)
{
	struct execgate_oci_store *store;
	int ret;

	if (!run->cosign)
		return 0;
	if (!target->fetch.folder[0])
		return execgate_error_set(err, -EINVAL, EXECGATE_EXIT_USAGE,
					  "signatures of cosign are looked for "
					  "in registries, not in %s",
					  target->reference);
	ret = fetch_beside(&target->fetch, target->reference,
			   target->image.digest, EXECGATE_OCI_TAG_COSIGN,
			   &store, err);
	if (ret == -ENODATA)
		return execgate_error_set(err, ret, EXECGATE_EXIT_UNSIGNED,
					  "cosign did not sign %s",
					  target->reference);
	if (ret)
		return ret;
	ret = execgate_oci_cosign_verify(store, run->cosign,
					 target->image.digest,
					 target->reference, err);
	execgate_oci_store_close(store);
	return ret;
}

static int sign_built(const struct signing *run, struct target *target,
		      json_t *rows, struct execgate_error *err)
{
	struct eg_bytes manifest = { target->manifest, target->size }, catalog;
	uint8_t *message = NULL;
	size_t size;
	int ret = reopen_image(target, err);

	if (!ret)
		ret = check_cosign(run, target, err);
	if (!ret)
		ret = execgate_signer_sign(&run->signer, manifest, &message,
					   &size, err);
	if (ret)
		return ret;
	catalog = (struct eg_bytes){ message, size };
	if (target->fetch.folder[0])
		ret = push_catalog(&target->fetch, target->reference,
				   &target->image, catalog, err);
	else
		ret = execgate_oci_artifact_write(target->image.path,
						  &target->image, catalog, err);
	free(message);
	if (!ret)
		report_signed(target, rows);
	return ret;
}

static int fetch_target(const struct signing *run, struct target *target,
			struct execgate_error *err)
{
	int ret = check_place(target->reference, err);

	target->source = target->reference;
	if (!ret && !execgate_oci_image_is_local(target->reference)) {
		ret = fetch_image(target->reference, &run->build.platform,
				  &target->fetch, err);
		target->source = target->fetch.source;
	}
	return ret ? ret :
		     batch_add(&target->build.images, target->source, err);
}

static int sign_image(const struct signing *run, const char *reference,
		      json_t *rows)
{
	struct target target = { .reference = reference, .build = run->build };
	struct execgate_error err;
	int code = 0;

	if (fetch_target(run, &target, &err))
		code = output_error(&err);
	if (!code)
		code = catalog_build_run(&target.build, &target.manifest,
					 &target.size);
	if (!code && sign_built(run, &target, rows, &err))
		code = output_error(&err);
	free(target.manifest);
	execgate_oci_image_close(&target.image);
	catalog_build_free(&target.build);
	fetch_remove(&target.fetch);
	return code;
}

int cmd_image_sign_run(const struct command *self, int argc, char **argv)
{
	struct signing run = { .build = { .admindir = EXECGATE_DPKG_ADMINDIR,
					  .identities_dir =
						  EXECGATE_IDENTITIES_SHIPPED,
					  .bind = true } };
	struct execgate_error err;
	json_t *rows;
	int code = parse_line(self, argc, argv, &run);

	batch_catch_signals();
	if (!code && signing_key_open(&run.key, &run.signer, &err))
		code = output_error(&err);
	if (code) {
		EVP_PKEY_free(run.cosign);
		return code;
	}
	rows = json_array();
	for (; optind < argc; optind++)
		code = cmd_worse(code, sign_image(&run, argv[optind], rows));
	if (output_is_json() && json_array_size(rows))
		output_json(json_pack("{s:O}", "signed", rows));
	json_decref(rows);
	execgate_signer_close(&run.signer);
	EVP_PKEY_free(run.cosign);
	return code;
}
