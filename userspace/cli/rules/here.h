/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rules are told with what each asks, and whether it holds where the file is. The
 * module decides (trust/paths.c); this says the same in words, by the same names.
 */
#ifndef EXECGATE_CLI_RULES_HERE_H
#define EXECGATE_CLI_RULES_HERE_H

#include <jansson.h>
#include <limits.h>
#include <sys/types.h>

#include "format/rules.h"

/**
 * struct rules_here - where a file is
 * @device: of its file system; 0: it is nowhere, as what was deleted
 * @path: below the root of its file system, whatever is mounted where
 */
struct rules_here {
	dev_t device;
	char path[PATH_MAX];
};

/* @fd: of the file; /proc is asked. */
void rules_here_find(int fd, struct rules_here *out);

/* [{"rule", "holds": true, false or null, "text"}]: safe for a terminal */
json_t *rules_here_json(const struct rules_here *here, struct eg_bytes rules);
/* "Rule: path /usr/bin/x (holds: it is there)": such an array, a line each. */
void rules_here_print(const json_t *rules);

#endif /* EXECGATE_CLI_RULES_HERE_H */
