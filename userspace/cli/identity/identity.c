// SPDX-License-Identifier: GPL-2.0
#include "cli/identity/identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/common/sign_options.h"
#include "lib/debian/dpkg.h"

struct identity_places identity_places(void)
{
	return (struct identity_places){
		.shipped = EXECGATE_IDENTITIES_SHIPPED,
		.own = EXECGATE_IDENTITIES_OWN,
		.admindir = EXECGATE_DPKG_ADMINDIR,
	};
}

bool identity_places_take(int answer, struct identity_places *places)
{
	switch (answer) {
	case 'i':
		places->shipped = optarg;
		return true;
	case 'o':
		places->own = optarg;
		return true;
	case 'a':
		places->admindir = optarg;
		return true;
	}
	return false;
}

json_t *identity_texts(char *const *texts, size_t count)
{
	json_t *array = json_array();
	char *safe;

	for (size_t i = 0; i < count; i++) {
		safe = output_escape(texts[i], strlen(texts[i]));
		json_array_append_new(array, json_string(safe));
		free(safe);
	}
	return array;
}

json_t *identity_json(const struct execgate_identity *identity)
{
	json_t *row = json_object();

	output_json_set_bytes(row, "name", identity->name,
			      strlen(identity->name));
	output_json_set_bytes(row, "source", identity->source,
			      strlen(identity->source));
	json_object_set_new(row, "packages",
			    identity_texts(identity->packages,
					   identity->package_count));
	json_object_set_new(row, "paths",
			    identity_texts(identity->paths,
					   identity->path_count));
	json_object_set_new(row, "classes",
			    sign_options_classes_json(identity->classes));
	json_object_set_new(row, "rules",
			    sign_options_rules_json(
				    execgate_rules_bytes(&identity->rules)));
	if (identity->why)
		output_json_set_bytes(row, "why", identity->why,
				      strlen(identity->why));
	return row;
}

char *identity_title(const struct execgate_identity *identity)
{
	const char *slash = strrchr(identity->source, '/');
	char *text, *safe;

	if (asprintf(&text, "%s [%s]", slash ? slash + 1 : identity->source,
		     identity->name) < 0)
		abort();
	safe = output_escape(text, strlen(text));
	free(text);
	return safe;
}

static const struct command children[] = {
	{
		.name = "identity list",
		.arguments = "[OPTION...]",
		.summary = "show which programs get classes and rules",
		.options = cmd_identity_list_options,
		.run = cmd_identity_list_run,
	},
	{
		.name = "identity show",
		.arguments = "[OPTION...] FILE|PID...",
		.summary = "show the rules of a file, and who says so",
		.options = cmd_identity_show_options,
		.run = cmd_identity_show_run,
	},
	{
		.name = "identity lint",
		.arguments = "[OPTION...]",
		.summary = "find rules that match no file, or refuse one of "
			   "their own",
		.options = cmd_identity_lint_options,
		.run = cmd_identity_lint_run,
	},
	{ 0 },
};

const struct command cmd_identity = {
	.name = "identity",
	.summary = "look at the lists of programs, and at rules",
	.children = children,
};
