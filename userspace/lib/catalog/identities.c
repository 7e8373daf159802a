// SPDX-License-Identifier: GPL-2.0
#include "lib/catalog/identities.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <ini.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "lib/base/array.h"
#include "lib/sign/classify.h"

/*
 * gcc's analyzer loses sight of what is stored in an array at an index that it does
 * not know, and calls that a leak. execgate_identities_free() frees all of it.
 */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wanalyzer-malloc-leak"
#endif

struct reading {
	struct execgate_identities *out;
	unsigned int file;
	const char *path;
	char problem[200];
	bool no_memory;
};

static void empty(struct execgate_identity *identity)
{
	size_t i;

	for (i = 0; i < identity->package_count; i++)
		free(identity->packages[i]);
	for (i = 0; i < identity->path_count; i++)
		free(identity->paths[i]);
	free(identity->packages);
	for (i = 0; i < identity->read_count; i++)
		free(identity->reads[i]);
	free(identity->paths);
	free(identity->reads);
	free(identity->why);
	free(identity->source);
	identity->packages = identity->paths = identity->reads = NULL;
	identity->package_count = identity->path_count = 0;
	identity->read_count = 0;
	identity->classes = 0;
	identity->rules.size = 0;
	identity->why = NULL;
	identity->source = NULL;
}

static struct execgate_identity *add(struct execgate_identities *set,
				     const char *name)
{
	struct execgate_identity new = { .name = strdup(name) };
	struct execgate_identity *place;

	if (!new.name)
		return NULL;
	place = execgate_array_add(set->list, set->count);
	if (!place) {
		free(new.name);
		return NULL;
	}
	*place = new;
	set->count++;
	return place;
}

/* The section's; begun anew if it is one of an earlier file. */
static struct execgate_identity *section_of(struct reading *reading,
					    const char *name)
{
	struct execgate_identities *set = reading->out;
	struct execgate_identity *found = NULL;
	size_t i;

	for (i = 0; !found && i < set->count; i++)
		if (!strcmp(set->list[i].name, name))
			found = &set->list[i];
	if (!found)
		found = add(set, name);
	else if (found->file != reading->file)
		empty(found);
	if (found)
		found->file = reading->file;
	if (found && !found->source)
		found->source = strdup(reading->path);
	if (found && found->source)
		return found;
	reading->no_memory = true;
	return NULL;
}

static int take_text(struct reading *reading, char ***list, size_t *count,
		     const char *value)
{
	char *copy = strdup(value);
	char **place = copy ? execgate_array_add(*list, *count) : NULL;

	if (!place) {
		free(copy);
		reading->no_memory = true;
		return 0;
	}
	*place = copy;
	++*count;
	return 1;
}

static int take_path(struct reading *reading, const char *name, char ***list,
		     size_t *count, const char *value)
{
	if (value[0] == '/')
		return take_text(reading, list, count, value);
	snprintf(reading->problem, sizeof(reading->problem),
		 "%s \"%.60s\" does not begin with a slash", name, value);
	return 0;
}

static int take_class(struct reading *reading,
		      struct execgate_identity *identity, const char *value)
{
	uint16_t classes = 0;

	if (strcmp(value, "none") != 0 &&
	    (execgate_classify_parse(value, &classes, NULL) ||
	     classes & ~EXECGATE_IDENTITIES_CLASSES)) {
		snprintf(reading->problem, sizeof(reading->problem),
			 "class is \"may-jit\", \"debugger\", both with a comma "
			 "between them, or \"none\", not \"%.40s\"",
			 value);
		return 0;
	}
	identity->classes = classes;
	return 1;
}

static bool is_same_grammar(const struct eg_rule *a, const struct eg_rule *b)
{
	return a->kind == EG_RULE_INLINE && b->kind == EG_RULE_INLINE &&
	       a->strength == b->strength;
}

/* A grammar may be longer than a line of a file: what a further line says is put to it. */
static int add_rule(struct execgate_rules *rules, const char *value,
		    const struct eg_rule *added)
{
	struct eg_bytes rest = execgate_rules_bytes(rules);
	struct execgate_rules all = { .size = 0 };
	char text[2 * EXECGATE_RULE_TEXT];
	bool joined = false;
	struct eg_rule rule;
	size_t size;

	while (eg_rules_next(&rest, &rule)) {
		execgate_rule_text(&rule, text);
		size = strlen(text);
		if (is_same_grammar(&rule, added)) {
			snprintf(text + size, sizeof(text) - size, " %.*s",
				 (int)added->text.size,
				 (const char *)added->text.data);
			joined = true;
		}
		if (execgate_rules_add(&all, text, NULL))
			return -E2BIG;
	}
	if (!joined)
		return execgate_rules_add(rules, value, NULL);
	*rules = all;
	return 0;
}

/* A version that a catalog withdraws stays so for the boot; apt may go back to it. */
static int take_rule(struct reading *reading,
		     struct execgate_identity *identity, const char *value)
{
	struct execgate_rules rules = { .size = 0 };
	struct eg_bytes rest;
	struct eg_rule rule;

