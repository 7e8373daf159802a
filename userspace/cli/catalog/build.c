// SPDX-License-Identifier: GPL-2.0
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/catalog/builder.h"
#include "cli/catalog/catalog.h"
#include "lib/base/digits.h"
#include "lib/debian/dpkg.h"

const char cmd_catalog_build_options[] =
	"Sources, which can be combined:\n"
	"  --installed            what dpkg has installed, maintainer scripts too\n"
	"  --deb FILE             a package that is not installed yet\n"
	"  --from-file LIST       the files named in LIST, one a line or ended by\n"
	"                         zero bytes; - is standard input\n"
	"  --debs-from-file LIST  the packages named in LIST\n"
	"  --bpf DIGEST           the BPF program that an event for reason bpf\n"
	"                         has the digest of\n"
	"  --image IMAGE          of a container: oci:FOLDER[:NAME],\n"
	"                         oci-archive:FILE, docker-archive:FILE, or what\n"
	"                         skopeo fetches from a registry\n"
	"  PATH                   a file, or all below a folder\n"
	"\n"
	"  --name NAME            of the catalog: a later one of it replaces it\n"
	"                         (default for an image: its repository)\n"
	"  --platform PLATFORM    of an image for several machines, which one:\n"
	"                         amd64, linux/arm64/v8 (this one)\n"
	"  --sequence N           higher than that of any earlier catalog of the\n"
	"                         name (default: one more than the newest known)\n"
	"  --identity ID          who files are that no package has (NAME)\n"
	"  --version N            and in which version, a number (0)\n"
	"  --rule RULE            and what they may be: \"path /GLOB\", \"hardened\",\n"
	"                         \"version N\"; may repeat (execgate-identities(5))\n"
	"  --skip-changed         leave out files that are not what dpkg installed\n"
	"  --accept-changed       trust them as they are\n"
	"  --keep CATALOG         accept those that CATALOG lists already\n"
	"                         (may be repeated)\n"
	"  --no-classes           take nothing of execgate-identities(5), neither\n"
	"                         classes nor rules\n"
	"  --identities FOLDER    take them from there\n"
	"  --verity               list files with fs-verity by that digest\n"
	"  --enable-verity        turn fs-verity on first: a file can then never\n"
	"                         be changed again, only replaced\n"
	"  -o OUT                 where to (NAME.manifest; with --sign NAME.cat)\n"
	"  --dry-run              write nothing: see what would be left out\n"
	"  --sign                 sign it too, with --key, --cert and\n"
	"                         --passphrase-file as \"execgate catalog sign\"\n"
	"  --install              sign and install it, with the options of\n"
	"                         \"execgate catalog install\" for where to; without\n"
	"                         the module, for the next boot\n"
	"  --supersedes CATALOG   with --install: that one is removed then\n"
	"  --jobs N               files at a time (one a processor)\n"
	"  --cache FILE           hashes of unchanged files\n"
	"                         (" CATALOG_BUILD_CACHE ")\n"
	"  --no-cache             hash every file anew\n"
	"  --code-paths FILE      with --installed: look at what FILE says is code,\n"
	"                         of packages that dpkg has not touched since; note\n"
	"                         it there\n"
	"  --admindir DIR         dpkg's database (" EXECGATE_DPKG_ADMINDIR
	")\n"
	"\n"
	"The same input makes the same bytes: the time in it is that of the newest\n"
	"file, or SOURCE_DATE_EPOCH. To sign it elsewhere without execgate:\n"
	"  openssl cms -sign -binary -nodetach -noattr -nocerts -md sha256\n"
	"      -outform DER -inkey KEY -signer CERT -in NAME.manifest -out NAME.cat\n";

enum {
	OPT_INSTALLED = 300,
	OPT_DEB,
	OPT_FROM_FILE,
	OPT_BPF,
	OPT_IMAGE,
	OPT_DEBS_FROM_FILE,
	OPT_NAME,
	OPT_PLATFORM,
	OPT_SEQUENCE,
	OPT_IDENTITY,
	OPT_VERSION,
	OPT_RULE,
	OPT_SKIP_CHANGED,
	OPT_ACCEPT_CHANGED,
	OPT_KEEP,
	OPT_VERITY,
	OPT_ENABLE_VERITY,
	OPT_SIGN,
	OPT_JOBS,
	OPT_CACHE,
	OPT_NO_CACHE,
	OPT_NO_CLASSES,
	OPT_IDENTITIES,
	OPT_CODE_PATHS,
	OPT_ADMINDIR,
	OPT_DRY_RUN,
	OPT_INSTALL,
	OPT_SUPERSEDES,
};

