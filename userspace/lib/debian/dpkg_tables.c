// SPDX-License-Identifier: GPL-2.0
#include "lib/debian/dpkg_tables.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/digits.h"
#include "lib/base/io.h"

/* No database is near these. */
#define TEXT_MAX (256u << 20)

static int no_memory(struct execgate_error *err)
{
	return execgate_error_errno(err, -ENOMEM,
				    "cannot read dpkg's database");
}

int execgate_dpkg_text(const char *path, char **text,
		       struct execgate_error *err)
{
	size_t size;
	int ret;

	ret = execgate_io_read_file(path, TEXT_MAX, (uint8_t **)text, &size,
				    err);
	if (ret != -ENOENT)
		return ret;
	*text = strdup("");
	return *text ? 0 : no_memory(err);
}

char *execgate_dpkg_line(char **text)
{
	char *line = *text, *end = strchrnul(line, '\n');

	if (!*line)
		return NULL;
	if (*end)
		*end++ = '\0';
	*text = end;
	return line;
}

static int add_sum(struct execgate_dpkg_sums *sums, char *path,
		   const uint8_t md5[EXECGATE_MD5_SIZE])
{
	struct execgate_dpkg_sum *sum =
		path ? execgate_array_add(sums->sums, sums->count) : NULL;

	if (!sum)
		return -ENOMEM;
	sum->path = path;
	memcpy(sum->md5, md5, EXECGATE_MD5_SIZE);
	sums->count++;
	return 0;
}

static int compare_sums(const void *left, const void *right)
{
	const struct execgate_dpkg_sum *a = left, *b = right;

	return strcmp(a->path, b->path);
}

/* Most lists come in order. */
static void sort_sums(struct execgate_dpkg_sums *sums)
{
	size_t i = 1;

	while (i < sums->count &&
	       compare_sums(&sums->sums[i - 1], &sums->sums[i]) <= 0)
		i++;
	if (i < sums->count)
		qsort(sums->sums, sums->count, sizeof(*sums->sums),
		      compare_sums);
}

int execgate_dpkg_sums_load(const char *path, struct execgate_dpkg_sums *out,
			    struct execgate_error *err)
{
	char *next, *line, *name;
	uint8_t md5[EXECGATE_MD5_SIZE];
	int ret;

	memset(out, 0, sizeof(*out));
	ret = execgate_dpkg_text(path, &out->text, err);
	if (ret)
		return ret;
	for (next = out->text; !ret && (line = execgate_dpkg_line(&next));) {
		/* A line that is not understood is a file without a checksum. */
		if (!execgate_hex_read(line, md5, EXECGATE_MD5_SIZE) ||
		    line[2 * EXECGATE_MD5_SIZE] != ' ')
			continue;
		name = line + 2 * EXECGATE_MD5_SIZE + 1;
		name += *name == ' ' || *name == '*';
		name += name[0] == '.' && name[1] == '/' ? 2 : 0;
		/* The byte before the path has been read, so there is room for its slash. */
		*--name = '/';
		ret = add_sum(out, name, md5);
	}
	sort_sums(out);
	if (!ret)
		return 0;
	execgate_dpkg_sums_free(out);
	return no_memory(err);
}

const struct execgate_dpkg_sum *
execgate_dpkg_sums_find(const struct execgate_dpkg_sums *sums, const char *path)
{
	const struct execgate_dpkg_sum key = { .path = (char *)path };

	if (!sums->count)
		return NULL;
	return bsearch(&key, sums->sums, sums->count, sizeof(*sums->sums),
		       compare_sums);
}

void execgate_dpkg_sums_free(struct execgate_dpkg_sums *sums)
{
	size_t i;

	for (i = 0; !sums->text && i < sums->count; i++)
		free(sums->sums[i].path);
	free(sums->sums);
	free(sums->text);
	memset(sums, 0, sizeof(*sums));
}

