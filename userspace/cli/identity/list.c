// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/common/sign_options.h"
#include "cli/identity/identity.h"
#include "lib/debian/dpkg.h"
#include "lib/sign/classify.h"

const char cmd_identity_list_options[] = IDENTITY_PLACES_HELP
	"\n"
	"Lists the classes and rules that \"execgate catalog build\" and \"execgate\n"
	"sign\" give, and the programs that get them.\n";

static void print_text(const char *label, const char *text)
{
	char *safe = output_escape(text, strlen(text));

	output_field(label, "%s", safe);
	free(safe);
}

static void print_identity(const struct execgate_identity *identity)
{
	char classes[EXECGATE_CLASSES_TEXT];
	char *title = identity_title(identity);

	printf("%s\n", title);
	free(title);
	for (size_t i = 0; i < identity->package_count; i++)
		print_text("Package", identity->packages[i]);
	for (size_t i = 0; i < identity->path_count; i++)
		print_text("Path", identity->paths[i]);
	if (identity->classes)
		output_field("Class", "%s",
			     execgate_classify_text(identity->classes,
						    classes));
	sign_options_rules_print(execgate_rules_bytes(&identity->rules));
	if (identity->why)
		print_text("Why", identity->why);
}

static void print_all(const struct execgate_identities *identities)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < identities->count; i++)
		if (output_is_json())
			json_array_append_new(rows,
					      identity_json(
						      &identities->list[i]));
		else
			print_identity(&identities->list[i]);
	if (output_is_json())
		output_json(json_pack("{s:O}", "identities", rows));
	json_decref(rows);
}

int cmd_identity_list_run(const struct command *self, int argc, char **argv)
{
	static const struct option options[] = {
		IDENTITY_PLACES_OPTIONS,
		{ 0 },
	};
	struct identity_places places = identity_places();
	struct execgate_identities identities;
	struct execgate_error err;
	int answer;

	while ((answer = getopt_long(argc, argv, ":", options, NULL)) != -1)
		if (!identity_places_take(answer, &places))
			return cmd_option_error(self, answer, argv);
	if (optind < argc)
		return cmd_usage_error(self, "%s is one word too many",
				       argv[optind]);
	if (execgate_identities_load(places.shipped, places.own, &identities,
				     &err))
		return output_error(&err);
	print_all(&identities);
	execgate_identities_free(&identities);
	return EXECGATE_EXIT_OK;
}
