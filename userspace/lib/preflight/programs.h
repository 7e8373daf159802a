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

#include "lib/preflight/programs_text.h"

/* The settings of units that have commands; NULL behind the last. */
extern const char *const execgate_programs_unit_settings[];
/* One command, and what a shell is told with -c in it. @words: of argv, NULL behind them. */
int execgate_programs_of_words(const char *program, char *const *words,
			       execgate_program_fn fn, void *arg);
/* Exec...= of a systemd unit, and what a shell in it is told with -c. */
int execgate_programs_of_unit(const char *text, execgate_program_fn fn,
			      void *arg);
/**
 * execgate_programs_expand() - fill in the specifiers of what a unit names
 * @home: of the user whose manager runs the unit; NULL = the system's manager
 *
 * False if one of them depends on more than that (its instance, for example), or
 * if @size is too small.
 */
bool execgate_programs_expand(const char *program, const char *home, char *out,
			      size_t size);
/* Exec= and TryExec= of a desktop entry or a D-Bus service. */
int execgate_programs_of_desktop(const char *text, execgate_program_fn fn,
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
/* Login shells of /etc/passwd; those that let nobody in are none. */
int execgate_programs_of_passwd(const char *text, execgate_program_fn fn,
				void *arg);
/* Home folders of /etc/passwd. */
int execgate_programs_of_homes(const char *text, execgate_program_fn fn,
			       void *arg);
/* Modules that a file of /etc/pam.d loads. */
int execgate_programs_of_pam(const char *text, execgate_program_fn fn,
			     void *arg);
/* Paths in the arguments of its modules: pam_exec's program, for instance. */
int execgate_programs_of_pam_arguments(const char *text, execgate_program_fn fn,
				       void *arg);
/* Files that it includes, by name or path. */
int execgate_programs_of_pam_includes(const char *text, execgate_program_fn fn,
				      void *arg);
/* The services of /etc/nsswitch.conf: "files" stands for libnss_files.so.2. */
int execgate_programs_of_nsswitch(const char *text, execgate_program_fn fn,
				  void *arg);
/*
 * The programs that sshd starts: its commands for keys and principals,
 * subsystems and forced commands, whatever Match block they stand in.
 */
int execgate_programs_of_sshd(const char *text, execgate_program_fn fn,
			      void *arg);
/* Patterns of Include in sshd's configuration. */
int execgate_programs_of_sshd_includes(const char *text, execgate_program_fn fn,
				       void *arg);
/* A shell script: the first words of its commands, and absolute paths. */
int execgate_programs_of_shell(const char *text, execgate_program_fn fn,
			       void *arg);
/* Absolute paths, wherever they stand in it; those of comments are none. */
int execgate_programs_of_paths(const char *text, execgate_program_fn fn,
			       void *arg);
/* The commands of install and remove lines in modprobe.d(5). */
int execgate_programs_of_modprobe(const char *text, execgate_program_fn fn,
				  void *arg);
/* The commands of interfaces(5): up, down, pre-up and the like. */
int execgate_programs_of_interfaces(const char *text, execgate_program_fn fn,
				    void *arg);
/* apt.conf(5): hooks, the programs that apt starts, and proxy detection. */
int execgate_programs_of_apt(const char *text, execgate_program_fn fn,
			     void *arg);
/* dpkg.cfg(5): pre-invoke, post-invoke, status-logger. */
int execgate_programs_of_dpkg(const char *text, execgate_program_fn fn,
			      void *arg);
/* The helpers that mount the file systems of fstab(5): "mount.nfs". */
int execgate_programs_of_fstab(const char *text, execgate_program_fn fn,
			       void *arg);
/* Names or aliases of kernel modules: /etc/modules, modules-load.d(5). */
int execgate_programs_of_modules_load(const char *text, execgate_program_fn fn,
				      void *arg);

#endif /* EXECGATE_PROGRAMS_H */
