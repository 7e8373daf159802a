// SPDX-License-Identifier: GPL-2.0
/* "sign --verity": no file changes; a catalog lists their fs-verity digests. */
#include "cli/sign/sign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/catalog/builder.h"

/* "verity-" and the file's own name, as far as a catalog can be called so. */
static void verity_name(const char *path, char *out, size_t size)
{
	const char *slash = strrchr(path, '/');
	char *at;

	snprintf(out, size, "verity-%.100s", slash ? slash + 1 : path);
	for (at = out; *at; at++)
		if (!strchr(".-", *at) &&
		    execgate_catalog_check_name(at, 1, NULL))
			*at = '_';
}

int sign_verity(const struct signing_key_choice *key, struct batch *files,
		unsigned int jobs, const char *out)
{
	char name[EXECGATE_CATALOG_NAME_FILE_MAX + 1];
	/* A file that is named has no package, and gets nothing by its name. */
	struct catalog_build build = { .no_classes = true };
	struct catalog_output to = { .key = *key, .sign = true, .out = out };
	uint8_t *manifest = NULL;
	size_t size;
	int code;

	verity_name(files->names[0], name, sizeof(name));
	build.name = name;
	build.jobs = jobs;
	build.paths = *files;
	build.reading.verity = true;
	build.reading.enable_verity = true;
	memset(files, 0, sizeof(*files));
	code = catalog_build_run(&build, &manifest, &size);
	if (!code)
		code = catalog_output_write(&to, &build, manifest, size);
	free(manifest);
	catalog_build_free(&build);
	return code;
}
