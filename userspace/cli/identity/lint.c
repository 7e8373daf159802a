// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/identity/identity.h"
#include "lib/debian/dpkg.h"

const char cmd_identity_lint_options[] = IDENTITY_PLACES_HELP
	"\n"
	"Looks at the sections of which a package is installed, and at those of no\n"
	"package. Exits with 7 when it finds something.\n";

/**
 * struct lint - one look at all lists
 * @here: of each section, whether it is about something that is installed
 * @rows: what was found, for JSON
 */
struct lint {
	struct execgate_identities identities;
	bool *here;
	json_t *rows;
	size_t found;
};

static void tell(struct lint *lint, const struct execgate_identity *identity,
		 const char *what, const char *text)
{
	char *title = identity_title(identity);
	char *safe = output_escape(text, strlen(text));
	json_t *row = json_object();

	lint->found++;
	json_object_set_new(row, "identity", json_string(title));
	json_object_set_new(row, "about", json_string(safe));
	json_object_set_new(row, "problem", json_string(what));
	json_array_append_new(lint->rows, row);
	if (!output_is_json())
		printf("%s: %s: %s\n", title, safe, what);
	free(safe);
	free(title);
}

/* A path rule as glob(3) has it: files, below the last "**" any there are. */
static int glob_rule(struct eg_bytes text, glob_t *out)
{
	char pattern[EG_RULE_PATH_MAX + 1];
	size_t size = text.size;

	memcpy(pattern, text.data, size);
	pattern[size] = '\0';
	if (size > 3 && !strcmp(pattern + size - 3, "/**"))
		pattern[--size] = '\0';
	return glob(pattern, GLOB_NOSORT | GLOB_PERIOD, NULL, out);
}

/* Who may write there puts what he likes in the place. */
static bool is_open_to_others(const char *folder)
{
	struct stat st;

	return !stat(folder, &st) &&
	       (st.st_mode & S_IWOTH || (st.st_mode & S_IWGRP && st.st_gid) ||
		st.st_uid);
}

/* Not all programs of a section need be installed. */
static bool is_one_of_several(const struct execgate_identity *identity,
			      struct eg_bytes rule)
{
	for (size_t i = 0; i < identity->path_count; i++)
		if (strlen(identity->paths[i]) == rule.size &&
		    !memcmp(identity->paths[i], rule.data, rule.size))
			return true;
	return false;
}

static void look_at_rule(struct lint *lint,
			 const struct execgate_identity *identity,
			 const struct eg_rule *rule)
{
	char text[EXECGATE_RULE_TEXT], folder[EG_RULE_PATH_MAX + 1];
	size_t size = eg_rule_path_folder(rule->text);
	glob_t files;

	execgate_rule_text(rule, text);
	switch (glob_rule(rule->text, &files)) {
	case GLOB_NOMATCH:
		if (!is_one_of_several(identity, rule->text))
			tell(lint, identity, "it matches no file", text);
		break;
	case 0:
		globfree(&files);
		break;
	}
	snprintf(folder, sizeof(folder), "%.*s", size ? (int)size : 1,
		 (const char *)rule->text.data);
	if (is_open_to_others(folder))
		tell(lint, identity, "others than root may write to its folder",
		     text);
}

/* As the kernel sees it: paths of one strength are alternatives. */
static bool is_let_in(const struct execgate_identity *identity,
		      const char *path, uint8_t strength)
{
	struct eg_bytes rest = execgate_rules_bytes(&identity->rules);
	struct eg_bytes name = { (const uint8_t *)path, strlen(path) };
	bool is_bound = false;
	struct eg_rule rule;

	while (eg_rules_next(&rest, &rule)) {
		if (rule.kind != EG_RULE_PATH || rule.strength != strength)
			continue;
		is_bound = true;
		if (eg_rule_path_matches(rule.text, name))
			return true;
	}
	return !is_bound;
}

/* By its own name: the kernel knows no symbolic links to it. */
static void look_at_file(struct lint *lint,
			 const struct execgate_identity *identity,
			 const char *path)
{
	char real[PATH_MAX];

	if (!realpath(path, real))
		return;
	if (!is_let_in(identity, real, EG_RULE_DENY))
		tell(lint, identity, "its own path rule refuses it", real);
	else if (!is_let_in(identity, real, EG_RULE_REPORT))
		tell(lint, identity, "its own path rule reports it", real);
}