static int compare_names(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

static int add_name(char ***names, size_t *count, char *name)
{
	char **place = name ? execgate_array_add(*names, *count) : NULL;

	if (!place) {
		free(name);
		return -ENOMEM;
	}
	*place = name;
	++*count;
	return 0;
}

/* " /etc/init.d/cron 2cb5...e1 obsolete": path, checksum, words. */
static int add_conffile(struct execgate_dpkg_sums *sums, const char *line)
{
	uint8_t md5[EXECGATE_MD5_SIZE];
	const char *at = line;
	char *path;
	int ret;

	/* A path may have spaces in it: look for the checksum from the end. */
	while ((at = strchr(at, ' '))) {
		at++;
		if (execgate_hex_read(at, md5, EXECGATE_MD5_SIZE) &&
		    (at[2 * EXECGATE_MD5_SIZE] == '\0' ||
		     at[2 * EXECGATE_MD5_SIZE] == ' '))
			break;
	}
	if (!at || line[0] != '/')
		return 0;
	path = strndup(line, (size_t)(at - line - 1));
	ret = add_sum(sums, path, md5);
	if (ret)
		free(path);
	return ret;
}

/**
 * struct paragraph - one of the status file or of an update, what counts of it
 * @conffiles: how many there were before it
 */
struct paragraph {
	char *package;
	char *arch;
	bool installed;
	size_t conffiles;
};

/**
 * struct reading - the database, the newest first
 * @known: "PACKAGE:ARCHITECTURE" of what the updates told of; owned
 * @is_update: what is read now adds to @known
 */
struct reading {
	struct execgate_dpkg_tables *tables;
	char **known;
	size_t known_count;
	bool is_update;
};

static const char *value_of(const char *line, const char *field)
{
	size_t length = strlen(field);

	if (strncmp(line, field, length) != 0 || line[length] != ':')
		return NULL;
	line += length + 1;
	return line + strspn(line, " ");
}

/* The last word of "install ok installed". */
static bool has_files(const char *status)
{
	const char *word = strrchr(status, ' ');

	return word && strcmp(word, " config-files") != 0 &&
	       strcmp(word, " not-installed") != 0;
}

static bool is_known(const struct reading *reading, const char *name)
{
	for (size_t i = 0; i < reading->known_count; i++)
		if (!strcmp(reading->known[i], name))
			return true;
	return false;
}

/* Something newer has told of this package. */
static void forget_package(struct execgate_dpkg_tables *tables,
			   struct paragraph *now)
{
	while (tables->conffiles.count > now->conffiles)
		free(tables->conffiles.sums[--tables->conffiles.count].path);
	now->installed = false;
}

static int add_installed(struct execgate_dpkg_tables *tables,
			 const struct paragraph *now, const char *both)
{
	int ret = 0;

	/* info/ has either name, by whether the package is multi-arch. */
	if (now->arch)
		ret = add_name(&tables->installed, &tables->installed_count,
			       strdup(both));
	if (!ret)
		ret = add_name(&tables->installed, &tables->installed_count,
			       strdup(now->package));
	return ret;
}

static int finish_paragraph(struct reading *reading, struct paragraph *now)
{
	char *both = NULL;
	int ret = 0;

	if (now->package && asprintf(&both, "%s:%s", now->package,
				     now->arch ? now->arch : "") < 0)
		return -ENOMEM;
	if (both && is_known(reading, both))
		forget_package(reading->tables, now);
	else if (both && reading->is_update)
		ret = add_name(&reading->known, &reading->known_count,
			       strdup(both));
	if (!ret && both && now->installed)
		ret = add_installed(reading->tables, now, both);
	free(both);
	memset(now, 0, sizeof(*now));
	now->conffiles = reading->tables->conffiles.count;
	return ret;
}

static int read_line(struct execgate_dpkg_tables *tables, struct paragraph *now,
		     bool *conffiles, char *line)
{
	const char *value;

	if (line[0] == ' ')
		return *conffiles && now->installed ?
			       add_conffile(&tables->conffiles, line + 1) :
			       0;
	*conffiles = value_of(line, "Conffiles") != NULL;
	if ((value = value_of(line, "Package")))
		now->package = (char *)value;
	else if ((value = value_of(line, "Architecture")))
		now->arch = (char *)value;
	else if ((value = value_of(line, "Status")))
		now->installed = has_files(value);
	return 0;
}

static int read_status(struct reading *reading, char *text)
{
	struct execgate_dpkg_tables *tables = reading->tables;
	struct paragraph now = { .conffiles = tables->conffiles.count };
	bool conffiles = false;
	char *line;
	int ret = 0;

	while (!ret && (line = execgate_dpkg_line(&text)))
		ret = *line ? read_line(tables, &now, &conffiles, line) :
			      finish_paragraph(reading, &now);
	return ret ? ret : finish_paragraph(reading, &now);
}

static int is_update(const struct dirent *entry)
{
	return entry->d_name[strspn(entry->d_name, "0123456789")] == '\0';
}

static int newest_first(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*b)->d_name, (*a)->d_name);
}

/*
 * Notes that dpkg made of packages since it last wrote the status file, one file a
 * change: there for as long as it runs, and after it was killed. The last word
 * on a package counts.
 */
static int read_updates(struct reading *reading, const char *admindir,
			struct execgate_error *err)
{
	char path[PATH_MAX], *text;
	struct dirent **names;
	int i, count, ret = 0;

