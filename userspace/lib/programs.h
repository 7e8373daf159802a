/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which programs the files that configure a system name. Pure: text in, names
 * out. A name may be relative: where it is looked up is the caller's business.
 * A line that is not understood names nothing; what it would start is found by
 * other ways (folders, running processes) or stays unknown.
 */
#ifndef EXECGATE_PROGRAMS_H
#define EXECGATE_PROGRAMS_H

#include <stdbool.h>

/* Non-zero ends the reading and is returned by it. */
typedef int (*execgate_program_fn)(const char *program, void *arg);

/* Exec...= of a systemd unit. What has a specifier in it is left out. */
int execgate_programs_of_unit(const char *text, execgate_program_fn fn,
			      void *arg);
/*
 * Commands of a crontab, and absolute paths in their arguments, which are often
 * what is meant ("cd / && run-parts /etc/cron.daily").
 * @has_user: a sixth field names the user, as in /etc/crontab
 */
int execgate_programs_of_crontab(const char *text, bool has_user,
				 execgate_program_fn fn, void *arg);
/* RUN, PROGRAM and IMPORT{program} of udev rules; builtins are not programs. */
int execgate_programs_of_udev(const char *text, execgate_program_fn fn,
			      void *arg);
/* Lines that start with a slash: /etc/shells. */
int execgate_programs_of_shells(const char *text, execgate_program_fn fn,
				void *arg);
/* Modules that a file of /etc/pam.d loads. */
int execgate_programs_of_pam(const char *text, execgate_program_fn fn,
			     void *arg);
/* Names or aliases of kernel modules: /etc/modules, modules-load.d(5). */
int execgate_programs_of_modules_load(const char *text, execgate_program_fn fn,
				      void *arg);

#endif /* EXECGATE_PROGRAMS_H */
