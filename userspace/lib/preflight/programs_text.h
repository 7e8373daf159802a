/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by the readers of configuration files; for programs*.c and unit_files.c. */
#ifndef EXECGATE_PROGRAMS_TEXT_H
#define EXECGATE_PROGRAMS_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Non-zero ends the reading and is returned by it. */
typedef int (*execgate_program_fn)(const char *program, void *arg);

#define SPACE " \t"

/* One line of @text into @out, cut to it; returns where the next begins. */
const char *execgate_programs_line(const char *text, char *out, size_t size);
/* The same; a line that ends with a backslash goes on in the next. */
const char *execgate_programs_joined(const char *text, char *out, size_t size);
/* Behind @count words, and the space after them. */
const char *execgate_programs_skip(const char *line, unsigned int count);
/* The word at @from, its quotes off; returns what is left after it. */
const char *execgate_programs_word(const char *from, char *out, size_t size);
/* Words of a shell command: those that run, and absolute paths. */
int execgate_programs_of_command(const char *line, execgate_program_fn fn,
				 void *arg);

#endif /* EXECGATE_PROGRAMS_TEXT_H */