	if (execgate_rules_add(&rules, value, NULL) ||
	    rules.bytes[0] == EG_RULE_VERSION) {
		snprintf(reading->problem, sizeof(reading->problem),
			 "rule is \"hardened\", \"libraries ...\", \"starts ...\", "
			 "\"reads ...\", \"inline ...\" or \"path /ABSOLUTE\", "
			 "not \"%.60s\"",
			 value);
		return 0;
	}
	rest = execgate_rules_bytes(&rules);
	eg_rules_next(&rest, &rule);
	if (!add_rule(&identity->rules, value, &rule))
		return 1;
	snprintf(reading->problem, sizeof(reading->problem),
		 "rule \"%.60s\" cannot be beside those before it", value);
	return 0;
}

static int take_why(struct reading *reading, struct execgate_identity *identity,
		    const char *value)
{
	free(identity->why);
	identity->why = strdup(value);
	reading->no_memory |= !identity->why;
	return identity->why != NULL;
}

static int on_setting(void *arg, const char *section, const char *name,
		      const char *value)
{
	struct reading *reading = arg;
	struct execgate_identity *identity;

	if (reading->problem[0] || reading->no_memory)
		return 0;
	if (!section[0]) {
		snprintf(reading->problem, sizeof(reading->problem),
			 "this is before the first [section]");
		return 0;
	}
	identity = section_of(reading, section);
	if (!identity)
		return 0;
	if (!strcmp(name, "path"))
		return take_path(reading, name, &identity->paths,
				 &identity->path_count, value);
	if (!strcmp(name, "reads"))
		return take_path(reading, name, &identity->reads,
				 &identity->read_count, value);
	if (!strcmp(name, "package"))
		return take_text(reading, &identity->packages,
				 &identity->package_count, value);
	if (!strcmp(name, "class"))
		return take_class(reading, identity, value);
	if (!strcmp(name, "rule"))
		return take_rule(reading, identity, value);
	if (!strcmp(name, "why"))
		return take_why(reading, identity, value);
	snprintf(reading->problem, sizeof(reading->problem),
		 "unknown setting \"%.40s\"; settings are \"package\", \"path\", "
		 "\"class\", \"rule\", \"reads\" and \"why\"",
		 name);
	return 0;
}

static int read_file(const char *path, struct reading *reading,
		     struct execgate_error *err)
{
	FILE *file = fopen(path, "re");
	int line;

	if (!file)
		return execgate_error_errno(err, -errno, "cannot open %s",
					    path);
	reading->file++;
	reading->path = path;
	line = ini_parse_file(file, on_setting, reading);
	if (ferror(file)) {
		fclose(file);
		return execgate_error_errno(err, -EIO, "cannot read %s", path);
	}
	fclose(file);
	if (reading->no_memory)
		return execgate_error_errno(err, -ENOMEM, "cannot read %s",
					    path);
	if (line)
		return execgate_error_set(
			err, -EINVAL, EXECGATE_EXIT_ERROR, "%s:%d: %s", path,
			line,
			reading->problem[0] ?
				reading->problem :
				"this is neither \"[section]\" nor "
				"\"name = value\"");
	return 0;
}

static int is_conf(const struct dirent *entry)
{
	size_t size = strlen(entry->d_name);

	return entry->d_name[0] != '.' && size > 5 &&
	       !strcmp(entry->d_name + size - 5, ".conf");
}

/* Byte order, whatever the locale: the result must not depend on who asks. */
static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* @masked_by: a folder; what has the same name there is read in its place */
static int read_folder(const char *dir, const char *masked_by,
		       struct reading *reading, struct execgate_error *err)
{
	char path[PATH_MAX], mask[PATH_MAX];
	struct dirent **names;
	int count = scandir(dir, &names, is_conf, by_bytes), ret = 0;

	if (count < 0 && errno == ENOENT)
		return 0;
	if (count < 0)
		return execgate_error_errno(err, -errno, "cannot list %s", dir);
	for (int i = 0; i < count; i++) {
		const char *name = names[i]->d_name;

		mask[0] = '\0';
		if (masked_by && snprintf(mask, sizeof(mask), "%s/%s",
					  masked_by, name) >= (int)sizeof(mask))
			mask[0] = '\0';
		if (!ret && (!mask[0] || access(mask, F_OK)) &&
		    snprintf(path, sizeof(path), "%s/%s", dir, name) <
			    (int)sizeof(path))
			ret = read_file(path, reading, err);
		free(names[i]);
	}
	free(names);
	return ret;
}

int execgate_identities_load(const char *shipped, const char *own,
			     struct execgate_identities *out,
			     struct execgate_error *err)
{
	struct reading reading = { .out = out };
	int ret;

	memset(out, 0, sizeof(*out));
	ret = read_folder(shipped, own, &reading, err);
	if (!ret)
		ret = read_folder(own, NULL, &reading, err);
	if (ret)
		execgate_identities_free(out);
	return ret;
}

void execgate_identities_free(struct execgate_identities *identities)
{
	size_t i;

	for (i = 0; i < identities->count; i++) {
		empty(&identities->list[i]);
		free(identities->list[i].name);
	}
	free(identities->list);
	memset(identities, 0, sizeof(*identities));
}

