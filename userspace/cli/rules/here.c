// SPDX-License-Identifier: GPL-2.0
#include "cli/rules/here.h"

#include <fcntl.h>
#include <libmount.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/common/output.h"
#include "lib/sign/rules.h"

enum rule_holds {
	RULE_HOLDS,
	RULE_BROKEN,
	RULE_ASKED_LATER, /* it is about what the process does */
};

/* The mount that a descriptor was opened on. Return: -1 if the kernel does not say. */
static int mount_of(int fd)
{
	struct statx st;

	if (statx(fd, "", AT_EMPTY_PATH, STATX_MNT_ID, &st) ||
	    !(st.stx_mask & STATX_MNT_ID))
		return -1;
	return (int)st.stx_mnt_id;
}

/* "/" in front of another name is nothing. */
static const char *without_slash(const char *path)
{
	return strcmp(path, "/") ? path : "";
}

/* @name: of the file, as it is called from here */
static bool place_file(struct libmnt_fs *mount, const char *name,
		       struct rules_here *out)
{
	const char *root = mnt_fs_get_root(mount);
	const char *point = mnt_fs_get_target(mount);
	size_t size;

	if (!root || !point)
		return false;
	point = without_slash(point);
	size = strlen(point);
	if (strncmp(name, point, size) != 0 ||
	    (name[size] != '/' && name[size] != '\0'))
		return false;
	out->device = mnt_fs_get_devno(mount);
	return snprintf(out->path, sizeof(out->path), "%s%s",
			without_slash(root),
			without_slash(name + size)) < (int)sizeof(out->path);
}

static bool find_in_mounts(int id, const char *name, struct rules_here *out)
{
	struct libmnt_table *mounts =
		mnt_new_table_from_file("/proc/self/mountinfo");
	struct libmnt_iter *iter = mnt_new_iter(MNT_ITER_FORWARD);
	struct libmnt_fs *mount;
	bool found = false;

	while (!found && mounts && iter &&
	       !mnt_table_next_fs(mounts, iter, &mount))
		found = mnt_fs_get_id(mount) == id &&
			place_file(mount, name, out);
	mnt_free_iter(iter);
	mnt_unref_table(mounts);
	return found;
}

void rules_here_find(int fd, struct rules_here *out)
{
	char link[64], name[PATH_MAX];
	struct stat st;
	ssize_t size;

	memset(out, 0, sizeof(*out));
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	size = readlink(link, name, sizeof(name) - 1);
	if (size < 0 || fstat(fd, &st) || !st.st_nlink)
		return;
	name[size] = '\0';
	if (!find_in_mounts(mount_of(fd), name, out))
		out->device = 0;
}

/* The folder that the rule names word for word. */
static bool find_folder(struct eg_bytes text, struct rules_here *out)
{
	char folder[EG_RULE_PATH_MAX + 1];
	size_t size = eg_rule_path_folder(text);
	int fd;

	snprintf(folder, sizeof(folder), "%.*s", size ? (int)size : 1,
		 (const char *)text.data);
	fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	rules_here_find(fd, out);
	close(fd);
	return out->device;
}

static bool is_there(const struct rules_here *here, struct eg_bytes text)
{
	size_t taken = eg_rule_path_folder(text), size;
	struct rules_here folder;
	struct eg_bytes rest;

	if (!here->device || !find_folder(text, &folder) ||
	    here->device != folder.device)
		return false;
	size = strlen(folder.path);
	if (strncmp(here->path, folder.path, size) != 0 ||
	    here->path[size] != '/')
		return false;
	rest.data = (const u8 *)here->path + size;
	rest.size = strlen(here->path + size);
	return eg_rule_path_matches((struct eg_bytes){ text.data + taken,
						       text.size - taken },
				    rest);
}

static bool has_other_place(const struct rules_here *here,
			    struct eg_bytes rules, const struct eg_rule *rule)
{
	struct eg_rule other;

	while (eg_rules_next(&rules, &other))
		if (other.kind == EG_RULE_PATH &&
		    other.strength == rule->strength &&
		    is_there(here, other.text))
			return true;
	return false;
}

static enum rule_holds judge_path(const struct rules_here *here,
				  struct eg_bytes rules,
				  const struct eg_rule *rule,
				  const char **words)
{
	if (is_there(here, rule->text)) {
		*words = "holds: it is there";
		return RULE_HOLDS;
	}
	if (has_other_place(here, rules, rule)) {
		*words = "holds: it is where another one allows it";
		return RULE_HOLDS;
	}
	*words = rule->strength == EG_RULE_DENY ?
			 "does not hold: it is not there" :
			 "does not hold, and is reported: it is not there";
	return RULE_BROKEN;
}

static enum rule_holds judge_rule(const struct rules_here *here,
				  struct eg_bytes rules,
				  const struct eg_rule *rule,
				  const char **words)
{
	*words = "";
	switch ((enum eg_rule_kind)rule->kind) {
	case EG_RULE_PATH:
		return judge_path(here, rules, rule, words);
	case EG_RULE_VERSION:
		/* The format has no identity whose own version is below that. */
		*words = "holds: its own version is not lower";
		return RULE_HOLDS;
	case EG_RULE_HARDENED:
		*words = "holds: variables that load code into it do nothing";
		return RULE_HOLDS;
	case EG_RULE_LIBRARIES:
		*words = "asked of each file that it maps executable";
		break;
	case EG_RULE_STARTS:
		*words = "asked of each program that it executes";
		break;
	case EG_RULE_READS:
		*words = "asked of each file that it opens to read";
		break;
	case EG_RULE_INLINE:
		*words = "asked of its arguments and variables";
		break;
	}
	return RULE_ASKED_LATER;
}

json_t *rules_here_json(const struct rules_here *here, struct eg_bytes rules)
{
	char text[EXECGATE_RULE_TEXT], *safe;
	json_t *array = json_array(), *row;
	struct eg_bytes rest = rules;
	enum rule_holds holds;
	struct eg_rule rule;
	const char *words;

	while (eg_rules_next(&rest, &rule)) {
		row = json_object();
		execgate_rule_text(&rule, text);
		safe = output_escape(text, strlen(text));
		json_object_set_new(row, "rule", json_string(safe));
		free(safe);
		holds = judge_rule(here, rules, &rule, &words);
		json_object_set_new(row, "holds",
				    holds == RULE_ASKED_LATER ?
					    json_null() :
					    json_boolean(holds == RULE_HOLDS));
		json_object_set_new(row, "text", json_string(words));
		json_array_append_new(array, row);
	}
	return array;
}

void rules_here_print(const json_t *rules)
{
	const json_t *row;
	bool broken;
	size_t i;

	json_array_foreach(rules, i, row) {
		broken = json_is_false(json_object_get(row, "holds"));
		output_field("Rule", "%s (%s%s%s)",
			     json_string_value(json_object_get(row, "rule")),
			     output_style(broken ? OUTPUT_BAD : OUTPUT_PLAIN),
			     json_string_value(json_object_get(row, "text")),
			     output_style(OUTPUT_PLAIN));
	}
}
