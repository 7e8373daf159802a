/* SPDX-License-Identifier: GPL-2.0 */
/* Images that are elsewhere: skopeo fetches them into a folder of our own. */
#ifndef EXECGATE_CLI_CATALOG_FETCH_H
#define EXECGATE_CLI_CATALOG_FETCH_H

#include "lib/oci/parse.h"

/* A folder that nobody else can write to; removed with fetch_remove(). */
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
/* Accepts what is zeroed. */
void fetch_remove(const struct fetch *fetch);

/* Without the transport: of which repository it is. */
const char *fetch_name(const char *reference);

#endif /* EXECGATE_CLI_CATALOG_FETCH_H */
