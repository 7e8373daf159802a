// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/common/sign_options.h"
#include "cli/identity/identity.h"
#include "cli/rules/here.h"
#include "cli/rules/statements.h"
#include "lib/base/digits.h"
#include "lib/catalog/file.h"
#include "lib/crypto/keystore.h"
#include "lib/debian/packages.h"

const char cmd_identity_show_options[] = IDENTITY_PLACES_HELP
	"  --keys-dir DIR     whose signatures count (" EXECGATE_KEYSTORE_DIR
	")\n"
	"  --catalogs-dir DIR where catalogs are kept (" EXECGATE_CATALOG_DIR
	")\n"
	"\n"
	"Rules count that are signed: in the file's own signature, or in the catalogs\n"
	"that list it; what the lists say is signed when a catalog is built, or the\n"
	"file is. Each is followed by whether it holds where the file is. A number is a\n"
	"process, whose program is meant. \"execgate check\" says what the kernel does.\n"
	"Exits with 7 when a file has no rules.\n";

/**
 * struct show - what is asked, and about which file
 * @here: where the file is
 * @rows: for JSON; of this file
 * @found: statements that have rules
 */
struct show {
	struct identity_places places;
	const char *keys_dir;
	const char *catalogs_dir;
	struct execgate_identities identities;
	struct execgate_trust trust;
	struct rules_here here;
	json_t *rows;
	size_t found;
};

static void tell(struct show *show, const char *kind, const char *name,
		 struct eg_bytes rules)
{
	json_t *judged = rules_here_json(&show->here, rules);
	char *safe = output_escape(name, strlen(name));

	if (rules.size)
		show->found++;
	if (output_is_json()) {
		json_t *row = json_object();

		json_object_set_new(row, "from", json_string(kind));
		json_object_set_new(row, "name", json_string(safe));
		json_object_set_new(row, "rules",
				    sign_options_rules_json(rules));
		json_object_set(row, "judged", judged);
		json_array_append_new(show->rows, row);
	} else {
		output_field(kind, "%s%s", safe,
			     rules.size ? "" : ": no rules");
		rules_here_print(judged);
	}
	json_decref(judged);
	free(safe);
}

static void tell_statement(const struct statement *statement, void *arg)
{
	char *title = statement_title(statement);

	tell(arg, statement->kind, title, statement->identity.rules);
	free(title);
}

static void look_at_lists(struct show *show, const char *path)
{
	struct execgate_package_query query = { .path = path };

	execgate_packages_find(show->places.admindir, &query, 1);
	for (size_t i = 0; i < show->identities.count; i++) {
		const struct execgate_identity *identity =
			&show->identities.list[i];
		char *title;

		if (!identity->rules.size ||
		    !execgate_identity_is(identity,
					  query.package[0] ? query.package :
							     NULL,
					  path))
			continue;
		title = identity_title(identity);
		tell(show, "List", title,
		     execgate_rules_bytes(&identity->rules));
		free(title);
	}
}

/* The file itself, by a link of /proc if it is a process's. */
static int open_subject(const char *text, char real[PATH_MAX])
{
	char link[64];
	ssize_t size;
	uint64_t pid;
	int fd;

	if (!execgate_number_read(text, &pid) || pid > INT_MAX) {
		fd = open(text, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
		if (fd >= 0 && !realpath(text, real)) {
			close(fd);
			return -errno;
		}
		return fd < 0 ? -errno : fd;
	}
	snprintf(link, sizeof(link), "/proc/%d/exe", (int)pid);
	fd = open(link, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	size = readlink(link, real, PATH_MAX - 1);
	if (size < 0) {
		close(fd);
		return -ESRCH;
	}
	real[size] = '\0';
	return fd;
}

static int show_one(struct show *show, const char *text, json_t *files)
{
	struct execgate_error err;
	char real[PATH_MAX], *safe;
	int ret, fd = open_subject(text, real);

	if (fd < 0) {
		execgate_error_errno(&err, fd, "cannot open %s", text);
		return output_error(&err);
	}
	safe = output_escape(real, strlen(real));
	if (!output_is_json())
		printf("%s\n", safe);
	show->found = 0;
	show->rows = json_array();
	rules_here_find(fd, &show->here);
	ret = statements_each(
		&(struct statement_search){ .trust = &show->trust,
					    .catalogs_dir =
						    show->catalogs_dir },
		fd, real, tell_statement, show, &err);
	close(fd);
	if (!ret) {
		look_at_lists(show, real);
		if (!output_is_json() && !show->found)
			output_field("Rule", "%s", "none");
		json_array_append_new(files,
				      json_pack("{s:s, s:O}", "file", safe,
						"statements", show->rows));
	}
	json_decref(show->rows);
	free(safe);
	if (ret)
		return output_error(&err);
	return show->found ? EXECGATE_EXIT_OK : EXECGATE_EXIT_NOT_FOUND;
}

static int show_all(struct show *show, int count, char **names)
{
	int code, first = EXECGATE_EXIT_OK;
	struct execgate_error err;
	json_t *files;

	if (execgate_identities_load(show->places.shipped, show->places.own,
				     &show->identities, &err))
		return output_error(&err);
	if (execgate_trust_add_dir(&show->trust, show->keys_dir, &err)) {
		execgate_identities_free(&show->identities);
		return output_error(&err);
	}
	files = json_array();
	for (int i = 0; i < count; i++) {
		code = show_one(show, names[i], files);
		first = first ? first : code;
	}
	if (output_is_json())
		output_json(json_pack("{s:O}", "files", files));
	json_decref(files);
	execgate_trust_free(&show->trust);
	execgate_identities_free(&show->identities);
	return first;
}

int cmd_identity_show_run(const struct command *self, int argc, char **argv)
{
	static const struct option options[] = {
		IDENTITY_PLACES_OPTIONS,
		{ "keys-dir", required_argument, NULL, 'k' },
		{ "catalogs-dir", required_argument, NULL, 'c' },
		{ 0 },
	};
	struct show show = {
		.places = identity_places(),
		.keys_dir = EXECGATE_KEYSTORE_DIR,
		.catalogs_dir = EXECGATE_CATALOG_DIR,
	};
	int answer;

	while ((answer = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (answer == 'k')
			show.keys_dir = optarg;
		else if (answer == 'c')
			show.catalogs_dir = optarg;
		else if (!identity_places_take(answer, &show.places))
			return cmd_option_error(self, answer, argv);
	}
	if (optind == argc)
		return cmd_usage_error(self, "which file, or process?");
	return show_all(&show, argc - optind, argv + optind);
}
