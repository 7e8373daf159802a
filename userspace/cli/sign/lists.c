// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/common/output.h"
#include "cli/sign/sign.h"
#include "lib/catalog/identities.h"
#include "lib/debian/packages.h"

/**
 * struct lists - the lists, and the files that they may be about
 * @queries: one a file; those of no interest have no path. Paths are owned
 */
struct lists {
	struct execgate_identities identities;
	struct execgate_package_query *queries;
	size_t wanted;
};

static int no_memory(struct execgate_error *err)
{
	return execgate_error_errno(err, -ENOMEM,
				    "cannot look for the files' rules");
}

/* dpkg's database takes a while to read, and most files are in no list. */
static int find_wanted(struct lists *lists, const struct batch *files,
		       struct execgate_error *err)
{
	lists->queries = calloc(files->count + 1, sizeof(*lists->queries));
	if (!lists->queries)
		return no_memory(err);
	for (size_t i = 0; i < files->count; i++) {
		/* One that is not there is told of when it is signed. */
		char *real = realpath(files->names[i], NULL);

		if (real &&
		    execgate_identities_rule(&lists->identities, real)) {
			lists->queries[i].path = real;
			lists->wanted++;
		} else {
			free(real);
			lists->queries[i].path = "";
		}
	}
	if (!lists->wanted)
		return 0;
	return execgate_packages_find(EXECGATE_DPKG_ADMINDIR, lists->queries,
				      files->count) ?
		       no_memory(err) :
		       0;
}

static int take_rules(const struct lists *lists, size_t count,
		      struct execgate_rules *rules, struct execgate_error *err)
{
	const struct execgate_package_query *query = lists->queries;
	int ret = 0;

	for (size_t i = 0; !ret && i < count; i++, query++)
		if (*query->path)
			ret = execgate_identities_rules(&lists->identities,
							query->package[0] ?
								query->package :
								NULL,
							query->path, &rules[i],
							err);
	return ret;
}

static void free_lists(struct lists *lists, size_t count)
{
	for (size_t i = 0; lists->queries && i < count; i++)
		if (lists->queries[i].path && *lists->queries[i].path)
			free((char *)lists->queries[i].path);
	free(lists->queries);
	execgate_identities_free(&lists->identities);
}

int sign_lists_rules(const char *shipped, const struct batch *files,
		     struct execgate_rules **out)
{
	struct lists lists = { .wanted = 0 };
	struct execgate_error err;
	int ret;

	*out = NULL;
	if (execgate_identities_load(shipped, EXECGATE_IDENTITIES_OWN,
				     &lists.identities, &err))
		return output_error(&err);
	ret = find_wanted(&lists, files, &err);
	if (!ret && lists.wanted) {
		*out = calloc(files->count, sizeof(**out));
		ret = *out ? take_rules(&lists, files->count, *out, &err) :
			     no_memory(&err);
	}
	free_lists(&lists, files->count);
	if (!ret)
		return EXECGATE_EXIT_OK;
	free(*out);
	*out = NULL;
	return output_error(&err);
}
