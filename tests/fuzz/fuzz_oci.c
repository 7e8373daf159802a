// SPDX-License-Identifier: GPL-2.0
/*
 * The input as each document of an image. What is accepted has its texts ended and its
 * lists within their bounds; nothing is left allocated, which the sanitizer sees.
 */
#include <string.h>

#include "fuzz.h"
#include "lib/oci/parse.h"

static void check_text(const char *text, size_t size)
{
	HOLDS(memchr(text, '\0', size));
}

static void check_descriptor(const struct execgate_oci_descriptor *one)
{
	check_text(one->media_type, sizeof(one->media_type));
	check_text(one->artifact_type, sizeof(one->artifact_type));
	check_text(one->reference, sizeof(one->reference));
	check_text(one->platform.os, sizeof(one->platform.os));
	check_text(one->platform.architecture,
		   sizeof(one->platform.architecture));
	check_text(one->platform.variant, sizeof(one->platform.variant));
}

static void check_list(struct execgate_oci_descriptors *list, size_t max)
{
	HOLDS(list->count <= max);
	for (size_t i = 0; i < list->count; i++)
		check_descriptor(&list->list[i]);
	execgate_oci_descriptors_free(list);
}

static void check_artifact(struct eg_bytes text)
{
	char media_type[EXECGATE_OCI_TYPE_MAX], type[EXECGATE_OCI_TYPE_MAX];
	struct execgate_oci_artifact artifact;
	struct execgate_error err;

	if (!execgate_oci_parse_artifact(text, &artifact, &err)) {
		HOLDS(!strcmp(artifact.type, artifact.content.media_type));
		check_descriptor(&artifact.subject);
		check_descriptor(&artifact.content);
	}
	if (!execgate_oci_parse_types(text, media_type, type, &err)) {
		check_text(media_type, sizeof(media_type));
		check_text(type, sizeof(type));
	}
}

static void check_texts(const u8 *data, size_t size)
{
	struct execgate_oci_platform platform;
	char text[64] = "";
	uint64_t seconds;

	memcpy(text, data, size < sizeof(text) - 1 ? size : sizeof(text) - 1);
	execgate_oci_parse_time(text, &seconds);
	if (!execgate_oci_parse_platform(text, &platform))
		return;
	HOLDS(platform.os[0] && platform.architecture[0]);
	check_text(platform.variant, sizeof(platform.variant));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct eg_bytes text = { data, size };
	struct execgate_oci_descriptor config;
	struct execgate_oci_descriptors list;
	struct execgate_oci_config parsed;
	struct execgate_oci_saved saved;
	struct execgate_error err;

	if (!execgate_oci_parse_index(text, &list, &err))
		check_list(&list, EXECGATE_OCI_LIST_MAX);
	if (!execgate_oci_parse_manifest(text, &config, &list, &err)) {
		HOLDS(config.kind == EXECGATE_OCI_CONFIG);
		check_descriptor(&config);
		check_list(&list, EXECGATE_OCI_LAYERS_MAX);
	}
	if (!execgate_oci_parse_config(text, &parsed, &err)) {
		HOLDS(parsed.count <= EXECGATE_OCI_LAYERS_MAX);
		free(parsed.diff_ids);
	}
	if (!execgate_oci_parse_saved(text, NULL, &saved, &err))
		HOLDS(saved.config &&
		      saved.layer_count <= EXECGATE_OCI_LAYERS_MAX);
	execgate_oci_saved_free(&saved);
	check_artifact(text);
	check_texts(data, size);
	return 0;
}
