/* SPDX-License-Identifier: GPL-2.0 */
/* Doing one thing to many files, on all processors, until a signal comes. */
#ifndef EXECGATE_CLI_BATCH_H
#define EXECGATE_CLI_BATCH_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/base/error.h"

/**
 * struct batch - the files of a command line; zeroed = none
 * @names: @count of them; owned, each too
 */
struct batch {
	char **names;
	size_t count;
};

int batch_add(struct batch *batch, const char *name,
	      struct execgate_error *err);
/*
 * Add the names in a file, or of standard input for "-": one a line, or each
 * ended by a zero byte as "find -print0" writes them.
 */
int batch_add_list(struct batch *batch, const char *list,
		   struct execgate_error *err);
/*
 * Drop every name of a file that an earlier name leads to, by whatever path; a
 * symlink comes after the names of the file itself.
 */
int batch_unique(struct batch *batch, struct execgate_error *err);
void batch_free(struct batch *batch);

/* Set by SIGINT, SIGTERM and SIGHUP after batch_catch_signals(). */
extern volatile sig_atomic_t batch_cancelled;
void batch_catch_signals(void);

/* "0" or NULL: one job a processor. -EINVAL and @err for what is not a number. */
int batch_parse_jobs(const char *text, unsigned int *jobs,
		     struct execgate_error *err);

/**
 * batch_run() - call @work(index, @arg) for 0 to @count - 1
 * @jobs: threads, 0 = one a processor
 * @verb: "signing": of the progress line, shown on a terminal only
 *
 * Stops handing out work when batch_cancelled. Return: calls that were made.
 */
size_t batch_run(size_t count, unsigned int jobs, const char *verb,
		 void (*work)(size_t index, void *arg), void *arg);

#endif /* EXECGATE_CLI_BATCH_H */
