/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Constrained users and units, and the file that keeps them for the next boot. One line
 * each, "#" begins a comment:
 *
 *	user UID NAME	the number counts; the name is for people
 *	unit NAME	of the system's own manager
 */
#ifndef EXECGATE_CONSTRAINED_H
#define EXECGATE_CONSTRAINED_H

#include <linux/execgate.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

#define EXECGATE_CONSTRAINED_FILE "/etc/execgate/constrained"
#define EXECGATE_CONSTRAINED_NAME_MAX 255

/**
 * struct execgate_constrained - one
 * @kind: enum execgate_constraint
 * @uid: of a user
 * @name: of a user, "" if it has none, or of a unit
 */
struct execgate_constrained {
	uint32_t kind;
	uint32_t uid;
	char name[EXECGATE_CONSTRAINED_NAME_MAX + 1];
};

/* Zeroed = none; @items is owned. */
struct execgate_constrained_list {
	struct execgate_constrained *items;
	size_t count;
};

/* Is that a unit's whole name, of a kind that has a cgroup? */
bool execgate_constrained_is_unit(const char *name);

/* A word of the command line: UNIT.service and the like, a user's name or number. */
int execgate_constrained_parse(const char *word,
			       struct execgate_constrained *out,
			       struct execgate_error *err);

bool execgate_constrained_same(const struct execgate_constrained *a,
			       const struct execgate_constrained *b);

/*
 * All lines that are understood, also when others are not: then the result is
 * -EBADMSG and @err names the first. An absent file is empty.
 */
int execgate_constrained_load(const char *path,
			      struct execgate_constrained_list *out,
			      struct execgate_error *err);
void execgate_constrained_free(struct execgate_constrained_list *list);

/*
 * Put one into the file, or take it out (-ENOENT: it is not in it). Everything else in
 * the file stays; one that is not understood is not touched.
 */
int execgate_constrained_keep(const char *path,
			      const struct execgate_constrained *item,
			      struct execgate_error *err);
int execgate_constrained_drop(const char *path,
			      const struct execgate_constrained *item,
			      struct execgate_error *err);

#define EXECGATE_CGROUP_DIR "/sys/fs/cgroup"

/*
 * The number that the kernel knows one by: that of the user, or of the unit's cgroup.
 * -ENOENT: the unit has none, as it does not run. @root: EXECGATE_CGROUP_DIR
 *
 * Only slices are searched: below a service or a scope somebody else may name cgroups,
 * a user's own manager for one.
 */
int execgate_constrained_id(const char *root,
			    const struct execgate_constrained *item,
			    uint64_t *id, struct execgate_error *err);

/* Back: the name of the unit with this cgroup; false if none has. */
bool execgate_constrained_unit(const char *root, uint64_t id,
			       char name[EXECGATE_CONSTRAINED_NAME_MAX + 1]);

#endif /* EXECGATE_CONSTRAINED_H */
