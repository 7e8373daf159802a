// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/catalog/builder.h"
#include "cli/common/output.h"
#include "lib/base/array.h"
#include "lib/sign/classify.h"

static int note_grant(struct catalog_build *build, const char *path,
		      const struct execgate_identity *identity)
{
	struct catalog_build_grant *grant =
		execgate_array_add(build->grants, build->grant_count);
	char *copy = strdup(path);

	if (!grant || !copy) {
		free(copy);
		return -ENOMEM;
	}
	*grant = (struct catalog_build_grant){
		.path = copy,
		.identity = identity,
	};
	build->grant_count++;
	return 0;
}

/* A process is asked by its program: a library's classes would mean nothing. */
int catalog_classes_add(struct catalog_build *build, const char *package,
			const char *path, uint16_t *classes,
			struct execgate_error *err)
{
	const struct execgate_identity *identity;

	if (!(*classes & EXECGATE_CLASS_PROGRAM))
		return 0;
	identity = execgate_identities_find(&build->identities, package, path);
	if (!identity)
		return 0;
	*classes |= identity->classes;
	return note_grant(build, path, identity) ?
		       execgate_error_errno(err, -ENOMEM, "cannot take %s",
					    path) :
		       0;
}

int catalog_classes_rules(struct catalog_build *build, const char *package,
			  const char *path, uint32_t *identity,
			  struct execgate_error *err)
{
	const struct execgate_catalog_identity *of =
		&build->catalog.identities[*identity];
	struct execgate_rules rules = { .size = of->rules_size };
	int ret;

	memcpy(rules.bytes, of->rules, of->rules_size);
	ret = execgate_identities_rules(&build->identities, package, path,
					&rules, err);
	if (ret || rules.size == of->rules_size)
		return ret;
	build->ruled++;
	return execgate_catalog_identity(&build->catalog, of->name, of->version,
					 execgate_rules_bytes(&rules), identity,
					 err);
}

void catalog_classes_print(const struct catalog_build *build)
{
	char classes[EXECGATE_CLASSES_TEXT], *path;
	const struct execgate_identity *identity;
	size_t i;

	if (build->grant_count)
		printf("\nMore than to be executed (\"--no-classes\" gives it to "
		       "none, execgate-identities(5) says whom):\n");
	for (i = 0; i < build->grant_count; i++) {
		identity = build->grants[i].identity;
		path = output_escape(build->grants[i].path,
				     strlen(build->grants[i].path));
		printf("  %s  %s%s%s\n", path,
		       execgate_classify_text(identity->classes, classes),
		       identity->why ? ": " : "",
		       identity->why ? identity->why : "");
		free(path);
	}
	if (build->ruled)
		printf("\n%zu %s rules of execgate-identities(5); \"execgate catalog "
		       "show --entries\" has them.\n",
		       build->ruled,
		       build->ruled == 1 ? "file has" : "files have");
}

json_t *catalog_classes_json(const struct catalog_build *build)
{
	char classes[EXECGATE_CLASSES_TEXT];
	json_t *array = json_array(), *object;
	const struct execgate_identity *identity;
	size_t i;

	for (i = 0; i < build->grant_count; i++) {
		identity = build->grants[i].identity;
		object = json_pack("{s:s, s:s, s:s?}", "identity",
				   identity->name, "classes",
				   execgate_classify_text(identity->classes,
							  classes),
				   "why", identity->why);
		output_json_set_bytes(object, "path", build->grants[i].path,
				      strlen(build->grants[i].path));
		json_array_append_new(array, object);
	}
	return array;
}

void catalog_classes_free(struct catalog_build *build)
{
	size_t i;

	for (i = 0; i < build->grant_count; i++)
		free(build->grants[i].path);
	free(build->grants);
	execgate_identities_free(&build->identities);
}
