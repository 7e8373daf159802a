// SPDX-License-Identifier: GPL-2.0
/* The command lines of "image verify", "pull" and "trust": one table. */
#include <getopt.h>
#include <string.h>

#include "cli/common/batch.h"
#include "cli/common/trust_options.h"
#include "cli/image/image.h"
#include "lib/catalog/write.h"

#define IMAGE_HELP                                                             \
	"\n"                                                                   \
	"IMAGE is what skopeo fetches from a registry, oci:FOLDER[:NAME] or\n" \
	"oci-archive:FILE[:NAME].\n"

#define CHECK_HELP                                                             \
	"  --name NAME      what its catalog must be called (the image's\n"    \
	"                   repository)\n"                                     \
	"  --platform PLATFORM  of an image for several machines, which one\n" \
	"                   (this one)\n"                                      \
	"  --sequences FILE which catalogs are too old\n"                      \
	"                   (" EXECGATE_SEQUENCES_FILE ")\n"                   \
	"  --jobs N         layers at a time (one a processor)\n"

#define KEYS_DIR_HELP                                                \
	"  --keys-dir DIR   trust the certificates of this folder\n" \
	"                   (" EXECGATE_KEYSTORE_DIR ")\n"

const char cmd_image_verify_options[] = TRUST_OPTIONS_HELP CHECK_HELP IMAGE_HELP
	"\n"
	"Exits with 0 if all are good, 3 not signed, or not all that is in it, 4\n"
	"altered, malformed, of another image or too old, 5 key not trusted.\n";

const char cmd_image_pull_options[] = TRUST_OPTIONS_HELP CHECK_HELP
	"\n"
	"IMAGE is what skopeo fetches from a registry. FOLDER is made when the image\n"
	"is verified, and has it in OCI's layout, with its catalog.\n";

const char cmd_image_trust_options[] = KEYS_DIR_HELP CHECK_HELP
	"  --no-persist     until the next boot only\n"
	"  --no-load        only keep it for the next boot; works without the\n"
	"                   module\n"
	"  --catalogs-dir DIR  where they are kept\n"
	"                   (" EXECGATE_CATALOG_DIR ")\n" IMAGE_HELP;

enum {
	OPT_CERT = 300,
	OPT_NAME,
	OPT_PLATFORM,
	OPT_JOBS,
};

static const struct option long_options[] = {
	{ "cert", required_argument, NULL, OPT_CERT },
	{ "name", required_argument, NULL, OPT_NAME },
	{ "platform", required_argument, NULL, OPT_PLATFORM },
	{ "jobs", required_argument, NULL, OPT_JOBS },
	{ "no-persist", no_argument, NULL, CATALOG_OPT_NO_PERSIST },
	CATALOG_INSTALL_OPTIONS,
	{ 0 },
};

/* A catalog is installed by the machine's keys alone, so no --cert there. */
static bool is_of_command(enum image_command which, int answer)
{
	switch (answer) {
	case OPT_CERT:
		return which != IMAGE_TRUST;
	case CATALOG_OPT_NO_PERSIST:
	case CATALOG_OPT_NO_LOAD:
	case CATALOG_OPT_CATALOGS_DIR:
		return which == IMAGE_TRUST;
	}
	return true;
}

static int take_checked(const struct command *self, int answer,
			struct image_choice *choice)
{
	struct execgate_error err;

	switch (answer) {
	case OPT_CERT:
		choice->has_cert = true;
		if (execgate_trust_add_file(&choice->trust, optarg, &err))
			return output_error(&err);
		break;
	case OPT_NAME:
		if (execgate_catalog_check_name(optarg, strlen(optarg), &err))
			return output_error(&err);
		choice->name = optarg;
		break;
	case OPT_PLATFORM:
		return catalog_take_platform(self, optarg, &choice->platform);
	case OPT_JOBS:
		if (batch_parse_jobs(optarg, &choice->jobs, &err))
			return output_error(&err);
		break;
	}
	return 0;
}

static int take_option(const struct command *self, int answer,
		       struct image_choice *choice)
{
	if (answer == CATALOG_OPT_KEYS_DIR)
		choice->has_folder = true;
	return catalog_install_take(answer, &choice->catalogs) ?
		       0 :
		       take_checked(self, answer, choice);
}

int image_parse(const struct command *self, enum image_command which, int argc,
		char **argv, struct image_choice *choice)
{
	int answer, code = 0;

	*choice = (struct image_choice){ .catalogs = CATALOG_INSTALLING };
	execgate_oci_image_here(&choice->platform);
	while (!code && (answer = getopt_long(argc, argv, ":", long_options,
					      NULL)) != -1) {
		if (answer < OPT_CERT)
			return cmd_option_error(self, answer, argv);
		if (!is_of_command(which, answer))
			return cmd_usage_error(self, "unknown option %s",
					       argv[optind - 1]);
		code = take_option(self, answer, choice);
	}
	if (code)
		return code;
	if (!choice->catalogs.persist && !choice->catalogs.load)
		return cmd_usage_error(self, "neither loaded nor kept is "
					     "nothing at all");
	if (optind == argc)
		return cmd_usage_error(self, "which image?");
	return 0;
}

int image_prepare(struct image_choice *choice)
{
	struct execgate_error err;
	int ret = execgate_identities_load(EXECGATE_IDENTITIES_SHIPPED,
					   EXECGATE_IDENTITIES_OWN,
					   &choice->identities, &err);

	if (!ret && (choice->has_folder || !choice->has_cert))
		ret = execgate_trust_add_dir(&choice->trust,
					     choice->catalogs.keys_dir, &err);
	return ret ? output_error(&err) : 0;
}

void image_choice_free(struct image_choice *choice)
{
	execgate_identities_free(&choice->identities);
	execgate_trust_free(&choice->trust);
}
