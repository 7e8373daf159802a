/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Programs that need more than to be executed: a just-in-time compiler runs what
 * it writes, a debugger reaches into others; and programs that may be less, by rules.
 * They are a list of files (execgate-identities(5)); "catalog build" gives them
 * the classes, and nobody else does, and signs the rules with them.
 */
#ifndef EXECGATE_IDENTITIES_H
#define EXECGATE_IDENTITIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"
#include "lib/sign/rules.h"

/* A file of the second takes the place of one of that name in the first. */
#define EXECGATE_IDENTITIES_SHIPPED "/usr/share/execgate/identities.d"
#define EXECGATE_IDENTITIES_OWN "/etc/execgate/identities.d"
/* The classes that a list may give: of memory, and of other processes. */
#define EXECGATE_IDENTITIES_CLASSES \
	(EXECGATE_CLASS_MAY_JIT | EXECGATE_CLASS_DEBUGGER)

/**
 * struct execgate_identity - one section
 * @name: of the section; a later one of the same name takes its place
 * @packages: patterns, any of which will do; none: it need be in no package
 * @paths: patterns of the program, any of which will do
 * @reads: patterns of what it reads as code under names that no rule has
 * @classes: what it gets; 0: nothing
 * @rules: what it may be
 * @why: a sentence, or NULL
 * @source: the file that it is from
 */
struct execgate_identity {
	char *name;
	char **packages;
	size_t package_count;
	char **paths;
	size_t path_count;
	char **reads;
	size_t read_count;
	uint16_t classes;
	struct execgate_rules rules;
	char *why;
	char *source;
	unsigned int file; /* counted; which one it is from */
};

struct execgate_identities {
	struct execgate_identity *list;
	size_t count;
};

/**
 * execgate_identities_load() - read both folders; one that is missing is empty
 * @out: freed by the caller, after success only
 */
int execgate_identities_load(const char *shipped, const char *own,
			     struct execgate_identities *out,
			     struct execgate_error *err);
void execgate_identities_free(struct execgate_identities *identities);

/**
 * execgate_identities_find() - the first that says this program is one of its own
 * @package: that has the file, or NULL
 * @path: absolute; /bin is /usr/bin, as Debian's lists have it
 *
 * Return: one with classes, or NULL.
 */
const struct execgate_identity *
execgate_identities_find(const struct execgate_identities *identities,
			 const char *package, const char *path);

/* Is the program one of this section's? @package and @path as above. */
bool execgate_identity_is(const struct execgate_identity *identity,
			  const char *package, const char *path);
/* Is @package, or NULL, one that the section is about? */
bool execgate_identity_in(const struct execgate_identity *identity,
			  const char *package);

/* Has any section rules for what is there, in whatever package that is? */
bool execgate_identities_rule(const struct execgate_identities *identities,
			      const char *path);

/*
 * Is a file of this name code to a program with rules, which reads it? By rules "reads
 * name" and "reads quiet", in any strength, and by settings "reads"; not by "reads all",
 * which names nothing. A file is its content to the kernel, so @path may be where a
 * package has it.
 */
bool execgate_identities_read(const struct execgate_identities *identities,
			      const char *path);
/* A digest of all that the answers to that depend on. */
int execgate_identities_readers(const struct execgate_identities *identities,
				uint8_t digest[EG_SHA256_SIZE]);

/* The rules of all that say so. -E2BIG: together they are too many. */
int execgate_identities_rules(const struct execgate_identities *identities,
			      const char *package, const char *path,
			      struct execgate_rules *rules,
			      struct execgate_error *err);

#endif /* EXECGATE_IDENTITIES_H */