	snprintf(path, sizeof(path), "%s/updates", admindir);
	count = scandir(path, &names, is_update, newest_first);
	if (count < 0)
		return errno == ENOENT ?
			       0 :
			       execgate_error_errno(err, -errno,
						    "cannot read %s", path);
	for (i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/updates/%s", admindir,
			 names[i]->d_name);
		free(names[i]);
		if (ret)
			continue;
		/* dpkg may take it into the status file just now. */
		ret = execgate_dpkg_text(path, &text, err);
		if (ret)
			continue;
		ret = read_status(reading, text) ? no_memory(err) : 0;
		free(text);
	}
	free(names);
	return ret;
}

/*
 * The updates before the status file: dpkg removes them after it has written it,
 * so that what is missed in the one is in the other.
 */
static int load_packages(struct execgate_dpkg_tables *tables,
			 const char *admindir, struct execgate_error *err)
{
	struct reading reading = { .tables = tables, .is_update = true };
	char path[PATH_MAX], *text;
	size_t size;
	int ret;

	ret = read_updates(&reading, admindir, err);
	reading.is_update = false;
	snprintf(path, sizeof(path), "%s/status", admindir);
	/* Without it nothing is known, and nothing must not be taken for all. */
	if (!ret)
		ret = execgate_io_read_file(path, TEXT_MAX, (uint8_t **)&text,
					    &size, err);
	if (!ret) {
		ret = read_status(&reading, text) ? no_memory(err) : 0;
		free(text);
	}
	while (reading.known_count)
		free(reading.known[--reading.known_count]);
	free(reading.known);
	if (tables->installed_count)
		qsort(tables->installed, tables->installed_count,
		      sizeof(*tables->installed), compare_names);
	sort_sums(&tables->conffiles);
	return ret;
}

static int compare_diversions(const void *left, const void *right)
{
	const struct execgate_dpkg_diversion *a = left, *b = right;

	return strcmp(a->from, b->from);
}

/* Three lines each: from, to, and the package that diverts, or ":". */
static int load_diversions(struct execgate_dpkg_tables *tables, char *text)
{
	struct execgate_dpkg_diversion *all;
	char *save, *from, *to, *package;

	for (from = strtok_r(text, "\n", &save); from;
	     from = strtok_r(NULL, "\n", &save)) {
		to = strtok_r(NULL, "\n", &save);
		package = to ? strtok_r(NULL, "\n", &save) : NULL;
		if (!package)
			break;
		all = execgate_array_add(tables->diversions,
					 tables->diversion_count);
		if (!all)
			return -ENOMEM;
		tables->diversion_count++;
		all->from = strdup(from);
		all->to = strdup(to);
		all->package = strdup(package);
		if (!all->from || !all->to || !all->package)
			return -ENOMEM;
	}
	if (tables->diversion_count)
		qsort(tables->diversions, tables->diversion_count,
		      sizeof(*tables->diversions), compare_diversions);
	return 0;
}

int execgate_dpkg_tables_load(const char *admindir,
			      struct execgate_dpkg_tables *out,
			      struct execgate_error *err)
{
	char path[PATH_MAX], *text;
	int ret;

	memset(out, 0, sizeof(*out));
	ret = load_packages(out, admindir, err);
	if (ret)
		return ret;
	snprintf(path, sizeof(path), "%s/diversions", admindir);
	ret = execgate_dpkg_text(path, &text, err);
	if (ret)
		return ret;
	ret = load_diversions(out, text);
	free(text);
	return ret ? no_memory(err) : 0;
}

void execgate_dpkg_tables_free(struct execgate_dpkg_tables *tables)
{
	size_t i;

	for (i = 0; i < tables->installed_count; i++)
		free(tables->installed[i]);
	free(tables->installed);
	for (i = 0; i < tables->diversion_count; i++) {
		free(tables->diversions[i].from);
		free(tables->diversions[i].to);
		free(tables->diversions[i].package);
	}
	free(tables->diversions);
	execgate_dpkg_sums_free(&tables->conffiles);
	memset(tables, 0, sizeof(*tables));
}

bool execgate_dpkg_is_installed(const struct execgate_dpkg_tables *tables,
				const char *package)
{
	return tables->installed_count &&
	       bsearch(&package, tables->installed, tables->installed_count,
		       sizeof(*tables->installed), compare_names);
}

const char *execgate_dpkg_divert(const struct execgate_dpkg_tables *tables,
				 const char *path, const char *package)
{
	const struct execgate_dpkg_diversion key = { .from = (char *)path };
	const struct execgate_dpkg_diversion *found = NULL;

	/* dpkg lets one package alone divert a path. */
	if (tables->diversion_count)
		found = bsearch(&key, tables->diversions,
				tables->diversion_count,
				sizeof(*tables->diversions),
				compare_diversions);
	return found && strcmp(found->package, package) ? found->to : path;
}
