// SPDX-License-Identifier: GPL-2.0
#include "cli/catalog/catalog.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "lib/catalog/write.h"

json_t *catalog_json(const struct execgate_catalog_file *file)
{
	const struct eg_manifest *m = &file->manifest;

	return json_pack("{s:s, s:I, s:I, s:I, s:I, s:b}", "name", file->name,
			 "sequence", (json_int_t)m->sequence, "created_at",
			 (json_int_t)m->created_at, "entries",
			 (json_int_t)m->entry_count, "identities",
			 (json_int_t)m->identity_count, "signed",
			 file->is_signed);
}

void catalog_print(const struct execgate_catalog_file *file)
{
	const struct eg_manifest *m = &file->manifest;
	char when[OUTPUT_TIME_SIZE];

	output_field("Name", "%s", file->name);
	output_field("Sequence", "%" PRIu64, m->sequence);
	output_field("Created", "%s", output_time(when, m->created_at));
	output_field("Digests", "%u of %u %s", m->entry_count,
		     m->identity_count,
		     m->identity_count == 1 ? "identity" : "identities");
	output_field("Signed", "%s", file->is_signed ? "yes" : "not yet");
}

int catalog_find(const char *text, char path[PATH_MAX],
		 struct execgate_error *err)
{
	if (strlen(text) >= PATH_MAX)
		return execgate_error_errno(err, -ENAMETOOLONG,
					    "cannot open %.200s", text);
	strcpy(path, text);
	if (access(text, F_OK) == 0 ||
	    execgate_catalog_check_name(text, strlen(text), NULL))
		return 0;
	if (execgate_catalog_file_path(EXECGATE_CATALOG_DIR, text, path, err))
		return -ENAMETOOLONG;
	if (access(path, F_OK) == 0)
		return 0;
	return execgate_error_set(err, -ENOENT, EXECGATE_EXIT_NOT_FOUND,
				  "\"%s\" is neither a file nor the name of a "
				  "catalog in " EXECGATE_CATALOG_DIR
				  "; \"execgate catalog list\" shows them",
				  text);
}

static const struct command children[] = {
	{
		.name = "catalog build",
		.arguments =
			"--name NAME [OPTION...] (--installed | --deb FILE "
			"| --image IMAGE | --from-file LIST | PATH)...",
		.summary = "list the digests of files that are to be trusted",
		.options = cmd_catalog_build_options,
		.run = cmd_catalog_build_run,
	},
	{
		.name = "catalog sign",
		.arguments = "[OPTION...] -o OUT MANIFEST",
		.summary = "sign what build wrote",
		.options = cmd_catalog_sign_options,
		.run = cmd_catalog_sign_run,
	},
	{
		.name = "catalog verify",
		.arguments = "[--cert CERT | --keys-dir DIR] CATALOG...",
		.summary = "tell whether the kernel would take a catalog",
		.options = cmd_catalog_verify_options,
		.run = cmd_catalog_verify_run,
	},
	{
		.name = "catalog show",
		.arguments = "[--entries] CATALOG",
		.summary = "show what a catalog says",
		.options = cmd_catalog_show_options,
		.run = cmd_catalog_show_run,
	},
	{
		.name = "catalog diff",
		.arguments = "OLD NEW",
		.summary =
			"show what one catalog trusts and the other does not",
		.options = cmd_catalog_diff_options,
		.run = cmd_catalog_diff_run,
	},
	{
		.name = "catalog install",
		.arguments =
			"[--no-persist | --no-load] [OPTION...] CATALOG...",
		.summary =
			"trust what signed catalogs list, now and after boots",
		.options = cmd_catalog_install_options,
		.run = cmd_catalog_install_run,
	},
	{
		.name = "catalog remove",
		.arguments = "[--no-persist] [OPTION...] NAME...",
		.summary = "trust it no longer",
		.options = cmd_catalog_remove_options,
		.run = cmd_catalog_remove_run,
	},
	{
		.name = "catalog list",
		.arguments = "[--catalogs-dir DIR]",
		.summary = "show the catalogs, loaded and kept",
		.options = cmd_catalog_list_options,
		.run = cmd_catalog_list_run,
	},
	{ 0 },
};

const struct command cmd_catalog = {
	.name = "catalog",
	.summary = "trust many files at once without changing them",
	.children = children,
};