static bool matches(char *const *patterns, size_t count, const char *text,
		    int flags)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!fnmatch(patterns[i], text, flags))
			return true;
	return false;
}

static bool is_below_usr(const char *path)
{
	static const char *const folders[] = { "/bin/", "/sbin/", "/lib",
					       NULL };
	size_t i;

	for (i = 0; folders[i]; i++)
		if (!strncmp(path, folders[i], strlen(folders[i])))
			return true;
	return false;
}

/* /bin is /usr/bin. */
static const char *merged_path(const char *path, char buffer[PATH_MAX])
{
	return is_below_usr(path) && snprintf(buffer, PATH_MAX, "/usr%s",
					      path) < PATH_MAX ?
		       buffer :
		       path;
}

static bool is_at(const struct execgate_identity *identity, const char *path)
{
	return matches(identity->paths, identity->path_count, path,
		       FNM_PATHNAME);
}

bool execgate_identity_in(const struct execgate_identity *identity,
			  const char *package)
{
	return !identity->package_count ||
	       (package && matches(identity->packages, identity->package_count,
				   package, 0));
}

static bool is_of(const struct execgate_identity *identity, const char *package,
		  const char *path)
{
	return is_at(identity, path) && execgate_identity_in(identity, package);
}

bool execgate_identity_is(const struct execgate_identity *identity,
			  const char *package, const char *path)
{
	char buffer[PATH_MAX];

	return is_of(identity, package, merged_path(path, buffer));
}

bool execgate_identities_rule(const struct execgate_identities *identities,
			      const char *path)
{
	char buffer[PATH_MAX];
	size_t i;

	path = merged_path(path, buffer);
	for (i = 0; i < identities->count; i++)
		if (identities->list[i].rules.size &&
		    is_at(&identities->list[i], path))
			return true;
	return false;
}

const struct execgate_identity *
execgate_identities_find(const struct execgate_identities *identities,
			 const char *package, const char *path)
{
	const struct execgate_identity *identity;
	char buffer[PATH_MAX];
	size_t i;

	path = merged_path(path, buffer);
	for (i = 0; i < identities->count; i++) {
		identity = &identities->list[i];
		if (identity->classes && is_of(identity, package, path))
			return identity;
	}
	return NULL;
}

int execgate_identities_rules(const struct execgate_identities *identities,
			      const char *package, const char *path,
			      struct execgate_rules *rules,
			      struct execgate_error *err)
{
	const struct execgate_identity *identity = identities->list;
	char buffer[PATH_MAX];
	int ret = 0;
	size_t i;

	path = merged_path(path, buffer);
	for (i = 0; !ret && i < identities->count; i++, identity++)
		if (identity->rules.size && is_of(identity, package, path))
			ret = execgate_rules_join(rules,
						  execgate_rules_bytes(
							  &identity->rules),
						  err);
	return ret;
}

static bool is_text(struct eg_bytes text, const char *word)
{
	return text.size == strlen(word) && !memcmp(text.data, word, text.size);
}

static bool names_a_file(const struct eg_rule *rule)
{
	return rule->kind == EG_RULE_READS && !is_text(rule->text, "all");
}

static bool reads(const struct execgate_identity *identity,
		  const struct eg_opened *file)
{
	struct eg_bytes rest = execgate_rules_bytes(&identity->rules);
	struct eg_rule rule;

	while (eg_rules_next(&rest, &rule))
		if (names_a_file(&rule) &&
		    eg_rule_reads(rule.text, file) != EG_RULE_READ_DATA)
			return true;
	return false;
}

bool execgate_identities_read(const struct execgate_identities *identities,
			      const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	const struct eg_opened file = {
		.own = { (const uint8_t *)name, strlen(name) },
	};
	char buffer[PATH_MAX];
	size_t i;

	path = merged_path(path, buffer);
	for (i = 0; i < identities->count; i++)
		if (reads(&identities->list[i], &file) ||
		    matches(identities->list[i].reads,
			    identities->list[i].read_count, path, FNM_PATHNAME))
			return true;
	return false;
}

int execgate_identities_readers(const struct execgate_identities *identities,
				uint8_t digest[EG_SHA256_SIZE])
{
	const struct execgate_identity *identity = identities->list;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	struct eg_bytes rest;
	struct eg_rule rule;
	bool good = context && EVP_DigestInit_ex(context, EVP_sha256(), NULL);
	size_t i, j;

	for (i = 0; i < identities->count; i++, identity++) {
		for (j = 0; good && j < identity->read_count; j++)
			good = EVP_DigestUpdate(context, identity->reads[j],
						strlen(identity->reads[j]) + 1);
		rest = execgate_rules_bytes(&identity->rules);
		while (good && eg_rules_next(&rest, &rule))
			if (names_a_file(&rule))
				good = EVP_DigestUpdate(context, rule.text.data,
							rule.text.size) &&
				       EVP_DigestUpdate(context, "", 1);
	}
	good = good && EVP_DigestFinal_ex(context, digest, NULL);
	EVP_MD_CTX_free(context);
	return good ? 0 : -ENOMEM;
}
