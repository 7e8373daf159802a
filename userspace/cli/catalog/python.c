// SPDX-License-Identifier: GPL-2.0
/*
 * Byte code of the Python sources in a catalog. Packages do not have any: their
 * postinst makes it on the machine, and where none is, none is listed.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/catalog/builder.h"
#include "cli/common/output.h"
#include "lib/catalog/bytecode.h"

#define PYTHON "/usr/bin/python3."

/* "/usr/bin/python3.13": the number behind the dot, or 0 */
static unsigned int minor_version(const char *path)
{
	char *end;
	unsigned long number;

	if (strncmp(path, PYTHON, strlen(PYTHON)) != 0)
		return 0;
	number = strtoul(path + strlen(PYTHON), &end, 10);
	return *end || number > 1000 ? 0 : (unsigned int)number;
}

/* dir/x.py has dir/__pycache__/x.cpython-313.pyc */
static bool code_path(const char *source, unsigned int minor,
		      char out[PATH_MAX])
{
	const char *slash = strrchr(source, '/');
	size_t size = strlen(source);

	if (!slash || size < 3 || strcmp(source + size - 3, ".py") != 0)
		return false;
	return snprintf(out, PATH_MAX, "%.*s/__pycache__/%.*s.cpython-3%u.pyc",
			(int)(slash - source), source,
			(int)(source + size - 3 - slash - 1), slash + 1,
			minor) < PATH_MAX;
}

static bool is_wanted(const struct catalog_build *build,
		      const struct catalog_build_item *item, unsigned int minor)
{
	char path[PATH_MAX];

	return item->taken && code_path(item->item.path, minor, path) &&
	       execgate_identities_read(&build->identities, path) &&
	       access(path, F_OK) == 0;
}

static int list_code(struct catalog_build *build,
		     const struct execgate_bytecode *made, size_t count,
		     const size_t *sources, struct execgate_error *err)
{
	struct execgate_catalog_entry entry = {
		.kind = EG_DIGEST_CONTENT,
		.classes = EXECGATE_CLASS_SCRIPT,
	};
	int ret = 0;

	for (size_t i = 0; !ret && i < count; i++) {
		if (!made[i].size)
			continue;
		entry.identity = build->items[sources[i]].identity;
		entry.size = made[i].size;
		memcpy(entry.digest, made[i].digest, sizeof(entry.digest));
		ret = execgate_catalog_add(&build->catalog, &entry, err);
	}
	return ret;
}

/* Without its byte code a program is slower to start, and runs. */
static int make_code(struct catalog_build *build,
		     const struct execgate_catalog_item *python,
		     struct execgate_bytecode *made, size_t count,
		     const size_t *sources, struct execgate_error *err)
{
	char cache[PATH_MAX];
	bool cached = build->cache &&
		      snprintf(cache, sizeof(cache), "%s.%s", build->cache,
			       strrchr(python->path, '/') + 1) < PATH_MAX;

	if (!count)
		return 0;
	if (execgate_bytecode_make(python->path, python->hash.sha256,
				   cached ? cache : NULL, made, count, err) &&
	    err->code != EXECGATE_EXIT_NO_PRIVILEGE) {
		output_warning("%s; it is not listed", err->message);
		return 0;
	}
	return list_code(build, made, count, sources, err);
}

static int add_code_of(struct catalog_build *build,
		       const struct execgate_catalog_item *python,
		       unsigned int minor, struct execgate_error *err)
{
	struct execgate_bytecode *made =
		calloc(build->item_count, sizeof(*made));
	size_t *sources = calloc(build->item_count, sizeof(*sources));
	size_t count = 0, i;
	int ret;

	for (i = 0; made && sources && i < build->item_count; i++) {
		const struct execgate_catalog_item *item =
			&build->items[i].item;

		if (!is_wanted(build, &build->items[i], minor))
			continue;
		made[count].path = item->path;
		made[count].mtime = item->mtime;
		memcpy(made[count].source, item->hash.sha256,
		       sizeof(made[count].source));
		sources[count++] = i;
	}
	ret = made && sources ?
		      make_code(build, python, made, count, sources, err) :
		      execgate_error_errno(err, -ENOMEM,
					   "cannot make byte code");
	free(made);
	free(sources);
	return ret;
}

int catalog_python_add(struct catalog_build *build, struct execgate_error *err)
{
	unsigned int minor;
	int ret = 0;

	for (size_t i = 0; !ret && i < build->item_count; i++) {
		minor = build->items[i].taken ?
				minor_version(build->items[i].item.path) :
				0;
		if (minor)
			ret = add_code_of(build, &build->items[i].item, minor,
					  err);
	}
	return ret;
}
