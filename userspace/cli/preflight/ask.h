/* SPDX-License-Identifier: GPL-2.0 */
/* Asking the kernel about a set of files, and saying what it would deny. */
#ifndef EXECGATE_CLI_PREFLIGHT_ASK_H
#define EXECGATE_CLI_PREFLIGHT_ASK_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/error.h"
#include "lib/preflight/preflight.h"

/**
 * struct preflight_result - how it looks
 * @asked: files
 * @denied: of these; those that could not be asked about are not in it
 * @critical: of the denied or not askable, those with a role
 * @failed: could not be asked about
 */
struct preflight_result {
	size_t asked;
	size_t denied;
	size_t critical;
	size_t failed;
};

/**
 * preflight_ask() - fill in the answers
 * @only_critical: ask about files with a role only
 * @cached: believe what was answered before for files that have not changed
 * @progress: what the progress line says, on a terminal; NULL = none
 */
int preflight_ask(struct execgate_preflight *set, bool only_critical,
		  bool cached, const char *progress,
		  struct preflight_result *result, struct execgate_error *err);

/* The files that would be denied, on stdout: for eyes, @all files of a group or five. */
void preflight_report(const struct execgate_preflight *set,
		      const struct preflight_result *result, bool all);
/* The same as the one JSON object. */
void preflight_report_json(const struct execgate_preflight *set,
			   const struct preflight_result *result);

/*
 * May the gate enforce, with @gates besides those that are on? 0 or what to exit
 * with: then the reason has been said, and what would mend it.
 */
int preflight_guard(uint32_t gates);

/*
 * Into the set: what interpreters read as code wherever they run, if the kernel has
 * such rules of any. @critical: what has a role only.
 */
int preflight_add_read(struct execgate_preflight *set, bool critical,
		       struct execgate_error *err);

#endif /* EXECGATE_CLI_PREFLIGHT_ASK_H */