static void look_at_path(struct lint *lint,
			 const struct execgate_identity *identity,
			 const char *pattern)
{
	glob_t files;

	if (glob(pattern, GLOB_NOSORT, NULL, &files))
		return;
	for (size_t i = 0; i < files.gl_pathc; i++)
		look_at_file(lint, identity, files.gl_pathv[i]);
	globfree(&files);
}

/* One of the paths will do, as there are more than one machine has. */
static bool has_file(const struct execgate_identity *identity)
{
	glob_t files;
	bool found = false;

	for (size_t i = 0; !found && i < identity->path_count; i++)
		if (!glob(identity->paths[i], GLOB_NOSORT, NULL, &files)) {
			found = true;
			globfree(&files);
		}
	return found;
}

static void look_at_section(struct lint *lint,
			    const struct execgate_identity *identity)
{
	struct eg_bytes rest = execgate_rules_bytes(&identity->rules);
	struct eg_rule rule;

	if (!identity->path_count)
		return;
	if (!has_file(identity)) {
		tell(lint, identity, "no file is at any of its paths",
		     identity->paths[0]);
		return;
	}
	if (!rest.size)
		return;
	for (size_t i = 0; i < identity->path_count; i++)
		look_at_path(lint, identity, identity->paths[i]);
	while (eg_rules_next(&rest, &rule))
		if (rule.kind == EG_RULE_PATH)
			look_at_rule(lint, identity, &rule);
}

static int note_package(const struct execgate_dpkg_file *file, void *arg,
			struct execgate_error *err)
{
	struct lint *lint = arg;

	(void)err;
	if (file->is_script)
		return 0;
	for (size_t i = 0; i < lint->identities.count; i++)
		if (!lint->here[i])
			lint->here[i] =
				execgate_identity_in(&lint->identities.list[i],
						     file->package);
	return 0;
}

static int lint_all(struct lint *lint, const struct identity_places *places,
		    struct execgate_error *err)
{
	const struct execgate_identities *all = &lint->identities;
	char status[PATH_MAX];
	int ret = 0;

	snprintf(status, sizeof(status), "%s/status", places->admindir);
	/* Without a database nothing is installed by packages. */
	if (!access(status, F_OK))
		ret = execgate_dpkg_list(places->admindir, NULL, note_package,
					 lint, err);
	for (size_t i = 0; !ret && i < all->count; i++)
		if (lint->here[i] || !all->list[i].package_count)
			look_at_section(lint, &all->list[i]);
	return ret;
}

static int run_lint(struct lint *lint, const struct identity_places *places)
{
	struct execgate_error err;
	int ret = execgate_identities_load(places->shipped, places->own,
					   &lint->identities, &err);

	if (ret)
		return output_error(&err);
	lint->here = calloc(lint->identities.count + 1, sizeof(*lint->here));
	ret = lint->here ? lint_all(lint, places, &err) :
			   execgate_error_errno(&err, -ENOMEM,
						"cannot look at the lists");
	free(lint->here);
	execgate_identities_free(&lint->identities);
	if (ret)
		return output_error(&err);
	if (output_is_json())
		output_json(json_pack("{s:O}", "problems", lint->rows));
	else if (!lint->found)
		printf("each rule of what is installed matches a file\n");
	return lint->found ? EXECGATE_EXIT_NOT_FOUND : EXECGATE_EXIT_OK;
}

int cmd_identity_lint_run(const struct command *self, int argc, char **argv)
{
	static const struct option options[] = {
		IDENTITY_PLACES_OPTIONS,
		{ 0 },
	};
	struct identity_places places = identity_places();
	struct lint lint = { .rows = json_array() };
	int answer, code;

	while ((answer = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (!identity_places_take(answer, &places)) {
			json_decref(lint.rows);
			return cmd_option_error(self, answer, argv);
		}
	}
	if (optind < argc)
		code = cmd_usage_error(self, "%s is one word too many",
				       argv[optind]);
	else
		code = run_lint(&lint, &places);
	json_decref(lint.rows);
	return code;
}