static const struct option long_options[] = {
	{ "installed", no_argument, NULL, OPT_INSTALLED },
	{ "deb", required_argument, NULL, OPT_DEB },
	{ "from-file", required_argument, NULL, OPT_FROM_FILE },
	{ "bpf", required_argument, NULL, OPT_BPF },
	{ "image", required_argument, NULL, OPT_IMAGE },
	{ "debs-from-file", required_argument, NULL, OPT_DEBS_FROM_FILE },
	{ "platform", required_argument, NULL, OPT_PLATFORM },
	{ "name", required_argument, NULL, OPT_NAME },
	{ "sequence", required_argument, NULL, OPT_SEQUENCE },
	{ "identity", required_argument, NULL, OPT_IDENTITY },
	{ "version", required_argument, NULL, OPT_VERSION },
	{ "rule", required_argument, NULL, OPT_RULE },
	{ "skip-changed", no_argument, NULL, OPT_SKIP_CHANGED },
	{ "accept-changed", no_argument, NULL, OPT_ACCEPT_CHANGED },
	{ "keep", required_argument, NULL, OPT_KEEP },
	{ "verity", no_argument, NULL, OPT_VERITY },
	{ "enable-verity", no_argument, NULL, OPT_ENABLE_VERITY },
	{ "sign", no_argument, NULL, OPT_SIGN },
	SIGNING_KEY_OPTIONS,
	{ "install", no_argument, NULL, OPT_INSTALL },
	{ "supersedes", required_argument, NULL, OPT_SUPERSEDES },
	CATALOG_INSTALL_OPTIONS,
	{ "jobs", required_argument, NULL, OPT_JOBS },
	{ "cache", required_argument, NULL, OPT_CACHE },
	{ "no-cache", no_argument, NULL, OPT_NO_CACHE },
	{ "no-classes", no_argument, NULL, OPT_NO_CLASSES },
	{ "identities", required_argument, NULL, OPT_IDENTITIES },
	{ "code-paths", required_argument, NULL, OPT_CODE_PATHS },
	{ "admindir", required_argument, NULL, OPT_ADMINDIR },
	{ "dry-run", no_argument, NULL, OPT_DRY_RUN },
	{ "output", required_argument, NULL, 'o' },
	{ 0 },
};

/**
 * struct run - one command line
 * @sources: how many were named; an empty list is one
 * @places_named: an option says where a catalog is installed
 */
struct run {
	struct catalog_build build;
	struct catalog_output output;
	unsigned int sources;
	bool places_named;
};

static int take_source(int answer, struct run *run)
{
	struct catalog_build *build = &run->build;
	struct execgate_error err;
	int ret = 0;

	run->sources++;
	switch (answer) {
	case OPT_INSTALLED:
		build->installed = true;
		break;
	case OPT_DEB:
		ret = batch_add(&build->debs, optarg, &err);
		break;
	case OPT_FROM_FILE:
		ret = batch_add_list(&build->paths, optarg, &err);
		break;
	case OPT_BPF:
		ret = batch_add(&build->bpf, optarg, &err);
		break;
	case OPT_IMAGE:
		ret = batch_add(&build->images, optarg, &err);
		break;
	case OPT_DEBS_FROM_FILE:
		ret = batch_add_list(&build->debs, optarg, &err);
		break;
	}
	return ret ? output_error(&err) : 0;
}

int catalog_take_sequence(const struct command *self, const char *text,
			  uint64_t *out)
{
	if (execgate_number_read(text, out) && *out)
		return 0;
	return cmd_usage_error(
		self, "--sequence takes a number from 1 on, not \"%s\"", text);
}

int catalog_take_platform(const struct command *self, const char *text,
			  struct execgate_oci_platform *out)
{
	if (execgate_oci_parse_platform(text, out))
		return 0;
	return cmd_usage_error(self,
			       "--platform takes OS/MACHINE, as linux/arm64, "
			       "not \"%s\"",
			       text);
}

static int take_number(const struct command *self, int answer, struct run *run)
{
	struct execgate_error err;

	if (answer == OPT_JOBS)
		return batch_parse_jobs(optarg, &run->build.jobs, &err) ?
			       output_error(&err) :
			       0;
	return catalog_take_sequence(self, optarg, &run->build.sequence);
}

/* Files that no package has. */
static int take_identity(const struct command *self, int answer,
			 struct catalog_build *build)
{
	struct execgate_error err;

	if (answer == OPT_IDENTITY)
		build->identity = optarg;
	else if (answer == OPT_RULE)
		return execgate_rules_add(&build->rules, optarg, &err) ?
			       output_error(&err) :
			       0;
	else if (!execgate_number_read(optarg, &build->version))
		return cmd_usage_error(self,
				       "--version takes a number, not \"%s\"",
				       optarg);
	return 0;
}

static int take_option(const struct command *self, int answer, char **argv,
		       struct run *run)
{
	struct catalog_build *build = &run->build;

