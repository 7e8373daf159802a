// SPDX-License-Identifier: GPL-2.0
/* The outcome of a build: a file, signed or not, and a report. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/catalog/builder.h"
#include "cli/catalog/catalog.h"

static void print_build(const struct catalog_output *to,
			const struct catalog_build *build, const char *out)
{
	const struct execgate_catalog *catalog = &build->catalog;

	printf("%s: catalog %s, sequence %" PRIu64
	       ", %zu digests of %zu %s%s\n",
	       out, catalog->name, catalog->sequence, catalog->count,
	       catalog->identity_count,
	       catalog->identity_count == 1 ? "identity" : "identities",
	       to->dry_run ? "" :
	       to->sign	   ? ", signed" :
			     ", not signed yet");
	catalog_images_print(build);
	catalog_classes_print(build);
}

static json_t *describe_build(const struct catalog_output *to,
			      const struct catalog_build *build,
			      const char *out)
{
	const struct execgate_catalog *catalog = &build->catalog;
	json_t *object =
		json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:b}", "name",
			  catalog->name, "sequence",
			  (json_int_t)catalog->sequence, "created_at",
			  (json_int_t)catalog->created_at, "entries",
			  (json_int_t)catalog->count, "identities",
			  (json_int_t)catalog->identity_count,
			  "changed_accepted", (json_int_t)build->accepted,
			  "changed_left_out", (json_int_t)build->refused,
			  "signed", to->sign && !to->dry_run);

	output_json_set_bytes(object, "file", out, strlen(out));
	if (build->seen_count)
		json_object_set_new(object, "images",
				    catalog_images_json(build));
	json_object_set_new(object, "classes", catalog_classes_json(build));
	return object;
}

static int write_file(const struct catalog_output *to, const char *out,
		      const uint8_t *manifest, size_t size)
{
	struct execgate_error err;

	if (to->dry_run)
		return 0;
	if (to->sign)
		return catalog_sign(&to->key, out,
				    (struct eg_bytes){ manifest, size }, out);
	return output_file(out, manifest, size, &err) ? output_error(&err) : 0;
}

int catalog_output_write(struct catalog_output *to,
			 const struct catalog_build *build,
			 const uint8_t *manifest, size_t size)
{
	char name[EXECGATE_CATALOG_NAME_FILE_MAX + 16];
	const char *out = to->out ? to->out : name;
	json_t *object;
	int code;

	snprintf(name, sizeof(name), "%s.%s", build->name,
		 to->sign ? "cat" : "manifest");
	if (to->dry_run)
		out = "(not written)";
	code = write_file(to, out, manifest, size);
	if (code)
		return code;
	object = describe_build(to, build, out);
	if (!output_is_json())
		print_build(to, build, out);
	if (to->install && !to->dry_run)
		code = catalog_install_built(&to->places, out, to->supersedes,
					     object);
	if (output_is_json() && !code)
		output_json(json_incref(object));
	json_decref(object);
	return code;
}
