/* SPDX-License-Identifier: GPL-2.0 */
/* Running a program that does a step, and waiting for it. */
#ifndef EXECGATE_CLI_SETUP_RUN_H
#define EXECGATE_CLI_SETUP_RUN_H

#include <stdbool.h>

/**
 * setup_run() - run @program with the words of @argv, which has its name first
 * @seconds: show on a terminal how long it has taken. Not where the program may ask
 *	     something: the line would go over its question
 *
 * Its messages and, unless this program prints JSON, its output are seen as they come.
 * Return: its exit code; EXECGATE_EXIT_ERROR if it was killed or could not be started.
 */
int setup_run(const char *program, const char *const *argv, bool seconds);

#endif /* EXECGATE_CLI_SETUP_RUN_H */