	if (answer >= OPT_INSTALLED && answer <= OPT_DEBS_FROM_FILE)
		return take_source(answer, run);
	if (signing_key_take(answer, &run->output.key))
		return 0;
	if (catalog_install_take(answer, &run->output.places)) {
		run->places_named = true;
		return 0;
	}
	switch (answer) {
	case OPT_SIGN:
		run->output.sign = true;
		return 0;
	case OPT_JOBS:
	case OPT_SEQUENCE:
		return take_number(self, answer, run);
	case OPT_NAME:
		build->name = optarg;
		return 0;
	case OPT_PLATFORM:
		return catalog_take_platform(self, optarg, &build->platform);
	case OPT_IDENTITY:
	case OPT_VERSION:
	case OPT_RULE:
		return take_identity(self, answer, build);
	case OPT_SKIP_CHANGED:
		build->changed = CATALOG_CHANGED_SKIP;
		return 0;
	case OPT_ACCEPT_CHANGED:
		build->changed = CATALOG_CHANGED_ACCEPT;
		return 0;
	case OPT_KEEP:
		if (build->keep_count == CATALOG_BUILD_KEEP)
			return cmd_usage_error(self, "that is too many --keep");
		build->keep[build->keep_count++] = optarg;
		return 0;
	case OPT_ENABLE_VERITY:
		build->reading.enable_verity = true;
		build->reading.verity = true;
		return 0;
	case OPT_VERITY:
		build->reading.verity = true;
		return 0;
	case OPT_CACHE:
		build->cache = optarg;
		return 0;
	case OPT_NO_CACHE:
		build->cache = NULL;
		return 0;
	case OPT_NO_CLASSES:
		build->no_classes = true;
		return 0;
	case OPT_IDENTITIES:
		build->identities_dir = optarg;
		return 0;
	case OPT_CODE_PATHS:
		build->code_file = optarg;
		return 0;
	case OPT_ADMINDIR:
		build->admindir = optarg;
		return 0;
	case OPT_DRY_RUN:
		run->output.dry_run = true;
		return 0;
	case OPT_INSTALL:
		run->output.sign = true;
		run->output.install = true;
		return 0;
	case OPT_SUPERSEDES:
		run->output.supersedes = optarg;
		return 0;
	case 'o':
		run->output.out = optarg;
		return 0;
	}
	return cmd_option_error(self, answer, argv);
}

static int parse(const struct command *self, int argc, char **argv,
		 struct run *run)
{
	struct execgate_error err;
	int answer, code;

	while ((answer = getopt_long(argc, argv, ":o:", long_options, NULL)) !=
	       -1) {
		code = take_option(self, answer, argv, run);
		if (code)
			return code;
	}
	for (; optind < argc; optind++, run->sources++)
		if (batch_add(&run->build.paths, argv[optind], &err))
			return output_error(&err);
	if (!run->build.name && run->build.images.count != 1)
		return cmd_usage_error(self, "the catalog needs a --name");
	if (run->build.name &&
	    execgate_catalog_check_name(run->build.name,
					strlen(run->build.name), &err))
		return output_error(&err);
	if (!run->sources)
		return cmd_usage_error(self, "a catalog of which files?");
	if ((run->output.supersedes || run->places_named) &&
	    !run->output.install)
		return cmd_usage_error(self, "where to install it, and instead "
					     "of which, is said with "
					     "--install");
	return 0;
}

/* Removed once it is installed, it would leave no catalog. An image says its name late. */
static int check_superseded(const struct command *self, const struct run *run)
{
	if (!run->output.supersedes ||
	    strcmp(run->output.supersedes, run->build.name) != 0)
		return 0;
	return cmd_usage_error(self, "a catalog takes the place of the one of "
				     "its name; --supersedes names another "
				     "one, which is removed");
}

int cmd_catalog_build_run(const struct command *self, int argc, char **argv)
{
	struct run run = { .build = { .admindir = EXECGATE_DPKG_ADMINDIR,
				      .identities_dir =
					      EXECGATE_IDENTITIES_SHIPPED,
				      .cache = CATALOG_BUILD_CACHE },
			   .output = { .places = CATALOG_INSTALLING } };
	uint8_t *manifest = NULL;
	size_t size;
	int code;

	/* Without privilege there is no shared cache to write. */
	if (geteuid() != 0)
		run.build.cache = NULL;
	execgate_oci_image_here(&run.build.platform);
	batch_catch_signals();
	code = parse(self, argc, argv, &run);
	if (!code)
		code = catalog_build_run(&run.build, &manifest, &size);
	if (!code)
		code = check_superseded(self, &run);
	if (!code)
		code = catalog_output_write(&run.output, &run.build, manifest,
					    size);
	free(manifest);
	catalog_build_free(&run.build);
	return code;
}
