/* SPDX-License-Identifier: GPL-2.0 */
/* The commands of "execgate image", and what they share. */
#ifndef EXECGATE_CLI_IMAGE_H
#define EXECGATE_CLI_IMAGE_H

#include "cli/catalog/catalog.h"
#include "cli/catalog/fetch.h"
#include "cli/common/command.h"
#include "lib/catalog/identities.h"
#include "lib/oci/image.h"

int cmd_image_sign_run(const struct command *self, int argc, char **argv);
int cmd_image_verify_run(const struct command *self, int argc, char **argv);
int cmd_image_pull_run(const struct command *self, int argc, char **argv);
int cmd_image_trust_run(const struct command *self, int argc, char **argv);

extern const char cmd_image_sign_options[];
extern const char cmd_image_verify_options[];
extern const char cmd_image_pull_options[];
extern const char cmd_image_trust_options[];

/**
 * struct image_choice - the command line of what verifies images
 * @name: of the catalog; NULL = the image's repository
 * @identities: which programs get more; loaded by image_prepare()
 * @trust: whose signature is good; filled by image_prepare()
 * @has_cert: of certificates that were given, one by one
 * @catalogs: where "image trust" installs
 */
struct image_choice {
	struct execgate_oci_platform platform;
	const char *name;
	unsigned int jobs;
	struct execgate_identities identities;
	struct execgate_trust trust;
	bool has_cert;
	bool has_folder;
	struct catalog_installing catalogs;
};

/* All options of a command; optind is then at the first argument. 0 or an exit code. */
enum image_command { IMAGE_VERIFY, IMAGE_PULL, IMAGE_TRUST };
int image_parse(const struct command *self, enum image_command which, int argc,
		char **argv, struct image_choice *choice);
/* Loads the lists and the certificates. 0, or an exit code; all has been said. */
int image_prepare(struct image_choice *choice);
void image_choice_free(struct image_choice *choice);

/**
 * struct image_checked - an image, its catalog, and what the one says of the other
 * @reference: as it was given
 * @fetch: where it is, if it was fetched
 * @catalog: as it is signed, if @has_catalog; its name and content are then checked
 * @signer: in the trust
 * @missing: how many files of code the catalog does not list
 * @row: what --json says of it; owned
 */
struct image_checked {
	const char *reference;
	struct fetch fetch;
	struct execgate_oci_image image;
	struct execgate_catalog_file catalog;
	bool has_catalog;
	const struct execgate_certificate *signer;
	size_t missing;
	json_t *row;
};

/**
 * image_check() - read all of an image, and find a catalog that is good for it
 * @out: zeroed but for @fetch; freed with image_checked_free(), always
 *
 * Return: 0, or an exit code, and @err. Missing files are not a failure here.
 */
int image_check(const struct image_choice *choice, const char *reference,
		struct image_checked *out, struct execgate_error *err);
void image_checked_free(struct image_checked *checked);

/* Names the files that the catalog does not list. */
void image_warn_missing(const struct image_checked *checked);

#endif /* EXECGATE_CLI_IMAGE_H */
