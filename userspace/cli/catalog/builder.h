/* SPDX-License-Identifier: GPL-2.0 */
/* From sources (packages, folders, files) to the manifest of a catalog. */
#ifndef EXECGATE_CLI_CATALOG_BUILD_H
#define EXECGATE_CLI_CATALOG_BUILD_H

#include <jansson.h>

#include "cli/catalog/catalog.h"
#include "cli/common/batch.h"
#include "cli/common/signing_key.h"
#include "lib/catalog/code_paths.h"
#include "lib/catalog/identities.h"
#include "lib/catalog/item.h"
#include "lib/catalog/write.h"
#include "lib/oci/image.h"
#include "lib/sign/rules.h"

/* The beginning of the identities of Debian packages. */
#define CATALOG_OF_PACKAGE "org.debian."

#define CATALOG_BUILD_CACHE "/var/cache/execgate/hashes"

/* How to treat a file that is not what dpkg installed. */
enum catalog_changed {
	CATALOG_CHANGED_REFUSE, /* build nothing */
	CATALOG_CHANGED_SKIP,	/* leave it out */
	CATALOG_CHANGED_ACCEPT, /* list it as it is */
};

#define CATALOG_BUILD_KEEP 4

/**
 * struct catalog_build - what goes into a catalog, and what came of it
 * @name: of the catalog; NULL = the repository of its only image
 * @identity: of what no package owns; NULL = @name
 * @version: of that identity
 * @rules: of that identity
 * @installed: all that dpkg has installed
 * @admindir: dpkg's database
 * @paths: files, and folders with all below them
 * @debs: packages that are not installed yet
 * @bpf: digests of BPF programs, as text
 * @images: of containers; @platform: for which machine; @bind: the catalog says of
 *	    which of them it is
 * @keep: @keep_count catalogs; a changed file that one lists was accepted before
 * @cache: file of hashes, or NULL
 * @code_file: which files of packages are code, or NULL; @code is what it says
 * @reading: verity options; the cache is put in here
 * @sequence: 0 = one more than the newest that is known
 * @identities_dir: where the shipped ones are
 * @no_classes: give no program more than its content says
 * @catalog: what was collected
 * @identities: which programs get more, and why
 * @grants: @grant_count programs that got it; paths are owned
 * @ruled: how many files have rules of the lists
 * @seen: of each image what was seen of it
 * @name_of_image: what @name points to, if no other was given
 * @items: @item_count of them, each with the number of its identity; @listed, if
 *	   it is to be noted whether it is code, as of which package of @code;
 *	   @sum_of_package: its checksum is of that one's md5sums; @taken: it is in
 *	   the catalog
 * @refused: changed files that were not accepted
 * @accepted: changed files that were
 */
struct catalog_build {
	const char *name;
	const char *identity;
	uint64_t version;
	struct execgate_rules rules;
	bool installed;
	const char *admindir;
	struct batch paths;
	struct batch debs;
	struct batch bpf;
	struct batch images;
	struct execgate_oci_platform platform;
	bool bind;
	const char *keep[CATALOG_BUILD_KEEP];
	unsigned int keep_count;
	enum catalog_changed changed;
	const char *cache;
	const char *code_file;
	struct execgate_code_paths *code;
	unsigned int jobs;
	struct execgate_catalog_reading reading;
	uint64_t sequence;
	const char *identities_dir;
	bool no_classes;

	struct execgate_catalog catalog;
	struct execgate_identities identities;
	struct catalog_build_grant {
		char *path;
		const struct execgate_identity *identity;
	} *grants;
	size_t grant_count;
	size_t ruled;
	struct catalog_build_image {
		char reference[EXECGATE_OCI_TEXT_MAX];
		uint8_t digest[EG_SHA256_SIZE];
		uint64_t created;
		size_t layers;
		size_t files;
		size_t packaged;
	} *seen;
	size_t seen_count;
	char name_of_image[EXECGATE_CATALOG_NAME_FILE_MAX + 1];
	struct catalog_build_item {
		struct execgate_catalog_item item;
		uint32_t identity;
		char *listed;
		size_t package;
		bool sum_of_package;
		bool taken;
	} *items;
	size_t item_count;
	size_t refused;
	size_t accepted;
	size_t failed;
};

/**
 * catalog_build_run() - collect, read, judge and write
 * @manifest: allocated; freed by the caller
 *
 * Tells on stderr of each file that stands in the way. Return: an exit code.
 */
int catalog_build_run(struct catalog_build *build, uint8_t **manifest,
		      size_t *size);
void catalog_build_free(struct catalog_build *build);

/**
 * struct catalog_output - where what was built goes
 * @key: signs it, with @sign
 * @install: into @places, and @supersedes, or NULL, is gone then
 * @dry_run: nowhere, it is only reported
 * @out: NULL = the catalog's name with .cat or, not signed, .manifest
 */
struct catalog_output {
	struct signing_key_choice key;
	bool sign;
	bool install;
	const char *supersedes;
	struct catalog_installing places;
	bool dry_run;
	const char *out;
};

/* Return: an exit code; all has been said. */
int catalog_output_write(struct catalog_output *to,
			 const struct catalog_build *build,
			 const uint8_t *manifest, size_t size);

/*
 * The version of a package as a number: the time of its newest file that runs, which
 * a build sets to the date of the release at most. A time in the future does not
 * count.
 */
uint64_t catalog_build_version(uint64_t version, uint64_t mtime);

/* For cli/catalog/builder.c: fill @items from the sources but packages. */
int catalog_sources_collect(struct catalog_build *build,
			    struct execgate_error *err);
/* And the packages, on all processors, into @catalog; 0 or an exit code. */
int catalog_sources_debs(struct catalog_build *build, uint64_t *newest);

/* Into @catalog, when @items are: the byte code of those that are Python's. */
int catalog_python_add(struct catalog_build *build, struct execgate_error *err);

/*
 * And the images, into @catalog; 0 or an exit code. Sets @name and @sequence if the
 * command line did not.
 */
int catalog_images_add(struct catalog_build *build, uint64_t *newest);
/*
 * One of them with all that is in it. @source: as for execgate_oci_image_open(); @image:
 * zeroed, closed with execgate_oci_image_close(), always
 */
int catalog_image_read(const char *source,
		       const struct execgate_oci_platform *platform,
		       const struct execgate_identities *identities,
		       unsigned int jobs, struct execgate_oci_image *image,
		       struct execgate_error *err);
/* Tells of them: lines on stdout, or for the JSON object. */
void catalog_images_print(const struct catalog_build *build);
json_t *catalog_images_json(const struct catalog_build *build);

/*
 * The classes of a program of that package besides @classes; it is noted. @package:
 * NULL if none has it.
 */
int catalog_classes_add(struct catalog_build *build, const char *package,
			const char *path, uint16_t *classes,
			struct execgate_error *err);
/*
 * The identity of a file with the rules that the lists have for it; another number
 * if they have any.
 */
int catalog_classes_rules(struct catalog_build *build, const char *package,
			  const char *path, uint32_t *identity,
			  struct execgate_error *err);
/* Which programs got more, and why: lines on stdout, or for the JSON object. */
void catalog_classes_print(const struct catalog_build *build);
json_t *catalog_classes_json(const struct catalog_build *build);
void catalog_classes_free(struct catalog_build *build);

#endif /* EXECGATE_CLI_CATALOG_BUILD_H */
