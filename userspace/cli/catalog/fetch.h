/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Images that are elsewhere: skopeo fetches them into a folder of our own, and carries
 * catalogs to and from the registry, with the credentials that it has.
 */
#ifndef EXECGATE_CLI_CATALOG_FETCH_H
#define EXECGATE_CLI_CATALOG_FETCH_H

#include "lib/oci/parse.h"
#include "lib/oci/store.h"

/* A folder that nobody else can write to; zeroed at first, removed with fetch_remove(). */
struct fetch {
	char folder[512];
	char source[600];
};

/**
 * fetch_image() - @out->source is what execgate_oci_image_open() takes then
 * @reference: "docker.io/library/nginx:1.27"; or of another of skopeo's transports
 */
int fetch_image(const char *reference,
		const struct execgate_oci_platform *platform, struct fetch *out,
		struct execgate_error *err);
/* Only the folder, if there is none yet. */
int fetch_folder(struct fetch *out, struct execgate_error *err);
/* Accepts what is zeroed. */
void fetch_remove(const struct fetch *fetch);

/* Is it of a registry, and not of what a runtime has here? */
bool fetch_is_registry(const char *reference);

/**
 * fetch_beside() - what is beside an image in its repository
 * @digest: of the image's manifest
 * @ending: of what: EXECGATE_OCI_TAG_*
 * @out: closed by the caller, after success only
 *
 * -ENODATA: the registry has none; the caller says so.
 */
int fetch_beside(struct fetch *fetch, const char *reference,
		 const uint8_t digest[EG_SHA256_SIZE], const char *ending,
		 struct execgate_oci_store **out, struct execgate_error *err);
/* The other way, a catalog: the one manifest that the folder @layout lists. */
int fetch_push(const char *layout, const char *reference,
	       const uint8_t digest[EG_SHA256_SIZE],
	       struct execgate_error *err);

/* Without the transport: of which repository it is. */
const char *fetch_name(const char *reference);

#endif /* EXECGATE_CLI_CATALOG_FETCH_H */
